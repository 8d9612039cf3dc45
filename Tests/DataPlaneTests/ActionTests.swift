// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Testing

@testable import DataPlane

struct RedirectCase: CustomTestStringConvertible {
    var target: RedirectTarget
    var location: String

    var testDescription: String { location }

    static let all: [RedirectCase] = [
        .init(
            target: RedirectTarget(scheme: "HTTPS", port: "443"),
            location: "https://cafe.example.com/tea?a=b"
        ),
        .init(
            target: RedirectTarget(scheme: "HTTPS", port: "8443"),
            location: "https://cafe.example.com:8443/tea?a=b"
        ),
        .init(target: RedirectTarget(host: "b.example"), location: "http://b.example/tea?a=b"),
        .init(target: RedirectTarget(scheme: "HTTPS"), location: "https://cafe.example.com:80/tea?a=b"),
        .init(
            target: RedirectTarget(path: "/new${path}", query: ""),
            location: "http://cafe.example.com/new/tea"
        ),
        .init(
            target: RedirectTarget(path: "/x", query: "from=${host}&${query}"),
            location: "http://cafe.example.com/x?from=cafe.example.com&a=b"
        ),
        .init(target: RedirectTarget(host: "${unknown}"), location: "http://${unknown}/tea?a=b"),
    ]
}

@Suite struct ActionTests {
    private let values = Template.Values(
        scheme: "http",
        host: "cafe.example.com",
        port: 80,
        path: "/tea",
        query: "a=b"
    )
    private let origin = Origin(
        clientAddress: "192.0.2.1",
        clientPort: 4711,
        scheme: "https",
        loadBalancer: "alb-1",
        port: 443
    )

    @Test(arguments: RedirectCase.all)
    func `a redirect is filled in and leaves the scheme's own port out`(_ row: RedirectCase) {
        #expect(Redirect(row.target).location(values) == row.location)
    }

    @Test func `a rewrite takes the groups of the path expression`() throws {
        let rule = CompiledRule(
            rule(
                1,
                [.path(["/no", "~*/api(/|$)(.*)"])],
                [.rewrite(host: "${host}", path: "/${2}", query: "${query}"), forward("sgp-1")]
            ),
            settings: DataPlaneSettings()
        )
        var request = get("/API/v1/tea?a=b")
        let facts = facts(request)
        let rewrite = try #require(rule.actions.rewrite)
        var filled = values
        filled.path = facts.path
        filled.query = facts.query
        filled.captures = rule.captures(for: facts)
        #expect(filled.captures == ["/", "v1/tea", ""])
        rewrite.apply(to: &request, values: filled)
        #expect(request.path == "/v1/tea?a=b")
        #expect(request.authority == "cafe.example.com")
    }

    @Test func `inserted fields take the place of others and referenced ones are copied`() throws {
        var fields: HTTPFields = [name("X-Old"): "1", name("X-From"): "here"]
        let source = fields
        let edits = [
            HeaderEdit(insert: "x-old", value: "2", valueType: "UserDefined"),
            HeaderEdit(insert: "X-Copy", value: "X-From", valueType: "ReferenceHeader"),
            HeaderEdit(insert: "X-Port", value: "ClientSrcPort", valueType: "SystemDefined"),
            HeaderEdit.remove(name("X-From")),
        ]
        for edit in edits { try #require(edit).apply(to: &fields, source: source, origin: origin) }
        #expect(fields[values: name("X-Old")] == ["2"])
        #expect(fields[name("X-Copy")] == "here")
        #expect(fields[name("X-Port")] == "4711")
        #expect(fields[name("X-From")] == nil)
    }

    @Test func `an unknown system value is a mistake`() {
        #expect(HeaderEdit(insert: "X", value: "Moon", valueType: "SystemDefined") == nil)
        let compiled = CompiledRule(
            rule(1, [], [.insertHeader(key: "X", value: "Moon", valueType: "SystemDefined")]),
            settings: DataPlaneSettings()
        )
        #expect(compiled.mistakes == ["rule rule1: cannot insert header X of type SystemDefined"])
    }

    @Test func `a preflight request is answered with what is allowed`() {
        let policy = CORSPolicy(
            CORSConfiguration(
                allowOrigin: ["https://shop.example"],
                allowMethods: ["GET", "PUT"],
                allowHeaders: ["X-A"],
                exposeHeaders: ["X-B"],
                allowCredentials: true,
                maxAge: 60
            )
        )
        let request = get(
            "/",
            method: .options,
            fields: [.origin: "https://shop.example", .accessControlRequestMethod: "PUT"]
        )
        #expect(CORSPolicy.isPreflight(request))
        #expect(!CORSPolicy.isPreflight(get("/", method: .options)))
        let fields = policy.preflightAnswer(to: request).headerFields
        #expect(fields[.accessControlAllowOrigin] == "https://shop.example")
        #expect(fields[.accessControlAllowMethods] == "GET,PUT")
        #expect(fields[.accessControlMaxAge] == "60")
        var other = request
        other.headerFields[.origin] = "https://evil.example"
        #expect(policy.preflightAnswer(to: other).headerFields[.accessControlAllowOrigin] == nil)
    }

    @Test func `any origin with credentials is named, without them it is the star`() {
        var fields: HTTPFields = [:]
        CORSPolicy(CORSConfiguration(allowOrigin: ["*"], allowMethods: [], allowHeaders: []))
            .mark(&fields, origin: "https://a.example")
        #expect(fields[.accessControlAllowOrigin] == "https://a.example")
        CORSPolicy(
            CORSConfiguration(allowOrigin: ["*"], allowMethods: [], allowHeaders: [], allowCredentials: false)
        ).mark(&fields, origin: "https://a.example")
        #expect(fields[.accessControlAllowOrigin] == "*")
    }

    @Test func `a limit lets so many pass in each second and each address its own share`() {
        var limiter = TrafficLimiter()
        let limit = TrafficLimit(total: 3, each: 2)
        let (one, other) = (IPAddress("10.0.0.1"), IPAddress("10.0.0.2"))
        let first = Instant(seconds: 100)
        let inOneSecond = [one, one, one, other, other].map { limiter.admit($0, limit: limit, now: first) }
        #expect(inOneSecond == [true, true, false, true, false])
        let inTheNext = limiter.admit(one, limit: limit, now: Instant(seconds: 101))
        #expect(inTheNext)
    }

    @Test func `shares fall to groups by weight and none to weight 0`() {
        let targets = ForwardTargets([
            WeightedGroup(serverGroup: "a", weight: 80), WeightedGroup(serverGroup: "none", weight: 0),
            WeightedGroup(serverGroup: "b", weight: 20),
        ])
        let counts = (0..<100).reduce(into: [String: Int]()) {
            $0[targets.group(at: $1) ?? "", default: 0] += 1
        }
        #expect(counts == ["a": 80, "b": 20])
    }
}
