// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// The rules of security groups for what comes in; rules for what goes out belong to actions that are not here.
///
/// - Source: members, limits and codes of the API description; that a rule that is there already, and one to be
///   taken away that is not, count as done is documented.
extension AccountState {
    private static let rulesPerGroup = 200

    func authorizeSecurityGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try requireSecurityGroup(call)
        let rules = try permissions(call, group)
        let present = store.children(.securityGroupRule, of: group.id)
        let fresh = rules.filter { rule in !present.contains { $0.document.isRule(like: rule) } }
        guard present.count + fresh.count <= Self.rulesPerGroup else {
            throw CloudRefusal(
                "AuthorizationLimitExceed",
                "The security group would have too many rules.",
                status: 403
            )
        }
        for rule in fresh {
            let id = newID(.securityGroupRule)
            var document = rule
            document["SecurityGroupRuleId"] = .string(id)
            document["CreateTime"] = .string(call.now.rfc3339)
            add(.securityGroupRule, id, parent: group.id, status: "", document)
        }
        return [:]
    }

    func revokeSecurityGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try requireSecurityGroup(call)
        let present = store.children(.securityGroupRule, of: group.id)
        let ids = call.parameters.texts("SecurityGroupRuleId")
        if !ids.isEmpty {
            if Set(ids).count < ids.count {
                throw CloudRefusal("InvalidParam.SecurityGroupRuleIdRepeated", "A rule is given twice.")
            }
            for id in ids where !present.contains(where: { $0.id == id }) {
                throw CloudRefusal(
                    "InvalidSecurityGroupRuleId.NotFound",
                    "The specified rule does not exist.",
                    status: 404
                )
            }
            for id in ids { store.remove(.securityGroupRule, id) }
            return [:]
        }
        for rule in try permissions(call, group) {
            for known in present where known.document.isRule(like: rule) {
                store.remove(.securityGroupRule, known.id)
            }
        }
        return [:]
    }

    func describeSecurityGroupAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try requireSecurityGroup(call)
        // Every rule is for what comes in.
        let rules = call.text("Direction") == "egress" ? [] : store.children(.securityGroupRule, of: group.id)
        let page = try Paging.answer(
            call,
            rules.filter { call.equals("NicType", $0.document.text("NicType")) },
            serial: \.serial,
            member: "Permission",
            show: { Self.permissionRow.merged(with: $0.document) }
        )
        return [
            "RegionId": .string(account.region), "SecurityGroupId": .string(group.id),
            "SecurityGroupName": group.document["SecurityGroupName"] ?? "",
            "Description": group.document["Description"] ?? "", "VpcId": group.document["VpcId"] ?? "",
            "InnerAccessPolicy": "Accept", "Permissions": ["Permission": page["Permission"] ?? []],
            "NextToken": page["NextToken"] ?? "",
        ]
    }

    /// All members are shown, those that a rule does not have as empty texts.
    private static let permissionRow: JSONObject = [
        "SecurityGroupRuleId": "", "Direction": "ingress", "IpProtocol": "", "PortRange": "", "Policy": "",
        "Priority": "", "NicType": "", "SourceCidrIp": "", "Ipv6SourceCidrIp": "", "SourceGroupId": "",
        "SourceGroupName": "", "SourceGroupOwnerAccount": "", "SourcePrefixListId": "",
        "SourcePrefixListName": "", "SourcePortRange": "", "DestCidrIp": "", "Ipv6DestCidrIp": "",
        "DestGroupId": "", "DestGroupName": "", "DestGroupOwnerAccount": "", "DestPrefixListId": "",
        "DestPrefixListName": "", "PortRangeListId": "", "PortRangeListName": "", "Description": "",
        "CreateTime": "",
    ]

    private func requireSecurityGroup(_ call: Call) throws(CloudRefusal) -> Resource {
        guard let group = store[.securityGroup, call.text("SecurityGroupId")] else {
            throw CloudRefusal(
                "InvalidSecurityGroupId.NotFound",
                "The specified security group does not exist.",
                status: 404
            )
        }
        mainResource = group.id
        return group
    }

    /// The rules that a call gives, in a list or as its own parameters.
    private func permissions(_ call: Call, _ group: Resource) throws(CloudRefusal) -> [JSONObject] {
        var given = call.parameters.objects("Permissions")
        if given.isEmpty { given = [call.parameters] }
        let checks = SecurityGroupRuleChecks(isInNetwork: !group.document.text("VpcId").isEmpty)
        var rules: [JSONObject] = []
        for item in given {
            let rule = try checks.rule(item)
            if let source = rule.optionalText("SourceGroupId"), store[.securityGroup, source] == nil {
                throw CloudRefusal(
                    "InvalidSourceGroupId.NotFound",
                    "The security group that the rule names does not exist.",
                    status: 404
                )
            }
            if rules.contains(where: { $0.isRule(like: rule) }) {
                throw CloudRefusal("InvalidParam.DuplicatePermissions", "A rule is given twice.")
            }
            rules.append(rule)
        }
        return rules
    }
}

extension JSONObject {
    /// True when two rules say the same; their descriptions don't count.
    fileprivate func isRule(like other: JSONObject) -> Bool {
        let members = [
            "IpProtocol", "PortRange", "Policy", "Priority", "NicType", "SourceCidrIp", "Ipv6SourceCidrIp",
            "SourceGroupId", "SourcePrefixListId", "SourcePortRange", "DestCidrIp", "Ipv6DestCidrIp",
        ]
        return members.allSatisfy { text($0) == other.text($0) }
    }
}
