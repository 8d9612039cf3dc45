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
        let changes = AttributeComparison.changes(wanted: attributes, present: present.attributes)
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
        return Choice(steps: [step], group: group)
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
        var parameters = attributes
        parameters["Tag"] = tags
        let reference = Reference.serverGroup(wanted.key)
        var step = Step(action: "CreateServerGroup", parameters: parameters)
        step.binding = .member("ServerGroupId", reference)
        step.owners = owners(wanted)
        step.fills = wanted.isListenerDefault ? nil : wanted.key
        attributes["Tags"] = tags
        let group = CloudServerGroup(
            id: reference.text,
            tag: wanted.key.tagValue,
            key: wanted.key,
            attributes: attributes
        )
        return Choice(steps: [step], group: group)
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
