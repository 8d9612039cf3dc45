// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import CloudServer

@Suite struct RuleCheckTests {
    private static func code(
        _ edition: String = "Standard",
        conditions: JSONValue? = nil,
        actions: JSONValue? = nil,
        direction: String = "Request"
    ) -> String? {
        var rule = CloudWorld.rule("a.example.com", priority: 1, group: "sgp-1")
        rule["Direction"] = .string(direction)
        if let conditions { rule["RuleConditions"] = conditions }
        if let actions { rule["RuleActions"] = actions }
        do {
            try RuleChecks(edition: edition, quotas: CloudQuotas()).check(rule)
            return nil
        } catch {
            return error.code
        }
    }

    private static let forward: JSONValue = [
        "Type": "ForwardGroup", "Order": 9,
        "ForwardGroupConfig": ["ServerGroupTuples": [["ServerGroupId": "sgp-1"]]],
    ]
    private static let fixed: JSONValue = [
        "Type": "FixedResponse", "Order": 9, "FixedResponseConfig": ["HttpCode": "200"],
    ]

    @Test func `a plain rule is good`() {
        #expect(Self.code() == nil)
    }

    @Test func `a request rule ends in exactly one final action`() {
        let header: JSONValue = ["Type": "RemoveHeader", "Order": 1, "RemoveHeaderConfig": ["Key": "x"]]
        #expect(Self.code(actions: [header]) == "IllegalParam.RuleActions")
        #expect(Self.code(actions: [header, Self.forward]) == nil)
        #expect(Self.code(actions: [Self.forward, Self.fixed]) == "IllegalParam.Order")
        let late: JSONValue = ["Type": "RemoveHeader", "Order": 10, "RemoveHeaderConfig": ["Key": "x"]]
        #expect(Self.code(actions: [late, Self.forward]) == "IllegalParam.Order")
        #expect(Self.code(actions: [header], direction: "Response") == nil)
    }

    @Test func `rewrites and limits need an action that forwards`() {
        let rewrite: JSONValue = ["Type": "Rewrite", "Order": 1, "RewriteConfig": ["Path": "/new"]]
        #expect(Self.code(actions: [rewrite, Self.fixed]) == "OperationDenied.RewriteMissingForwardGroup")
        #expect(Self.code(actions: [rewrite, Self.forward]) == nil)
        let limit: JSONValue = [
            "Type": "TrafficLimit", "Order": 1, "TrafficLimitConfig": ["QPS": 5, "PerIpQps": 6],
        ]
        #expect(Self.code(actions: [limit, Self.forward]) == "IllegalParam.PerIpQps")
    }

    @Test func `an action needs the configuration of its type`() {
        #expect(Self.code(actions: [["Type": "ForwardGroup", "Order": 1]]) == "MissingForwardGroupConfig")
        #expect(
            Self.code(actions: [
                ["Type": "Redirect", "Order": 1, "RedirectConfig": ["HttpCode": "301", "Path": "${path}"]]
            ]) == "IllegalParam.RedirectConfig"
        )
    }

    @Test func `conditions are counted by their values`() {
        func paths(_ count: Int) -> JSONValue {
            [["Type": "Path", "PathConfig": ["Values": .array((0..<count).map { .string("/p\($0)") })]]]
        }
        #expect(Self.code(conditions: paths(10)) == nil)
        #expect(Self.code(conditions: paths(11)) == "QuotaExceeded.RuleMatchEvaluationsNum")
        #expect(Self.code("Basic", conditions: paths(6)) == "QuotaExceeded.RuleMatchEvaluationsNum")
        let stars: JSONValue = [
            ["Type": "Path", "PathConfig": ["Values": .array((0..<6).map { .string("/p\($0)/*") })]]
        ]
        #expect(Self.code("Basic", conditions: stars) == "QuotaExceeded.RuleMatchEvaluationsNum")
    }

    @Test func `Basic has few conditions and one host or path condition is enough`() {
        let method: JSONValue = [["Type": "Method", "MethodConfig": ["Values": ["GET"]]]]
        #expect(Self.code("Basic", conditions: method) == "IllegalParam.RuleConditions")
        #expect(Self.code(conditions: method) == nil)
        let host: JSONValue = ["Type": "Host", "HostConfig": ["Values": ["a.example.com"]]]
        #expect(Self.code(conditions: [host, host]) == "IllegalParam.RuleConditions")
    }

    @Test(arguments: [
        (ValueRule.hostPattern, "*.a.example.com", true), (.hostPattern, "a_b", false),
        (.hostPattern, "~^(a|b)$", true),
        (.pathPattern, "/tea/*", true), (.pathPattern, "tea", false), (.pathPattern, "~*^/TEA", true),
        (.name, "k8s-tea_1.2", true), (.name, "茶-tea", true), (.name, ".tea", false),
        (.headerKey, "x-env", true), (.headerKey, "Cookie", false),
        (.insertedHeader, "X-Forwarded-For", false),
        (.finalStatus, "404", true), (.finalStatus, "301", false), (.redirectPort, "${port}", true),
        (.redirectPort, "0", false), (.cidr, "2001:db8::/32", true), (.cidr, "10.0.0.0/33", false),
    ])
    func `values keep the alphabet of their field`(_ rule: ValueRule, _ text: String, _ isGood: Bool) {
        #expect(rule.allows(text) == isGood)
    }
}
