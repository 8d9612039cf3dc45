// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// Security groups: they and their rules are kept and shown, and let everything through.
extension AccountState {
    /// Refuses groups that do not exist, where the account's inventory is binding.
    ///
    /// - Source: the code is documented; that any id is taken where nobody keeps an inventory is a choice of the
    ///   account.
    func checkSecurityGroups(_ ids: [String]) throws(CloudRefusal) {
        guard account.isInventoryBinding else { return }
        for id in ids where store[.securityGroup, id] == nil { throw .notFound(.securityGroup) }
    }

    func createSecurityGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let network = call.optionalText("VpcId")
        if let network, store[.vpc, network] == nil {
            throw CloudRefusal("InvalidVpcId.NotFound", "The specified network does not exist.", status: 404)
        }
        let id = newID(.securityGroup)
        mainResource = id
        add(
            .securityGroup,
            id,
            status: "",
            tags: try tags(call.parameters),
            [
                "SecurityGroupId": .string(id), "SecurityGroupName": .string(call.text("SecurityGroupName")),
                "Description": .string(call.text("Description")), "VpcId": .string(network ?? ""),
                "SecurityGroupType": call.parameters["SecurityGroupType"] ?? "normal",
                "ResourceGroupId": .string(try resourceGroup(call)),
                "CreationTime": .string(call.now.rfc3339), "ServiceManaged": false,
            ]
        )
        return ["SecurityGroupId": .string(id)]
    }

    func deleteSecurityGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let group = store[.securityGroup, call.text("SecurityGroupId")] else {
            throw CloudRefusal(
                "InvalidSecurityGroup.NotFound",
                "The specified security group does not exist.",
                status: 404
            )
        }
        let isUsed =
            store.all(.loadBalancer).contains {
                $0.document.texts("SecurityGroupIds").contains(group.id)
            }
            || store.all(.instance).contains { $0.document.texts("SecurityGroupIds").contains(group.id) }
            || store.all(.securityGroupRule).contains {
                $0.parent != group.id && $0.document.text("SourceGroupId") == group.id
            }
        if isUsed { throw CloudRefusal("DependencyViolation", "The security group is in use.", status: 403) }
        removeWithChildren(group)
        return [:]
    }

    func describeSecurityGroups(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let tags = call.tagFilters
        var wanted: [String]?
        if let text = call.optionalText("SecurityGroupIds") {
            guard let items = (try? JSONValue(parsing: text))?.arrayValue else {
                throw CloudRefusal("InvalidSecurityGroupIds", "The parameter is not a list in JSON.")
            }
            wanted = items.compactMap(\.stringValue)
        }
        let rows = store.all(.securityGroup).filter { group in
            group.matches(tags) && (wanted?.contains(group.id) ?? true)
                && ["SecurityGroupId", "SecurityGroupName", "VpcId", "SecurityGroupType"].allSatisfy {
                    call.equals($0, group.document.text($0))
                }
        }
        var answer = numberedPage(
            call,
            rows.map { group in
                var row = group.document
                row["Tags"] = [
                    "Tag": .array(
                        group.tags.map { ["TagKey": .string($0.key), "TagValue": .string($0.value)] }
                    )
                ]
                return row
            },
            "SecurityGroups",
            "SecurityGroup"
        )
        answer["RegionId"] = .string(account.region)
        return answer
    }
}
