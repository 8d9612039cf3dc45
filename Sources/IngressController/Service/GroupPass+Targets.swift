// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

extension GroupPass {
    static func targets(_ stack: Stack) -> [ServerGroupKey: Target] {
        var targets: [ServerGroupKey: Target] = [:]
        for group in stack.serverGroups where !group.isListenerDefault {
            targets[group.key] = Target(
                id: "",
                isHealthChecked: group.isHealthChecked,
                holdsAddresses: group.attributes["ServerGroupType"]?.stringValue?.lowercased() == "ip"
            )
        }
        return targets
    }

    /// Groups that exist already get their servers while the rest of the pass goes on.
    func noteTargets(_ stack: Stack, _ state: CloudState) -> [TargetName] {
        let ids = planner().groupIDs(stack, state)
        let used = state.usedGroups
        var names: [TargetName] = []
        for (key, target) in Self.targets(stack) {
            guard let id = ids[key.description], !Reference.isReference(id) else { continue }
            var target = target
            target.id = id
            target.isReferenced = used.contains(id)
            let name = TargetName(albConfig: self.name, key: key)
            owner.registry.setTarget(name, target)
            names.append(name)
        }
        return names.sorted()
    }

    func setTargets(_ stack: Stack, _ state: CloudState) {
        let ids = planner().groupIDs(stack, state)
        var targets = Self.targets(stack)
        for key in Array(targets.keys) {
            if let id = ids[key.description], !Reference.isReference(id) {
                targets[key]?.id = id
                targets[key]?.isReferenced = true
            } else {
                targets[key] = nil
            }
        }
        owner.registry.setTargets(name, targets)
    }
}
