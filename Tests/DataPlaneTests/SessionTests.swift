// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import DataPlane

/// The value that an answer sets a cookie to; nil when it does not.
private func cookie(_ name: String, in answer: Caller.Answer) -> String? {
    let fields = answer.head?.headerFields[values: .setCookie] ?? []
    return fields.first { $0.hasPrefix(name + "=") }
}

private func value(_ cookie: String?) -> String {
    String((cookie ?? "").prefix { $0 != ";" })
}

private func sticky(
    _ stickiness: ServerGroupConfiguration.Stickiness,
    _ pods: [Pod]
) -> ServerGroupConfiguration {
    var group = World.group("sgp-0", pods.map(\.address))
    group.stickiness = stickiness
    return group
}

@Suite struct SessionTests {
    @Test func `an inserted cookie brings a session back to its server`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let pods = try (1...3).map { try Pod(simulation, $0) }
            let world = World(simulation)
            world.apply(
                World.configuration(listeners: [listener()], groups: [sticky(.insert(seconds: 100), pods)])
            )
            let first = try await world.ask(get("/"))
            let set = value(cookie("SERVERID", in: first))
            #expect(cookie("SERVERID", in: first)?.hasSuffix(";Path=/") == true)
            #expect(cookie("SERVERCORSID", in: first) == nil)
            for _ in 0..<6 {
                let answer = try await world.ask(get("/", fields: [.cookie: "a=b; " + set]))
                #expect(answer.pod == first.pod)
                // The cookie is renewed: its middle part is the second of the last use.
                #expect(value(cookie("SERVERID", in: answer)) != set)
            }
            var others: Set<String> = []
            for _ in 0..<6 { others.insert(try await world.ask(get("/")).pod) }
            #expect(others.count == 3)
            // Too long ago: the session is over, and the next server in turn takes the request.
            try await world.pass(.seconds(101))
            var late: Set<String> = []
            for _ in 0..<3 { late.insert(try await world.ask(get("/", fields: [.cookie: set])).pod) }
            #expect(late.count == 3)
        }
    }

    @Test func `a session whose server is gone gets another one`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let pods = try (1...2).map { try Pod(simulation, $0) }
            let world = World(simulation)
            let group = sticky(.insert(seconds: 1000), pods)
            world.apply(World.configuration(listeners: [listener()], groups: [group]))
            let first = try await world.ask(get("/"))
            var less = group
            less.servers.removeAll { $0.address.ip == first.pod }
            world.apply(World.configuration(version: 2, listeners: [listener()], groups: [less]))
            let set = value(cookie("SERVERID", in: first))
            let second = try await world.ask(get("/", fields: [.cookie: set]))
            #expect(second.status == 200)
            #expect(second.pod != first.pod)
            #expect(value(cookie("SERVERID", in: second)).prefix(40) != set.prefix(40))
        }
    }

    @Test func `the application's cookie is written anew, and others stay`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let pods = try (1...3).map { number in
                try Pod(simulation, number) { request in
                    var fields: HTTPFields = [:]
                    if request.path == "/login" {
                        fields.append(HTTPField(name: .setCookie, value: "other=1"))
                        fields.append(HTTPField(name: .setCookie, value: "app=secret; HttpOnly"))
                    }
                    return PodAnswer(fields: fields)
                }
            }
            let world = World(simulation)
            world.apply(
                World.configuration(listeners: [listener()], groups: [sticky(.server(cookie: "app"), pods)])
            )
            #expect(cookie("app", in: try await world.ask(get("/"))) == nil)
            let first = try await world.ask(get("/login"))
            #expect(cookie("other", in: first) == "other=1")
            let set = try #require(cookie("app", in: first))
            #expect(!set.contains("secret"))
            #expect(set.hasSuffix("; HttpOnly"))
            for _ in 0..<4 {
                #expect(try await world.ask(get("/", fields: [.cookie: value(set)])).pod == first.pod)
            }
        }
    }

    @Test func `a session stays with its group`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let pods = try (1...2).map { try Pod(simulation, $0) }
            let world = World(simulation)
            let groups = pods.enumerated().map { World.group("sgp-\($0.offset)", [$0.element.address]) }
            let action = RuleAction.forward(
                [
                    WeightedGroup(serverGroup: "sgp-0", weight: 50),
                    WeightedGroup(serverGroup: "sgp-1", weight: 50),
                ],
                stickySeconds: 60
            )
            world.apply(
                World.configuration(
                    listeners: [listener([rule(1, [.path(["/*"])], [action])])],
                    groups: groups
                )
            )
            let first = try await world.ask(get("/"))
            let set = value(cookie(SessionCookie.group, in: first))
            for _ in 0..<12 {
                #expect(try await world.ask(get("/", fields: [.cookie: set])).pod == first.pod)
            }
            var others: Set<String> = []
            for _ in 0..<12 { others.insert(try await world.ask(get("/")).pod) }
            #expect(others.count == 2)
        }
    }
}

@Suite struct SlowStartTests {
    @Test func `a new server's share grows over the time of its slow start`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let pods = try (1...2).map { try Pod(simulation, $0) }
            let world = World(simulation)
            var group = World.group("sgp-0", [pods[0].address])
            group.slowStart = .seconds(100)
            world.apply(World.configuration(listeners: [listener()], groups: [group]))
            var larger = World.group("sgp-0", pods.map(\.address))
            larger.slowStart = .seconds(100)
            world.apply(World.configuration(version: 2, listeners: [listener()], groups: [larger]))
            var shares: [Int] = []
            for _ in 0..<6 {
                let before = pods[1].requests.count
                for _ in 0..<40 { _ = try await world.ask(get("/"), for: .milliseconds(490)) }
                shares.append(pods[1].requests.count - before)
            }
            // 20 s each: about a tenth, three tenths, half, seven and nine tenths of its fair half; then all.
            #expect(shares[0] <= 4)
            #expect(shares[0] < shares[1] && shares[1] < shares[3])
            #expect(shares[5] == 20)
        }
    }

    @Test func `nobody starts slowly when nobody else can carry the rest`() {
        var group = ServerGroupConfiguration(
            id: "g",
            name: "g",
            servers: [BackendServer(serverID: "a", address: SocketAddress(ip: "10.0.0.1", port: 80))]
        )
        group.slowStart = .seconds(30)
        let backend = Backend(group.servers[0])
        let list = ServerList(group, backends: [backend], zone: "a", previous: nil)
        list.startSlowly(backend, now: Instant(seconds: 0))
        #expect(backend.slowSince == nil)
    }
}
