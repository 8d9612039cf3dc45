// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import Traffic

@Suite struct FailureTests {
    @Test func `nobody listens`() throws {
        let simulation = Simulation(seed: 1)
        simulation.host("server").network.claim(ip: "10.0.0.1")
        let summary = try simulation.play(traffic { $0.count = 5 })
        #expect(summary.failures == [.init(outcome: "refused", count: 5)])
        #expect(summary.connectionsFailed == 5)
        let record = try #require(simulation.requestRecords.first)
        #expect(
            record.status == 0 && record.connection == 0 && record.tries == 0 && record.outcome == "refused"
        )
        #expect(simulation.connectionRecords.allSatisfy { $0.outcome == "refused" && $0.id == 0 })
    }

    @Test func `nobody knows the name`() throws {
        let simulation = Simulation(seed: 1)
        let summary = try simulation.play(traffic("http://nowhere.example/", .once))
        #expect(summary.count(failure: "unresolved") == 1)
        #expect(simulation.connectionRecords.map(\.server) == ["nowhere.example"])
        #expect(simulation.requestRecords.map(\.host) == ["nowhere.example"])
    }

    @Test func `an address of nobody takes as long as a connection may take`() throws {
        let simulation = Simulation(seed: 1)
        let summary = try simulation.play(traffic("http://10.9.9.9/", .once))
        #expect(summary.count(failure: "timed out") == 1)
        #expect(simulation.requestRecords.map(\.latency) == [.seconds(5)])
    }

    @Test func `an answer that does not come is timed out, and later requests take another connection`()
        throws
    {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { request in
            request.head.path == "/slow" ? .silence : .answer(HTTPResponse(status: .ok))
        }
        let summary = try simulation.play(
            traffic("http://10.0.0.1/slow", .every(.seconds(2))) {
                $0.requests.append(TrafficRequest(url: RequestURL(scheme: .http, host: "10.0.0.1")))
                $0.requestTimeout = .seconds(1)
                $0.count = 4
            }
        )
        #expect(summary.count(failure: "timed out") == 2)
        #expect(summary.count(status: 200) == 2)
        // The first is lost with its request; the second answers one, and is lost with the next.
        #expect(server.connectionCount == 3)
        #expect(simulation.requestRecords.map(\.latency)[0] == .seconds(1))
    }

    @Test func `a silent http 2 server loses its connection after a timeout`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { request in
            request.number == 2 ? .silence : .answer(HTTPResponse(status: .ok))
        }
        let summary = try simulation.play(
            traffic("http://10.0.0.1/", .every(.seconds(2))) {
                $0.connections.versions = [.http2]
                $0.requestTimeout = .seconds(1)
                $0.count = 3
            }
        )
        #expect(summary.count(failure: "timed out") == 1)
        #expect(summary.answered == 2)
        #expect(server.connectionCount == 2)
    }

    @Test func `a first request that is cut is not sent again`() throws {
        for (reaction, words) in [
            (Reaction.reset, "reset"), (.close, "closed"), (.half(HTTPResponse(status: .ok)), "closed"),
        ] {
            let simulation = Simulation(seed: 1)
            let server = try TinyServer(simulation) { _ in reaction }
            let summary = try simulation.play(traffic("http://10.0.0.1/", .once))
            #expect(summary.failures == [.init(outcome: words, count: 1)])
            #expect(server.requests.count == 1)
        }
    }

    @Test func `a request that is cut on a used connection is sent once more on a new one`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { request in
            request.number == 3 ? .reset : .answer(HTTPResponse(status: .ok))
        }
        let summary = try simulation.play(traffic { $0.count = 6 })
        #expect(summary.answered == 6)
        #expect(summary.retries == 2)
        #expect(summary.sent == 6)
        #expect(server.requests.count == 8)
        #expect(simulation.requestRecords.map(\.tries).filter { $0 == 2 }.count == 2)
    }

    @Test func `what may not be sent twice is not`() throws {
        let cutThird: @Sendable (TinyServer.Request) -> Reaction = { request in
            request.number == 3 ? .close : .answer(HTTPResponse(status: .ok))
        }
        let changes: [(inout TrafficDescription) -> Void] = [
            { $0.requests[0].method = .post },
            { $0.connections.retriesOnNewConnection = false },
        ]
        for change in changes {
            let simulation = Simulation(seed: 1)
            let server = try TinyServer(simulation, react: cutThird)
            let summary = try simulation.play(
                traffic {
                    $0.count = 4
                    change(&$0)
                }
            )
            #expect(summary.failures == [.init(outcome: "closed", count: 1)])
            #expect(server.requests.count == 4)
        }
    }

    @Test func `an answer that began is not asked for again`() throws {
        let simulation = Simulation(seed: 1)
        _ = try TinyServer(simulation) { request in
            request.number == 2 ? .half(ok()) : .answer(ok())
        }
        let summary = try simulation.play(traffic { $0.count = 2 })
        #expect(summary.failures == [.init(outcome: "closed", count: 1)])
        let record = try #require(simulation.requestRecords.last)
        #expect(record.status == 200 && record.servedBy == "tea-1" && record.outcome == "closed")
    }

    @Test func `a second cut is told`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { request in
            request.at > simulation.start.advanced(by: .milliseconds(5))
                ? .reset : .answer(HTTPResponse(status: .ok))
        }
        let summary = try simulation.play(traffic { $0.count = 2 })
        #expect(summary.count(failure: "reset") == 1)
        #expect(server.requests.count == 3)
        #expect(simulation.requestRecords.last?.tries == 2)
    }

    @Test func `a server that closes an idle connection costs nothing`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { _ in .answerAndClose(HTTPResponse(status: .ok)) }
        let summary = try simulation.play(traffic { $0.count = 3 })
        #expect(summary.answered == 3 && summary.retries == 0)
        #expect(server.connectionCount == 3)
    }

    @Test func `an exchange that an http 2 server gives up fails alone`() throws {
        let simulation = Simulation(seed: 1)
        let server = try TinyServer(simulation) { request in
            request.number == 2
                ? .cancelExchange : .answer(HTTPResponse(status: .ok), after: .milliseconds(50))
        }
        let summary = try simulation.play(
            traffic {
                $0.connections.versions = [.http2]
                $0.count = 5
            }
        )
        #expect(summary.count(failure: "reset") == 1)
        #expect(summary.answered == 4)
        #expect(server.connectionCount == 1)
    }

    @Test func `a crashed server is refused and comes back`() throws {
        let simulation = Simulation(seed: 1)
        let summary = try simulation.run {
            let first = try TinyServer(simulation)
            simulation.host("other").clock.schedule(after: .milliseconds(1995)) {
                simulation.crash("server")
                first.stopListening()
            }
            simulation.host("other").clock.schedule(after: .milliseconds(2995)) {
                _ = try? TinyServer(simulation)
            }
            return try await simulation.playHere(traffic { $0.lasting = .seconds(4) })
        }
        #expect(summary.count(failure: "refused") == 100)
        #expect(summary.answered == 300)
    }
}
