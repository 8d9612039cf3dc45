// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import IngressController

/// Single defects: what is right without the switch and wrong with it.
@Suite struct DefectTests {
    private static func profile(_ defects: Defect...) -> Profile {
        Profile(.managed, defects: Profile.managed.defects.union(defects))
    }

    private func steps(
        _ profile: Profile,
        _ objects: [KubernetesObject],
        albConfig: KubernetesObject = Samples.albConfig(),
        from state: CloudState = CloudState()
    ) -> (steps: [Step], state: CloudState) {
        var context = Samples.context
        context.profile = profile
        let build = Samples.build(objects, albConfig: albConfig, context: context)
        let plan = Planner(profile: profile, region: "").plan(build.stack, state)
        return (plan.steps, plan.result)
    }

    @Test func `every defect has a number, a sentence and a switch of its own`() {
        #expect(Defect.allCases.count == 60)
        #expect(Set(Defect.allCases.map(\.sentence)).count == 60)
        for defect in Defect.allCases {
            #expect(Defect(id: defect.id) == defect)
            #expect(Profile.oss.has(defect))
        }
        #expect(Profile.managed.defects == [.rulesKeepWrittenOrder])
    }

    @Test func `B-05 and B-03: a hash without a name fits a copy`() {
        var one = Samples.ingress("one"), two = one
        two[path: "metadata", "name"] = "two"
        let wrong = Self.profile(.copiedHashLabelHidesIngress)
        let right = Self.profile(.restartRepairsNothing)
        #expect(ObjectHash.value(of: one, profile: wrong) == ObjectHash.value(of: two, profile: wrong))
        #expect(ObjectHash.value(of: one, profile: right) != ObjectHash.value(of: two, profile: right))
        one[path: "metadata", "labels", ObjectHash.label] = .string(ObjectHash.value(of: one, profile: wrong))
        #expect(ObjectHash.isApplied(one, profile: wrong))
        #expect(!ObjectHash.isApplied(one, profile: .managed))
        #expect(ObjectHash.value(of: one, profile: wrong).count == 56)
    }

    @Test func `B-21: a hash that ignores zero values misses an edit`() {
        var off = Samples.albConfig(), absent = off
        off["spec"] = ["config": [:], "listeners": [["port": 80, "gzipEnabled": false]]]
        absent["spec"] = ["config": [:], "listeners": [["port": 80]]]
        let wrong = Self.profile(.hashIgnoresZeroValues), right = Self.profile(.hashOfUnbuiltObject)
        #expect(ObjectHash.value(of: off, profile: wrong) == ObjectHash.value(of: absent, profile: wrong))
        #expect(ObjectHash.value(of: off, profile: right) != ObjectHash.value(of: absent, profile: right))
    }

    @Test func `B-14 and B-15: which annotations are poison, and for whom`() {
        let key = "alb.ingress.kubernetes.io/actions.tea"
        func poisoned(_ text: String) -> KubernetesObject {
            Samples.ingress("web", annotations: [key: text])
        }
        #expect(Poison.ofPass(poisoned("[{\"type\":\"Redirect\"}]")) != nil)
        #expect(Poison.ofPass(poisoned("[{\"type\":\"Nothing\",\"NothingConfig\":{}}]")) != nil)
        #expect(Poison.ofProcess(poisoned("[{\"type\":\"Redirect\"}]")) == nil)
        #expect(Poison.ofProcess(poisoned("[{\"type\":\"ForwardGroup\"}]")) != nil)
        let well = "[{\"type\":\"Redirect\",\"RedirectConfig\":{\"host\":\"a.com\"}}]"
        #expect(Poison.ofPass(poisoned(well)) == nil)
        var resource = Samples.ingress()
        resource["spec"] = ["rules": [["http": ["paths": [["backend": ["resource": [:]]]]]]]]
        #expect(Poison.ofProcess(resource) != nil)
        var backend = Samples.ingress()
        backend[path: "spec", "defaultBackend"] = ["resource": ["kind": "Bucket", "name": "b"]]
        #expect(Poison.stopsServers(backend))
    }

    @Test func `B-26 and B-27: rules by number, created in the order of text`() {
        let paths = (1...12).map { Samples.Path(host: "h\($0).com") }
        let objects = [Samples.ingress("web", paths), Samples.service()]
        let (steps, state) = steps(.oss, objects)
        let created = steps.filter { $0.action == "CreateRules" }
            .flatMap { $0.parameters["Rules"]?.arrayValue ?? [] }.compactMap { $0["Priority"]?.intValue }
        #expect(created == [10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        let reversed = [Samples.ingress("web", paths.reversed()), Samples.service()]
        let updates = self.steps(.oss, reversed, from: state).steps
        #expect(updates.map(\.action) == ["UpdateRulesAttribute", "UpdateRulesAttribute"])
        // With the right way nothing is written over: rules move.
        let (_, moved) = self.steps(.managed, objects)
        let moves = self.steps(.managed, reversed, from: moved).steps
        let members = moves.flatMap { $0.parameters["Rules"]?.arrayValue ?? [] }
        #expect(members.allSatisfy { $0["RuleConditions"] == nil })
    }

    @Test func `B-32: an access list that is taken out stays`() {
        let present = CloudAccessList(
            type: "White",
            items: [CloudAccessList.Item(id: "acl-1", name: "a", entries: ["10.0.0.0/8"])]
        )
        func actions(_ profile: Profile, _ wanted: AccessList?) -> [String] {
            AccessListPlanner(listener: "lsn", profile: profile).plan(wanted, present: present).steps.map(
                \.action
            )
        }
        let wrong = Self.profile(.removedAccessListStays)
        #expect(actions(.managed, nil) == ["DissociateAclsFromListener"])
        #expect(actions(wrong, nil).isEmpty)
        let renamed = AccessList(type: "White", source: .entries(name: "b", ["10.0.0.0/8"]))
        #expect(actions(.managed, renamed).last == "DissociateAclsFromListener")
        #expect(actions(wrong, renamed) == ["CreateAcl", "AddEntriesToAcl", "AssociateAclsWithListener"])
        // A type without lists takes them off in either.
        #expect(
            actions(wrong, AccessList(type: "White", source: .ids([]))) == ["DissociateAclsFromListener"]
        )
    }

    @Test func `B-33: an additional certificate that becomes the default is away for a moment`() {
        func choice(_ profile: Profile) -> ListenerCertificatePlanner.Choice {
            ListenerCertificatePlanner(
                records: [],
                present: [.init(id: "old", isDefault: true), .init(id: "extra", isDefault: false)],
                wanted: [.existing(id: "extra")],
                isDefaultExplicit: false,
                profile: profile
            ).choose()
        }
        let wrong = choice(Self.profile(.defaultCertificateGap))
        #expect(wrong.newDefault == "extra" && wrong.removesFirst && wrong.removals == ["extra"])
        let right = choice(.managed)
        #expect(right.newDefault == nil && right.removals.isEmpty)
    }

    @Test func `B-34: a second default mark makes a listener impossible`() {
        let listener: JSONValue = [
            "port": 443, "protocol": "HTTPS",
            "certificates": [
                ["IsDefault": false, "CertificateId": "1"], ["IsDefault": true, "CertificateId": "2"],
            ],
        ]
        let config = Samples.albConfig([listener])
        let wrong = steps(Self.profile(.twoDefaultCertificates), [], albConfig: config).steps
        #expect(!wrong.contains { $0.action == "CreateListener" })
        let right = steps(.managed, [], albConfig: config).steps.first { $0.action == "CreateListener" }
        #expect(right?.parameters["Certificates"]?[0]?["CertificateId"] == "2")
    }

    @Test func `B-48: tags that come with a call of their own`() {
        let objects = [Samples.ingress(), Samples.service()]
        let wrong = steps(Self.profile(.createThenTagLeavesOrphans), objects).steps
        #expect(wrong.count { $0.action == "TagResources" } == 3)
        #expect(wrong.filter { $0.action.hasPrefix("Create") }.allSatisfy { $0.parameters["Tag"] == nil })
        #expect(!steps(.managed, objects).steps.contains { $0.action == "TagResources" })
    }

    @Test func `B-51: enabled blocks are sent in every pass`() {
        let objects = [
            Samples.ingress("web", annotations: ["healthcheck-enabled": "true"]), Samples.service(),
        ]
        for (profile, count) in [(Self.profile(.enabledBlocksAlwaysSent), 1), (.managed, 0)] {
            let state = steps(profile, objects).state
            let again = steps(profile, objects, from: state).steps
            #expect(again.count { $0.action == "UpdateServerGroupAttribute" } == count)
        }
    }

    @Test func `B-59: a name with -listener- in it keeps a new group empty`() {
        let objects = [Samples.ingress("web-listener-blue"), Samples.service()]
        func isFilled(_ profile: Profile) -> Bool {
            steps(profile, objects).steps.contains { $0.fills != nil }
        }
        #expect(isFilled(.managed))
        #expect(!isFilled(Self.profile(.listenerInNameIsDefaultGroup)))
    }

    @Test func `B-31: a reused load balancer keeps its listeners`() {
        var state = CloudState()
        state.loadBalancer = CloudLoadBalancer(id: "alb-1", attributes: [:])
        state.listeners = [
            CloudListener(
                id: "lsn-1",
                port: ListenerPort(80, .http),
                attributes: ["ListenerDescription": "ingress-auto-listener-80"]
            )
        ]
        let config = Samples.albConfig(config: ["id": "alb-1"])
        func actions(_ profile: Profile) -> [String] {
            var context = Samples.context
            context.profile = profile
            let wanted = AlbConfigSpec(config, context: context).loadBalancer
            let stack = Samples.build([], albConfig: config, context: context).stack
            return Planner(profile: profile, region: "").tearDown(stack, state, reused: wanted).steps.map(
                \.action
            )
        }
        #expect(actions(.managed) == ["DeleteListener", "UnTagResources"])
        #expect(actions(Self.profile(.reusedLoadBalancerNeverReleased)) == ["UnTagResources"])
    }

    @Test func `B-06: beyond the limit the oldest notice is lost`() {
        let clock = TestClock()
        let queue = NoticeQueue<Int>(clock: clock, limit: 3)
        for number in 1...5 { queue.add(number) }
        #expect(queue.count == 3)
        #expect(queue.lost == 2)
        let endless = NoticeQueue<Int>(clock: clock, limit: nil)
        for number in 1...5 { endless.add(number) }
        #expect(endless.count == 5)
    }

    @Test func `B-10 and B-46: listeners that are added, and a port written as text`() throws {
        let config = Samples.albConfig([["port": "80", "protocol": "HTTP"]])
        let https = ListenerPort(80, .https)
        #expect(throws: Never.self) { try GroupLoad.listeners(of: config, adding: [https]) }
        #expect(throws: BuildError.self) {
            try GroupLoad.listeners(of: Samples.albConfig(), adding: [https])
        }
        let added = try GroupLoad.listeners(of: Samples.albConfig(), adding: [ListenerPort(443, .https)])
        #expect(added.count == 2)
        #expect(GroupLoad.withoutUnused(added, wanted: [ListenerPort(80, .http)]).count == 1)
    }

    @Test func `only a few calls are repeated at once upstream`() {
        func patience(_ action: String, _ code: String, _ profile: Profile) -> Patience? {
            CallPatience.with(
                .refused(status: 400, code: code, message: "", requestID: ""),
                of: action,
                profile
            )
        }
        #expect(patience("CreateRules", "Throttling.User", .oss) == nil)
        #expect(patience("CreateRules", "IncorrectStatus.Listener", .oss)?.limit == .seconds(20))
        #expect(patience("DeleteServerGroup", "ResourceInUse.ServerGroup", .oss)?.limit == .seconds(50))
        #expect(patience("CreateRules", "Throttling.User", .managed) != nil)
    }
}

/// A clock that stands.
private struct TestClock: HostClock {
    var now: Instant { Instant(seconds: 0) }
    func sleep(until deadline: Instant) async throws(CancellationError) {}
    func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        TimerID(number: 0)
    }
    func cancel(_ timer: TimerID) {}

    @Test func `an AlbConfig in its whole form means what the short one means`() {
        let short: JSONValue = [
            "config": ["name": "shop"],
            "listeners": [
                ["port": 80, "protocol": "HTTP"],
                [
                    "port": 443, "protocol": "HTTPS", "requestTimeout": 20, "gzipEnabled": false,
                    "certificates": [["CertificateId": "1"]],
                    "aclConfig": ["aclType": "Black", "aclEntries": ["10.0.0.0/8"]],
                ],
            ],
        ]
        let whole = AlbConfigForm.spec(short)
        #expect(whole["listeners"]?[0]?["requestTimeout"] == 0)
        #expect(whole["listeners"]?[0]?["gzipEnabled"] == .some(.null))
        #expect(whole["config"]?["id"] == "")
        #expect(AlbConfigForm.spec(["listeners": []])["config"] == .some(.null))
        let foreign = AlbConfigForm.spec(["listeners": [["port": 80, "mine": 1]]])
        #expect(foreign["listeners"]?[0]?.objectValue?.contains { $0.key == "mine" } == false)
        #expect(AlbConfigForm.isBare(whole["listeners"]?[0] ?? [:]))
        #expect(!AlbConfigForm.isBare(whole["listeners"]?[1] ?? [:]))
        var context = Samples.context
        context.profile = .oss
        func read(_ spec: JSONValue) -> AlbConfigSpec {
            AlbConfigSpec(KubernetesObject(.albConfigs, name: "alb", ["spec": spec]), context: context)
        }
        #expect(read(whole).listeners == read(short).listeners)
        context.profile = .managed
        #expect(read(whole).problems.isEmpty)
    }
}
