// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Testing

@testable import CloudServer

@Suite struct LoadBalancerTests {
    @Test func `a load balancer is provisioned, then active with an address in each zone`() throws {
        let account = CloudAccount(transitions: TransitionTimes(usual: .after(.fixed(.seconds(20)))))
        try CloudWorld.run(account: account) { world in
            let id = await world.makeLoadBalancer()
            let early = await world.must("GetLoadBalancerAttribute", ["LoadBalancerId": .string(id)])
            #expect(early["LoadBalancerStatus"] == "Provisioning")
            #expect(early.objects("ZoneMappings")[0]["LoadBalancerAddresses"] == nil)
            try await world.host.clock.sleep(for: .seconds(21))
            let late = await world.must("GetLoadBalancerAttribute", ["LoadBalancerId": .string(id)])
            #expect(late["LoadBalancerStatus"] == "Active")
            #expect(late["DNSName"] == .string("\(id).cn-hangzhou.alb.aliyuncsslb.com"))
            let addresses = late.objects("ZoneMappings").map {
                $0.objects("LoadBalancerAddresses")[0].text("Address")
            }
            #expect(addresses == ["203.0.113.1", "203.0.113.121"])
            #expect(late["ModificationProtectionConfig"] == ["Reason": "", "Status": "NonProtection"])
        }
    }

    @Test func `zones are given once, match their switches and are at least two`() throws {
        try CloudWorld.run { world in
            let zones = world.loadBalancerFields().objects("ZoneMappings")
            func code(_ mappings: [JSONObject]) async -> String {
                let fields = world.loadBalancerFields(["ZoneMappings": .array(mappings.map { .object($0) })])
                return await world.call("CreateLoadBalancer", fields).code
            }
            #expect(await code([zones[0], zones[0]]) == "DuplicatedParam.ZoneId")
            let crossed: JSONObject = [
                "ZoneId": zones[0]["ZoneId"] ?? "", "VSwitchId": zones[1]["VSwitchId"] ?? "",
            ]
            #expect(await code([crossed, zones[1]]) == "Mismatch.ZoneIdAndVSwitchId")
            let unknown: JSONObject = ["ZoneId": zones[0]["ZoneId"] ?? "", "VSwitchId": "vsw-none"]
            #expect(await code([unknown, zones[1]]) == "ResourceNotFound.VSwitch")
            #expect(await code([zones[0]]) == "IllegalParam.ZoneMappings")
            #expect(await world.must("ListLoadBalancers")["TotalCount"] == 0)
        }
    }

    @Test func `a changing load balancer refuses changes to itself and its listeners`() throws {
        let account = CloudAccount(transitions: TransitionTimes(usual: .after(.fixed(.seconds(5)))))
        try CloudWorld.run(account: account) { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let early = await world.call(
                "UpdateLoadBalancerAttribute",
                ["LoadBalancerId": .string(lb), "LoadBalancerName": "new-name"]
            )
            #expect(early.code == "IncorrectStatus.LoadBalancer")
            try await world.host.clock.sleep(for: .seconds(6))
            _ = await world.must(
                "UpdateLoadBalancerEdition",
                ["LoadBalancerId": .string(lb), "LoadBalancerEdition": "StandardWithWaf"]
            )
            let listener = await world.call(
                "CreateListener",
                [
                    "LoadBalancerId": .string(lb), "ListenerProtocol": "HTTP", "ListenerPort": 80,
                    "DefaultActions": [
                        [
                            "Type": "ForwardGroup",
                            "ForwardGroupConfig": ["ServerGroupTuples": [["ServerGroupId": .string(group)]]],
                        ]
                    ],
                ]
            )
            #expect(listener.code == "IncorrectStatus.LoadBalancer")
        }
    }

    @Test func `deletion protection and quotas hold`() throws {
        var account = CloudWorld.immediate
        account.quotas.loadBalancers = 1
        try CloudWorld.run(account: account) { world in
            let id = await world.makeLoadBalancer(["DeletionProtectionEnabled": true])
            #expect(
                await world.call("DeleteLoadBalancer", ["LoadBalancerId": .string(id)]).code
                    == "OperationDenied.DeletionProtectionEnabled"
            )
            #expect(
                await world.call("CreateLoadBalancer", world.loadBalancerFields()).code
                    == "QuotaExceeded.LoadBalancersNum"
            )
            _ = await world.must("DisableDeletionProtection", ["ResourceId": .string(id)])
            _ = await world.must("DeleteLoadBalancer", ["LoadBalancerId": .string(id)])
            #expect(
                await world.call("GetLoadBalancerAttribute", ["LoadBalancerId": .string(id)]).code
                    == "ResourceNotFound.LoadBalancer"
            )
        }
    }

    @Test func `editions go up and not down to Basic`() throws {
        try CloudWorld.run { world in
            let id = await world.makeLoadBalancer()
            func update(_ edition: String) async -> String {
                await world.call(
                    "UpdateLoadBalancerEdition",
                    ["LoadBalancerId": .string(id), "LoadBalancerEdition": .string(edition)]
                ).code
            }
            #expect(await update("Standard") == "OperationDenied.EditionNotChanged")
            #expect(await update("Basic") == "OperationDenied.Downgrade")
            #expect(await update("StandardWithWaf") == "")
        }
    }

    @Test func `a zone is taken out of the DNS answer and comes back, but not the last one`() throws {
        try CloudWorld.run { world in
            let id = await world.makeLoadBalancer()
            let zones = world.loadBalancerFields().objects("ZoneMappings")
            func shift(_ action: String, _ zone: Int) async -> String {
                await world.call(
                    action,
                    ["LoadBalancerId": .string(id), "ZoneMappings": .array([.object(zones[zone])])]
                ).code
            }
            #expect(await shift("StartShiftLoadBalancerZones", 0) == "")
            try await world.host.clock.sleep(for: .seconds(1))
            #expect(world.sink.newest("cn-hangzhou-i")?.zones.map(\.isActive) == [false, true])
            #expect(
                await shift("StartShiftLoadBalancerZones", 1)
                    == "OperationDenied.ConfigLastActiveZoneNotSupport"
            )
            #expect(await shift("CancelShiftLoadBalancerZones", 0) == "")
            #expect(
                await shift("CancelShiftLoadBalancerZones", 0) == "OperationDenied.ZoneMappingsNotChanged"
            )
        }
    }

    @Test func `listing filters by tag pairs, names and networks`() throws {
        try CloudWorld.run { world in
            let first = await world.makeLoadBalancer([
                "LoadBalancerName": "one-lb", "Tag": [["Key": "a", "Value": "1"]],
            ])
            let second = await world.makeLoadBalancer(["LoadBalancerName": "two-lb"])
            _ = await world.must(
                "TagResources",
                [
                    "ResourceType": "LoadBalancer", "ResourceId": [.string(second)],
                    "Tag": [["Key": "a", "Value": "1"], ["Key": "b", "Value": "2"]],
                ]
            )
            func ids(_ filter: JSONObject) async -> [String] {
                await world.must("ListLoadBalancers", filter).objects("LoadBalancers").map {
                    $0.text("LoadBalancerId")
                }
            }
            #expect(await ids(["Tag": [["Key": "a", "Value": "1"]]]) == [first, second])
            #expect(await ids(["Tag": [["Key": "a"], ["Key": "b", "Value": "2"]]]) == [second])
            #expect(await ids(["LoadBalancerNames": ["one-lb"]]) == [first])
            #expect(await ids(["LoadBalancerIds": ["alb-none"]]) == [])
            _ = await world.must(
                "UnTagResources",
                [
                    "ResourceType": "LoadBalancer", "ResourceId": [.string(second)],
                    "Tag": [["Key": "b", "Value": "other"]],
                ]
            )
            #expect(await ids(["Tag": [["Key": "b"]]]) == [second])
            _ = await world.must(
                "UnTagResources",
                [
                    "ResourceType": "LoadBalancer", "ResourceId": [.string(second)],
                    "Tag": [["Key": "b", "Value": "2"]],
                ]
            )
            #expect(await ids(["Tag": [["Key": "b"]]]) == [])
        }
    }
}
