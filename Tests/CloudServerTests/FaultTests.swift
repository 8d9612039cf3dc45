// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Simulation
import Testing

@testable import CloudServer

@Suite struct FaultTests {
    @Test func `a fault meets its action, so many times, within its time`() {
        var table = FaultTable()
        var random = RandomStream(seed: 1)
        let start = Instant(seconds: 100)
        _ = table.add(
            CloudFault(
                action: "CreateRules",
                effect: .refuse(code: "Throttling.User"),
                from: start,
                until: start.advanced(by: .seconds(10)),
                times: 2
            )
        )
        func code(_ action: String, _ second: Int64) -> String? {
            table.plan(action: action, now: Instant(seconds: second), random: &random).refusal?.code
        }
        #expect(code("CreateRules", 99) == nil)
        #expect(code("ListRules", 101) == nil)
        #expect(code("CreateRules", 101) == "Throttling.User")
        #expect(code("CreateRules", 102) == "Throttling.User")
        #expect(code("CreateRules", 103) == nil)
        _ = table.add(CloudFault(effect: .refuse(code: "SystemBusy"), until: Instant(seconds: 110)))
        #expect(code("Anything", 109) == "SystemBusy")
        #expect(code("Anything", 110) == nil)
        #expect(table.isEmpty)
    }

    @Test func `a chance is met about as often as it says`() {
        var table = FaultTable()
        var random = RandomStream(seed: 7)
        _ = table.add(CloudFault(effect: .refuse(code: "SystemBusy"), chance: 0.25))
        let hits = (0..<1000).count { _ in
            table.plan(action: "ListAcls", now: Instant(seconds: 1), random: &random).refusal != nil
        }
        #expect((200...300).contains(hits))
    }

    @Test func `a throttle lets a burst and then its rate through, for each action by itself`() {
        var table = FaultTable()
        var random = RandomStream(seed: 1)
        _ = table.add(CloudFault(effect: .throttle(perSecond: 2, burst: 3)))
        func passes(_ action: String, _ milliseconds: Int64) -> Bool {
            table.plan(action: action, now: Instant(nanoseconds: milliseconds * 1_000_000), random: &random)
                .refusal == nil
        }
        #expect((0..<5).map { _ in passes("A", 1000) } == [true, true, true, false, false])
        #expect(passes("B", 1000))
        #expect(!passes("A", 1400))
        #expect(passes("A", 1600))
    }

    @Test func `a refusal comes before the effect, or after it`() throws {
        try CloudWorld.run { world in
            let before = world.server.inject(
                CloudFault(action: "CreateAcl", effect: .refuse(code: "SystemBusy", status: 503))
            )
            let refused = await world.call("CreateAcl", ["AclName": "office"])
            #expect(refused.code == "SystemBusy" && refused.status == 503)
            #expect(await world.must("ListAcls")["TotalCount"] == 0)
            world.server.lift(before)
            world.server.inject(
                CloudFault(action: "CreateAcl", effect: .refuseAfterEffect(code: "InternalError"), times: 1)
            )
            #expect(await world.call("CreateAcl", ["AclName": "office"]).status == 500)
            #expect(await world.must("ListAcls")["TotalCount"] == 1)
        }
    }

    @Test func `a lost reply has had its effect`() throws {
        try CloudWorld.run { world in
            world.server.inject(CloudFault(action: "CreateAcl", effect: .loseReply))
            let answer = try await world.host.clock.withLimit(.seconds(20)) {
                await world.call("CreateAcl", ["AclName": "office"]).status
            }
            #expect(answer == nil)
            #expect(await world.must("ListAcls")["TotalCount"] == 1)
        }
    }

    @Test func `an answer lacks the last items of its lists, or all`() throws {
        try CloudWorld.run { world in
            for name in ["office", "home", "shop"] {
                _ = await world.must("CreateAcl", ["AclName": .string(name)])
            }
            world.server.inject(CloudFault(action: "ListAcls", effect: .omitRows(.last(1)), times: 1))
            #expect(await world.must("ListAcls")["Acls"]?.arrayValue?.count == 2)
            world.server.inject(CloudFault(action: "ListAcls", effect: .omitRows(.all), times: 1))
            #expect(await world.must("ListAcls")["Acls"]?.arrayValue?.isEmpty == true)
            #expect(await world.must("ListAcls")["Acls"]?.arrayValue?.count == 3)
        }
    }

    @Test func `calls are carried out late or answered late`() throws {
        try CloudWorld.run { world in
            let clock = world.host.clock
            world.server.inject(CloudFault(action: "CreateAcl", effect: .delayReply(.fixed(.seconds(3)))))
            let start = clock.now
            _ = await world.must("CreateAcl", ["AclName": "office"])
            #expect(start.duration(to: clock.now) == .seconds(3))
            let calls = world.simulation.trace.entries.compactMap { entry -> (CloudCall, Instant)? in
                if case .cloudCall(let call) = entry.event { (call, entry.at) } else { nil }
            }
            #expect(calls.last?.0.duration == .seconds(3) && calls.last?.1 == start)
        }
    }

    @Test func `a failed job takes its change back and says why`() throws {
        let account = CloudAccount(
            transitions: TransitionTimes(
                usual: .after(.fixed(.seconds(1))),
                exceptions: ["loadbalancer": .immediate]
            ),
            propagation: .fixed(.zero)
        )
        try CloudWorld.run(account: account) { world in
            let group = await world.makeGroup()
            try await world.host.clock.sleep(for: .seconds(2))
            let fault = world.server.inject(
                CloudFault(
                    action: "AddServersToServerGroup",
                    effect: .failJob(code: "OperationFailed.Busy", message: "no room")
                )
            )
            let answer = await world.must(
                "AddServersToServerGroup",
                [
                    "ServerGroupId": .string(group),
                    "Servers": [
                        ["ServerId": "10.0.1.7", "ServerIp": "10.0.1.7", "ServerType": "Ip", "Port": 80]
                    ],
                ]
            )
            #expect(
                await world.must("ListServerGroupServers", ["ServerGroupId": .string(group)])["TotalCount"]
                    == 1
            )
            try await world.host.clock.sleep(for: .seconds(2))
            #expect(
                await world.must("ListServerGroupServers", ["ServerGroupId": .string(group)])["TotalCount"]
                    == 0
            )
            let job = await world.must("ListAsynJobs", ["JobIds": [answer["JobId"] ?? ""]]).objects("Jobs")[0]
            #expect(job["Status"] == "Failed" && job["ErrorMessage"] == "no room")
            let row = await world.must("ListServerGroups").objects("ServerGroups")[0]
            #expect(row["ServerGroupStatus"] == "Available")
            world.server.lift(fault)
            world.server.inject(
                CloudFault(action: "CreateLoadBalancer", effect: .failJob(code: "X", message: "y"))
            )
            let lb = await world.makeLoadBalancer()
            #expect(
                await world.must("GetLoadBalancerAttribute", ["LoadBalancerId": .string(lb)])[
                    "LoadBalancerStatus"
                ] == "CreateFailed"
            )
            #expect(world.sink.entries.isEmpty)
            #expect(await world.call("DeleteLoadBalancer", ["LoadBalancerId": .string(lb)]).status == 200)
        }
    }

    @Test func `a hanging job never ends`() throws {
        try CloudWorld.run { world in
            world.server.inject(CloudFault(action: "CreateAcl", effect: .hangJob))
            let answer = await world.must("CreateAcl", ["AclName": "office"])
            try await world.host.clock.sleep(for: .seconds(86_400))
            #expect(
                await world.must("ListAsynJobs", ["JobIds": [answer["JobId"] ?? ""]]).objects("Jobs")[0][
                    "Status"
                ] == "Processing"
            )
        }
    }

    @Test func `the console changes things past faults and signatures`() throws {
        var account = CloudWorld.immediate
        account.signatures = .strict
        try CloudWorld.run(account: account) { world in
            world.server.inject(CloudFault(effect: .refuse(code: "SystemBusy")))
            let result = world.server.perform("CreateAcl", ["AclName": "office"])
            let made = try result.get()
            #expect(made["AclId"] != nil)
            let refused = world.server.perform("DeleteAcl", ["AclId": "acl-none"])
            #expect(throws: CloudRefusal.self) { try refused.get() }
        }
    }
}
