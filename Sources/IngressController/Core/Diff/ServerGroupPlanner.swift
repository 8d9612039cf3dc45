// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Plans server groups: which there must be, and with what settings.
struct ServerGroupPlanner {
    let stack: Stack
    let profile: Profile

    /// What a group becomes.
    struct Choice {
        var steps: [Step]
        /// The group after them.
        var group: CloudServerGroup
    }

    /// The steps for one group, given those that have its tag.
    func plan(_ wanted: ServerGroup, candidates: [CloudServerGroup]) -> Choice {
        if let present = candidates.first(where: { fits(wanted, $0) }) { return update(wanted, present) }
        return create(wanted)
    }

    /// A group keeps its protocol and type for life.
    private func fits(_ wanted: ServerGroup, _ present: CloudServerGroup) -> Bool {
        if profile.has(.backendProtocolFixed) { return true }
        var fixed = wanted.attributes
        fixed.filter { ServerGroup.fixedAttributes.contains($0.key) }
        fixed["VpcId"] = fixed["Protocol"] == nil ? nil : .string(stack.vpc)
        return AttributeComparison.changes(wanted: fixed, present: present.attributes)
            .members.allSatisfy { present.attributes[$0.key] == nil }
    }

    private func update(_ wanted: ServerGroup, _ present: CloudServerGroup) -> Choice {
        var attributes = wanted.attributes
        attributes.filter { !ServerGroup.fixedAttributes.contains($0.key) && $0.key != "CrossZoneEnabled" }
        if !wanted.attributes.isEmpty {
            attributes["ServerGroupName"] = .string(wanted.name)
            attributes["ServiceName"] = .string(wanted.name)
        }
        var changes = AttributeComparison.changes(wanted: attributes, present: present.attributes)
        if profile.has(.enabledBlocksAlwaysSent) { addEnabledBlocks(attributes, to: &changes) }
        var group = present
        guard !changes.isEmpty else { return Choice(steps: [], group: group) }
        for change in changes { group.attributes[change.key] = change.value }
        var step = Step(
            action: "UpdateServerGroupAttribute",
            parameters: JSONObject(
                [("ServerGroupId", .string(present.id))] + changes.members.map { ($0.key, $0.value) }
            )
        )
        step.owners = owners(wanted)
        if profile.isOpenSource { step.settling = .serverGroup }
        return Choice(steps: [step], group: group)
    }

    /// Blocks that are compared by another type than they are read with are never found equal.
    private func addEnabledBlocks(_ attributes: JSONObject, to changes: inout JSONObject) {
        let flags = [
            ("HealthCheckConfig", "HealthCheckEnabled"), ("StickySessionConfig", "StickySessionEnabled"),
        ]
        for (block, flag) in flags where attributes[block]?[flag] == true {
            changes[block] = attributes[block]
        }
        if attributes["Scheduler"] == "Uch", let uch = attributes["UchConfig"] { changes["UchConfig"] = uch }
    }

    private func create(_ wanted: ServerGroup) -> Choice {
        var attributes: JSONObject = [
            "ServerGroupName": .string(wanted.name), "ServiceName": .string(wanted.name),
            "VpcId": .string(stack.vpc),
        ]
        for member in wanted.attributes where !Self.isDefault(member) {
            attributes[member.key] = member.value
        }
        for member in wanted.initialAttributes { attributes[member.key] = member.value }
        let tags = JSONValue.array(stack.tags(of: wanted).map(\.json))
        let isTaggedLater = profile.has(.createThenTagLeavesOrphans)
        var parameters = attributes
        if !isTaggedLater { parameters["Tag"] = tags }
        let reference = Reference.serverGroup(wanted.key)
        var step = Step(action: "CreateServerGroup", parameters: parameters)
        step.binding = .member("ServerGroupId", reference)
        step.owners = owners(wanted)
        if profile.isOpenSource { step.settling = .serverGroup }
        attributes["Tags"] = tags
        var steps = [step]
        if isTaggedLater {
            let id = JSONValue.string(reference.text)
            var step = Step(
                action: "TagResources",
                parameters: ["ResourceType": "ServerGroup", "ResourceId": [id], "Tag": tags],
                settling: .none
            )
            step.owners = owners(wanted)
            step.undo = [("DeleteServerGroup", ["ServerGroupId": id])]
            steps.append(step)
        }
        if fillsNow(wanted) { steps[steps.count - 1].fills = wanted.key }
        let group = CloudServerGroup(
            id: reference.text,
            tag: wanted.key.tagValue,
            key: wanted.key,
            attributes: attributes
        )
        return Choice(steps: steps, group: group)
    }

    /// The groups behind listeners stay empty; they are told by a flag, or upstream by the Ingress' name.
    private func fillsNow(_ wanted: ServerGroup) -> Bool {
        if wanted.isListenerDefault { return false }
        return !profile.has(.listenerInNameIsDefaultGroup)
            || !wanted.key.ingress.name.contains("-listener-")
    }

    /// Settings that a new group has anyway are not sent.
    private static func isDefault(_ member: JSONObject.Member) -> Bool {
        switch member.key {
        case "ConnectionDrainConfig": member.value["ConnectionDrainEnabled"] == false
        case "SlowStartConfig": member.value["SlowStartEnabled"] == false
        case "CrossZoneEnabled": member.value == true
        case "UpstreamKeepaliveEnabled": member.value == false
        default: false
        }
    }

    private func owners(_ group: ServerGroup) -> [ObjectKey] {
        group.isListenerDefault ? [] : [group.key.ingress]
    }
}
