// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import DataPlane

/// Clients of HTTP/1.0.
@Suite struct OldClientTests {
    private func plain(
        _ server: SocketAddress,
        _ backendProtocol: String = "HTTP"
    ) -> LoadBalancerConfiguration {
        var group = World.group("sgp-0", [server], isKeepaliveOn: true)
        group.backendProtocol = backendProtocol
        return World.configuration(version: 1, listeners: [listener()], groups: [group])
    }

    @Test func `their servers are asked in HTTP/1.0, over connections of their own`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(plain(pod.address))
            for version in [HTTPVersion.http11, .http10, .http11, .http10] {
                let caller = world.call(options: ConnectOptions(plainVersion: version))
                try await world.pass(.milliseconds(100))
                let number = caller.send(get("/"))
                try await world.pass(.milliseconds(100))
                #expect(caller.answer(number)?.status == 200)
                #expect((caller.end == .closed) == (version == .http10))
            }
            #expect(pod.versions == [.http11, .http10, .http11, .http10])
            // The one that was kept is used again, by those who may.
            #expect(pod.connections[0] == pod.connections[2])
            #expect(Set(pod.connections).count == 3)
        }
    }

    @Test func `they need not name a host`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(plain(pod.address))
            for (version, status) in [(HTTPVersion.http10, 200), (.http11, 400)] {
                let caller = world.call(options: ConnectOptions(plainVersion: version))
                try await world.pass(.milliseconds(100))
                var request = get("/")
                request.authority = nil
                let number = caller.send(request)
                try await world.pass(.milliseconds(100))
                #expect(caller.answer(number)?.status == status)
            }
            #expect(pod.requests.map(\.authority) == [nil])
        }
    }

    @Test func `servers of gRPC are asked in HTTP/2 all the same`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            world.apply(plain(pod.address, "GRPC"))
            let caller = world.call(options: ConnectOptions(plainVersion: .http10))
            try await world.pass(.milliseconds(100))
            caller.send(get("/"))
            try await world.pass(.milliseconds(100))
            #expect(pod.versions == [.http2])
        }
    }
}
