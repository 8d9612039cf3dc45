// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import KubernetesAPI

extension CloudState {
    /// What the cloud has of an Ingress, as a contribution: for an Ingress that cannot be built and whose last
    /// good state was lost with a restart.
    ///
    /// Rules carry no mark of their owner, so those count that forward to a server group of the Ingress.
    func adopted(_ ingress: ObjectKey) -> Contribution? {
        var keys: [String: ServerGroupKey] = [:]
        for group in serverGroups { if let key = group.key, key.ingress == ingress { keys[group.id] = key } }
        guard !keys.isEmpty else { return nil }
        let names = keys.mapValues(\.description)
        var rules: [ListenerPort: [Rule]] = [:]
        for listener in listeners {
            let found = listener.rules.filter { $0.actions.flatMap(\.groups).contains { keys[$0] != nil } }
            guard !found.isEmpty else { continue }
            rules[listener.port] = found.map { rule in
                Rule(
                    owner: ingress,
                    direction: rule.direction,
                    conditions: rule.conditions,
                    actions: rule.actions.map { $0.mappingGroups { names[$0] ?? $0 } }
                )
            }
        }
        guard !rules.isEmpty else { return nil }
        var groups: [String: ServerGroupKey] = [:]
        for key in keys.values { groups[key.description] = key }
        return Contribution(
            ingress: ingress,
            order: 10,
            hasExplicitOrder: false,
            listens: ListenerChoice(ports: rules.keys.sorted()),
            settings: .asTheyAre,
            groups: groups,
            adopted: rules
        )
    }
}
