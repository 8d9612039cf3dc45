// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Testing

@testable import DataPlane

@Suite struct RuleTableTests {
    @Test func `a rule without a host matches every host`() {
        let table = table([rule(1, [.path(["/tea"])])])
        #expect(table.rule(for: facts(get("/tea", host: "a.example")))?.configuration.priority == 1)
        #expect(table.rule(for: facts(get("/tea", host: "b.example")))?.configuration.priority == 1)
    }

    @Test func `the lowest priority number wins whatever is more exact`() {
        let table = table([
            rule(7, [.host(["cafe.example.com"]), .path(["/tea"])]), rule(3, [.path(["/*"])]),
        ])
        #expect(table.rule(for: facts(get("/tea")))?.configuration.priority == 3)
    }

    @Test func `conditions are joined by and, their values by or`() {
        let table = table([
            rule(
                1,
                [
                    .host(["a.example", "cafe.example.com"]), .path(["/a", "/tea"]),
                    .method(["POST", "GET"]),
                ]
            )
        ])
        #expect(table.rule(for: facts(get("/tea"))) != nil)
        #expect(table.rule(for: facts(get("/tea", method: .put))) == nil)
        #expect(table.rule(for: facts(get("/b"))) == nil)
    }

    @Test func `the port of the host and the query are not compared`() {
        let table = table([rule(1, [.host(["cafe.example.com"]), .path(["/tea"])])])
        #expect(table.rule(for: facts(get("/tea?a=b", host: "Cafe.Example.Com:8080"))) != nil)
    }

    @Test func `a second host condition must hold too`() {
        let table = table([rule(1, [.host(["*.example.com"]), .host(["cafe.*"])])])
        #expect(table.rule(for: facts(get("/"))) != nil)
        #expect(table.rule(for: facts(get("/", host: "tea.example.com"))) == nil)
    }

    @Test func `headers, cookies, parameters and sources are compared`() {
        let table = table([
            rule(1, [.header(key: "X-Version", values: ["V2*"])]),
            rule(2, [.cookie([KeyValue(key: "canary", value: "always")])]),
            rule(3, [.queryString([KeyValue(key: "v", value: "2"), KeyValue(key: "beta", value: "*")])]),
            rule(4, [.sourceIP(["10.0.0.0/8"])]),
        ])
        func priority(_ request: HTTPRequest, from source: String = "192.0.2.1") -> Int? {
            table.rule(for: facts(request, from: source))?.configuration.priority
        }
        #expect(priority(get("/", fields: [name("x-version"): "v2.1"])) == 1)
        #expect(priority(get("/", fields: [.cookie: "a=b; canary=always"])) == 2)
        #expect(priority(get("/", fields: [.cookie: "canary=never"])) == nil)
        #expect(priority(get("/?x=1&v=2")) == 3)
        #expect(priority(get("/?beta")) == 3)
        #expect(priority(get("/?v=3")) == nil)
        #expect(priority(get("/"), from: "10.9.8.7") == 4)
    }

    @Test func `two header conditions must both hold`() {
        let table = table([
            rule(1, [.header(key: "A", values: ["1"]), .header(key: "B", values: ["2"])])
        ])
        #expect(table.rule(for: facts(get("/", fields: [name("A"): "1"]))) == nil)
        #expect(table.rule(for: facts(get("/", fields: [name("A"): "1", name("B"): "2"]))) != nil)
    }

    @Test func `an invalid expression never matches and is told`() {
        let table = table([rule(1, [.path(["~*(", "/ok"])])])
        #expect(table.rule(for: facts(get("/("))) == nil)
        #expect(table.rule(for: facts(get("/ok"))) != nil)
        #expect(table.mistakes.count == 1)
        #expect(table.mistakes.first?.contains("~*(") == true)
    }

    @Test func `rules that stay the same are taken over from the table before`() {
        let first = table([rule(1, [.path(["/a"])]), rule(2, [.path(["/b"])])])
        let second = RuleTable(
            listener([rule(1, [.path(["/a"])]), rule(2, [.path(["/c"])])]),
            ancestor: first,
            settings: DataPlaneSettings()
        )
        #expect(second.rules[0] === first.rules[0])
        #expect(second.rules[1] !== first.rules[1])
    }

    @Test func `a rule on answers looks at status and fields`() {
        var configuration = listener()
        configuration.responseRules = [
            rule(
                1,
                [.responseStatusCode(["404", "5xx"]), .responseHeader(key: "Server", values: ["tea*"])],
                []
            )
        ]
        let table = RuleTable(configuration, settings: DataPlaneSettings())
        func matches(_ status: Int, _ server: String) -> Bool {
            let response = HTTPResponse(status: .init(code: status), headerFields: [.server: server])
            return table.responseRule(for: response, to: facts(get("/"))) != nil
        }
        #expect(matches(404, "Tea 1"))
        #expect(matches(503, "tea"))
        #expect(!matches(200, "tea"))
        #expect(!matches(404, "coffee"))
    }

    @Test func `the nearest miss says what was expected and what was found`() throws {
        let table = table([
            rule(1, [.host(["other.example"]), .path(["/tea"])]),
            rule(2, [.host(["cafe.example.com"]), .path(["/tea/*"])]),
        ])
        let trials = table.trials(for: facts(get("/tee")))
        let nearest = try #require(
            trials.enumerated().min {
                $0.element.distance(index: $0.offset).lexicographicallyPrecedes(
                    $1.element.distance(index: $1.offset)
                )
            }?.element
        )
        #expect(nearest.name == "rule2")
        #expect(nearest.failures.map(\.description) == ["Path: expected /tea/*, found /tee"])
    }
}
