// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import Traffic

@Suite struct RateTests {
    @Test func `a rate is exact for whoever serves it`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation)
        let summary = try simulation.play(traffic { $0.lasting = .seconds(60) })
        #expect(summary.sent == 6000)
        #expect(summary.count(status: 200) == 6000)
        #expect(summary.inFlight == 0)
        #expect(server.requests.count == 6000)
        let first = try #require(server.requests.first).at
        for (place, request) in server.requests.enumerated().dropFirst() {
            // A connection was open by then: all that varies is one crossing of the network.
            let off = first.duration(to: request.at) - .milliseconds(10) * place
            #expect(off > .milliseconds(-2) && off < .milliseconds(2))
        }
    }

    @Test func `an open loop does not wait for slow answers`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { _ in .answer(HTTPResponse(status: .ok), after: .seconds(2))
        }
        let summary = try simulation.play(traffic { $0.lasting = .seconds(5) })
        #expect(summary.sent == 500)
        #expect(summary.answered == 500)
        #expect(server.connectionCount > 190 && server.connectionCount < 210)
        #expect(summary.latency.quantile(perMille: 500) >= .seconds(2))
    }

    @Test func `probes come at their times and an idle world keeps no timer`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation)
        let jobs = try simulation.run {
            let summary = try await simulation.playHere(
                traffic("http://10.0.0.1/", .every(.seconds(10))),
                for: .seconds(95)
            )
            #expect(summary.sent == 10)
            let before = simulation.jobCount
            try await simulation.host("client").clock.sleep(for: .seconds(86_400))
            return simulation.jobCount - before
        }
        #expect(server.requests.count == 10)
        #expect(jobs < 10)
    }

    @Test func `a stopped traffic begins nothing more and ends what is under way`() throws {
        let simulation = Simulation(seed: 1)
        _ = try TinyServer(simulation) { _ in .answer(HTTPResponse(status: .ok), after: .seconds(1)) }
        let summary = try simulation.play(traffic(), for: .milliseconds(505))
        #expect(summary.sent == 51)
        #expect(summary.answered == 51)
        #expect(simulation.requestRecords.count == 51)
    }

    @Test func `once is once, and all requests of a matrix go out together`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation)
        let summary = try simulation.play(
            traffic("http://10.0.0.1/", .every(.seconds(1))) {
                $0.requests = TrafficRequest.matrix(
                    scheme: .http,
                    hosts: ["10.0.0.1"],
                    paths: ["/a", "/b", "/c"]
                )
                $0.selection = .all
                $0.count = 2
            }
        )
        #expect(summary.sent == 6)
        #expect(
            server.requests.map(\.head.path).sorted { ($0 ?? "") < ($1 ?? "") } == [
                "/a", "/a", "/b", "/b", "/c", "/c",
            ]
        )
    }

    @Test func `a hung client catches up with what it owes`() throws {
        let simulation = Simulation(seed: 1)
        _ = try TinyServer(simulation)
        let summary = try simulation.run {
            let other = simulation.host("other")
            other.clock.schedule(after: .seconds(1)) { simulation.setHung(true, "client") }
            other.clock.schedule(after: .seconds(3)) { simulation.setHung(false, "client") }
            return try await simulation.playHere(traffic { $0.lasting = .seconds(5) })
        }
        #expect(summary.sent == 500)
    }
}
