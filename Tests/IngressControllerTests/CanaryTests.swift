// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import KubernetesAPI
import Testing

@testable import IngressController

@Suite struct CanaryTests {
    private let services = [Samples.service("tea"), Samples.service("new"), Samples.service("newer")]

    private func canary(
        _ name: String,
        service: String = "new",
        _ annotations: [String: String],
        path: String = "/"
    )
        -> KubernetesObject
    {
        Samples.ingress(
            name,
            [.init(host: "a.com", path: path, service: service)],
            annotations: annotations.merging(["canary": "true"]) { first, _ in first }
        )
    }

    private var production: KubernetesObject { Samples.ingress("web", [.init(host: "a.com")]) }

    private func targets(_ rule: Rule) -> [String: Int] {
        guard case .forward(let groups, _) = rule.actions.last else { return [:] }
        return Dictionary(uniqueKeysWithValues: groups.map { ($0.serverGroup, $0.weight) })
    }

    @Test(arguments: ["a-canary", "z-canary"])
    func `a weight takes its share whatever the names`(name: String) {
        let result = Samples.build([production, canary(name, ["canary-weight": "20"])] + services)
        let rules = Samples.rules(result)
        #expect(rules.count == 1)
        #expect(targets(rules[0]) == [Samples.group("tea"): 80, Samples.group("new", ingress: name): 20])
        #expect(result.stack.serverGroups.contains { $0.key.ingress.name == name })
    }

    @Test func `weights that make a hundred leave production without requests`() {
        let result = Samples.build(
            [
                production, canary("c1", ["canary-weight": "40"]),
                canary("c2", service: "newer", ["canary-weight": "60"]),
            ]
                + services
        )
        #expect(
            targets(Samples.rules(result)[0])
                == [Samples.group("new", ingress: "c1"): 40, Samples.group("newer", ingress: "c2"): 60]
        )
    }

    @Test func `a canary that would go over a hundred is left out`() {
        let result = Samples.build(
            [
                production, canary("c1", ["canary-weight": "60"]),
                canary("c2", service: "newer", ["canary-weight": "60"]),
            ]
                + services
        )
        #expect(
            targets(Samples.rules(result)[0])
                == [Samples.group("tea"): 40, Samples.group("new", ingress: "c1"): 60]
        )
        #expect(Samples.messages(result, "c2").count == 1)
    }

    @Test func `a weight of zero changes nothing`() {
        let result = Samples.build([production, canary("c1", ["canary-weight": "0"])] + services)
        #expect(targets(Samples.rules(result)[0]) == [Samples.group("tea"): 100])
        #expect(result.problems.isEmpty)
    }

    @Test(arguments: ["a-canary", "z-canary"])
    func `a header canary stands before its production rule whatever the names`(name: String) {
        let result = Samples.build(
            [production, canary(name, ["canary-by-header": "version", "canary-by-header-value": "v2"])]
                + services
        )
        let rules = Samples.rules(result)
        #expect(rules.map(\.owner.name) == [name, "web"])
        #expect(
            rules[0].conditions == [.host(["a.com"]), .path(["/*"]), .header(key: "version", values: ["v2"])]
        )
    }

    @Test func `a header canary that sorts later never matches with the defect`() {
        var context = Samples.context
        context.profile = .oss
        let result = Samples.build(
            [
                production,
                canary("z-canary", ["canary-by-header": "version", "canary-by-header-value": "v2"]),
            ]
                + services,
            context: context
        )
        #expect(Samples.rules(result).map(\.owner.name) == ["web", "z-canary"])
    }

    @Test func `a header goes before a cookie`() {
        let result = Samples.build(
            [
                production, canary("c1", ["canary-by-cookie": "preview"]),
                canary("c2", ["canary-by-header": "v", "canary-by-header-value": "2"]),
            ] + services
        )
        #expect(Samples.rules(result).map(\.owner.name) == ["c1", "c2", "web"])
        let later = Samples.build(
            [
                production, canary("x1", ["canary-by-cookie": "preview"]),
                canary("x2", ["canary-by-header": "v", "canary-by-header-value": "2"]),
            ] + services
        )
        #expect(Samples.rules(later).map(\.owner.name) == ["x2", "x1", "web"])
    }

    @Test(arguments: [
        ["canary-weight": "10", "canary-by-header": "v", "canary-by-header-value": "1"], [:],
        ["canary-weight": "many"],
    ])
    func `a canary that contradicts itself is told and production stays`(annotations: [String: String]) {
        let result = Samples.build([production, canary("c1", annotations)] + services)
        #expect(Samples.messages(result, "c1").count == 1)
        #expect(Samples.rules(result).map(\.owner.name) == ["web"])
        #expect(targets(Samples.rules(result)[0]) == [Samples.group("tea"): 100])
    }

    @Test func `a canary without conditions takes everything with the defect`() {
        var context = Samples.context
        context.profile = .oss
        let result = Samples.build([production, canary("c1", [:])] + services, context: context)
        #expect(Samples.rules(result).map(\.owner.name) == ["c1", "web"])
    }

    @Test func `a canary without production is told and has no rule`() {
        let result = Samples.build(
            [
                production,
                canary("c1", ["canary-by-header": "v", "canary-by-header-value": "1"], path: "/other"),
            ]
                + services
        )
        #expect(Samples.messages(result, "c1").count == 1)
        #expect(Samples.rules(result).map(\.owner.name) == ["web"])
    }

    @Test func `a header and a weight silence the canary with the defect`() {
        var context = Samples.context
        context.profile = .oss
        let result = Samples.build(
            [production, canary("c1", ["canary-weight": "10", "canary-by-header": "v"])] + services,
            context: context
        )
        #expect(result.problems.isEmpty)
        #expect(targets(Samples.rules(result)[0]) == [Samples.group("tea"): 100])
    }
}
