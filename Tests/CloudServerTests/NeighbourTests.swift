// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Synchronization
import Testing

@testable import CloudServer

@Suite struct NeighbourTests {
    @Test func `switches are paged by number, and the answer tells all three figures`() throws {
        try CloudWorld.run { world in
            let answer = await world.must(
                "DescribeVSwitches",
                ["VpcId": .string(world.account.vpcID), "PageNumber": 2, "PageSize": 1],
                version: "2016-04-28"
            )
            #expect(answer["TotalCount"] == 2 && answer["PageNumber"] == 2 && answer["PageSize"] == 1)
            let rows = answer.object("VSwitches").objects("VSwitch")
            #expect(rows.map { $0.text("VSwitchId") } == [world.account.vSwitches[1].id])
            #expect(rows[0]["CidrBlock"] == "10.0.1.0/24" && rows[0]["Status"] == "Available")
            let beyond = await world.must(
                "DescribeVSwitches",
                ["PageNumber": 9_000_000_000_000_000_000],
                version: "2016-04-28"
            )
            #expect(beyond.object("VSwitches").objects("VSwitch").isEmpty)
        }
    }

    @Test func `a network is made, split and deleted`() throws {
        try CloudWorld.run { world in
            let vpc = "2016-04-28"
            let id =
                await world.must("CreateVpc", ["CidrBlock": "172.16.0.0/12"], version: vpc)["VpcId"] ?? ""
            let fields: JSONObject = ["VpcId": id, "ZoneId": "cn-hangzhou-h", "CidrBlock": "172.16.0.0/24"]
            let made = await world.must("CreateVSwitch", fields, version: vpc)["VSwitchId"] ?? ""
            #expect(
                await world.call("CreateVSwitch", fields, version: vpc).code == "InvalidCidrBlock.Overlapped"
            )
            #expect(
                await world.call(
                    "CreateVSwitch",
                    fields.merged(with: ["CidrBlock": "10.0.0.0/24"]),
                    version: vpc
                ).code == "InvalidCidrBlock.Malformed"
            )
            #expect(
                await world.call("DeleteVpc", ["VpcId": id], version: vpc).code
                    == "DependencyViolation.VSwitch"
            )
            _ = await world.must("DeleteVSwitch", ["VSwitchId": made], version: vpc)
            _ = await world.must("DeleteVpc", ["VpcId": id], version: vpc)
            #expect(await world.must("DescribeVpcs", version: vpc)["TotalCount"] == 1)
        }
    }

    @Test func `pod addresses lead to their interface, with a total that ends the paging`() throws {
        try CloudWorld.run { world in
            let answer = await world.must(
                "DescribeNetworkInterfaces",
                [
                    "VpcId": .string(world.account.vpcID), "Status": "InUse", "PageNumber": 1,
                    "PageSize": 100,
                    "PrivateIpAddress": ["10.0.1.7", "10.0.1.8", "192.0.2.1"],
                ],
                version: "2014-05-26"
            )
            #expect(answer["TotalCount"] == 1 && answer["PageNumber"] == 1 && answer["PageSize"] == 100)
            let row = answer.object("NetworkInterfaceSets").objects("NetworkInterfaceSet")[0]
            #expect(row["NetworkInterfaceId"] == "eni-node1")
            let addresses = row.object("PrivateIpSets").objects("PrivateIpSet").map {
                $0.text("PrivateIpAddress")
            }
            #expect(addresses.contains("10.0.1.8"))
            let instances = await world.must(
                "DescribeInstances",
                ["PrivateIpAddresses": "[\"10.0.1.2\"]", "MaxResults": 50],
                version: "2014-05-26"
            )
            #expect(
                instances.object("Instances").objects("Instance").map { $0.text("InstanceId") } == ["i-node1"]
            )
            #expect(instances["NextToken"] == "")
        }
    }

    @Test func `a role's keys are good for calls of a strict account`() throws {
        try CloudWorld.run { world in
            let answer = await world.must(
                "AssumeRole",
                ["RoleArn": "acs:ram::1:role/x", "RoleSessionName": "me"],
                version: "2015-04-01"
            )
            #expect(answer.object("Credentials").text("AccessKeyId").hasPrefix("STS."))
            #expect(
                await world.must("GetCallerIdentity", version: "2015-04-01")["AccountId"]
                    == .string(world.account.id)
            )
        }
    }

    @Test func `health is told for servers that are not in order`() throws {
        let verdict = ServerHealth(
            serverGroup: "sgp-other",
            address: SocketAddress(ip: "10.0.1.7", port: 80),
            state: "Unhealthy",
            reasonCode: "CONNECT_FAILED"
        )
        try CloudWorld.run(health: NoHealth(verdicts: [verdict])) { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            let status = await world.must(
                "GetListenerHealthStatus",
                ["ListenerId": .string(listener), "IncludeRule": true]
            )
            let info = status.objects("ListenerHealthStatus")[0].objects("ServerGroupInfos")[0]
            #expect(info["HealthCheckEnabled"] == "off" && info["NonNormalServers"] == [])
            #expect(status["RuleHealthStatus"] == [])
        }
    }

    @Test func `a checked server that no zone knows yet is initial`() throws {
        let health = LateHealth()
        try CloudWorld.run(health: health) { world in
            let lb = await world.makeLoadBalancer()
            let group = await world.makeGroup(["HealthCheckConfig": ["HealthCheckEnabled": true]])
            let listener = await world.makeListener(lb, group)
            _ = await world.must(
                "AddServersToServerGroup",
                [
                    "ServerGroupId": .string(group),
                    "Servers": [
                        ["ServerType": "Ip", "ServerId": "10.0.1.7", "ServerIp": "10.0.1.7", "Port": 80]
                    ],
                ]
            )
            func states() async -> [String] {
                let answer = await world.must("GetListenerHealthStatus", ["ListenerId": .string(listener)])
                return answer.objects("ListenerHealthStatus")[0].objects("ServerGroupInfos")[0]
                    .objects("NonNormalServers").map { $0.text("Status") }
            }
            #expect(await states() == ["Initial"])
            let address = SocketAddress(ip: "10.0.1.7", port: 80)
            health.verdicts.withLock {
                $0 = [ServerHealth(serverGroup: group, address: address, state: "Healthy")]
            }
            #expect(await states() == [])
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("0.0.0.0/0", "255.1.2.3", true),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7/32", "192.0.2.8", false),
    ])
    func `a block of addresses holds what is in it`(
        _ block: String,
        _ address: String,
        _ isInside: Bool
    ) throws {
        let number = try #require(IPv4Block.address(address[...]))
        #expect(try #require(IPv4Block(block)).contains(number) == isInside)
    }

    @Test(arguments: [
        "10.0.0", "10.0.0.256", "10.0.0.1/33", "10.0.0.1/", "a.b.c.d", "1.2.3.4.5", "", "+1.2.3.4",
    ])
    func `other texts are no block of addresses`(_ text: String) {
        #expect(IPv4Block(text) == nil)
    }
}

/// Verdicts that come later.
private final class LateHealth: HealthSource {
    let verdicts = Mutex<[ServerHealth]>([])

    func health(loadBalancer: String) -> [ServerHealth] { verdicts.withLock { $0 } }
}
