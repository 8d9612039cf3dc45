// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Simulation
import Storage
import Testing

@testable import CloudServer

@Suite struct FlowTests {
    private static func server(_ ip: String, port: Int64 = 80) -> JSONValue {
        ["ServerId": .string(ip), "ServerIp": .string(ip), "ServerType": "Ip", "Port": .integer(port)]
    }

    @Test func `from an empty account to traffic and back to nothing`() throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            _ = await world.must(
                "AddServersToServerGroup",
                ["ServerGroupId": .string(group), "Servers": [Self.server("10.0.1.7")]]
            )
            let made = await world.must(
                "CreateRules",
                [
                    "ListenerId": .string(listener),
                    "Rules": [
                        .object(CloudWorld.rule("b.example.com", priority: 20, group: group)),
                        .object(CloudWorld.rule("a.example.com", priority: 10, group: group)),
                    ],
                ]
            )
            #expect(made.objects("RuleIds").map { $0.number("Priority") } == [20, 10])
            try await world.host.clock.sleep(for: .seconds(1))
            let served = try #require(world.sink.newest("cn-hangzhou-h"))
            #expect(served.listeners.map(\.port) == [80])
            #expect(served.listeners[0].rules.map(\.priority) == [10, 20])
            #expect(served.serverGroups[group]?.servers.map(\.address.description) == ["10.0.1.7:80"])
            #expect(served.serverGroups[group]?.servers.first?.zone == "cn-hangzhou-i")
            #expect(
                await world.call("DeleteServerGroup", ["ServerGroupId": .string(group)]).code
                    == "ResourceInUse.ServerGroup"
            )
            _ = await world.must("DeleteLoadBalancer", ["LoadBalancerId": .string(lb)])
            #expect(
                await world.call("GetListenerAttribute", ["ListenerId": .string(listener)]).code
                    == "ResourceNotFound.Listener"
            )
            #expect(await world.must("ListRules")["TotalCount"] == 0)
            _ = await world.must("DeleteServerGroup", ["ServerGroupId": .string(group)])
            try await world.host.clock.sleep(for: .seconds(1))
            #expect(world.sink.entries.suffix(2).map(\.zone) == ["cn-hangzhou-h", "cn-hangzhou-i"])
            #expect(world.sink.entries.suffix(2).allSatisfy { $0.configuration == nil })
        }
    }

    @Test func `a job is listed at once, is processing and succeeds`() throws {
        let account = CloudAccount(transitions: TransitionTimes(usual: .after(.fixed(.seconds(2)))))
        try CloudWorld.run(account: account) { world in
            let created = await world.must("CreateAcl", ["AclName": "office"])
            func job() async -> JSONObject {
                let answer = await world.must("ListAsynJobs", ["JobIds": [created["JobId"] ?? ""]])
                #expect(answer["TotalCount"] == 1)
                return answer.objects("Jobs")[0]
            }
            let early = await job()
            #expect(early["Status"] == "Processing" && early["ResourceId"] == created["AclId"])
            #expect(early["OperateType"] == "Create" && early["ResourceType"] == "acl")
            try await world.host.clock.sleep(for: .seconds(3))
            let late = await job()
            #expect(late["Status"] == "Succeeded")
            #expect((late.number("ModifyTime") ?? 0) - (late.number("CreateTime") ?? 0) == 2000)
        }
    }

    @Test func `rule work holds its listener, and the listener holds other rule work off`() throws {
        let account = CloudAccount(
            transitions: TransitionTimes(
                usual: .after(.fixed(.seconds(2))),
                exceptions: ["loadbalancer": .immediate, "listener": .immediate, "servergroup": .immediate]
            )
        )
        try CloudWorld.run(account: account) { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            func create(_ priority: Int64) async -> Answer {
                var rule = CloudWorld.rule("a.example.com", priority: priority, group: group)
                rule["ListenerId"] = .string(listener)
                return await world.call("CreateRule", rule)
            }
            #expect(await create(1).status == 200)
            #expect(
                await world.must("GetListenerAttribute", ["ListenerId": .string(listener)])["ListenerStatus"]
                    == "Configuring"
            )
            #expect(await create(2).code == "IncorrectStatus.Listener")
            try await world.host.clock.sleep(for: .seconds(2))
            #expect(await create(2).status == 200)
            #expect(await create(1).code == "IncorrectStatus.Listener")
            try await world.host.clock.sleep(for: .seconds(2))
            #expect(await create(1).code == "Conflict.Priority")
        }
    }

    @Test func `transitions may wait for reads`() throws {
        let account = CloudAccount(
            transitions: TransitionTimes(usual: .afterReads(2)),
            propagation: .fixed(.zero)
        )
        try CloudWorld.run(account: account) { world in
            let id = await world.makeLoadBalancer()
            func status() async -> JSONValue? {
                await world.must("GetLoadBalancerAttribute", ["LoadBalancerId": .string(id)])[
                    "LoadBalancerStatus"
                ]
            }
            #expect(await status() == "Provisioning")
            #expect(await status() == "Provisioning")
            #expect(await status() == "Active")
        }
    }

    @Test func `a batch may swap priorities and a clash changes nothing`() throws {
        try CloudWorld.run { world in
            let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
            let listener = await world.makeListener(lb, group)
            let made = await world.must(
                "CreateRules",
                [
                    "ListenerId": .string(listener),
                    "Rules": .array(
                        (1...3).map {
                            .object(CloudWorld.rule("h\($0).example.com", priority: $0, group: group))
                        }
                    ),
                ]
            )
            let ids = made.objects("RuleIds").map { $0.text("RuleId") }
            _ = await world.must(
                "UpdateRulesAttribute",
                [
                    "Rules": [
                        ["RuleId": .string(ids[0]), "Priority": 2],
                        ["RuleId": .string(ids[1]), "Priority": 1],
                    ]
                ]
            )
            let clash = await world.call(
                "UpdateRulesAttribute",
                [
                    "Rules": [
                        ["RuleId": .string(ids[0]), "Priority": 5],
                        ["RuleId": .string(ids[1]), "Priority": 3],
                    ]
                ]
            )
            #expect(clash.code == "Conflict.Priority")
            let rules = await world.must("ListRules", ["ListenerIds": [.string(listener)]]).objects("Rules")
            #expect(rules.map { $0.number("Priority") } == [2, 1, 3])
            try await world.host.clock.sleep(for: .seconds(1))
            #expect(
                world.sink.newest("cn-hangzhou-h")?.listeners[0].rules.map(\.id) == [ids[1], ids[0], ids[2]]
            )
        }
    }

    @Test func `members are known by server, address and port`() throws {
        try CloudWorld.run { world in
            let group = await world.makeGroup()
            func call(_ action: String, _ servers: [JSONValue], _ member: String = "Servers") async -> String
            {
                await world.call(action, ["ServerGroupId": .string(group), member: .array(servers)]).code
            }
            let (a, b) = (Self.server("10.0.1.7"), Self.server("10.0.1.8"))
            #expect(await call("AddServersToServerGroup", [a, Self.server("10.0.1.7", port: 81)]) == "")
            #expect(await call("AddServersToServerGroup", [a]) == "Conflict.BackendServer")
            #expect(await call("AddServersToServerGroup", [b, b]) == "DuplicatedParam.BackendServer")
            #expect(await call("RemoveServersFromServerGroup", [b]) == "ResourceNotFound.BackendServer")
            let eni: JSONValue = [
                "ServerId": "eni-1", "ServerIp": "10.0.1.7", "ServerType": "eni", "Port": 80,
            ]
            #expect(await call("AddServersToServerGroup", [eni]) == "Mismatch.ServerType")
            let replaced = await world.call(
                "ReplaceServersInServerGroup",
                ["ServerGroupId": .string(group), "AddedServers": [b], "RemovedServers": [a]]
            )
            #expect(replaced.status == 200)
            let rows = await world.must("ListServerGroupServers", ["ServerGroupId": .string(group)]).objects(
                "Servers"
            )
            #expect(
                rows.map { "\($0.text("ServerId")):\($0.number("Port") ?? 0)" } == [
                    "10.0.1.7:81", "10.0.1.8:80",
                ]
            )
            #expect(rows.allSatisfy { $0["Status"] == "Available" && $0["Weight"] == 100 })
        }
    }

    @Test func `a refused call changes nothing, and a dry run neither`() throws {
        try CloudWorld.run { world in
            var fields = world.loadBalancerFields()
            fields["DryRun"] = true
            #expect(await world.call("CreateLoadBalancer", fields).code == "DryRunOperation")
            fields["ClientToken"] = "again"
            #expect(await world.call("CreateLoadBalancer", fields).code == "DryRunOperation")
            fields["DryRun"] = nil
            #expect(await world.call("CreateLoadBalancer", fields).status == 200)
            #expect(await world.must("ListLoadBalancers")["TotalCount"] == 1)
        }
    }

    @Test func `a client token gives the first answer again and refuses other parameters`() throws {
        try CloudWorld.run { world in
            var fields = world.loadBalancerFields(["ClientToken": "token-1"])
            let first = await world.must("CreateLoadBalancer", fields)
            let second = await world.must("CreateLoadBalancer", fields)
            #expect(first["LoadBalancerId"] == second["LoadBalancerId"])
            #expect(first["RequestId"] != second["RequestId"])
            fields["LoadBalancerName"] = "other"
            #expect(await world.call("CreateLoadBalancer", fields).code == "IdempotentParameterMismatch")
            #expect(await world.must("ListLoadBalancers")["TotalCount"] == 1)
        }
    }

    @Test func `pages hold every row once, also while rows go`() throws {
        try CloudWorld.run { world in
            var ids: [String] = []
            for number in 0..<5 {
                ids.append(await world.must("CreateAcl", ["AclName": .string("acl-\(number)")]).text("AclId"))
            }
            let first = await world.must("ListAcls", ["MaxResults": 2])
            #expect(
                first["TotalCount"] == 5
                    && first.objects("Acls").map { $0.text("AclId") } == Array(ids[0..<2])
            )
            _ = await world.must("DeleteAcl", ["AclId": .string(ids[0])])
            let second = await world.must(
                "ListAcls",
                ["MaxResults": 2, "NextToken": first["NextToken"] ?? ""]
            )
            #expect(second.objects("Acls").map { $0.text("AclId") } == Array(ids[2..<4]))
            let last = await world.must(
                "ListAcls",
                ["MaxResults": 2, "NextToken": second["NextToken"] ?? ""]
            )
            #expect(last.objects("Acls").map { $0.text("AclId") } == [ids[4]] && last["NextToken"] == nil)
            #expect(await world.call("ListAcls", ["NextToken": "nonsense"]).status == 400)
        }
    }

    @Test func `an account survives a restart with its work under way`() throws {
        let simulation = Simulation(seed: 4)
        try simulation.run {
            let account = CloudAccount(
                transitions: TransitionTimes(usual: .after(.fixed(.seconds(10)))),
                propagation: .fixed(.zero)
            )
            let database = try Database(.memory)
            let first = try CloudWorld(simulation, account: account, database: database)
            let group = await first.makeGroup(["Tag": [["Key": "a", "Value": "1"]]])
            let lb = await first.makeLoadBalancer()
            try await first.host.clock.sleep(for: .seconds(4))
            simulation.crash("cloud")
            let second = try CloudWorld(simulation, account: account, database: database)
            let early = await second.must("ListServerGroups", ["Tag": [["Key": "a"]]]).objects(
                "ServerGroups"
            )[0]
            #expect(early["ServerGroupId"] == .string(group) && early["ServerGroupStatus"] == "Creating")
            try await second.host.clock.sleep(for: .seconds(7))
            let late = await second.must("ListServerGroups").objects("ServerGroups")[0]
            #expect(late["ServerGroupStatus"] == "Available")
            #expect(
                await second.must("GetLoadBalancerAttribute", ["LoadBalancerId": .string(lb)])[
                    "LoadBalancerStatus"
                ] == "Active"
            )
            #expect(second.sink.newest("cn-hangzhou-h")?.version == 1)
            let other = await second.makeGroup()
            #expect(other != group)
        }
    }

    @Test func `the same seed gives the same account`() throws {
        func digest(_ seed: UInt64) throws -> String {
            let simulation = Simulation(seed: seed)
            try simulation.run {
                let world = try CloudWorld(simulation, account: CloudAccount())
                let (lb, group) = (await world.makeLoadBalancer(), await world.makeGroup())
                try await world.host.clock.sleep(for: .seconds(60))
                _ = await world.makeListener(lb, group)
                try await world.host.clock.sleep(for: .seconds(60))
            }
            return simulation.trace.digestText
        }
        #expect(try digest(1) == digest(1))
        #expect(try digest(1) != digest(2))
    }
}
