// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import DataPlane

@Suite struct ExplainTests {
    private func explain(
        _ path: String,
        host: String = "cafe.example.com",
        port: Int = 80
    ) throws -> RequestPath {
        let simulation = Simulation(seed: 1)
        return try simulation.run {
            let world = World(simulation)
            let rules = [
                rule(1, [.host(["cafe.example.com"]), .path(["/tea", "/tea/*"])], [forward("sgp-1")]),
                rule(
                    2,
                    [.host(["cafe.example.com"]), .path(["/old"])],
                    [.redirect(RedirectTarget(host: "new.example"))]
                ),
                rule(3, [.host(["other.example"]), .path(["/*"])], [forward("sgp-none")]),
            ]
            world.apply(
                World.configuration(
                    listeners: [listener(rules)],
                    groups: [
                        World.group("sgp-1", [SocketAddress(ip: "10.0.0.1", port: 80)]),
                        World.group("sgp-0", []),
                    ]
                )
            )
            let before = simulation.trace.count
            let path = world.dataPlane.explain(
                loadBalancer: "alb-1",
                zone: "zone-a",
                port: port,
                request: ExplainedRequest(head: get(path, host: host))
            )
            #expect(simulation.trace.count == before)
            return path
        }
    }

    @Test func `a request that matches ends at its group with the servers it may reach`() throws {
        let path = try explain("/tea/green")
        #expect(path.outcome == .forwarded(serverGroups: ["sgp-1"]))
        #expect(path.candidates.map(\.description) == ["10.0.0.1:80 Unavailable"])
        #expect(path.rules.count == 1)
        #expect(path.nearestMiss == nil)
    }

    @Test func `a request that misses is told the rule that came closest`() throws {
        let path = try explain("/te")
        #expect(path.outcome == .answered(status: 503, reason: "no server to forward to"))
        #expect(path.nearestMiss?.name == "rule1")
        #expect(
            path.description.contains(
                "nearest miss: rule rule1 (1): Path: expected /tea or /tea/*, found /te"
            )
        )
    }

    @Test func `redirects, missing groups and closed ports are told`() throws {
        #expect(try explain("/old").outcome == .redirected(status: 301, location: "http://new.example/old"))
        #expect(
            try explain("/", host: "other.example").outcome
                == .answered(status: 503, reason: "no server to forward to")
        )
        #expect(try explain("/", port: 81).outcome == .refused)
    }

    @Test func `what changes on the way to servers and back is told`() throws {
        let simulation = Simulation(seed: 1)
        let path = try simulation.run {
            let world = World(simulation)
            var changing = listener([
                rule(
                    1,
                    [.path(["~^/v(\\d)/(.*)"])],
                    [
                        .insertHeader(key: "X-A", value: "b", valueType: "UserDefined", covers: false),
                        .removeHeader(key: "X-B"),
                        .rewrite(host: "inner.example", path: "/${2}", query: "v=${1}"),
                        .trafficLimit(qps: 5, perIPQPS: 2),
                        .mirror([WeightedGroup(serverGroup: "sgp-2")]), forward("sgp-1"),
                    ]
                )
            ])
            changing.responseRules = [
                rule(2, [.responseStatusCode(["404", "410"])], [.removeHeader(key: "Server")]),
                rule(3, [.path(["/other"])], [.removeHeader(key: "Server")]),
            ]
            world.apply(
                World.configuration(
                    listeners: [changing],
                    groups: [
                        World.group("sgp-1", [SocketAddress(ip: "10.0.0.1", port: 80)]),
                        World.group("sgp-2", []),
                    ]
                )
            )
            return world.dataPlane.explain(
                loadBalancer: "alb-1",
                zone: "zone-a",
                port: 80,
                request: ExplainedRequest(head: get("/v3/tea"))
            )
        }
        #expect(
            path.steps.map(\.description).filter { !$0.hasPrefix("listener") && !$0.hasPrefix("rule:") } == [
                "traffic limit: 5 a second, 2 a second for each client",
                "header fields: sets X-A to b, unless X-A is there; removes X-B",
                "rewrite: servers see /tea?v=3 of host inner.example", "mirror: copies go to sgp-2",
                "rule on answers: rule2 (2) takes answers with ResponseStatusCode 404 or 410",
                "action: forward to sgp-1 (100)", "server group: sgp-1: 1 of 1 usable",
            ]
        )
    }
}
