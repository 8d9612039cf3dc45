// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Live
import Ports
import Simulation
import Synchronization
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

/// Answers every request with one and the same head.
private final class SameAnswer: ConnectionHandler {
    private static let head: MessageHead = {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentLength] = "5"
        return .response(head)
    }()
    private let isHead = Mutex(false)

    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        if case .request(let request) = frame.head { isHead.withLock { $0 = request.method == .head } }
        guard frame.isLast else { return }
        let body = isHead.withLock { $0 } ? [] : Array("hello".utf8)
        connection.send(Frame(head: Self.head, body: body), exchange: exchange)
    }
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}

/// Sends frames one after the other, each when the one before it has been answered, and writes down the answers.
private final class Asking: ConnectionHandler {
    private let frames: [Frame]
    private let answers = Mutex<[String]>([])
    private let done: AsyncStream<[String]>.Continuation

    init(_ frames: [Frame], done: AsyncStream<[String]>.Continuation) {
        self.frames = frames
        self.done = done
    }

    func opened(_ connection: any Connection) { connection.send(frames[0], exchange: 1) }
    func failed(_ failure: NetworkFailure) { done.yield(["\(failure)"]) }
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        let answered = answers.withLock { answers in
            if case .response(let response) = frame.head {
                answers.append("\(response.status.code) \(response.headerFields[.contentLength] ?? "") ")
            }
            answers[answers.count - 1] += String(decoding: frame.body, as: UTF8.self)
            return frame.isLast ? answers : nil
        }
        guard let answered else { return }
        if answered.count < frames.count {
            connection.send(frames[answered.count], exchange: exchange + 1)
        } else {
            done.yield(answered)
        }
    }
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) { done.finish() }
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
    func `heads that come again mean the same, and after another method something else`(
        _ arm: Arm
    ) async throws {
        try await Pair.run(arm) { pair in
            let address = SocketAddress(ip: pair.ip, port: 0)
            let listening = try pair.server.network.listen(on: address, options: ListenOptions()) { _ in
                SameAnswer()
            }
            func ask(_ method: HTTPRequest.Method) -> Frame {
                Frame(
                    head: .request(HTTPRequest(method: method, scheme: "http", authority: "a", path: "/")),
                    body: method == .post ? [1, 2, 3] : []
                )
            }
            let (get, head, post, other) = (ask(.get), ask(.head), ask(.post), ask(.get))
            let frames = [get, get, get, head, head, head, get, post, post, post, other, get, head]
            let (answers, done) = AsyncStream<[String]>.makeStream()
            pair.client.network.connect(
                to: listening.address,
                options: ConnectOptions(),
                handler: Asking(frames, done: done)
            )
            let found = await answers.first { _ in true } ?? []
            let (whole, empty) = ("200 5 hello", "200 5 ")
            let tail = [whole, whole, whole, whole, whole, whole, empty]
            #expect(found == [whole, whole, whole, empty, empty, empty] + tail)
            listening.close()
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
