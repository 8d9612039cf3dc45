// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import IngressController

@Suite struct CloudCallTests {
    private func create(_ cloud: ScriptedCloud) throws -> (succeeded: Bool, duration: Duration) {
        let result = try cloud.run { _, caller in
            (try? await caller.write("CreateAcl", of: .alb, ["AclName": "a"], tally: WriteTally())) != nil
        }
        return (result.value, result.duration)
    }

    @Test func `a throttled call is made again with longer pauses and the same token`() throws {
        let cloud = ScriptedCloud { _, number in
            number < 4 ? .refusal("Throttling.User") : .success(["AclId": "acl-1"])
        }
        let (succeeded, duration) = try create(cloud)
        #expect(succeeded)
        #expect(cloud.all.count == 4)
        #expect(Set(cloud.all.map { $0.parameters["ClientToken"] }).count == 1)
        // One, two and four seconds, each up to a fifth longer.
        #expect(duration >= .seconds(7) && duration < .seconds(9))
    }

    @Test func `a call that is refused for good is made once`() throws {
        let cloud = ScriptedCloud { _, _ in .refusal("QuotaExceeded.AclsNum") }
        #expect(try !create(cloud).succeeded)
        #expect(cloud.all.count == 1)
    }

    @Test func `a lost answer is asked for again under the same token`() throws {
        let cloud = ScriptedCloud { _, number in number == 1 ? .silence : .success(["AclId": "acl-1"]) }
        #expect(try create(cloud).succeeded)
        #expect(cloud.all.count == 2)
        #expect(Set(cloud.all.map { $0.parameters["ClientToken"] }).count == 1)
    }

    @Test func `patience ends`() throws {
        let cloud = ScriptedCloud { _, _ in .refusal("Throttling.User") }
        let (succeeded, duration) = try create(cloud)
        #expect(!succeeded)
        #expect(duration <= .seconds(61))
    }

    @Test func `pages are read to the end`() throws {
        let cloud = ScriptedCloud { call, _ in
            let page = Int(call.parameters["NextToken"] ?? "0") ?? 0
            let row: JSONValue = ["RuleId": .string("r\(page)"), "Priority": .integer(Int64(page + 1))]
            var answer: JSONValue = ["Rules": [row], "TotalCount": 3]
            if page < 2 { answer["NextToken"] = .string(String(page + 1)) }
            return .success(answer)
        }
        let rules = try cloud.run { _, caller in
            try? await CloudReader(caller: caller).rules(listener: "l", .request)
        }.value
        #expect(rules?.map(\.id) == ["r0", "r1", "r2"])
        #expect(cloud.all.allSatisfy { $0.parameters["ListenerIds.1"] == "l" })
    }

    // MARK: Plans

    private func rules(_ hosts: [String]) -> Plan.Lane {
        let wanted = hosts.map { host in
            Rule(
                owner: ObjectKey(namespace: "shop", name: host),
                conditions: [.host([host])],
                actions: [.redirect(RedirectTarget(host: "b.com"))]
            )
        }
        let steps =
            RulePlanner.plan(port: ListenerPort(80, .http), listener: "lsn-1", wanted: wanted, present: [])?
            .steps ?? []
        return Plan.Lane(subject: "listener 80/HTTP", steps: steps)
    }

    private func jobs(_ call: ScriptedCloud.Call) -> ScriptedCloud.Answer {
        .success(["TotalCount": 1, "Jobs": [["Status": "Succeeded"]]])
    }

    @Test func `one bad rule in a batch is found and the others get through`() throws {
        let cloud = ScriptedCloud { call, number in
            if call.action == "ListAsynJobs" { return self.jobs(call) }
            if call.parameters.values.contains("bad.com") { return .refusal("InvalidParameter") }
            return .success(["JobId": .string("job-\(number)"), "RuleIds": []])
        }
        let lane = rules((0..<8).map { $0 == 5 ? "bad.com" : "h\($0).com" })
        let outcome = try cloud.run { host, caller in
            await PlanExecutor(host: host, caller: caller).run(lane, tally: WriteTally())
        }.value
        #expect(outcome.failures.flatMap(\.owners).map(\.name) == ["bad.com"])
        #expect(outcome.failures.map(\.isTemporary) == [false])
        let created = cloud.actions("CreateRules").filter { !$0.parameters.values.contains("bad.com") }
        let hosts = created.flatMap { call in
            call.parameters.filter { $0.key.hasSuffix("HostConfig.Values.1") }.map(\.value)
        }
        #expect(hosts.sorted() == ["h0.com", "h1.com", "h2.com", "h3.com", "h4.com", "h6.com", "h7.com"])
    }

    @Test func `a job that is not listed yet is waited for, and one that fails is told`() throws {
        let cloud = ScriptedCloud { call, number in
            guard call.action == "ListAsynJobs" else { return .success(["JobId": "job-1", "RuleIds": []]) }
            if number < 3 { return .success(["TotalCount": 0, "Jobs": []]) }
            return .success([
                "TotalCount": 1,
                "Jobs": [
                    [
                        "Status": "Failed", "ErrorCode": "ResourceQuotaExceeded.Rules",
                        "ErrorMessage": "too many",
                    ]
                ],
            ])
        }
        let lane = rules(["a.com"])
        let result = try cloud.run { host, caller in
            await PlanExecutor(host: host, caller: caller).run(lane, tally: WriteTally())
        }
        #expect(result.value.failures.map(\.reason) == ["ResourceQuotaExceeded.Rules: too many"])
        #expect(result.duration >= .seconds(3))
    }

    @Test func `ids of what was made are put into later calls, and what needs a missing one is not called`()
        throws
    {
        let stack = Samples.build([Samples.ingress(), Samples.service()]).stack
        let plan = Planner(profile: .managed, region: "").plan(stack, CloudState())
        let cloud = ScriptedCloud { call, number in
            switch call.action {
            case "ListAsynJobs": self.jobs(call)
            case "GetLoadBalancerAttribute": .success(["LoadBalancerStatus": "Active"])
            case "CreateServerGroup":
                .success(["ServerGroupId": .string("sgp-\(call.parameters["ServerGroupName"] ?? "")")])
            case "CreateLoadBalancer": .success(["LoadBalancerId": "alb-1"])
            default: .refusal("InvalidParameter")
            }
        }
        let outcome = try cloud.run { host, caller in
            await PlanExecutor(host: host, caller: caller).run(plan, tally: WriteTally())
        }.value
        #expect(outcome.known[Reference.loadBalancer.text] == "alb-1")
        let listener = try #require(cloud.actions("CreateListener").first)
        #expect(listener.parameters["LoadBalancerId"] == "alb-1")
        #expect(
            listener.parameters["DefaultActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId"]
                == "sgp-kube-system-fake-svc-80"
        )
        #expect(cloud.actions("CreateRules").isEmpty)
        #expect(outcome.failures.count == 1)
    }

    @Test func `lanes go side by side, no more than five at once`() throws {
        let lanes = (0..<12).map { number in
            Plan.Lane(
                subject: "\(number)",
                steps: [Step(action: "CreateAcl", parameters: ["AclName": .string("a\(number)")])]
            )
        }
        var plan = Plan(result: CloudState())
        plan.append("lists", lanes)
        let cloud = ScriptedCloud { call, number in
            call.action == "ListAsynJobs" ? self.jobs(call) : .success(["JobId": .string("job-\(number)")])
        }
        let finished = plan
        let result = try cloud.run { host, caller in
            await PlanExecutor(host: host, caller: caller).run(finished, tally: WriteTally())
        }
        #expect(result.value.failures.isEmpty)
        // Three rounds of five, a second each for the job.
        #expect(result.duration >= .seconds(3) && result.duration < .seconds(4))
    }

    @Test func `a gate lets one through at a time, in order`() throws {
        let cloud = ScriptedCloud { _, _ in .success([:]) }
        let result = try cloud.run { host, _ in
            let gate = KeyedGate<String>()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        await gate.with("a") { try? await host.clock.sleep(for: .seconds(1)) }
                    }
                }
                group.addTask { await gate.with("b") { try? await host.clock.sleep(for: .seconds(1)) } }
            }
        }
        #expect(result.duration == .seconds(3))
    }
}
