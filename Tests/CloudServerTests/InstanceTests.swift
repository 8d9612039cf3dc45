// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Testing

@testable import CloudServer

@Suite struct InstanceTests {
    private static let ecs = "2014-05-26"

    private static func group(_ world: CloudWorld) async -> JSONValue {
        await world.must("CreateSecurityGroup", ["VpcId": .string(world.account.vpcID)], version: ecs)[
            "SecurityGroupId"
        ] ?? ""
    }

    private static func fields(_ world: CloudWorld, _ group: JSONValue) -> JSONObject {
        [
            "ImageId": "aliyun_3_x64", "InstanceType": "ecs.g7.large", "SecurityGroupId": group,
            "VSwitchId": .string(world.account.vSwitches[0].id), "InstanceName": "web-", "UniqueSuffix": true,
            "Amount": 2, "Tag": [["Key": "team", "Value": "shop"]],
        ]
    }

    private static func rows(_ world: CloudWorld, _ parameters: JSONObject) async -> [JSONObject] {
        await world.must("DescribeInstances", parameters, version: ecs).object("Instances").objects(
            "Instance"
        )
    }

    @Test func `instances are run, shown, used as servers and deleted`() throws {
        try CloudWorld.run { world in
            let group = await Self.group(world)
            let made = await world.must("RunInstances", Self.fields(world, group), version: Self.ecs)
                .object("InstanceIdSets").texts("InstanceIdSet")
            #expect(made.count == 2 && made.allSatisfy { $0.hasPrefix("i-") })
            let rows = await Self.rows(world, ["Tag": [["Key": "team", "Value": "shop"]]])
            #expect(rows.map { $0.text("InstanceId") } == made)
            #expect(rows.map { $0.text("InstanceName") } == ["web-001", "web-002"])
            let addresses = rows.map {
                $0.object("VpcAttributes").object("PrivateIpAddress").texts("IpAddress")[0]
            }
            #expect(Set(addresses).count == 2 && addresses.allSatisfy { $0.hasPrefix("10.0.0.") })
            let interface = await world.must(
                "DescribeNetworkInterfaces",
                ["PrivateIpAddress": [.string(addresses[0])], "Type": "Primary"],
                version: Self.ecs
            ).object("NetworkInterfaceSets").objects("NetworkInterfaceSet")
            #expect(interface.map { $0.text("InstanceId") } == [made[0]])
            let servers = await world.must(
                "CreateServerGroup",
                [
                    "ServerGroupName": "web", "ServerGroupType": "Instance",
                    "VpcId": .string(world.account.vpcID), "HealthCheckConfig": ["HealthCheckEnabled": false],
                ]
            )["ServerGroupId"]
            _ = await world.must(
                "AddServersToServerGroup",
                [
                    "ServerGroupId": servers ?? "",
                    "Servers": [["ServerId": .string(made[0]), "ServerType": "Ecs", "Port": 80]],
                ]
            )
            #expect(
                await world.call("DeleteSecurityGroup", ["SecurityGroupId": group], version: Self.ecs).code
                    == "DependencyViolation"
            )
            let doomed: JSONObject = ["InstanceId": .array(made.map { .string($0) })]
            #expect(
                await world.call("DeleteInstances", doomed, version: Self.ecs).code
                    == "IncorrectInstanceStatus"
            )
            _ = await world.must("DeleteInstances", doomed.merged(with: ["Force": true]), version: Self.ecs)
            #expect(await Self.rows(world, ["InstanceIds": .string("[\"\(made[0])\"]")]).isEmpty)
            _ = await world.must("DeleteSecurityGroup", ["SecurityGroupId": group], version: Self.ecs)
        }
    }

    @Test func `an instance that is not there is a server at an address of nobody`() throws {
        try CloudWorld.run { world in
            let group = await world.must(
                "CreateServerGroup",
                [
                    "ServerGroupName": "web", "ServerGroupType": "Instance",
                    "VpcId": .string(world.account.vpcID), "HealthCheckConfig": ["HealthCheckEnabled": false],
                ]
            )["ServerGroupId"]
            _ = await world.must(
                "AddServersToServerGroup",
                [
                    "ServerGroupId": group ?? "",
                    "Servers": [["ServerId": "i-gone", "ServerType": "Ecs", "Port": 80]],
                ]
            )
            let servers = await world.must("ListServerGroupServers", ["ServerGroupId": group ?? ""])
                .objects("Servers")
            #expect(servers.map { $0.text("ServerIp") } == ["192.0.2.1"])
        }
    }

    @Test(arguments: [
        ("ImageId", JSONValue.null, "MissingParameter"),
        ("VSwitchId", "vsw-none", "InvalidVSwitchId.NotFound"),
        ("Amount", 101, "InvalidAmount"),
        ("PrivateIpAddress", "192.0.2.1", "InvalidPrivateIpAddress.Malformed"),
        ("SecurityGroupId", .null, "MissingParameter"),
        ("LaunchTemplateId", "lt-1", "InvalidLaunchTemplate.NotFound"),
        ("DryRun", true, "DryRunOperation"),
    ])
    func `instances that can not be are refused, and none is left`(
        _ name: String,
        _ value: JSONValue,
        _ code: String
    ) throws {
        try CloudWorld.run { world in
            var fields = Self.fields(world, await Self.group(world))
            fields[name] = value.isNull ? nil : value
            #expect(await world.call("RunInstances", fields, version: Self.ecs).code == code)
            #expect(await Self.rows(world, ["InstanceName": "web-001"]).isEmpty)
        }
    }

    @Test func `a node's instance, and one that is protected, are not deleted`() throws {
        try CloudWorld.run { world in
            var fields = Self.fields(world, await Self.group(world))
            fields["DeletionProtection"] = true
            let made = await world.must("RunInstances", fields, version: Self.ecs)
                .object("InstanceIdSets").texts("InstanceIdSet")
            for (id, code) in [
                ("i-node1", "OperationDenied"), ("i-none", "InvalidInstanceId.NotFound"),
                (made[0], "InvalidOperation.DeletionProtection"),
            ] {
                let answer = await world.call(
                    "DeleteInstances",
                    ["InstanceId": [.string(id)], "Force": true],
                    version: Self.ecs
                )
                #expect(answer.code == code)
            }
        }
    }

    @Test func `rules of a security group are kept once, shown whole and taken away`() throws {
        try CloudWorld.run { world in
            let group = await Self.group(world)
            let rule: JSONObject = ["IpProtocol": "tcp", "PortRange": "80/80", "SourceCidrIp": "10.0.0.0/8"]
            func authorize(_ rules: [JSONObject]) async -> String {
                await world.call(
                    "AuthorizeSecurityGroup",
                    ["SecurityGroupId": group, "Permissions": .array(rules.map { .object($0) })],
                    version: Self.ecs
                ).code
            }
            func shown(_ more: JSONObject = [:]) async -> [JSONObject] {
                await world.must(
                    "DescribeSecurityGroupAttribute",
                    more.merged(with: ["SecurityGroupId": group]),
                    version: Self.ecs
                ).object("Permissions").objects("Permission")
            }
            let from: JSONObject = ["IpProtocol": "ALL", "PortRange": "-1/-1", "SourceGroupId": group]
            #expect(await authorize([rule, from]) == "")
            #expect(await authorize([rule]) == "")
            #expect(await authorize([from, from]) == "InvalidParam.DuplicatePermissions")
            let rows = await shown()
            #expect(rows.map { $0.text("IpProtocol") } == ["TCP", "ALL"])
            #expect(
                rows[0]["Policy"] == "Accept" && rows[0]["Priority"] == "1"
                    && rows[0]["NicType"] == "intranet"
            )
            #expect(rows[0]["Direction"] == "ingress" && rows[0]["DestCidrIp"] == "")
            #expect(await shown(["Direction": "egress"]).isEmpty)
            let id = JSONValue.string(rows[1].text("SecurityGroupRuleId"))
            _ = await world.must(
                "RevokeSecurityGroup",
                ["SecurityGroupId": group, "SecurityGroupRuleId": [id]],
                version: Self.ecs
            )
            for _ in 1...2 {
                _ = await world.must(
                    "RevokeSecurityGroup",
                    rule.merged(with: ["SecurityGroupId": group]),
                    version: Self.ecs
                )
            }
            #expect(await shown().isEmpty)
            let gone = await world.call(
                "RevokeSecurityGroup",
                ["SecurityGroupId": group, "SecurityGroupRuleId": [id]],
                version: Self.ecs
            )
            #expect(gone.code == "InvalidSecurityGroupRuleId.NotFound" && gone.status == 404)
        }
    }

    @Test(arguments: [
        ("IpProtocol", JSONValue.string("sctp"), "InvalidIpProtocol.ValueNotSupported"),
        ("PortRange", "80", "InvalidPortRange.Malformed"),
        ("PortRange", "90/80", "InvalidPortRange.Malformed"),
        ("PortRange", .null, "MissingParameter"), ("Policy", "maybe", "InvalidPolicy.Malformed"),
        ("Priority", "0", "InvalidPriority.ValueNotSupported"),
        ("Priority", "x", "InvalidPriority.Malformed"),
        ("SourceCidrIp", "10.0.0.0/40", "InvalidSourceCidrIp.Malformed"),
        ("SourceCidrIp", .null, "MissingParameter.Source"),
        ("NicType", "internet", "InvalidNicType.Mismatch"),
        ("SourceGroupId", "sg-none", "InvalidSourceGroupId.NotFound"),
        ("SecurityGroupId", "sg-none", "InvalidSecurityGroupId.NotFound"),
    ])
    func `rules that can not be are refused`(_ name: String, _ value: JSONValue, _ code: String) throws {
        try CloudWorld.run { world in
            var fields: JSONObject = [
                "SecurityGroupId": await Self.group(world), "IpProtocol": "TCP", "PortRange": "80/80",
                "SourceCidrIp": "10.0.0.0/8",
            ]
            fields[name] = value.isNull ? nil : value
            #expect(await world.call("AuthorizeSecurityGroup", fields, version: Self.ecs).code == code)
        }
    }
}
