// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import Traffic

@Suite struct ReuseTests {
    @Test func `one connection carries all that comes one after another`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { _ in .answer(ok()) }
        _ = try simulation.play(traffic { $0.lasting = .seconds(10) })
        #expect(server.connectionCount == 1)
        let records = simulation.requestRecords
        #expect(records.map(\.exchange) == Array(1...1000))
        #expect(records.allSatisfy { $0.outcome == "answered" && $0.status == 200 && $0.servedBy == "tea-1" })
        #expect(records[0].latency > records[1].latency)
        #expect(records.allSatisfy { $0.tries == 1 })
        let connection = try #require(simulation.connectionRecords.first)
        #expect(
            connection.outcome == "open" && connection.version == "HTTP/1.1"
                && connection.server == "10.0.0.1:80"
        )
        #expect(records.allSatisfy { $0.connection == connection.id })
    }

    @Test func `each request can have a connection of its own, or share it with a few`() throws {
        for (most, expected) in [(1, 100), (3, 34)] {
            let simulation = Simulation(seed: 1)
            let server = try TinyServer(simulation)
            let summary = try simulation.play(
                traffic {
                    $0.lasting = .seconds(1)
                    $0.connections.requestsPerConnection = most
                }
            )
            #expect(server.connectionCount == expected)
            #expect(summary.answered == 100)
        }
    }

    @Test func `clients have connections of their own, and addresses`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation)
        _ = try simulation.play(
            traffic {
                $0.lasting = .seconds(1)
                $0.clients = 4
                $0.clientAddresses = ["172.16.0.1", "172.16.0.2"]
            }
        )
        #expect(server.connectionCount == 4)
        let counts = Dictionary(grouping: server.requests, by: \.facts.client.ip).mapValues(\.count)
        #expect(counts == ["172.16.0.1": 50, "172.16.0.2": 50])
    }

    @Test func `http 2 carries many exchanges on one connection`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { _ in
            .answer(HTTPResponse(status: .ok), after: .milliseconds(500))
        }
        let summary = try simulation.play(
            traffic {
                $0.lasting = .seconds(2)
                $0.connections.versions = [.http2]
            }
        )
        #expect(summary.answered == 200)
        #expect(server.connectionCount == 1)
        #expect(simulation.requestRecords.allSatisfy { $0.outcome == "answered" })
    }

    @Test func `a server that says close is not sent another request there`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { _ in
            var head = HTTPResponse(status: .ok)
            head.headerFields[.connection] = "close"
            return .answer(head)
        }
        let summary = try simulation.play(traffic { $0.lasting = .milliseconds(100) })
        #expect(summary.answered == 10)
        #expect(server.connectionCount == 10)
    }

    @Test func `an idle connection is closed after a while, and not by everybody at once`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation)
        _ = try simulation.play(
            traffic("http://10.0.0.1/", .every(.seconds(100))) { $0.count = 3 }
        )
        #expect(server.connectionCount == 3)
        let other = Simulation(seed: 1)
        let kept = try TinyServer(other)
        _ = try other.play(traffic("http://10.0.0.1/", .every(.seconds(50))) { $0.count = 3 })
        #expect(kept.connectionCount == 1)
    }

    @Test func `a bound on connections makes requests wait for one another`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { _ in
            .answer(HTTPResponse(status: .ok), after: .milliseconds(100))
        }
        let summary = try simulation.play(
            traffic {
                $0.count = 20
                $0.connections.connectionsPerClient = 2
            }
        )
        #expect(server.connectionCount == 2)
        #expect(summary.answered == 20)
        #expect(summary.latency.longest > .milliseconds(800))
    }
}
