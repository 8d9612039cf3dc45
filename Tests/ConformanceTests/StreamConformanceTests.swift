// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import DataPlane
import HTTPTypes
import Live
import Ports
import Simulation
import Testing

/// One end of a connection whose pieces a test takes one by one.
private final class Wire: ConnectionHandler {
    let frames: AsyncStream<Frame>
    private let arrived: AsyncStream<Frame>.Continuation
    let connections: AsyncStream<any Connection>
    private let opening: AsyncStream<any Connection>.Continuation
    /// What a server does with each piece; nil at clients, whose tests take them from `frames`.
    private let answer: (@Sendable (Frame, UInt64, any Connection) -> Void)?

    init(answer: (@Sendable (Frame, UInt64, any Connection) -> Void)? = nil) {
        (frames, arrived) = AsyncStream<Frame>.makeStream()
        (connections, opening) = AsyncStream<any Connection>.makeStream()
        self.answer = answer
    }

    func opened(_ connection: any Connection) { opening.yield(connection) }
    func failed(_ failure: NetworkFailure) {
        opening.finish()
        arrived.finish()
    }
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        if let answer { answer(frame, exchange, connection) } else { arrived.yield(frame) }
    }
    func cancelled(exchange: UInt64, on connection: any Connection) { arrived.finish() }
    func closed(_ connection: any Connection, _ reason: NetworkFailure) { arrived.finish() }
}

/// A load balancer with one listener before one server, in one of the two worlds.
private struct StreamWorld: Sendable {
    let host: Host
    let client: Host
    let ip: String
    let podIP: String
    let port: Int

    static func run(_ arm: Arm, _ body: @escaping @Sendable (StreamWorld) async throws -> Void) async throws {
        switch arm {
        case .simulation:
            let simulation = Simulation(seed: 1)
            try simulation.run {
                let host = simulation.host("alb")
                host.network.claim(ip: "10.0.0.1")
                try await body(
                    StreamWorld(
                        host: host,
                        client: simulation.host("client"),
                        ip: "10.1.0.1",
                        podIP: "10.0.0.1",
                        port: 8000
                    )
                )
            }
        case .live:
            try await LiveArm.run { network, host in
                let port = try LiveArm.freePort(network)
                try await body(
                    StreamWorld(host: host, client: host, ip: "127.0.0.1", podIP: "127.0.0.1", port: port)
                )
            }
        }
    }

    /// Serves a listener that forwards everything to a server while `body` has a client's connection to it.
    func serve(
        isSecure: Bool,
        backend: String,
        answer: @escaping @Sendable (Frame, UInt64, any Connection) -> Void,
        _ body: @escaping @Sendable (any Connection, AsyncStream<Frame>) async throws -> Void
    ) async throws {
        var options = ListenOptions()
        options.allowsTunnels = true
        let server = try host.network.listen(
            on: SocketAddress(ip: podIP, port: 0),
            options: options
        ) { _ in Wire(answer: answer) }
        defer { server.close() }
        let dataPlane = DataPlane(hosts: [(zone: "zone-a", host: host)])
        dataPlane.apply(try configuration(server.address, isSecure, backend), zone: "zone-a", cause: .none)
        let wire = Wire()
        let hello = ClientHello(serverName: "cafe.example.com", applicationProtocols: ["h2"])
        client.network.connect(
            to: SocketAddress(ip: ip, port: port),
            options: ConnectOptions(tls: isSecure ? hello : nil),
            handler: wire
        )
        var opened = wire.connections.makeAsyncIterator()
        let connection = try #require(await opened.next(), "the load balancer takes no connection")
        try await body(connection, wire.frames)
        connection.close()
        dataPlane.remove(loadBalancer: "alb-1", zone: "zone-a", cause: .none)
    }

    private func configuration(
        _ server: SocketAddress,
        _ isSecure: Bool,
        _ backend: String
    ) throws -> LoadBalancerConfiguration {
        let now = client.clock.now
        let issued = try CertificateIssuer(name: "Conformance").issue(
            dnsNames: ["cafe.example.com"],
            notBefore: now.advanced(by: .seconds(-60)),
            notAfter: now.advanced(by: .seconds(86_400)),
            serial: 1
        )
        let certificate = ListenerCertificate(
            id: "1",
            chain: issued.chain,
            privateKeyPEM: issued.privateKeyPEM,
            isDefault: true
        )
        var group = ServerGroupConfiguration(
            id: "pods",
            name: "pods",
            servers: [BackendServer(serverID: "s", address: server)]
        )
        group.backendProtocol = backend
        let listener = ListenerConfiguration(
            id: "lsn-1",
            listenerProtocol: isSecure ? .https : .http,
            port: port,
            certificates: isSecure ? [certificate] : [],
            securityPolicy: isSecure
                ? SecurityPolicy(id: "new", versions: ["TLSv1.2", "TLSv1.3"], ciphers: []) : nil,
            // Tests of one process may wait for minutes until it is their turn.
            idleTimeout: .seconds(3_600),
            requestTimeout: .seconds(3_600),
            defaultAction: .forward([WeightedGroup(serverGroup: "pods")], stickySeconds: nil)
        )
        return LoadBalancerConfiguration(
            id: "alb-1",
            version: 1,
            cause: "Test",
            dnsName: "alb-1.example",
            zones: [ZoneAddress(zone: "zone-a", address: ip)],
            listeners: [listener],
            serverGroups: ["pods": group]
        )
    }
}

@Suite struct StreamConformanceTests {
    @Test(arguments: Arm.allCases)
    func `both sides go on in another protocol after a 101`(_ arm: Arm) async throws {
        try await StreamWorld.run(arm) { world in
            try await world.serve(isSecure: false, backend: "HTTP") { frame, exchange, connection in
                if case .request(let head) = frame.head {
                    var answer = HTTPResponse(status: .switchingProtocols)
                    answer.headerFields[.upgrade] = head.headerFields[.upgrade]
                    answer.headerFields[.connection] = "Upgrade"
                    connection.send(Frame(head: .response(answer), isLast: false), exchange: exchange)
                } else {
                    connection.send(Frame(body: frame.body.reversed(), isLast: false), exchange: exchange)
                }
            } _: { connection, frames in
                var request = HTTPRequest(
                    method: .get,
                    scheme: "http",
                    authority: "cafe.example.com",
                    path: "/chat"
                )
                request.headerFields[.connection] = "Upgrade"
                request.headerFields[.upgrade] = "websocket"
                connection.send(Frame(head: .request(request), isLast: false), exchange: 1)
                var came = frames.makeAsyncIterator()
                guard case .response(let head)? = await came.next()?.head else {
                    Issue.record("no answer")
                    return
                }
                #expect(head.status == .switchingProtocols)
                #expect(head.headerFields[.upgrade] == "websocket")
                for word in [[1, 2, 3], [4, 5]] as [[UInt8]] {
                    connection.send(Frame(body: word, isLast: false), exchange: 1)
                    #expect(await came.next()?.body == word.reversed())
                }
            }
        }
    }

    @Test(arguments: Arm.allCases)
    func `a call goes both ways at once and ends with its trailers`(_ arm: Arm) async throws {
        try await StreamWorld.run(arm) { world in
            try await world.serve(isSecure: true, backend: "gRPC") { frame, exchange, connection in
                if case .request(let head) = frame.head {
                    var answer = HTTPResponse(status: .ok)
                    answer.headerFields[.contentType] = head.headerFields[.contentType]
                    answer.headerFields[.server] = head.headerFields[.te]
                    connection.send(Frame(head: .response(answer), isLast: false), exchange: exchange)
                }
                if !frame.body.isEmpty {
                    connection.send(Frame(body: frame.body.reversed(), isLast: false), exchange: exchange)
                }
                if frame.isLast, let status = HTTPField.Name("grpc-status") {
                    connection.send(Frame(trailers: [status: "0"]), exchange: exchange)
                }
            } _: { connection, frames in
                #expect(connection.facts.version == .http2)
                var request = HTTPRequest(
                    method: .post,
                    scheme: "https",
                    authority: "cafe.example.com",
                    path: "/shop.Cart/Add"
                )
                request.headerFields[.contentType] = "application/grpc"
                connection.send(Frame(head: .request(request), isLast: false), exchange: 1)
                var came = frames.makeAsyncIterator()
                guard case .response(let head)? = await came.next()?.head else {
                    Issue.record("no answer")
                    return
                }
                #expect(head.headerFields[.contentType] == "application/grpc")
                #expect(head.headerFields[.server] == "trailers", "gRPC servers insist on TE")
                for word in [[1, 2, 3], [4, 5]] as [[UInt8]] {
                    connection.send(Frame(body: word, isLast: false), exchange: 1)
                    #expect(await came.next()?.body == word.reversed())
                }
                connection.send(Frame(), exchange: 1)
                let last = await came.next()
                #expect(last?.isLast == true)
                #expect(last?.trailers.map { $0.map(\.value) } == ["0"])
            }
        }
    }

    @Test(arguments: Arm.allCases)
    func `one of many exchanges is given up and the others go on`(_ arm: Arm) async throws {
        try await StreamWorld.run(arm) { world in
            try await world.serve(isSecure: true, backend: "HTTP") { frame, exchange, connection in
                // The first waits for ever; the rest get what they sent.
                guard case .request(let head) = frame.head, head.path != "/never" else { return }
                connection.send(
                    Frame(head: .response(HTTPResponse(status: .ok)), body: Array((head.path ?? "").utf8)),
                    exchange: exchange
                )
            } _: { connection, frames in
                func ask(_ path: String, _ number: UInt64) {
                    let request = HTTPRequest(
                        method: .get,
                        scheme: "https",
                        authority: "cafe.example.com",
                        path: path
                    )
                    connection.send(Frame(head: .request(request)), exchange: number)
                }
                ask("/never", 1)
                ask("/a", 2)
                connection.cancel(exchange: 1)
                ask("/b", 3)
                var bodies: [String] = []
                var body: [UInt8] = []
                for await frame in frames {
                    body += frame.body
                    guard frame.isLast else { continue }
                    bodies.append(String(decoding: body, as: UTF8.self))
                    body = []
                    if bodies.count == 2 { break }
                }
                #expect(bodies.sorted() == ["/a", "/b"])
            }
        }
    }
}
