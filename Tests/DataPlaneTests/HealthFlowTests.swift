// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Synchronization
import Testing

@testable import DataPlane

@Suite struct HealthFlowTests {
    private static func checked(_ servers: [SocketAddress], version: Int64 = 1) -> LoadBalancerConfiguration {
        World.configuration(
            version: version,
            listeners: [listener()],
            groups: [World.group("sgp-0", servers, healthCheck: HealthCheckConfiguration())]
        )
    }

    @Test func `a new server gets traffic after its threshold of good checks`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(Self.checked([pod.address]))
            #expect(try await world.ask(get("/")).status == 503)
            #expect(world.dataPlane.health(loadBalancer: "alb-1").map(\.state) == ["Initial"])
            try await world.pass(.seconds(5))
            #expect(try await world.ask(get("/")).status == 200)
            #expect(world.health.map(\.change.state) == ["Initial", "Healthy"])
            let became = try #require(world.health.last?.at)
            #expect(became > .seconds(4) && became < .milliseconds(4100))
        }
    }

    @Test func `a server that a zone does not know yet is initial whatever the others found`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pods = try (1...2).map { try Pod(simulation, $0) }
            world.apply(Self.checked([pods[0].address]), zones: World.zones)
            try await world.pass(.seconds(10))
            #expect(world.dataPlane.health(loadBalancer: "alb-1").map(\.state) == ["Healthy"])
            world.apply(Self.checked(pods.map(\.address), version: 2), zones: ["zone-a"])
            try await world.pass(.seconds(10))
            #expect(world.dataPlane.health(loadBalancer: "alb-1").map(\.state) == ["Healthy", "Initial"])
            world.apply(Self.checked(pods.map(\.address), version: 2), zones: ["zone-b"])
            try await world.pass(.seconds(10))
            #expect(world.dataPlane.health(loadBalancer: "alb-1").map(\.state) == ["Healthy", "Healthy"])
        }
    }

    @Test func `an unhealthy server gets none, all of them get it when none is healthy`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let isBad = Mutex([false, false])
            let pods = try (1...2).map { number in
                try Pod(simulation, number) { _ in
                    PodAnswer(status: isBad.withLock { $0[number - 1] } ? 500 : 200)
                }
            }
            world.apply(Self.checked(pods.map(\.address)))
            try await world.pass(.seconds(10))
            isBad.withLock { $0[0] = true }
            try await world.pass(.seconds(10))
            for _ in 0..<4 { #expect(try await world.ask(get("/")).pod == "10.0.0.2") }
            #expect(world.health.last?.change.reason == "RESPONSE_MISMATCH")
            isBad.withLock { $0[1] = true }
            try await world.pass(.seconds(10))
            var seen: Set<String> = []
            for _ in 0..<4 { seen.insert(try await world.ask(get("/")).pod) }
            #expect(seen == ["10.0.0.1", "10.0.0.2"])
            #expect(world.dataPlane.health(loadBalancer: "alb-1").map(\.state) == ["Unhealthy", "Unhealthy"])
        }
    }

    @Test func `the reason says how a check failed`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let silent = try Pod(simulation, 1) { _ in PodAnswer(delay: .seconds(100)) }
            let cutting = try Pod(simulation, 2) { _ in PodAnswer(isCut: true) }
            let refusing = try Pod(simulation, 3)
            refusing.stopListening()
            let lost = SocketAddress(ip: "10.0.0.77", port: 80)
            world.apply(Self.checked([silent.address, cutting.address, refusing.address, lost]))
            try await world.pass(.seconds(60))
            #expect(
                world.dataPlane.health(loadBalancer: "alb-1").map(\.reasonCode) == [
                    "RECV_RESPONSE_TIMEOUT", "RECV_RESPONSE_FAILED", "CONNECT_FAILED", "CONNECT_TIMEOUT",
                ]
            )
        }
    }

    @Test func `the worst zone's verdict is told and a removed server is noted`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(Self.checked([pod.address]), zones: World.zones)
            try await world.pass(.seconds(10))
            #expect(world.dataPlane.health(loadBalancer: "alb-1").map(\.state) == ["Healthy"])
            simulation.fabric.cut("alb-zone-b", "pod-1")
            try await world.pass(.seconds(60))
            #expect(world.dataPlane.health(loadBalancer: "alb-1").map(\.state) == ["Unhealthy"])
            #expect(try await world.ask(get("/")).status == 200)
            world.apply(Self.checked([], version: 2), zones: World.zones)
            #expect(world.health.suffix(2).map(\.change.state) == ["Removed", "Removed"])
        }
    }

    @Test func `turning checks on does not stop the servers that have traffic`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(
                World.configuration(listeners: [listener()], groups: [World.group("sgp-0", [pod.address])])
            )
            world.apply(Self.checked([pod.address], version: 2))
            #expect(try await world.ask(get("/")).status == 200)
        }
    }

    /// A pod goes and comes back; every check runs, or the steady ones are left out.
    private func churn(
        _ elision: DataPlaneSettings.HealthCheckElision,
        seed: UInt64
    ) throws -> (
        changes: [String], jobs: UInt64
    ) {
        let simulation = Simulation(seed: seed)
        simulation.fabric.defaultCondition = LinkCondition(latency: .microseconds(250), jitter: .zero)
        return try simulation.run {
            var settings = DataPlaneSettings()
            settings.healthCheckElision = elision
            let world = World(simulation, settings: settings)
            let isBad = Mutex([false, false])
            let pods = try (1...2).map { number in
                try Pod(simulation, number) { _ in
                    PodAnswer(status: isBad.withLock { $0[number - 1] } ? 500 : 200)
                }
            }
            world.apply(Self.checked(pods.map(\.address)), zones: World.zones)
            var random = RandomStream(seed: seed)
            for _ in 0..<20 {
                try await world.pass(random.duration(in: .milliseconds(500)...(.seconds(40))))
                let place = Int(random.next() % 2)
                isBad.withLock { $0[place].toggle() }
                world.dataPlane.serversMayHaveChanged(ip: pods[place].address.ip)
            }
            try await world.pass(.seconds(3600))
            return (
                world.health.map {
                    "\($0.at.nanoseconds) \($0.change.server) \($0.change.zone) \($0.change.state)"
                },
                simulation.jobCount
            )
        }
    }

    @Test(arguments: 1...10)
    func `leaving steady checks out changes no verdict and no instant`(seed: UInt64) throws {
        let (all, few) = (try churn(.none, seed: seed), try churn(.whileUnchanged, seed: seed))
        // Within one instant the order of independent servers is of no meaning.
        #expect(all.changes.sorted() == few.changes.sorted())
        #expect(all.changes.count > 8)
        #expect(few.jobs * 5 < all.jobs)
    }
}
