// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import IngressController

@Suite struct PlanTests {
    private let planner = Planner(profile: .managed, region: "cn-hangzhou")
    private let tea = Samples.service("tea")
    private let coffee = Samples.service("coffee")

    /// The state after a plan, with ids in place of references.
    private func carriedOut(_ plan: Plan) -> CloudState {
        var known: [String: String] = [:]
        func name(_ text: String) {
            if Reference.isReference(text) { known[text] = "id-\(text.dropFirst())" }
        }
        if let balancer = plan.result.loadBalancer { name(balancer.id) }
        for group in plan.result.serverGroups { name(group.id) }
        for record in plan.result.certificates ?? [] { name(record.id) }
        for listener in plan.result.listeners {
            name(listener.id)
            for rule in listener.rules { name(rule.id) }
            for item in listener.accessList?.items ?? [] { name(item.id) }
        }
        return plan.result.resolved(known)
    }

    private func actions(_ plan: Plan) -> [String] { plan.steps.map(\.action) }

    private func many(_ count: Int) -> KubernetesObject {
        Samples.ingress("web", (0..<count).map { .init(host: "h\($0).com") })
    }

    @Test func `the first plan makes everything in the order of its references`() throws {
        let stack = Samples.build([Samples.ingress(), tea]).stack
        let plan = planner.plan(stack, CloudState())
        #expect(
            actions(plan) == [
                "CreateServerGroup", "CreateServerGroup", "CreateLoadBalancer", "CreateListener",
                "CreateRules",
            ]
        )
        let group = try #require(plan.steps.first { $0.fills != nil })
        #expect(group.parameters["ServerGroupName"] == "shop-tea-80")
        #expect(group.parameters["Tag"]?.arrayValue?.count == 7)
        #expect(group.parameters["ServiceName"] == "shop-tea-80")
        let balancer = try #require(plan.steps.first { $0.action == "CreateLoadBalancer" })
        #expect(balancer.parameters["Tag"]?.arrayValue?.count == 3)
        #expect(balancer.parameters["DeletionProtectionEnabled"] == true)
    }

    static let stacks: [[KubernetesObject]] = [
        [Samples.ingress(), Samples.service()],
        [
            Samples.ingress(
                "web",
                [.init(host: "a.com"), .init(path: "/x", service: "coffee")],
                annotations: [
                    "enable-cors": "true", "traffic-limit-qps": "10", "rewrite-target": "/y",
                    "sticky-session": "true",
                    "healthcheck-enabled": "true",
                    "conditions.coffee":
                        "[{\"type\":\"Header\",\"headerConfig\":{\"key\":\"h\",\"values\":[\"1\"]}}]",
                    "listen-ports": "[{\"HTTP\":80},{\"HTTPS\":443}]", "slow-start-enabled": "true",
                ],
                tls: [["hosts": ["a.com"], "secretName": "cafe-tls"]]
            ),
            Samples.service(), Samples.service("coffee"), Samples.secret(),
        ],
        [
            Samples.ingress("web", (0..<40).map { .init(host: "h\($0).com", path: "/p\($0)") }),
            Samples.service(),
        ],
    ]

    @Test(arguments: stacks)
    func `after a plan nothing is left to do`(objects: [KubernetesObject]) {
        let albConfig = Samples.albConfig(
            Samples.bothListeners.map { listener in
                var listener = listener
                listener["aclConfig"] = ["aclType": "White", "aclEntries": ["10.0.0.0/8", "192.168.0.0/16"]]
                return listener
            },
            config: [
                "tags": [["key": "team", "value": "shop"]],
                "accessLogConfig": ["logProject": "p", "logStore": "alb_s"],
            ]
        )
        let stack = Samples.build(objects, albConfig: albConfig).stack
        let first = planner.plan(stack, CloudState())
        #expect(!first.isEmpty)
        let second = planner.plan(stack, carriedOut(first))
        #expect(second.isEmpty, "\(second.text)")
    }

    @Test func `forty rules are created in batches of nine`() {
        let plan = planner.plan(Samples.build([many(40), tea]).stack, CloudState())
        let batches = plan.steps.filter { $0.action == "CreateRules" }
        #expect(batches.map { $0.parameters["Rules"]?.arrayValue?.count } == [9, 9, 9, 9, 4])
        let priorities = batches.flatMap { $0.parameters["Rules"]?.arrayValue ?? [] }.compactMap {
            $0["Priority"]?.intValue
        }
        #expect(priorities == priorities.sorted())
        #expect(batches.first?.parameters["Rules"]?[0]?["RuleName"] == "rule-80-50")
    }

    private func edit(_ before: [KubernetesObject], _ after: [KubernetesObject]) -> Plan {
        let state = carriedOut(planner.plan(Samples.build(before).stack, CloudState()))
        return planner.plan(Samples.build(after).stack, state)
    }

    @Test func `a path added in front costs one call`() throws {
        let front = Samples.ingress("a-front", [.init(host: "front.com")])
        let plan = edit([many(30), tea], [many(30), front, tea])
        #expect(actions(plan) == ["CreateServerGroup", "CreateRules"])
        #expect(plan.steps.last?.parameters["Rules"]?[0]?["Priority"]?.intValue.map { $0 < 50 } == true)
    }

    @Test func `a path removed costs one call and a group`() {
        let one = Samples.ingress("a-front", [.init(host: "front.com")])
        let plan = edit([many(30), one, tea], [many(30), tea])
        #expect(actions(plan) == ["DeleteRules", "DeleteServerGroup"])
        #expect(plan.phases.last?.needsSuccess == true)
    }

    @Test func `a changed path is changed in place`() throws {
        let before = Samples.ingress("web", [.init(path: "/a"), .init(path: "/b"), .init(path: "/c")])
        let after = Samples.ingress("web", [.init(path: "/a"), .init(path: "/x"), .init(path: "/c")])
        let plan = edit([before, tea], [after, tea])
        #expect(actions(plan) == ["UpdateRulesAttribute"])
        let rule = try #require(plan.steps.first?.parameters["Rules"]?[0])
        #expect(rule["RuleConditions"]?[0]?["PathConfig"]?["Values"] == ["/x", "/x/*"])
        #expect(rule["Priority"] == nil && rule["RuleActions"] == nil)
    }

    @Test func `a swap of two paths moves one of them`() throws {
        let before = Samples.ingress("web", [.init(path: "/a"), .init(path: "/b")])
        let after = Samples.ingress("web", [.init(path: "/b"), .init(path: "/a")])
        let plan = edit([before, tea], [after, tea])
        #expect(actions(plan) == ["UpdateRulesAttribute"])
        #expect(plan.steps.first?.parameters["Rules"]?.arrayValue?.count == 1)
        #expect(plan.steps.first?.parameters["Rules"]?[0]?["RuleConditions"] == nil)
    }

    @Test func `another Service is filled before a rule names it, and the old group goes last`() {
        let plan = edit(
            [Samples.ingress(), tea, coffee],
            [Samples.ingress("web", [.init(service: "coffee")]), tea, coffee]
        )
        #expect(actions(plan) == ["CreateServerGroup", "UpdateRulesAttribute", "DeleteServerGroup"])
    }

    @Test func `another protocol makes another group`() {
        let tls: [JSONValue] = [["hosts": ["a.com"], "secretName": "cafe-tls"]]
        let before = Samples.ingress("web", [.init(host: "a.com")], tls: tls)
        let after = Samples.ingress(
            "web",
            [.init(host: "a.com")],
            annotations: ["backend-protocol": "https"],
            tls: tls
        )
        func stack(_ ingress: KubernetesObject) -> Stack {
            Samples.build(
                [ingress, tea, Samples.secret()],
                albConfig: Samples.albConfig(Samples.bothListeners)
            ).stack
        }
        let state = carriedOut(planner.plan(stack(before), CloudState()))
        #expect(
            actions(planner.plan(stack(after), state))
                == ["CreateServerGroup", "UpdateRulesAttribute", "DeleteServerGroup"]
        )
        let defect = Planner(profile: Profile(.managed, defects: [.backendProtocolFixed]), region: "")
        #expect(defect.plan(stack(after), state).isEmpty)
    }

    @Test func `a rotated Secret costs an upload, one attribute call and the old one's deletion`() throws {
        let ingress = Samples.ingress(
            "web",
            [.init(host: "a.com")],
            tls: [["hosts": ["a.com"], "secretName": "cafe-tls"]]
        )
        func stack(_ secret: KubernetesObject) -> Stack {
            Samples.build([ingress, tea, secret], albConfig: Samples.albConfig(Samples.bothListeners)).stack
        }
        let state = carriedOut(planner.plan(stack(Samples.secret()), CloudState()))
        var planner = self.planner
        planner.oldCertificates = Set((state.certificates ?? []).map(\.id))
        let plan = planner.plan(stack(Samples.secret(certificate: "CCCC")), state)
        #expect(
            actions(plan) == [
                "CreateSSLCertificateWithName", "UpdateListenerAttribute", "DeleteSSLCertificate",
            ]
        )
        let update = try #require(plan.steps.first { $0.action == "UpdateListenerAttribute" })
        #expect(update.parameters.count == 2)
        #expect(update.parameters["Certificates"]?.arrayValue?.count == 1)
    }

    @Test func `a changed protocol on a port deletes the old listener first`() {
        let before = Samples.build([Samples.ingress(), tea]).stack
        let state = carriedOut(planner.plan(before, CloudState()))
        let after = Samples.build(
            [Samples.ingress("web", annotations: ["listen-ports": "[{\"HTTPS\":80}]"]), tea],
            albConfig: Samples.albConfig([
                ["port": 80, "protocol": "HTTPS", "certificates": [["CertificateId": "1"]]]
            ])
        ).stack
        let names = actions(planner.plan(after, state))
        #expect(names.first == "DeleteListener")
        #expect(names.contains("CreateListener"))
    }

    @Test func `drift is repaired by what was read`() throws {
        let stack = Samples.build([many(3), tea]).stack
        var state = carriedOut(planner.plan(stack, CloudState()))
        state.listeners[0].rules[1].actions = [
            .fixedResponse(status: 200, contentType: "text/plain", content: "hi")
        ]
        state.listeners[0].attributes["IdleTimeout"] = 30
        state.listeners[0].rules.append(
            CloudRule(
                id: "foreign",
                name: "x",
                priority: 7,
                direction: .request,
                conditions: [.path(["/*"])],
                actions: [.removeHeader(key: "a")]
            )
        )
        let plan = planner.plan(stack, state)
        #expect(actions(plan) == ["UpdateListenerAttribute", "UpdateRulesAttribute", "DeleteRules"])
        #expect(
            plan.steps[0].parameters == ["ListenerId": .string(state.listeners[0].id), "IdleTimeout": 15]
        )
        #expect(plan.steps[1].parameters["Rules"]?[0]?["RuleActions"] != nil)
        #expect(plan.steps[2].parameters["RuleIds"] == ["foreign"])
    }

    @Test func `deletion takes the load balancer first and the groups after it`() {
        let stack = Samples.build([Samples.ingress(), tea]).stack
        let state = carriedOut(planner.plan(stack, CloudState()))
        var empty = stack
        empty.loadBalancer = nil
        #expect(
            actions(planner.tearDown(empty, state))
                == [
                    "DisableDeletionProtection", "DeleteLoadBalancer", "DeleteServerGroup",
                    "DeleteServerGroup",
                ]
        )
    }

    @Test func `a batch can be halved down to the rule that is wrong`() throws {
        let plan = planner.plan(Samples.build([many(9), tea]).stack, CloudState())
        let batch = try #require(plan.steps.first { $0.action == "CreateRules" })
        let halves = try #require(batch.halves)
        #expect(halves.map { $0.parameters["Rules"]?.arrayValue?.count } == [4, 5])
        #expect(halves[0].halves?[0].halves?[0].halves == nil)
    }

    @Test func `settings are changed by name and only those that differ`() {
        let wanted: JSONObject = [
            "Scheduler": "Wrr", "A": false, "B": 0, "C": "", "D": ["X": 1, "Y": false], "E": ["a"],
        ]
        #expect(
            AttributeComparison.changes(
                wanted: wanted,
                present: ["Scheduler": "wrr", "D": ["X": "1", "Z": 9], "E": ["a"]]
            ).isEmpty
        )
        #expect(
            AttributeComparison.changes(
                wanted: wanted,
                present: ["Scheduler": "wrr", "A": true, "D": [:], "E": []]
            )
                == ["A": false, "D": ["X": 1, "Y": false], "E": ["a"]]
        )
    }

    @Test func `a host name of a user never stands for an id`() throws {
        #expect(throws: BuildError.self) {
            try PathPattern.values(path: "\u{1}load balancer", type: "Exact", isRegex: false)
        }
        let resolved: JSONObject = Reference.resolve(
            ["a": .string("load balancer"), "b": .string(Reference.loadBalancer.text)],
            [Reference.loadBalancer.text: "alb-1"]
        )
        #expect(resolved == ["a": "load balancer", "b": "alb-1"])
    }

    @Test func `any edit of the rules leads to the wanted order`() throws {
        var random = RandomStream(seed: 11)
        var state = CloudState()
        for _ in 0..<60 {
            let count = Int(random.next() % 25)
            let paths = (0..<count).map { _ in "/p\(random.next() % 30)" }
            let unique = paths.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            let ingress = Samples.ingress("web", unique.map { .init(path: $0) })
            let stack = Samples.build([ingress, tea]).stack
            let plan = planner.plan(stack, state)
            state = carriedOut(plan)
            let rules = state.listeners[0].rules.sorted { $0.priority < $1.priority }
            #expect(
                rules.map(\.conditions) == Samples.rules(Samples.build([ingress, tea])).map(\.conditions)
            )
            #expect(Set(rules.map(\.priority)).count == rules.count)
            #expect(planner.plan(stack, state).isEmpty)
        }
    }
}
