// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// The kinds of objects that a scenario may name.
struct KindTable: Sendable {
    private(set) var types: [ResourceType] = [
        .namespaces, .nodes, .pods, .services, .endpoints, .secrets, .configMaps, .events, .serviceAccounts,
        .endpointSlices, .leases, .deployments, .replicaSets, .ingresses, .ingressClasses,
        .customResourceDefinitions, .albConfigs,
    ]

    /// The kinds whose singular is a key of steps: `deployment: tea`.
    static let keys: [ResourceType] = [
        .deployments, .ingresses, .services, .secrets, .configMaps, .pods, .ingressClasses, .albConfigs,
        .nodes,
    ]

    /// Finds a type by its kind, plural, singular or short name, in any case of letters.
    func type(named name: String) -> ResourceType? {
        let lower = name.lowercased()
        return types.first { type in
            type.kind.lowercased() == lower || type.plural == lower || type.singular == lower
                || type.shortNames.contains(lower) || type.qualifiedName == lower
        }
    }

    /// The kinds, for suggestions.
    var kinds: [String] { types.map(\.kind) }

    /// Learns the type of a CustomResourceDefinition.
    mutating func learn(definition: JSONValue) {
        guard definition["kind"]?.stringValue == "CustomResourceDefinition", let spec = definition["spec"],
            let names = spec["names"], let kind = names["kind"]?.stringValue,
            let plural = names["plural"]?.stringValue, let group = spec["group"]?.stringValue
        else { return }
        let versions = spec["versions"]?.arrayValue ?? []
        let served = versions.first { $0["storage"]?.boolValue == true } ?? versions.first
        let type = ResourceType(
            group: group,
            version: served?["name"]?.stringValue ?? "v1",
            plural: plural,
            singular: names["singular"]?.stringValue ?? kind.lowercased(),
            kind: kind,
            isNamespaced: spec["scope"]?.stringValue != "Cluster",
            shortNames: names["shortNames"]?.arrayValue?.compactMap(\.stringValue) ?? []
        )
        if !types.contains(where: { $0.qualifiedName == type.qualifiedName }) { types.append(type) }
    }
}
