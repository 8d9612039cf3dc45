// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Live
import Ports
import Simulation
import Testing

/// A server and a client in one of the two worlds.
private struct Pair: Sendable {
    let server: Host
    let client: Host
    let ip: String

    static func run(_ arm: Arm, _ body: @escaping @Sendable (Pair) async throws -> Void) async throws {
        switch arm {
        case .simulation:
            let simulation = Simulation(seed: 1)
            try simulation.run {
                let pair = Pair(
                    server: simulation.host("server"),
                    client: simulation.host("client"),
                    ip: "10.0.0.1"
                )
                pair.server.network.claim(ip: pair.ip)
                try await body(pair)
            }
        case .live:
            try await LiveArm.run { _, host in
                try await body(Pair(server: host, client: host, ip: "127.0.0.1"))
            }
        }
    }

    /// Serves with `handler` while `body` runs.
    func serving(
        _ handler: @escaping HTTPServer.Handler,
        prompt: HTTPServer.PromptHandler? = nil,
        _ body: @escaping @Sendable (Endpoint) async throws -> Void
    ) async throws {
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let server = HTTPServer(
            host: server,
            address: SocketAddress(ip: ip, port: 0),
            prompt: prompt,
            handler: handler
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { announce.yield($0.port) } }
            for await port in ports {
                try await body(Endpoint(host: ip, port: port))
                break
            }
            group.cancelAll()
        }
    }
}

private func request(_ path: String) -> HTTPRequest {
    HTTPRequest(method: .post, scheme: "http", authority: "server", path: path)
}

private func echo(_ request: HTTPServerRequest) async -> HTTPServerResponse {
    var head = HTTPResponse(status: .ok)
    head.headerFields[.contentType] = request.head.path
    return HTTPServerResponse(head: head, body: .bytes(request.body))
}

/// One body, two arms: what holds for a host's network in simulation holds on sockets.
@Suite struct NetworkConformanceTests {
    @Test(arguments: Arm.allCases)
    func `an answer carries status, header fields and body`(_ arm: Arm) async throws {
        try await Pair.run(arm) { pair in
            try await pair.serving(echo) { endpoint in
                let client = HTTPClient(host: pair.client)
                for size in [0, 1, 70_000] {
                    let body = [UInt8](repeating: 7, count: size)
                    let reply = try await client.send(
                        request("/a?b=c"),
                        body: body,
                        to: endpoint,
                        timeout: .seconds(5)
                    )
                    #expect(reply.status == 200)
                    #expect(reply.head.headerFields[.contentType] == "/a?b=c")
                    #expect(try await reply.collect() == body)
                }
            }
        }
    }

    @Test(arguments: Arm.allCases)
    func `a connection is used again until an answer says that it ends`(_ arm: Arm) async throws {
        try await Pair.run(arm) { pair in
            try await pair.serving({ request in
                var head = HTTPResponse(status: .ok)
                if request.head.path == "/last" { head.headerFields[.connection] = "Close" }
                return HTTPServerResponse(
                    head: head,
                    body: .bytes(Array("\(request.facts.client.port)".utf8))
                )
            }) { endpoint in
                let client = HTTPClient(host: pair.client)
                var ports: [String] = []
                for path in ["/", "/last", "/", "/"] {
                    let reply = try await client.send(request(path), to: endpoint, timeout: .seconds(5))
                    ports.append(String(decoding: try await reply.collect(), as: UTF8.self))
                }
                #expect(ports[0] == ports[1])
                #expect(ports[1] != ports[2])
                #expect(ports[2] == ports[3])
            }
        }
    }

    @Test(arguments: Arm.allCases)
    func `what a server answers where it arrives is asked for on sockets only, and comes in order`(
        _ arm: Arm
    ) async throws {
        try await Pair.run(arm) { pair in
            let prompt: HTTPServer.PromptHandler = { request in
                guard request.head.path == "/quick" else { return nil }
                return HTTPServerResponse(head: HTTPResponse(status: .accepted), body: .bytes(request.body))
            }
            try await pair.serving(echo, prompt: prompt) { endpoint in
                let client = HTTPClient(host: pair.client)
                for (number, path) in ["/quick", "/slow", "/quick", "/quick", "/slow"].enumerated() {
                    let body = Array("\(number)".utf8)
                    let reply = try await client.send(
                        request(path),
                        body: body,
                        to: endpoint,
                        timeout: .seconds(5)
                    )
                    #expect(reply.status == (arm == .live && path == "/quick" ? 202 : 200))
                    #expect(try await reply.collect() == body)
                }
            }
        }
    }

    @Test(arguments: Arm.allCases)
    func `many exchanges go on at once`(_ arm: Arm) async throws {
        try await Pair.run(arm) { pair in
            try await pair.serving(echo) { endpoint in
                let client = HTTPClient(host: pair.client)
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            let body = Array("\(number)".utf8)
                            let reply = try await client.send(
                                request("/"),
                                body: body,
                                to: endpoint,
                                timeout: .seconds(5)
                            )
                            return try await reply.collect() == body
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
            }
        }
    }

    @Test(arguments: Arm.allCases)
    func `a port where nobody listens refuses`(_ arm: Arm) async throws {
        try await Pair.run(arm) { pair in
            let client = HTTPClient(host: pair.client)
            let nobody = Endpoint(host: pair.ip, port: 1)
            await #expect(throws: NetworkFailure.refused) {
                try await client.send(request("/"), to: nobody, timeout: .seconds(5))
            }
        }
    }

    @Test(arguments: Arm.allCases)
    func `an answer that does not come in time is given up`(_ arm: Arm) async throws {
        try await Pair.run(arm) { pair in
            let clock = pair.server.clock
            try await pair.serving { request in
                try? await clock.sleep(for: .milliseconds(300))
                return await echo(request)
            } _: { endpoint in
                await #expect(throws: NetworkFailure.timedOut) {
                    try await HTTPClient(host: pair.client)
                        .send(request("/"), to: endpoint, timeout: .milliseconds(30))
                }
            }
        }
    }

    @Test(arguments: Arm.allCases)
    func `a streamed body arrives in pieces, and the server learns that the client has gone`(
        _ arm: Arm
    )
        async throws
    {
        try await Pair.run(arm) { pair in
            let (gone, signal) = AsyncStream<Void>.makeStream()
            try await pair.serving { request in
                let (pieces, sender) = AsyncStream<[UInt8]>.makeStream()
                request.disconnection.onGone {
                    sender.finish()
                    signal.yield()
                }
                sender.yield([1])
                sender.yield([2])
                return HTTPServerResponse(head: HTTPResponse(status: .ok), body: .stream(pieces))
            } _: { endpoint in
                let client = HTTPClient(host: pair.client)
                var seen: [UInt8] = []
                do {
                    let reply = try await client.send(request("/"), to: endpoint, timeout: .seconds(5))
                    for try await piece in reply.body {
                        seen += piece
                        if seen.count == 2 { break }
                    }
                }
                #expect(seen == [1, 2])
                for await _ in gone { break }
            }
        }
    }
}
