// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Testing

@testable import IngressController

@Suite struct AnnotationTests {
    private func check(_ values: [String: String], _ profile: Profile = .managed) throws -> [String] {
        try Annotations(values, profile: profile).check()
    }

    private func key(_ name: AnnotationName) -> String { name.key }

    @Test(arguments: [
        (AnnotationName.order, "ten"), (.order, "0"), (.order, "1001"), (.trafficLimitQPS, "0"),
        (.trafficLimitQPS, "many"), (.backendScheduler, "fair"), (.backendProtocol, "ftp"),
        (.serverGroupType, "fc"),
    ])
    func `a wrong value keeps the Ingress from being built and is named`(
        name: AnnotationName,
        value: String
    ) throws {
        let error = #expect(throws: BuildError.self) { try check([key(name): value]) }
        let message = try #require(error?.message)
        #expect(message.contains(name.key))
        #expect(message.contains("\"\(value)\""))
        #expect(message.contains("expected"))
    }

    @Test(arguments: [(AnnotationName.sslRedirect, "yes"), (.enableCORS, "1"), (.crossZoneEnabled, "off")])
    func `a wrong flag only warns`(name: AnnotationName, value: String) throws {
        let warnings = try check([key(name): value])
        #expect(warnings.count == 1)
        #expect(warnings[0].contains(name.key))
        #expect(try check([key(name): value], .oss).isEmpty)
    }

    @Test func `numbers of a health check matter only while it is on`() throws {
        #expect(try check([key(.healthCheckInterval): "99"]).isEmpty)
        #expect(throws: BuildError.self) {
            try check([key(.healthCheckInterval): "99", key(.healthCheckEnabled): "true"])
        }
        let warnings = try check([key(.healthCheckInterval): "often", key(.healthCheckEnabled): "true"])
        #expect(warnings.count == 1)
    }

    @Test func `a blank value counts as absent`() throws {
        #expect(try check([key(.order): "  "]).isEmpty)
        #expect(Annotations([key(.order): "  "], profile: .managed).integer(.order) == nil)
    }

    @Test func `the NGINX key wins even when it says false`() {
        let both = Annotations(
            ["nginx.ingress.kubernetes.io/ssl-redirect": "false", key(.sslRedirect): "true"],
            profile: .managed
        )
        #expect(!both.isTrue(.sslRedirect))
        let other = Annotations(
            ["nginx.ingress.kubernetes.io/rewrite-target": "/x"],
            profile: .managed
        )
        #expect(other.text(.rewriteTarget) == nil)
    }

    @Test func `every row's key is looked up by its own name`() {
        for row in AnnotationTable.rows { #expect(AnnotationTable.row(row.name)?.name == row.name) }
        #expect(Set(AnnotationTable.rows.map(\.name)).count == AnnotationTable.rows.count)
        #expect(AnnotationTable.rows.count == AnnotationName.allCases.count)
    }

    @Test(arguments: [
        "", "[]", "{}", "[{}]", "[{\"TCP\":80}]", "[{\"HTTP\":0}]", "[{\"HTTP\":70000}]",
        "[{\"HTTP\":\"80\"}]",
        "[{\"http\":80}]", "80", "[{\"HTTP\":80}", "[[80]]",
    ])
    func `malformed listen-ports are refused`(text: String) {
        #expect(throws: BuildError.self) { try ListenPortsAnnotation.parse(text) }
    }

    @Test func `listen-ports keep their order and drop repetitions`() throws {
        let ports = try ListenPortsAnnotation.parse(
            "[{\"HTTPS\":443,\"HTTP\":80},{\"HTTP\":80},{\"QUIC\":443}]"
        )
        #expect(ports.map(\.description) == ["443/HTTPS", "80/HTTP", "443/QUIC"])
    }

    @Test(arguments: [
        "", "null", "{}", "[1]", "[{\"type\":\"Host\"}]", "[{\"type\":\"Host\",\"hostConfig\":{}}]",
        "[{\"type\":\"Sun\",\"sunConfig\":{\"values\":[\"a\"]}}]",
        "[{\"type\":\"Header\",\"headerConfig\":{\"values\":[\"a\"]}}]",
        "[{\"type\":\"Cookie\",\"cookieConfig\":{\"values\":[\"a\"]}}]",
        "[{\"type\":\"Host\",\"hostConfig\":{\"values\":[\"a\\u0001\"]}}]",
    ])
    func `malformed conditions are refused`(text: String) {
        #expect(throws: BuildError.self) { try ConditionsAnnotation.parse(key: "k", text) }
    }

    @Test func `conditions are read whatever the case of their keys`() throws {
        let conditions = try ConditionsAnnotation.parse(
            key: "k",
            """
            [{"Type":"header","HeaderConfig":{"Key":"v","VALUES":["1","2"]}},
             {"type":"SourceIp","sourceIpConfig":{"values":["10.0.0.0/8"]}},
             {"type":"QueryString","queryStringConfig":{"values":[{"key":"a","value":"b"}]}}]
            """
        )
        #expect(
            conditions == [
                .header(key: "v", values: ["1", "2"]), .sourceIP(["10.0.0.0/8"]),
                .queryString([.init(key: "a", value: "b")]),
            ]
        )
    }

    @Test(arguments: [
        "", "[]", "[{\"type\":\"Redirect\"}]", "[{\"type\":\"Fly\",\"FlyConfig\":{}}]",
        "[{\"type\":\"ForwardGroup\",\"ForwardConfig\":{\"ServerGroups\":[]}}]",
        "[{\"type\":\"ForwardGroup\",\"ForwardConfig\":{\"ServerGroups\":[{\"ServiceName\":\"a\"}]}}]",
        "[{\"type\":\"Redirect\",\"RedirectConfig\":{}}]",
        "[{\"type\":\"Redirect\",\"RedirectConfig\":{\"host\":\"a.b\",\"httpCode\":\"200\"}}]",
        "[{\"type\":\"FixedResponse\",\"FixedResponseConfig\":{}}]",
        "[{\"type\":\"TrafficLimit\",\"TrafficLimitConfig\":{\"QPS\":\"0\"}}]",
        "[{\"type\":\"InsertHeader\",\"InsertHeaderConfig\":{\"key\":\"a\"}}]",
    ])
    func `malformed actions are refused`(text: String) {
        #expect(throws: BuildError.self) {
            try ActionsAnnotation.parse(key: "k", text, profile: .managed) { $0.service }
        }
    }

    @Test func `actions are read with their defaults`() throws {
        let actions = try ActionsAnnotation.parse(
            key: "k",
            """
            [{"type":"TrafficLimit","TrafficLimitConfig":{"QPS":"10","QPSPerIp":"3"}},
             {"type":"Rewrite","RewriteConfig":{"path":"/x"}},
             {"type":"ForwardGroup","ForwardConfig":{"ServerGroups":[
                {"ServiceName":"a","ServicePort":80,"Weight":70},{"ServerGroupID":"sgp-1","Weight":30}],
                "ServerGroupStickySession":{"Enabled":true,"Timeout":60}}}]
            """,
            profile: .managed
        ) { "\($0.service):\($0.port)" }
        #expect(
            actions == [
                .trafficLimit(qps: 10, perIPQPS: 3),
                .rewrite(host: "${host}", path: "/x", query: "${query}"),
                .forward(
                    [.init(serverGroup: "a:80", weight: 70), .init(serverGroup: "sgp-1", weight: 30)],
                    stickySeconds: 60
                ),
            ]
        )
    }
}
