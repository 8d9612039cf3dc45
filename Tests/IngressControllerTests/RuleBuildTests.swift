// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Testing

@testable import IngressController

@Suite struct RuleBuildTests {
    private let tea = Samples.service("tea")
    private let coffee = Samples.service("coffee")

    @Test func `rules come in the order of group, rule and path`() {
        let first = Samples.ingress(
            "b",
            [.init(host: "b.com", path: "/"), .init(host: "b.com", path: "/api")],
            annotations: ["order": "5"]
        )
        let second = Samples.ingress("a", [.init(host: "a.com")])
        let third = Samples.ingress("c", [.init(host: "c.com")])
        let rules = Samples.rules(Samples.build([first, second, third, tea]))
        #expect(rules.map(\.owner.name) == ["b", "b", "a", "c"])
        #expect(rules[0].conditions == [.host(["b.com"]), .path(["/*"])])
        #expect(rules[1].conditions == [.host(["b.com"]), .path(["/api", "/api/*"])])
        #expect(
            rules[2].actions == [
                .forward([.init(serverGroup: Samples.group("tea", ingress: "a"))], stickySeconds: nil)
            ]
        )
    }

    @Test func `conditions stand in their fixed order`() throws {
        let annotation: [RuleCondition] = [
            .responseStatusCode(["500"]), .sourceIP(["10.0.0.0/8"]), .method(["GET"]),
            .header(key: "h", values: ["1"]),
            .queryString([.init(key: "q", value: "1")]), .method(["PUT"]),
        ]
        let conditions = try RuleConditionBuilder.conditions(
            annotation: annotation,
            hosts: ["a.com"],
            paths: ["/x"],
            canary: .init(header: .init(key: "v", value: "2"), cookie: "c"),
            profile: .managed
        )
        #expect(
            conditions == [
                .header(key: "h", values: ["1"]), .queryString([.init(key: "q", value: "1")]),
                .host(["a.com"]),
                .path(["/x"]), .method(["GET", "PUT"]), .sourceIP(["10.0.0.0/8"]),
                .responseStatusCode(["500"]),
                .header(key: "v", values: ["2"]), .cookie([.init(key: "c", value: "always")]),
            ]
        )
    }

    @Test func `a rule without any condition matches every path`() throws {
        let conditions = try RuleConditionBuilder.conditions(
            annotation: [],
            hosts: [],
            paths: [],
            profile: .managed
        )
        #expect(conditions == [.path(["/*"])])
    }

    @Test func `annotation hosts narrow a rule, and widen it with the defect`() throws {
        func hosts(_ annotation: [String], _ host: String, _ profile: Profile) throws -> [RuleCondition] {
            try RuleConditionBuilder.conditions(
                annotation: [.host(annotation)],
                hosts: [host],
                paths: [],
                profile: profile
            )
        }
        #expect(try hosts(["x.a.com", "b.com"], "*.a.com", .managed) == [.host(["x.a.com"])])
        #expect(
            try hosts(["x.a.com", "b.com"], "*.a.com", .oss) == [.host(["x.a.com", "b.com", "*.a.com"])]
        )
        #expect(throws: BuildError.self) { try hosts(["b.com"], "a.com", .managed) }
    }

    @Test func `actions are sorted: limits, changes, the final one`() throws {
        let actions = try RuleActionBuilder.ordered(
            [
                .cors(CORSSettings.defaults), .removeHeader(key: "a"), .trafficLimit(qps: 1, perIPQPS: nil),
                .forward([.init(serverGroup: "g")], stickySeconds: nil),
                .rewrite(host: nil, path: "/", query: nil),
            ],
            direction: .request
        )
        #expect(
            actions.map(\.typeName) == ["TrafficLimit", "Cors", "RemoveHeader", "Rewrite", "ForwardGroup"]
        )
    }

    @Test func `two final actions are refused, and so is none`() {
        let forward = RuleAction.forward([.init(serverGroup: "g")], stickySeconds: nil)
        #expect(throws: BuildError.self) {
            try RuleActionBuilder.ordered([forward, .redirect(.init())], direction: .request)
        }
        #expect(throws: BuildError.self) { try RuleActionBuilder.ordered([], direction: .request) }
        #expect(throws: Never.self) { try RuleActionBuilder.ordered([], direction: .response) }
    }

    @Test func `ssl-redirect answers 308 to the same place over HTTPS`() throws {
        let ingress = Samples.ingress(
            "web",
            [.init(host: "a.com")],
            annotations: ["ssl-redirect": "true"],
            tls: [["hosts": ["a.com"], "secretName": "cafe-tls"]]
        )
        let result = Samples.build(
            [ingress, tea, Samples.secret()],
            albConfig: Samples.albConfig(Samples.bothListeners)
        )
        let http = Samples.rules(result), https = Samples.rules(result, ListenerPort(443, .https))
        #expect(
            http.map(\.actions) == [
                [.redirect(RedirectTarget(scheme: "HTTPS", port: "443", status: 308))]
            ]
        )
        #expect(https.map { $0.actions[0].typeName } == ["ForwardGroup"])
    }

    @Test func `a custom action stands alone on a port named use-annotation`() {
        let fixed = """
            [{"type":"FixedResponse","FixedResponseConfig":{"httpCode":"418","content":"tea"}}]
            """
        let ingress = Samples.ingress(
            "web",
            [.init(path: "/pot", service: "pot", port: ["name": "use-annotation"])],
            annotations: ["actions.pot": fixed]
        )
        let result = Samples.build([ingress])
        #expect(
            Samples.rules(result).map(\.actions) == [
                [.fixedResponse(status: 418, contentType: "text/plain", content: "tea")]
            ]
        )
        #expect(result.stack.serverGroups.filter { !$0.isListenerDefault }.isEmpty)
        #expect(Samples.messages(result).isEmpty)
    }

    @Test func `forwarding to two Services makes a group for each, owned by the Ingress`() {
        let forward = """
            [{"type":"ForwardGroup","ForwardConfig":{"ServerGroups":[
              {"ServiceName":"tea","ServicePort":"80","Weight":70},{"ServiceName":"coffee","ServicePort":"web","Weight":30}]}}]
            """
        let coffee = Samples.service("coffee", ports: [["port": 8081, "name": "web"]])
        let ingress = Samples.ingress(
            "web",
            [.init(service: "split", port: ["name": "use-annotation"])],
            annotations: ["actions.split": forward]
        )
        let result = Samples.build([ingress, tea, coffee])
        let groups = [
            WeightedGroup(serverGroup: Samples.group("tea"), weight: 70),
            WeightedGroup(serverGroup: Samples.group("coffee", port: "8081"), weight: 30),
        ]
        #expect(Samples.rules(result).map(\.actions) == [[.forward(groups, stickySeconds: nil)]])
        #expect(
            result.stack.serverGroups.filter { !$0.isListenerDefault }.map(\.key.description)
                == [Samples.group("coffee", port: "8081"), Samples.group("tea")]
        )
    }

    @Test func `an unused suffix is told and does nothing`() throws {
        let ingress = Samples.ingress("web", annotations: ["actions.typo": "[]"])
        let result = Samples.build([ingress, tea])
        #expect(Samples.rules(result).count == 1)
        #expect(try #require(Samples.messages(result).first).contains("actions.typo"))
    }

    @Test func `a named port is looked up, and is 0 with the defect`() {
        let named = Samples.ingress("web", [.init(port: ["name": "http"])])
        let service = Samples.service("tea", ports: [["port": 8080, "name": "http"]])
        let keys = { (result: GroupBuild.Result) in
            result.stack.serverGroups.filter { !$0.isListenerDefault }.map(\.key.port)
        }
        #expect(keys(Samples.build([named, service])) == ["8080"])
        var context = Samples.context
        context.profile = .oss
        #expect(keys(Samples.build([named, service], context: context)) == ["0"])
    }

    @Test func `a Service that does not exist leaves the rule there`() {
        let result = Samples.build([Samples.ingress()])
        #expect(Samples.rules(result).count == 1)
        #expect(result.problems.isEmpty)
    }

    @Test func `a port that the Service lacks leaves only this Ingress out`() throws {
        let bad = Samples.ingress("bad", [.init(host: "bad.com", port: ["number": 81])])
        let result = Samples.build([bad, Samples.ingress(), tea])
        #expect(Samples.rules(result).map(\.owner.name) == ["web"])
        let message = try #require(Samples.messages(result, "bad").first)
        #expect(message.contains("shop/tea has no port 81"))
    }

    @Test func `an Ingress that cannot be built keeps what it had`() throws {
        let good = Samples.build([Samples.ingress("bad", [.init(host: "bad.com")]), tea])
        let memory = good.fresh
        let bad = Samples.ingress("bad", [.init(host: "bad.com")], annotations: ["order": "ten"])
        let result = Samples.build([bad, Samples.ingress(), tea], remembered: memory)
        #expect(Samples.rules(result).map(\.owner.name) == ["bad", "web"])
        #expect(Samples.messages(result, "bad").count == 1)
        #expect(!result.isFrozen)
    }

    @Test func `one bad Ingress freezes the group with the defect`() {
        var context = Samples.context
        context.profile = .oss
        let bad = Samples.ingress("bad", annotations: ["order": "ten"])
        #expect(Samples.build([bad, Samples.ingress(), tea], context: context).isFrozen)
        context.profile.defects.remove(.oneIngressFreezesGroup)
        #expect(!Samples.build([bad, Samples.ingress(), tea], context: context).isFrozen)
    }

    @Test func `equal written orders are refused by the open-source controller only`() {
        let one = Samples.ingress("one", annotations: ["order": "5"])
        let two = Samples.ingress("two", annotations: ["order": "5"])
        #expect(Samples.build([one, two, tea]).problems.isEmpty)
        var context = Samples.context
        context.profile = .oss
        #expect(Samples.build([one, two, tea], context: context).isFrozen)
    }

    @Test func `a port that no listener has is named with its protocol`() throws {
        let ingress = Samples.ingress(
            "web",
            annotations: ["listen-ports": "[{\"HTTP\":80},{\"HTTPS\":8443}]"]
        )
        let result = Samples.build([ingress, tea])
        let message = try #require(Samples.messages(result).first)
        #expect(message.contains("8443") && message.contains("HTTPS"))
        #expect(Samples.rules(result).count == 1)
    }

    @Test func `a listener in use stays when the AlbConfig drops it`() throws {
        let result = Samples.build(
            [Samples.ingress(), tea],
            albConfig: Samples.albConfig([["port": 8080, "protocol": "HTTP"]]),
            openPorts: [ListenerPort(80, .http)]
        )
        let kept = try #require(result.stack.listeners.first { $0.port == ListenerPort(80, .http) })
        #expect(kept.isRetained && kept.rules.count == 1)
        #expect(
            result.problems.contains { $0.subject == .albConfig("default") && $0.message.contains("80/HTTP") }
        )
    }

    @Test func `settings of a server group come from the Ingress that owns it`() throws {
        let ingress = Samples.ingress(
            "web",
            annotations: [
                "backend-protocol": "HTTPS", "backend-scheduler": "uch", "backend-scheduler-uch-value": "id",
                "healthcheck-enabled": "true", "healthcheck-path": "/ok", "sticky-session": "true",
                "connection-drain-enabled": "true", "backend-keepalive": "true",
            ]
        )
        let result = Samples.build([ingress, tea, Samples.ingress("plain")])
        let groups = result.stack.serverGroups.filter { !$0.isListenerDefault }
        let mine = try #require(groups.first { $0.key.ingress.name == "web" })
        #expect(mine.attributes["Protocol"] == "HTTPS")
        #expect(mine.attributes["UchConfig"] == ["Type": "QueryString", "Value": "id"])
        #expect(mine.attributes["HealthCheckConfig"]?["HealthCheckPath"] == "/ok")
        #expect(mine.attributes["HealthCheckConfig"]?["HealthCheckInterval"] == 2)
        #expect(mine.attributes["StickySessionConfig"]?["CookieTimeout"] == 1000)
        #expect(mine.attributes["ConnectionDrainConfig"]?["ConnectionDrainTimeout"] == 300)
        #expect(mine.isHealthChecked)
        let other = try #require(groups.first { $0.key.ingress.name == "plain" })
        #expect(other.attributes["Scheduler"] == "Wrr")
        #expect(!other.isHealthChecked)
    }

    @Test func `grpc needs tls`() {
        let ingress = Samples.ingress("web", annotations: ["backend-protocol": "GRPC"])
        #expect(Samples.messages(Samples.build([ingress, tea])).count == 1)
        var context = Samples.context
        context.profile = .oss
        #expect(Samples.messages(Samples.build([ingress, tea], context: context)).isEmpty)
    }

    @Test func `the model prints its rules in order and hides keys`() {
        let ingress = Samples.ingress(
            "web",
            [.init(host: "a.com")],
            tls: [["hosts": ["a.com"], "secretName": "cafe-tls"]]
        )
        let groups = Model.build(
            objects: [
                ingress, tea, Samples.secret(), Samples.ingressClass,
                Samples.albConfig(Samples.bothListeners),
            ],
            context: Samples.context
        )
        #expect(groups.count == 1)
        let table = groups[0].stack.table
        #expect(table.contains("443/HTTPS") && table.contains("host a.com and path /*"))
        let printed = groups[0].stack.json.text + Model.plan(groups[0].stack).json.text
        #expect(!printed.contains("PRIVATE KEY"))
    }
}
