// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import Scenarios

struct DecodingTests {
    static let whole = """
        scenario: Everything at the top
        description: |
          It says everything once.
        profile: oss
        seed: 7
        start: 2026-01-31T08:00:00Z
        duration: 2m
        cluster:
          manifests: [shop]
          nodes:
            - {name: n1, zone: cn-hangzhou-h}
            - {name: n2}
          pods:
            - image: tea:*
              labels: {app: tea}
              start-up: 2s..4s
              ready-after: 1s
              latency: 5ms..20ms
              status: 201
              on-sigterm: drain
              shut-down: 3s
              crash-after: 1h
        cloud:
          region: cn-beijing
          zones: [cn-beijing-a]
          propagation: 1s..5s
          transitions: {LoadBalancer: 10s..20s}
          quotas: {rules: 100}
        network:
          latency: 1ms..3ms
          loss: 0.5%
          links: [{between: [controller, cloud], latency: 20ms, loss: 1%}]
        traffic:
          shoppers:
            request: [GET https://cafe.example.com/tea, POST https://cafe.example.com/coffee]
            every: 250ms
            clients: 5
            protocol: h2
            headers: {x-user: 7, Accept: "*/*"}
            body: hello
            from: 5s
            until: 60s
            connections: new
            retry: false
            timeout: 3s
            to: alb
        steps:
          - at: 10s
            name: rollout
            set-image: {deployment: tea, image: "tea:v2"}
          - after: rollout
            delay: 5s
            wait: 2s
          - note: done
        expect:
          - always: {traffic: shoppers, status: 200}
        """

    @Test func `everything at the top is read`() throws {
        let scenario = try Shop.read(Self.whole)
        #expect(scenario.name == "Everything at the top")
        #expect(scenario.summary == "It says everything once.\n")
        #expect(scenario.file == "s.yaml")
        #expect(scenario.profile == .oss)
        #expect(scenario.seed == 7)
        #expect(scenario.start == Instant(rfc3339: "2026-01-31T08:00:00Z"))
        #expect(scenario.duration == .seconds(120))
        #expect(
            scenario.cluster.nodes == [NodeSpec(name: "n1", zone: "cn-hangzhou-h"), NodeSpec(name: "n2")]
        )
        #expect(
            scenario.cluster.objects.map(\.object.name) == [
                "tea", "tea", "cafe", "cafe-tls", "alb", "coffee",
            ]
        )
        #expect(scenario.cloud.region == "cn-beijing")
        #expect(scenario.cloud.zones == ["cn-beijing-a"])
        #expect(scenario.cloud.propagation == .seconds(1) ... .seconds(5))
        #expect(scenario.cloud.transitions.map(\.name) == ["LoadBalancer"])
        #expect(scenario.cloud.quotas.map(\.limit) == [100])
        #expect(scenario.network.loss == 0.005)
        #expect(scenario.network.links.map(\.hosts) == [["controller", "cloud"]])
    }

    @Test func `a node that takes the place of another one is read`() throws {
        let scenario = try Shop.read(
            """
            scenario: replaced
            cluster: {manifests: shop, nodes: [{name: a}, {name: b}, {name: c, later: true, address-of: b}]}
            traffic: {shoppers: {request: GET https://cafe.example.com/tea, rate: 1/s}}
            expect: [{always: {traffic: shoppers, status: 200}}]
            """
        )
        let nodes = try #require(scenario.cluster.nodes)
        #expect(nodes.map(\.addressOf) == [nil, nil, "b"])
        #expect(nodes.map(\.joinsLater) == [false, false, true])
    }

    @Test func `a pod's script is read`() throws {
        let script = try #require(try Shop.read(Self.whole).cluster.pods.first)
        #expect(script.image == Glob("tea:*"))
        #expect(script.labels == [LabelValue(key: "app", value: "tea")])
        #expect(script.startUp == .seconds(2) ... .seconds(4))
        #expect(script.readyAfter == .seconds(1) ... .seconds(1))
        #expect(script.latency == .milliseconds(5) ... .milliseconds(20))
        #expect(script.status == 201)
        #expect(script.onTermination == .drain)
        #expect(script.shutDown == .seconds(3) ... .seconds(3))
        #expect(script.crashAfter == .seconds(3600) ... .seconds(3600))
    }

    @Test func `traffic is read`() throws {
        let traffic = try #require(try Shop.read(Self.whole).traffic.first)
        #expect(traffic.name == "shoppers")
        #expect(
            traffic.requests.map(\.description)
                == ["GET https://cafe.example.com/tea", "POST https://cafe.example.com/coffee"]
        )
        #expect(traffic.interval == .milliseconds(250))
        #expect(traffic.clients == 5)
        #expect(traffic.protocol == .h2)
        #expect(
            traffic.headers == [
                HeaderField(name: "x-user", value: "7"), HeaderField(name: "Accept", value: "*/*"),
            ]
        )
        #expect(traffic.body == "hello")
        #expect(traffic.from == .seconds(5) && traffic.until == .seconds(60))
        #expect(traffic.connections == .new)
        #expect(!traffic.retriesOnNewConnection)
        #expect(traffic.timeout == .seconds(3))
        #expect(traffic.albConfig == "alb")
        #expect(traffic.place.description == "s.yaml:34:3")
    }

    @Test func `what is left out has its usual value`() throws {
        let scenario = try Shop.read(
            "scenario: s\ntraffic: {a: {request: \"http://a.example/\"}}\nexpect: [{eventually: {traffic: a, status: 200}}]"
        )
        #expect(scenario.profile == .managed && scenario.seed == 1)
        #expect(scenario.start == nil && scenario.duration == nil)
        #expect(scenario.cluster.nodes == nil && scenario.cluster.objects.isEmpty)
        let traffic = try #require(scenario.traffic.first)
        #expect(traffic.interval == .seconds(1) && traffic.clients == 1 && traffic.protocol == .auto)
        #expect(traffic.connections == .reuse && traffic.retriesOnNewConnection)
    }

    @Test func `a number of nodes gives them names`() throws {
        let scenario = try Shop.read(
            "scenario: s\ncluster: {nodes: 2}\nexpect: [{always: {object: {kind: Node, name: node-1}}}]"
        )
        #expect(scenario.cluster.nodes?.map(\.name) == ["node-1", "node-2"])
    }

    @Test func `steps keep their times, names and places`() throws {
        let steps = try Shop.read(Self.whole).steps
        #expect(steps.map(\.number) == [1, 2, 3])
        #expect(steps.map(\.name) == ["rollout", nil, nil])
        #expect(steps.map(\.verb) == ["set-image", "wait", "note"])
        #expect(steps.map(\.time) == [.at(.seconds(10)), .after(step: 1, delay: .seconds(5)), .next])
        #expect(steps.map(\.title) == ["rollout", "wait (step 2)", "note (step 3)"])
        #expect(steps[0].place.description == "s.yaml:50:5")
    }

    @Test func `the settled time covers steps, traffic and windows`() throws {
        #expect(try Shop.read(Self.whole).settledTime == .seconds(60))
        let scenario = try Shop.read(
            """
            scenario: s
            cluster: {manifests: shop}
            traffic: {a: {request: "http://a.example/"}}
            steps:
              - at: 10s
                name: first
                restart: {component: controller, for: 5s}
              - after: first
                delay: 2s
                name: second
                wait: 10s
            expect:
              - within: 30s
                after: second + 1s
                for: 20s
                traffic: {name: a, status: 200}
            """
        )
        // The second step begins at 15 s, when the first is over.
        #expect(scenario.settledTime == .seconds(15 + 1 + 30 + 20))
    }
}

struct StepTests {
    private func action(_ text: String) throws -> StepAction { try Shop.step(text).action }
    private func deployment(_ name: String, _ namespace: String = "default") -> ObjectReference {
        ObjectReference(type: .deployments, namespace: namespace, name: name)
    }

    @Test func `apply takes paths and objects`() throws {
        guard case .apply(let one) = try action("apply: shop/more") else { Issue.record("no apply"); return }
        #expect(one.map(\.object.name) == ["coffee"])
        guard
            case .apply(let many) = try action(
                "apply: [shop/more/coffee.yml, {apiVersion: v1, kind: ConfigMap, metadata: {name: menu}, data: {a: \"1\"}}]"
            )
        else { Issue.record("no apply"); return }
        #expect(many.map(\.object.kind) == ["Deployment", "ConfigMap"])
        #expect(many[1].place.description == "s.yaml:5:35")
    }

    @Test func `delete takes an object or a manifest`() throws {
        let ingress = ObjectReference(type: .ingresses, namespace: "default", name: "cafe")
        for text in [
            "delete: ingress/cafe", "delete: {ingress: cafe}", "delete: {kind: Ingress, name: cafe}",
            "delete: {kind: ing, name: cafe, namespace: default}",
        ] {
            guard case .delete(let references) = try action(text) else { Issue.record("no delete"); return }
            #expect(references == [ingress])
        }
        guard case .delete(let all) = try action("delete: shop/cafe.yaml") else {
            Issue.record("no delete"); return
        }
        #expect(
            all.map(\.description) == [
                "Deployment default/tea", "Service default/tea", "Ingress default/cafe",
                "Secret default/cafe-tls", "AlbConfig alb",
            ]
        )
    }

    @Test func `patch has three forms`() throws {
        guard
            case .patch(let reference, .merge(let body)) = try action(
                "patch: {ingress: cafe, merge: {spec: {rules: null}}}"
            )
        else { Issue.record("no merge"); return }
        #expect(reference.description == "Ingress default/cafe")
        #expect(body.text == #"{"spec":{"rules":null}}"#)
        guard case .patch(_, .strategic) = try action("patch: {service: tea, strategic: {spec: {}}}") else {
            Issue.record("no strategic"); return
        }
        guard
            case .patch(_, .json(let operations)) = try action(
                "patch: {deployment: tea, json: [{op: replace, path: /spec/replicas, value: 5}]}"
            )
        else { Issue.record("no JSON patch"); return }
        #expect(operations.text == #"[{"op":"replace","path":"/spec/replicas","value":5}]"#)
    }

    @Test func `scale and set-image name a Deployment`() throws {
        guard
            case .scale(let scaled, replicas: 0) = try action(
                "scale: {deployment: coffee, namespace: bar, replicas: 0}"
            )
        else { Issue.record("no scale"); return }
        #expect(scaled == deployment("coffee", "bar"))
        guard
            case .setImage(let image, let container, "tea:v2") = try action(
                "set-image: {deployment: tea, image: \"tea:v2\"}"
            )
        else { Issue.record("no set-image"); return }
        #expect(image == deployment("tea") && container == "tea")
    }

    @Test func `pods are chosen by name, labels or Deployment`() throws {
        guard
            case .deletePod(let one, gracePeriod: let grace) = try action(
                "delete-pod: {name: tea-1, grace-period: 0s}"
            )
        else { Issue.record("no delete-pod"); return }
        #expect(one == PodChoice(namespace: "default", selection: .name("tea-1"), count: nil))
        #expect(grace == .zero)
        guard
            case .crashPod(let two) = try action(
                "crash-pod: {selector: \"app in (tea, coffee),!old\", count: 2, namespace: bar}"
            )
        else { Issue.record("no crash-pod"); return }
        let selector = LabelSelector([.isIn("app", ["tea", "coffee"]), .doesNotExist("old")])
        #expect(two == PodChoice(namespace: "bar", selection: .selector(selector), count: 2))
        guard case .crashPod(let three) = try action("crash-pod: {deployment: tea}") else {
            Issue.record("no crash-pod"); return
        }
        #expect(three.selection == .deployment("tea") && three.count == nil)
    }

    @Test func `certificates can be rotated in every way`() throws {
        guard case .rotateCertificate(let plain) = try action("rotate-certificate: {secret: cafe-tls}")
        else { Issue.record("no rotation"); return }
        #expect(plain.secret.description == "Secret default/cafe-tls")
        #expect(plain.hosts == nil && plain.validity == nil && !plain.isExpired && plain.damage == nil)
        guard
            case .rotateCertificate(let other) = try action(
                "rotate-certificate: {secret: fresh, namespace: bar, hosts: [a.example, \"*.b.example\"], valid-for: 30d, broken: key-mismatch}"
            )
        else { Issue.record("no rotation"); return }
        #expect(other.hosts == ["a.example", "*.b.example"] && other.validity == .seconds(30 * 86_400))
        #expect(other.damage == .keyMismatch)
        guard
            case .rotateCertificate(let over) = try action(
                "rotate-certificate: {secret: cafe-tls, expired: true}"
            )
        else { Issue.record("no rotation"); return }
        #expect(over.isExpired)
    }

    @Test func `components and nodes go away and come back`() throws {
        guard case .restart(component: .controller, down: .zero) = try action("restart: controller") else {
            Issue.record("no restart"); return
        }
        guard
            case .restart(component: .kubernetes, down: let down) = try action(
                "restart: {component: kubernetes, for: 10s}"
            )
        else { Issue.record("no restart"); return }
        #expect(down == .seconds(10))
        guard case .crashNode("node-1") = try action("crash-node: node-1") else {
            Issue.record("no crash-node"); return
        }
        guard case .restoreNode("node-1") = try action("restore-node: node-1") else {
            Issue.record("no restore-node"); return
        }
    }

    private func fault(_ text: String) throws -> FaultSpec? {
        if case .fault(let fault) = try action("fault: {\(text)}") { fault } else { nil }
    }

    @Test func `faults of the cloud have a code, an action and limits`() throws {
        let fault = try fault(
            "cloud: Throttling.User, action: UpdateRulesAttribute, for: 20s, times: 3, probability: 50%, after-effect: true"
        )
        #expect(
            fault?.effect
                == .cloud(
                    CloudFaultSpec(
                        effect: .code("Throttling.User"),
                        action: Glob("UpdateRulesAttribute"),
                        isAfterEffect: true
                    )
                )
        )
        #expect(fault?.duration == .seconds(20) && fault?.times == 3 && fault?.probability == 0.5)
        #expect(fault?.word == .cloud)
        let slow = try self.fault("cloud: latency, latency: 1s..3s")
        #expect(
            slow?.effect
                == .cloud(
                    CloudFaultSpec(
                        effect: .latency(.seconds(1) ... .seconds(3)),
                        action: nil,
                        isAfterEffect: false
                    )
                )
        )
        #expect(slow?.probability == 1)
    }

    @Test func `faults of the API server, of watches and of the network are read`() throws {
        #expect(
            try fault(
                "kubernetes: ServiceUnavailable, verb: patch, resource: ing, client: controller, for: 5s"
            )?.effect
                == .kubernetes(
                    KubernetesFaultSpec(
                        effect: .reason("ServiceUnavailable"),
                        verb: "patch",
                        resource: "ingresses",
                        client: "controller"
                    )
                )
        )
        #expect(
            try fault("kubernetes: latency, latency: 2s")?.effect
                == .kubernetes(KubernetesFaultSpec(effect: .latency(.seconds(2) ... .seconds(2))))
        )
        #expect(
            try fault("watch: stall, resource: endpoints, for: 5s")?.effect
                == .watch(WatchFaultSpec(action: .stall, resource: "endpoints", client: nil))
        )
        #expect(
            try fault("network: loss, between: [controller, cloud], loss: 10%")?.effect
                == .network(
                    NetworkFaultSpec(action: .loss, hosts: ["controller", "cloud"], loss: 0.1, latency: nil)
                )
        )
        #expect(
            try fault("network: cut, host: node-1")?.effect
                == .network(NetworkFaultSpec(action: .cut, hosts: ["node-1"], loss: nil, latency: nil))
        )
    }

    @Test func `faults can be cleared by word or all`() throws {
        for text in ["clear-faults:", "clear-faults: all"] {
            guard case .clearFaults(nil) = try action(text) else { Issue.record("not all"); return }
        }
        guard case .clearFaults(.watch) = try action("clear-faults: watch") else {
            Issue.record("no watch"); return
        }
    }

    @Test func `waiting and remarks are steps`() throws {
        guard case .wait(let time) = try action("wait: 1m30s") else { Issue.record("no wait"); return }
        #expect(time == .seconds(90))
        guard case .note("12") = try action("note: 12") else { Issue.record("no note"); return }
    }

    @Test func `a probe brings its own expectation`() throws {
        let scenario = try Shop.read(
            """
            scenario: s
            cluster: {manifests: shop}
            steps:
              - probe: {request: "GET https://cafe.example.com/", status: 200, served-by: tea, timeout: 2s, protocol: h3, to: alb}
              - name: later
                probe: "http://cafe.example.com/"
            expect:
              - count: {traffic: later, outcome: refused, equals: 1}
            """
        )
        let probes = scenario.probes
        #expect(probes.map(\.name) == ["probe-1", "later"])
        #expect(probes[0].timeout == .seconds(2) && probes[0].protocol == .h3 && probes[0].albConfig == "alb")
        #expect(probes[1].request.description == "GET http://cafe.example.com/")
        #expect(
            scenario.expectations.map(\.words) == [
                "exactly 1 request of later: outcome refused",
                "every request of probe-1: status 200, served by tea",
            ]
        )
        #expect(scenario.expectations[1].place.line == 4)
    }

    @Test(arguments: StepWord.all.map(\.word))
    func `the example of a step can be read`(_ word: String) throws {
        let row = try #require(StepWord.find(word))
        let export = word == "restore" ? "export: {ingress: cafe}\n  - " : ""
        #expect(try Shop.steps(export + Shop.example(row)).last?.verb == word)
        #expect(row.summary.hasSuffix(".") || row.summary.hasSuffix("themselves."))
    }
}

struct ExpectationDecodingTests {
    private func only(_ text: String) throws -> Scenarios.Expectation {
        try #require(try Shop.expectations(text).first)
    }

    /// An expectation as it is written, and what it says.
    struct WordingCase: Sendable, CustomTestStringConvertible {
        let written: String
        let words: String
        var testDescription: String { written }

        init(_ written: String, _ words: String) {
            self.written = written
            self.words = words
        }
    }

    static let cases = [
        WordingCase("- always: {traffic: shoppers, status: 200}", "every request of shoppers: status 200"),
        WordingCase(
            "- never: {traffic: [shoppers, guests], status: 5xx, path: /tea*, host: cafe.*}",
            "no request of shoppers and guests to cafe.* for /tea*: status 5xx"
        ),
        WordingCase(
            "- within: 30s\n  after: rotate-certificate\n  traffic: {name: shoppers, certificate: newest}\n  for: 1m",
            "within 30s a request of shoppers: the newest certificate, for 1m (after rotate-certificate)"
        ),
        WordingCase(
            "- eventually: {traffic: shoppers, status: [200, 302], for: rest}",
            "at some time a request of shoppers: status 200 or 302, for the rest"
        ),
        WordingCase(
            "- count: {traffic: shoppers, status: 502, at-least: 1, at-most: 40, from: 10s, before: rollout + 5s}",
            "1 to 40 requests of shoppers: status 502 (after +10s, before rollout + 5s)"
        ),
        WordingCase(
            "- traffic: shoppers\n  count: {status: 502, at-most: 1000}",
            "at most 1,000 requests of shoppers: status 502"
        ),
        WordingCase(
            "- traffic: shoppers\n  at-least: 10",
            "at least 10 requests of shoppers"
        ),
        WordingCase(
            "- share: {traffic: shoppers, served-by: canary-*, at-least: 18%, at-most: 22.5%}",
            "18% to 22.5% of the requests of shoppers: served by canary-*"
        ),
        WordingCase(
            "- always: {traffic: shoppers, faster-than: 500ms, outcome: [answered, timed-out]}",
            "every request of shoppers: outcome answered or timed-out, faster than 500ms"
        ),
        WordingCase(
            "- never: {connection: {outcome: certificate-expired, server-name: cafe.example.com}}",
            "no connection to cafe.example.com: outcome certificate-expired"
        ),
        WordingCase(
            "- always: {connection: {traffic: shoppers, version: HTTP/2.0}}",
            "every connection of shoppers: version HTTP/2.0"
        ),
        WordingCase(
            "- eventually: {object: {kind: Ingress, name: cafe, status: {loadBalancer: {ingress: {length: 1}}}}}",
            #"at some time Ingress default/cafe: {"status":{"loadBalancer":{"ingress":{"length":1}}}}"#
        ),
        WordingCase(
            "- always: {object: {kind: Pod, namespace: bar, labels: {app: tea}, status: {phase: Running}}}",
            #"always Pod bar/* with app=tea: {"status":{"phase":"Running"}}"#
        ),
        WordingCase(
            "- within: 10s\n  gone: {kind: Ingress, name: cafe}",
            "within 10s no Ingress default/cafe"
        ),
        WordingCase(
            "- never: {event: {type: Warning, reason: Failed*, object: ingress/cafe, message-contains: quota}}",
            "no event: reason Failed*, type Warning, object ingress/cafe, message with \"quota\""
        ),
        WordingCase(
            "- calls: {action: CreateRules, client: controller, at-most: 1}",
            "at most 1 cloud calls: action CreateRules, client controller"
        ),
        WordingCase(
            "- count: {calls: {writes: true}, equals: 0, after: rollout}",
            "exactly 0 cloud calls: that changes something (after rollout)"
        ),
        WordingCase(
            "- sql: SELECT count(*) FROM request WHERE status >= 500\n  equals: 0",
            "0 from SELECT count(*) FROM request WHERE status >= 500"
        ),
        WordingCase(
            "- sql: SELECT max(status) FROM request\n  at-most: 404",
            "at most 404 from SELECT max(status) FROM request"
        ),
    ]

    @Test(arguments: cases)
    func `expectations say what was written`(_ one: WordingCase) throws {
        #expect(try only(one.written).words == one.words)
    }

    @Test func `the window's ends are steps and times`() throws {
        let window = try only(
            "- always: {traffic: shoppers, status: 200, after: rotate-certificate + 5s, until: 90s}"
        ).window
        #expect(window.after == .step(3, delay: .seconds(5)))
        #expect(window.before == .time(.seconds(90)))
    }

    @Test func `an expectation has a name and a place`() throws {
        let expectation = try only("- name: no-outage\n  never: {traffic: shoppers, status: 5xx}")
        #expect(expectation.name == "no-outage")
        #expect(expectation.place.description == "s.yaml:13:5")
    }

    @Test(arguments: ClaimWord.all.map(\.word))
    func `the example of a claim can be read`(_ word: String) throws {
        let row = try #require(ClaimWord.find(word))
        let example = row.example.replacing("canary", with: "tea")
        #expect(try only("- \(example)").words.isEmpty == false)
        #expect(row.summary.hasSuffix("."))
    }
}

struct LanguageTests {
    @Test func `every word and every key has a sentence`() {
        func check(_ shape: ValueShape, _ path: String) {
            switch shape {
            case .record(let record):
                for field in record.fields {
                    #expect(field.summary.hasSuffix("."), "\(path).\(field.key)")
                    check(field.value, "\(path).\(field.key)")
                }
                if let shorthand = record.shorthand { check(shorthand, path) }
            case .list(let item), .map(let item): check(item, path)
            case .either(let shapes): for shape in shapes { check(shape, path) }
            case .scalar(let scalar): #expect(!scalar.noun.isEmpty, "\(path)")
            case .choice(let words): #expect(words.count > 1, "\(path)")
            case .tree: break
            }
        }
        check(.record(Language.scenario), "scenario")
        for word in Language.steps + Language.faults + Language.claims {
            #expect(word.summary.hasSuffix("."), "\(word.word)")
            check(word.value, word.word)
        }
    }

    @Test func `words are spelled with hyphens`() {
        for word in Language.steps + Language.claims {
            #expect(word.word.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }, "\(word.word)")
        }
    }
}
