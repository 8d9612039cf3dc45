// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import Traffic

@Suite struct AddressTests {
    private func threeServers(_ simulation: Simulation) throws -> [TinyServer] {
        simulation.fabric.setName("shop.example", addresses: ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        return try (1...3).map {
            try TinyServer(simulation, name: "zone-\($0)", at: SocketAddress(ip: "10.0.0.\($0)", port: 80))
        }
    }

    @Test func `connections go round the addresses of a name`() throws {
        let simulation = Simulation(seed: 1)
        let servers = try threeServers(simulation)
        _ = try simulation.play(
            traffic("http://shop.example/") {
                $0.count = 30
                $0.connections.requestsPerConnection = 1
            }
        )
        #expect(servers.map(\.connectionCount) == [10, 10, 10])
    }

    @Test func `the first address depends on the seed`() throws {
        let firsts = try (1...12).map { seed in
            let simulation = Simulation(seed: UInt64(seed))
            let servers = try threeServers(simulation)
            _ = try simulation.play(traffic("http://shop.example/", .once))
            return servers.firstIndex { $0.connectionCount == 1 }
        }
        #expect(Set(firsts) == [0, 1, 2])
    }

    @Test func `a dead address fails its share unless the next one is tried`() throws {
        for (triesNext, failed) in [(false, 10), (true, 0)] {
            let simulation = Simulation(seed: 1)
            let servers = try threeServers(simulation)
            servers[1].stopListening()
            let summary = try simulation.play(
                traffic("http://shop.example/") {
                    $0.count = 30
                    $0.connections.requestsPerConnection = 1
                    $0.connections.triesNextAddress = triesNext
                }
            )
            #expect(summary.count(failure: "refused") == failed)
            #expect(simulation.connectionRecords.count { $0.outcome == "refused" } == 10)
        }
    }

    @Test func `a name is looked up again for each new connection`() throws {
        let simulation = Simulation(seed: 1)
        let servers = try threeServers(simulation)
        simulation.fabric.setName("shop.example", addresses: ["10.0.0.1"])
        _ = try simulation.run {
            simulation.host("other").clock.schedule(after: .milliseconds(95)) {
                simulation.fabric.setName("shop.example", addresses: ["10.0.0.3"])
            }
            return try await simulation.playHere(
                traffic("http://shop.example/") {
                    $0.count = 20
                    $0.connections.requestsPerConnection = 1
                }
            )
        }
        #expect(servers.map(\.connectionCount) == [10, 0, 10])
    }

    @Test func `a load balancer's name is connected to while the url's host is asked for`() throws {
        let simulation = Simulation(seed: 1)
        simulation.fabric.setName("alb.example", addresses: ["10.0.0.1"])
        let server = try TinyServer(simulation, at: SocketAddress(ip: "10.0.0.1", port: 8080))
        let summary = try simulation.play(
            traffic("http://shop.example/tea", .once) {
                $0.connections.target = ConnectTarget(name: "alb.example", port: 8080)
            }
        )
        #expect(summary.answered == 1)
        #expect(server.requests.map(\.head.authority) == ["shop.example"])
        #expect(simulation.requestRecords.map(\.host) == ["shop.example"])
    }
}
