// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import DataPlane

@Suite struct ForwardingTests {
    /// One group with these servers behind a listener on port 80.
    private func plain(
        _ servers: [SocketAddress],
        version: Int64 = 1,
        isKeepaliveOn: Bool = false,
        drainTimeout: Duration? = nil
    ) -> LoadBalancerConfiguration {
        World.configuration(
            version: version,
            listeners: [listener()],
            groups: [World.group("sgp-0", servers, isKeepaliveOn: isKeepaliveOn, drainTimeout: drainTimeout)]
        )
    }

    @Test func `a request reaches a server and its answer comes back`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(plain([pod.address]))
            let answer = try await world.ask(
                get("/tea?a=b", fields: [.accept: "*/*", .connection: "keep-alive"])
            )
            #expect(answer.status == 200)
            #expect(answer.pod == "10.0.0.1")
            let seen = try #require(pod.requests.first)
            #expect(seen.path == "/tea?a=b")
            #expect(seen.authority == "cafe.example.com")
            #expect(seen.headerFields[.accept] == "*/*")
            #expect(seen.headerFields[.connection] == nil)
            #expect(seen.headerFields[.forwardedFor] != nil)
            #expect(seen.headerFields[.albTrace] == HopChain.mark(of: "alb-1"))
            let record = try #require(world.proxied.first)
            #expect(record.status == 200 && record.upstreamStatus == 200 && record.reason.isEmpty)
            #expect(
                record.server == "10.0.0.1:8080" && record.rule == "default" && record.listener == "80/HTTP"
            )
            #expect(record.connection > 0 && record.exchange == 1 && record.version == 1)
            #expect(record.upstreamLatency > .zero)
        }
    }

    @Test func `a port where nobody listens any more refuses`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(plain([pod.address]))
            let idle = world.call()
            try await world.pass(.seconds(1))
            world.apply(World.configuration(version: 2, listeners: [], groups: []))
            try await world.pass(.seconds(1))
            #expect(idle.end == .closed)
            let late = world.call()
            try await world.pass(.seconds(1))
            #expect(late.failure == .refused)
            #expect(world.dataPlane.status().first?.listeners.isEmpty == true)
        }
    }

    @Test func `a removed load balancer cuts its connections and its address is lost`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1) { _ in PodAnswer(delay: .seconds(5)) }
            world.apply(plain([pod.address]))
            let caller = world.call()
            try await world.pass(.seconds(1))
            caller.send(get("/"))
            try await world.pass(.seconds(1))
            world.dataPlane.remove(loadBalancer: "alb-1", zone: "zone-a", cause: .none)
            let late = world.call()
            try await world.pass(.seconds(10))
            #expect(caller.end == .reset)
            #expect(late.failure == .timedOut)
            #expect(world.proxied.map(\.status) == [499])
            #expect(world.dataPlane.status().isEmpty)
        }
    }

    @Test func `a server that refuses makes 502, and another is tried for a repeatable request`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            let gone = try Pod(simulation, 2)
            gone.stopListening()
            world.apply(plain([gone.address]))
            #expect(try await world.ask(get("/")).status == 502)
            #expect(world.proxied.last?.reason == "server refused the connection")
            world.apply(plain([gone.address, pod.address], version: 2))
            #expect(try await world.ask(get("/")).status == 200)
        }
    }

    @Test func `a request that may not be repeated is not brought to another server`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let (gone, pod) = (try Pod(simulation, 1), try Pod(simulation, 2))
            gone.stopListening()
            world.apply(plain([gone.address, pod.address]))
            #expect(try await world.ask(get("/", method: .post)).status == 502)
            #expect(try await world.ask(get("/", method: .post)).status == 200)
        }
    }

    @Test func `a server that is lost makes 504 after the connect timeout`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            world.apply(plain([SocketAddress(ip: "10.0.0.99", port: 80)]))
            let before = world.client.clock.now
            let answer = try await world.ask(get("/"), for: .seconds(20))
            #expect(answer.status == 504)
            #expect(
                before.duration(to: answer.at) > .seconds(5) && before.duration(to: answer.at) < .seconds(6)
            )
            #expect(world.proxied.last?.reason == "connect timed out")
        }
    }

    @Test func `a server that hangs makes 504 after the request timeout`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1) { _ in PodAnswer(delay: .seconds(1000)) }
            world.apply(plain([pod.address]))
            let before = world.client.clock.now
            let answer = try await world.ask(get("/"), for: .seconds(100))
            #expect(answer.status == 504)
            #expect(
                before.duration(to: answer.at) > .seconds(60) && before.duration(to: answer.at) < .seconds(61)
            )
            #expect(world.proxied.last?.reason == "no answer in time")
        }
    }

    @Test func `a group without servers makes 503`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            world.apply(plain([]))
            let answer = try await world.ask(get("/"))
            #expect(answer.status == 503)
            #expect(world.proxied.last?.serverGroup == "sgp-0")
            world.apply(World.configuration(version: 2, listeners: [listener()], groups: []))
            #expect(try await world.ask(get("/")).status == 503)
        }
    }

    @Test func `a server that cuts the connection makes 502, inside its answer the client sees the cut`()
        throws
    {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1) { request in
                PodAnswer(isCut: request.path == "/cut", isCutInside: request.path == "/inside")
            }
            world.apply(plain([pod.address]))
            #expect(try await world.ask(get("/cut")).status == 502)
            let caller = world.call()
            try await world.pass(.seconds(1))
            let number = caller.send(get("/inside"))
            try await world.pass(.seconds(5))
            let answer = try #require(caller.answer(number))
            #expect(answer.status == 200 && !answer.isWhole)
            #expect(caller.end == .reset)
            #expect(world.proxied.last?.reason == "server cut the connection")
        }
    }

    @Test func `a request keeps the configuration that it began with`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let old = try Pod(simulation, 1) { _ in PodAnswer(delay: .seconds(3)) }
            let new = try Pod(simulation, 2)
            world.apply(plain([old.address]))
            let caller = world.call()
            try await world.pass(.seconds(1))
            let first = caller.send(get("/"))
            try await world.pass(.seconds(1))
            world.apply(plain([new.address], version: 2))
            try await world.pass(.seconds(5))
            #expect(caller.answer(first)?.pod == "10.0.0.1")
            let second = caller.send(get("/"))
            try await world.pass(.seconds(1))
            #expect(caller.answer(second)?.pod == "10.0.0.2")
            #expect(world.proxied.map(\.version) == [1, 2])
        }
    }

    @Test func `a removed server's requests end when its time to drain is over`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let old = try Pod(simulation, 1) { _ in PodAnswer(delay: .seconds(50)) }
            world.apply(plain([old.address], drainTimeout: .seconds(10)))
            let caller = world.call()
            try await world.pass(.seconds(1))
            let number = caller.send(get("/"))
            try await world.pass(.seconds(1))
            let removal = world.client.clock.now
            world.apply(plain([], version: 2, drainTimeout: .seconds(10)))
            try await world.pass(.seconds(30))
            let answer = try #require(caller.answer(number))
            #expect(answer.status == 502)
            #expect(
                removal.duration(to: answer.at) > .seconds(10)
                    && removal.duration(to: answer.at) < .seconds(11)
            )
        }
    }

    @Test func `connections to servers are used again only when the group says so`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            for (version, isKept) in [(Int64(1), false), (2, true)] {
                world.apply(plain([pod.address], version: version, isKeepaliveOn: isKept))
                let caller = world.call()
                try await world.pass(.seconds(1))
                for _ in 0..<3 {
                    caller.send(get("/"))
                    try await world.pass(.seconds(1))
                }
            }
            #expect(Set(pod.connections.prefix(3)).count == 3)
            #expect(Set(pod.connections.suffix(3)).count == 1)
        }
    }

    @Test func `an idle client is let go after the idle timeout and a busy one after its last request`()
        throws
    {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            var settings = DataPlaneSettings()
            settings.plainKeepAliveRequests = 2
            let world = World(simulation, settings: settings)
            let pod = try Pod(simulation, 1)
            world.apply(plain([pod.address]))
            let (idle, busy) = (world.call(), world.call())
            try await world.pass(.seconds(1))
            let opened = world.client.clock.now
            busy.send(get("/"))
            try await world.pass(.seconds(1))
            let last = busy.send(get("/"))
            try await world.pass(.seconds(30))
            #expect(busy.answer(last)?.head?.headerFields[.connection] == "close")
            #expect(busy.end == .closed)
            #expect(idle.end == .closed)
            let length = opened.duration(to: try #require(idle.endedAt))
            #expect(length > .seconds(13) && length < .seconds(15))
        }
    }

    @Test func `a client that goes is noted as 499 and its request is given up`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1) { _ in PodAnswer(delay: .seconds(5)) }
            world.apply(plain([pod.address]))
            let caller = world.call()
            try await world.pass(.seconds(1))
            caller.send(get("/"))
            try await world.pass(.seconds(1))
            caller.connection?.abort()
            try await world.pass(.seconds(10))
            #expect(world.proxied.map(\.status) == [499])
        }
    }

    @Test func `a body in pieces arrives whole and a client that pauses too long gets 408`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(plain([pod.address]))
            let caller = world.call()
            try await world.pass(.seconds(1))
            let first = caller.send(get("/", method: .post), body: "a", isLast: false)
            caller.connection?.send(Frame(body: Array("b".utf8), isLast: false), exchange: first)
            try await world.pass(.seconds(30))
            caller.connection?.send(Frame(body: Array("c".utf8)), exchange: first)
            try await world.pass(.seconds(1))
            #expect(caller.answer(first)?.status == 200)
            #expect(pod.bodies == ["abc"])
            let second = caller.send(get("/", method: .post), body: "a", isLast: false)
            try await world.pass(.seconds(70))
            #expect(caller.answer(second)?.status == 408)
        }
    }

    @Test func `many exchanges share an HTTP/2 connection`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1) { request in
                PodAnswer(delay: request.path == "/slow" ? .seconds(3) : .zero)
            }
            world.apply(plain([pod.address]))
            let caller = world.call(options: ConnectOptions(plainVersion: .http2))
            try await world.pass(.seconds(1))
            let (slow, given, quick) = (
                caller.send(get("/slow")), caller.send(get("/slow")), caller.send(get("/"))
            )
            try await world.pass(.seconds(1))
            #expect(caller.answer(quick)?.status == 200)
            #expect(caller.answer(slow) == nil)
            caller.connection?.cancel(exchange: given)
            try await world.pass(.seconds(5))
            #expect(caller.answer(slow)?.status == 200)
            #expect(caller.answer(given) == nil)
            #expect(caller.end == nil)
            #expect(world.proxied.map(\.status).sorted() == [200, 200, 499])
        }
    }

    @Test func `an HTTP/2 client is asked to begin nothing more, and what was on its way is served`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            var settings = DataPlaneSettings()
            settings.plainKeepAliveRequests = 2
            let world = World(simulation, settings: settings)
            let pod = try Pod(simulation, 1)
            world.apply(plain([pod.address]))
            let options = ConnectOptions(plainVersion: .http2)
            let (limited, idle, removed) = (
                world.call(options: options), world.call(options: options), world.call(options: options)
            )
            try await world.pass(.seconds(1))
            let numbers = (0..<3).map { _ in limited.send(get("/")) }
            try await world.pass(.milliseconds(100))
            #expect(limited.isDraining)
            #expect(numbers.map { limited.answer($0)?.status } == [200, 200, 200])
            #expect(limited.end == nil)
            try await world.pass(.seconds(2))
            #expect(limited.end == .closed)
            #expect(!removed.isDraining)
            world.apply(World.configuration(version: 2, listeners: [], groups: []))
            try await world.pass(.milliseconds(100))
            #expect(removed.isDraining && removed.end == nil)
            try await world.pass(.seconds(2))
            #expect(removed.end == .closed && idle.end == .closed)
        }
    }

    @Test func `an idle world has nothing to do`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(plain([pod.address], isKeepaliveOn: true))
            _ = try await world.ask(get("/"))
            try await world.pass(.seconds(300))
            let before = simulation.jobCount
            try await world.pass(.seconds(86_400))
            #expect(simulation.jobCount - before < 5)
        }
    }
}
