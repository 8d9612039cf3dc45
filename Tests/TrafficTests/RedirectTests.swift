// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import Traffic

@Suite struct RedirectTests {
    private func redirecting(_ simulation: Simulation, _ target: String) throws -> TinyServer {
        try TinyServer(simulation) { request in
            guard request.head.path == "/old" else { return .answer(HTTPResponse(status: .ok)) }
            var head = HTTPResponse(status: .movedPermanently)
            head.headerFields[.location] = target
            return .answer(head)
        }
    }

    @Test func `a redirect is an answer like any other`() throws {
        let simulation = Simulation(seed: 1)
        _ = try redirecting(simulation, "/new")
        let summary = try simulation.play(traffic("http://10.0.0.1/old", .once))
        #expect(summary.count(status: 301) == 1)
    }

    @Test func `a redirect is followed when that is described`() throws {
        let simulation = Simulation(seed: 1)
        let server = try redirecting(simulation, "/new")
        let summary = try simulation.play(
            traffic("http://10.0.0.1/old", .once) {
                $0.redirectLimit = 3
                $0.requests[0].method = .post
            }
        )
        #expect(summary.count(status: 200) == 1 && summary.redirects == 1 && summary.sent == 1)
        #expect(server.requests.map(\.head.method) == [.post, .get])
        #expect(server.connectionCount == 1)
        #expect(simulation.requestRecords.map(\.path) == ["/new"])
    }

    @Test func `a circle of redirects ends`() throws {
        let simulation = Simulation(seed: 1)
        let server = try redirecting(simulation, "http://10.0.0.1/old")
        let summary = try simulation.play(traffic("http://10.0.0.1/old", .once) { $0.redirectLimit = 3 })
        #expect(summary.failures == [.init(outcome: "too many redirects", count: 1)])
        #expect(server.requests.count == 4)
    }
}
