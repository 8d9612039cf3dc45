// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import Traffic

@Suite struct ProbeTests {
    private func runner(_ simulation: Simulation) throws -> TrafficRunner {
        let description = TrafficDescription(
            name: "probe",
            requests: [try TrafficRequest("http://10.0.0.1/")],
            load: .once,
            requestTimeout: .seconds(3)
        )
        return try TrafficRunner(host: simulation.host("client"), description: description)
    }

    @Test func `a probe gives what its request saw`() throws {
        let simulation = Simulation(seed: 1)
        _ = try TinyServer(simulation) { request in
            .answer(HTTPResponse(status: request.head.path == "/" ? .ok : .notFound))
        }
        let records = try simulation.run {
            let runner = try runner(simulation)
            let first = await runner.probe(try TrafficRequest("http://10.0.0.1/"))
            let second = await runner.probe(try TrafficRequest("http://10.0.0.1/x"))
            return [first, second]
        }
        #expect(records.map(\.status) == [200, 404])
        #expect(records.map(\.exchange) == [1, 2])
        #expect(simulation.requestRecords.count == 2)
    }

    @Test func `a probe of a dead address ends in time`() throws {
        let simulation = Simulation(seed: 1)
        let record = try simulation.run {
            try await runner(simulation).probe(TrafficRequest("http://10.9.9.9/"))
        }
        #expect(record.outcome == "timed out" && record.latency == .seconds(3))
    }

    @Test func `a stopped traffic and a cancelled task answer stopped`() throws {
        let simulation = Simulation(seed: 1)
        _ = try TinyServer(simulation) { _ in .silence }
        let request = try TrafficRequest("http://10.0.0.1/")
        let (cancelled, stopped) = try simulation.run {
            let runner = try runner(simulation)
            let clock = simulation.host("client").clock
            let cancelled = await withTaskGroup(of: RequestRecord.self) { group in
                group.addTask { await runner.probe(request) }
                try? await clock.sleep(for: .seconds(1))
                group.cancelAll()
                return await group.next()
            }
            runner.stop()
            return (cancelled, await runner.probe(request))
        }
        #expect(cancelled?.outcome == "stopped" && cancelled?.latency == .seconds(1))
        #expect(stopped.outcome == "stopped" && stopped.latency == .zero && stopped.tries == 0)
    }

    @Test func `whoever waits for the end can be cancelled`() throws {
        let simulation = Simulation(seed: 1)
        _ = try TinyServer(simulation)
        let elapsed = try simulation.run {
            let description = TrafficDescription(
                name: "endless",
                requests: [try TrafficRequest("http://10.0.0.1/")],
                load: .every(.seconds(1))
            )
            let host = simulation.host("client")
            let runner = try TrafficRunner(host: host, description: description)
            runner.start()
            _ = try await host.clock.withLimit(.seconds(5)) { await runner.finished() }
            return simulation.start.duration(to: host.clock.now)
        }
        #expect(elapsed == .seconds(5))
    }

    @Test func `an observer of the trace may ask for figures`() throws {
        let simulation = Simulation(seed: 1)
        _ = try TinyServer(simulation)
        try simulation.run {
            let runner = try runner(simulation)
            simulation.trace.observe { _ in _ = runner.summary }
            runner.start()
            await runner.finished()
            #expect(runner.summary.answered == 1)
        }
    }
}

@Suite struct RepeatTests {
    private func digest(seed: UInt64) throws -> String {
        let simulation = Simulation(seed: seed)
        simulation.fabric.setName("shop.example", addresses: ["10.0.0.1", "10.0.0.2"])
        simulation.fabric.defaultCondition.loss = 0.01
        let servers = try (1...2).map {
            try TinyServer(simulation, name: "zone-\($0)", at: SocketAddress(ip: "10.0.0.\($0)", port: 80)) {
                request in
                request.number % 50 == 0
                    ? .reset : .answer(HTTPResponse(status: .ok), after: .milliseconds(20))
            }
        }
        let description = TrafficDescription(
            name: "shoppers",
            requests: TrafficRequest.matrix(
                scheme: .http,
                hosts: ["shop.example"],
                paths: ["/a", "/b", "/c"]
            ),
            selection: .random,
            load: .constant(perSecond: 200),
            arrivals: .poisson,
            lasting: .seconds(20),
            clients: 3
        )
        let summary = try simulation.play(description)
        #expect(summary.sent > 3000 && summary.retries > 10)
        #expect(servers.allSatisfy { !$0.requests.isEmpty })
        return simulation.trace.digestText
    }

    @Test func `one seed gives one digest and another seed another`() throws {
        let first = try digest(seed: 1)
        #expect(try digest(seed: 1) == first)
        #expect(try digest(seed: 2) != first)
    }
}

@Suite struct SpeedTests {
    @Test func `simulated requests cost microseconds`() throws {
        let simulation = Simulation(seed: 1, keepsTrace: false)
        _ = try TinyServer(simulation)
        let description = TrafficDescription(
            name: "shoppers",
            requests: [try TrafficRequest("http://10.0.0.1/")],
            load: .constant(perSecond: 1000),
            lasting: .seconds(100)
        )
        let clock = ContinuousClock()
        var summary = TrafficSummary()
        let took = try clock.measure { summary = try simulation.play(description) }
        let perSecond = Double(summary.answered) / took.inSeconds
        print(
            "\(summary.answered) requests in \(took): \(Int(perSecond)) a second, \(simulation.jobCount) jobs"
        )
        #expect(summary.answered == 100_000)
        // A bound that only a quadratic mistake breaks.
        #expect(took < .seconds(120))
    }
}
