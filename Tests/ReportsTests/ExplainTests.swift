// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Testing

@testable import Reports

@Suite struct ExplainTests {
    private func ask(_ url: String, at: String? = nil, zone: String? = nil) throws -> String {
        let question = try RequestQuestion(
            method: "GET",
            url: url,
            headers: [],
            source: "192.0.2.1",
            at: at
        )
        return try question.answer(SampleRun.rollout().saved(), zone: zone).text
    }

    @Test func `a request is explained as of an instant`() throws {
        let text = try ask("http://shop.example.com/cart", at: "12.4s")
        #expect(text.hasPrefix("GET http://shop.example.com/cart at +12.400s"))
        #expect(text.contains("alb-1 in cn-hangzhou-h, version 3 since -5.000s"))
        #expect(text.contains("rule: rule-80-50 (50) matches, tried 1 of 1"))
        #expect(text.contains("outcome: forwarded to sgp-1"))
    }

    @Test func `the nearest miss is told`() throws {
        let text = try ask("http://shop.example.com/basket")
        #expect(text.contains("nearest miss: rule rule-80-50 (50): Path: expected /cart, found /basket"))
    }

    @Test func `a port where nobody listens says which ports there are`() throws {
        let text = try ask("https://shop.example.com/cart")
        #expect(text.contains("nobody listens on 10.0.0.1:443; there is 80/HTTP"))
        #expect(text.contains("outcome: connection refused"))
    }

    @Test func `before the first version there is nobody`() throws {
        let text = try ask("http://shop.example.com/cart", at: "-5s")
        #expect(text.contains("version 3"))
        #expect(throws: ReportError("the run goes from -5.000s to +17.000s")) {
            try ask("http://shop.example.com/cart", at: "-6s")
        }
    }

    @Test func `questions that cannot be read say what to write`() throws {
        #expect(throws: (any Error).self) { try ask("shop.example.com/cart") }
        #expect(throws: (any Error).self) { try ask("http://shop.example.com/", at: "soon") }
        let error = #expect(throws: ReportError.self) { try ask("http://shop.example.com/", zone: "cn-x") }
        #expect(error?.description == "no load balancer served in zone cn-x then; zones were: cn-hangzhou-h")
    }

    @Test func `a configuration survives being saved, but for its private keys`() throws {
        var listener = ListenerConfiguration(
            id: "lsn-2",
            listenerProtocol: .https,
            port: 443,
            certificates: [
                ListenerCertificate(
                    id: "1-cn",
                    chain: CertificateChain(der: [[1, 2, 3]]),
                    privateKeyPEM: "secret",
                    isDefault: true
                )
            ],
            clientAuthority: CertificateChain(der: [[4]]),
            securityPolicy: SecurityPolicy(
                id: "tls_cipher_policy_1_0",
                versions: ["TLSv1.2"],
                ciphers: ["A"]
            ),
            rules: [
                RuleConfiguration(
                    id: "r",
                    name: "all",
                    priority: 1,
                    conditions: [
                        .host(["*.a"]), .path(["~/x"]), .header(key: "k", values: ["v"]),
                        .queryString([KeyValue(key: "q", value: "1")]), .method(["GET"]),
                        .cookie([KeyValue(key: "c", value: "2")]), .sourceIP(["10.0.0.0/8"]),
                        .responseHeader(key: "h", values: ["w"]), .responseStatusCode(["200"]),
                    ],
                    actions: [
                        .rewrite(host: nil, path: "/y", query: nil),
                        .insertHeader(key: "a", value: "b", valueType: "UserDefined"),
                        .removeHeader(key: "z"), .trafficLimit(qps: 5, perIPQPS: nil),
                        .mirror([WeightedGroup(serverGroup: "m")]),
                        .cors(
                            CORSConfiguration(
                                allowOrigin: ["*"],
                                allowMethods: ["GET"],
                                allowHeaders: ["x"]
                            )
                        ), .redirect(RedirectTarget(status: 308)),
                        .fixedResponse(status: 418, contentType: "text/plain", content: "tea"),
                        .forward([WeightedGroup(serverGroup: "g", weight: 3)], stickySeconds: 60),
                    ]
                )
            ],
            responseRules: [],
            defaultAction: .redirect(RedirectTarget()),
            forwardedHeaders: ForwardedHeaders(
                flags: ["Proto"],
                aliases: ["a": "b"],
                trustedSources: ["10.0.0.0/8"]
            ),
            accessControl: AccessControl(isWhiteList: true, entries: ["10.0.0.0/8"]),
            quicUpgradePort: 443
        )
        let group = ServerGroupConfiguration(
            id: "g",
            name: "g",
            scheduler: .queryHash(parameter: "u"),
            servers: [
                BackendServer(serverID: "i", address: SocketAddress(ip: "::1", port: 1), weight: 7, zone: "z")
            ],
            healthCheck: HealthCheckConfiguration(interval: .milliseconds(1500)),
            stickiness: .server(cookie: "id"),
            drainTimeout: .seconds(30),
            slowStart: .seconds(40)
        )
        #expect(!listener.json.text.contains("secret"))
        let found = try ListenerConfiguration(json: listener.json)
        listener.certificates[0].privateKeyPEM = ""
        #expect(found == listener)
        #expect(try ServerGroupConfiguration(json: group.json) == group)
        let whole = SampleRun.configuration
        #expect(
            try LoadBalancerConfiguration(
                headJSON: whole.headJSON,
                listeners: whole.listeners,
                serverGroups: Array(whole.serverGroups.values)
            ) == whole
        )
        #expect(throws: ConfigurationError.self) { try ListenerConfiguration(json: ["id": "x"]) }
    }
}
