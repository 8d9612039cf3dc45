// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import Ports
import Simulation
import Synchronization
import Testing

@testable import Cluster

/// One process on a node, and a client that asks it.
private struct Stand: Sendable {
    let simulation: Simulation
    let process: ContainerProcess
    let client: HTTPClient
    let clock: any HostClock

    static func run(_ script: JSONValue, _ body: @escaping @Sendable (Stand) async throws -> Void) throws {
        let simulation = Simulation(seed: 3)
        try simulation.run {
            let node = simulation.host("node-1")
            node.network.claim(ip: "10.1.1.2")
            let process = ContainerProcess(
                host: node,
                name: "web-1",
                image: "web:1",
                script: try PodScript(script),
                random: RandomStream(seed: 1)
            )
            #expect(process.listen(on: "10.1.1.2", ports: [8080]).isEmpty)
            let host = simulation.host("client")
            try await body(
                Stand(
                    simulation: simulation,
                    process: process,
                    client: HTTPClient(host: host),
                    clock: host.clock
                )
            )
        }
    }

    func ask(_ path: String = "/", method: HTTPRequest.Method = .get, body: [UInt8] = []) async -> String {
        let request = HTTPRequest(method: method, scheme: "http", authority: "a", path: path)
        do throws(NetworkFailure) {
            let reply = try await client.send(
                request,
                body: body,
                to: Endpoint(host: "10.1.1.2", port: 8080),
                timeout: .seconds(60)
            )
            return "\(reply.status) \(String(decoding: try await reply.collect(), as: UTF8.self))"
        } catch {
            return error.description
        }
    }

    /// Asks, and does something while the answer is under way.
    func ask(while action: @escaping @Sendable () -> Void) async -> String {
        async let answer = ask()
        try? await clock.sleep(for: .seconds(1))
        action()
        return await answer
    }
}

@Suite struct ContainerProcessTests {
    @Test func `an answer names the pod and its image`() throws {
        try Stand.run([:]) { stand in
            #expect(await stand.ask() == "200 web-1\n")
            #expect(await stand.ask(method: .head) == "200 ")
            #expect(await stand.ask(method: .post, body: [1, 2, 3]) == "200 web-1\n")
        }
    }

    @Test func `an answer tells again which fields it was asked with`() throws {
        try Stand.run(["echo": ["X-Forwarded-For", "X-Missing"]]) { stand in
            var request = HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/")
            if let name = HTTPField.Name("x-forwarded-for") { request.headerFields[name] = "1.2.3.4" }
            let reply = try await stand.client.send(
                request,
                body: [],
                to: Endpoint(host: "10.1.1.2", port: 8080),
                timeout: .seconds(60)
            )
            let told = reply.head.headerFields.filter { $0.name.canonicalName.hasPrefix("echo-") }
            #expect(told.map(\.name.canonicalName) == ["echo-x-forwarded-for"])
            #expect(told.map(\.value) == ["1.2.3.4"])
        }
    }

    @Test func `a process that is killed cuts what is open and refuses what comes`() throws {
        try Stand.run(["latency": "5s"]) { stand in
            #expect(await stand.ask(while: { stand.process.kill() }) == "reset")
            #expect(await stand.ask() == "refused")
        }
    }

    @Test func `a process that drains finishes what is open and refuses what comes`() throws {
        try Stand.run(["latency": "5s", "body": "x"]) { stand in
            let drained = Mutex<Instant?>(nil)
            async let first = stand.ask {
                stand.process.drain { drained.withLock { $0 = stand.clock.now } }
            }
            try await stand.clock.sleep(for: .seconds(2))
            #expect(await stand.ask() == "refused")
            #expect(await first == "200 x")
            try await stand.clock.sleep(for: .seconds(1))
            #expect(drained.withLock { $0 } != nil)
        }
    }

    @Test func `an idle process has drained at once, its idle connections closed`() throws {
        try Stand.run([:]) { stand in
            _ = await stand.ask()
            let isDrained = Mutex(false)
            stand.process.drain { isDrained.withLock { $0 = true } }
            try await stand.clock.sleep(for: .seconds(1))
            #expect(isDrained.withLock { $0 })
            #expect(await stand.ask() == "refused")
        }
    }

    @Test func `a process that hangs answers when it goes on`() throws {
        try Stand.run(["hang": true, "paths": ["/": ["body": "never"]]]) { stand in
            let answer = await stand.ask {
                if let script = try? PodScript(["body": "late"]) { stand.process.follow(script) }
            }
            #expect(answer == "200 late")
        }
    }

    @Test func `a limited process answers one after the other`() throws {
        try Stand.run(["capacity": 2, "latency": "1ms"]) { stand in
            let start = stand.clock.now
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { _ = await stand.ask() } }
            }
            let passed = start.duration(to: stand.clock.now)
            #expect(passed > .seconds(2) && passed < .milliseconds(2_100))
        }
    }

    @Test func `a share of requests fails`() throws {
        try Stand.run(["errors": .number("0.25"), "errorStatus": 503]) { stand in
            var failures = 0
            for _ in 0..<400 where await stand.ask().hasPrefix("503") { failures += 1 }
            #expect((70...130).contains(failures))
        }
    }

    @Test func `a request costs few jobs`() throws {
        try Stand.run([:]) { stand in
            _ = await stand.ask()
            let before = stand.simulation.jobCount
            for _ in 0..<100 { _ = await stand.ask() }
            // The request's and the answer's way, the answer's delay, and what the asking task costs.
            #expect(stand.simulation.jobCount - before < 1_000)
        }
    }
}
