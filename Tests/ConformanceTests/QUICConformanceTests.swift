// SPDX-License-Identifier: Apache-2.0
import Certificates
import HTTPTypes
import Live
import Ports
import Simulation
import Synchronization
import Testing

/// Shows one certificate to whoever asks for its name.
private struct OneCertificate: TLSChooser {
    let name: String
    let certificate: IssuedCertificate

    func choose(_ hello: ClientHello) -> TLSAnswer {
        guard hello.serverName == name, hello.applicationProtocols.contains("h3") else {
            return .refuse(alert: "unrecognized_name")
        }
        return .accept(certificate.chain, applicationProtocol: "h3", version: "TLSv1.3")
    }

    func privateKeyPEM(for chain: CertificateChain) -> String? { certificate.privateKeyPEM }
}

/// What a client's connection tells, in order.
private final class EventLog: ConnectionHandler {
    enum Event: Sendable {
        case opened(any Connection)
        case failed(NetworkFailure)
        case received(Frame, exchange: UInt64)
        case cancelled(UInt64)
        case draining
        case closed(NetworkFailure)
    }

    let events: AsyncStream<Event>
    private let log: AsyncStream<Event>.Continuation
    /// True to take nothing after the head of an answer until the exchange is resumed.
    private let pausesAtHeads: Bool

    init(pausesAtHeads: Bool = false) {
        self.pausesAtHeads = pausesAtHeads
        (events, log) = AsyncStream<Event>.makeStream()
    }

    /// The next event; nil never comes.
    func next() async -> Event? {
        for await event in events { return event }
        return nil
    }

    func opened(_ connection: any Connection) { log.yield(.opened(connection)) }
    func failed(_ failure: NetworkFailure) { log.yield(.failed(failure)) }
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        if pausesAtHeads, frame.head != nil { connection.pause(exchange: exchange) }
        log.yield(.received(frame, exchange: exchange))
    }
    func cancelled(exchange: UInt64, on connection: any Connection) { log.yield(.cancelled(exchange)) }
    func draining(_ connection: any Connection) { log.yield(.draining) }
    func closed(_ connection: any Connection, _ reason: NetworkFailure) { log.yield(.closed(reason)) }
}

/// A server that sends more than a reader takes who pauses, and tells when it is to wait and to go on.
private final class EagerServer: ConnectionHandler {
    static let pieces = 60
    static let piece = [UInt8](repeating: 7, count: 16 * 1024)

    let stalls: AsyncStream<Bool>
    private let stall: AsyncStream<Bool>.Continuation

    init() { (stalls, stall) = AsyncStream<Bool>.makeStream() }

    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        guard frame.head != nil else { return }
        let head = HTTPResponse(status: .ok)
        connection.send(Frame(head: .response(head), isLast: false), exchange: exchange)
        for number in 1...Self.pieces {
            connection.send(Frame(body: Self.piece, isLast: number == Self.pieces), exchange: exchange)
        }
    }
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func stalled(exchange: UInt64, on connection: any Connection) { stall.yield(true) }
    func flowing(exchange: UInt64, on connection: any Connection) { stall.yield(false) }
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}

/// A server and clients that speak QUIC in one of the two worlds.
private struct QUICWorld: Sendable {
    let server: Host
    let client: Host
    let ip: String
    let chooser: OneCertificate

    static func run(_ arm: Arm, _ body: @escaping @Sendable (QUICWorld) async throws -> Void) async throws {
        let certificate = try CertificateIssuer().issue(
            dnsNames: ["shop.example.com"],
            notBefore: Instant(seconds: 1_700_000_000),
            notAfter: Instant(seconds: 2_000_000_000),
            serial: 7
        )
        let chooser = OneCertificate(name: "shop.example.com", certificate: certificate)
        switch arm {
        case .simulation:
            let simulation = Simulation(seed: 1)
            try simulation.run {
                let world = QUICWorld(
                    server: simulation.host("server"),
                    client: simulation.host("client"),
                    ip: "10.0.0.1",
                    chooser: chooser
                )
                world.server.network.claim(ip: world.ip)
                try await body(world)
            }
        case .live:
            let roots = try CertificateIssuer().rootChain.pem
            try await LiveArm.run(trust: .roots(pem: roots)) { _, host in
                try await body(QUICWorld(server: host, client: host, ip: "127.0.0.1", chooser: chooser))
            }
        }
    }

    /// Serves echoes while `body` runs.
    func serving(
        _ handler: @escaping HTTPServer.Handler = Self.echo,
        _ body: @escaping @Sendable (SocketAddress) async throws -> Void
    ) async throws {
        let (addresses, announce) = AsyncStream<SocketAddress>.makeStream()
        let options = ListenOptions(transport: .quic, tls: chooser)
        let address = SocketAddress(ip: ip, port: 0)
        let server = HTTPServer(host: server, address: address, options: options, handler: handler)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { announce.yield($0) } }
            for await address in addresses {
                try await body(address)
                break
            }
            group.cancelAll()
        }
    }

    @Sendable static func echo(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = request.head.path
        head.headerFields[.server] = "\(request.head.method) \(request.head.authority ?? "-")"
        let trailers: HTTPFields = [.contentLanguage: "de"]
        return HTTPServerResponse(head: head, body: .bytes(request.body), trailers: trailers)
    }

    func connect(
        to address: SocketAddress,
        name: String = "shop.example.com",
        log: EventLog = EventLog()
    ) -> EventLog {
        let hello = ClientHello(serverName: name, applicationProtocols: ["h3"])
        let options = ConnectOptions(transport: .quic, tls: hello, timeout: .seconds(2))
        client.network.connect(to: address, options: options, handler: log)
        return log
    }

    /// The whole answer to a request, once the connection is open.
    func exchange(
        _ number: UInt64,
        body: [UInt8],
        on connection: any Connection,
        _ log: EventLog
    ) async -> (HTTPResponse?, [UInt8], HTTPFields?) {
        let head = HTTPRequest(
            method: .post,
            scheme: "https",
            authority: "shop.example.com",
            path: "/cart?\(number)"
        )
        connection.send(Frame(head: .request(head), body: body), exchange: number)
        var (seen, response): ([UInt8], HTTPResponse?) = ([], nil)
        while let event = await log.next() {
            guard case .received(let frame, number) = event else { continue }
            if case .response(let head) = frame.head { response = head }
            seen += frame.body
            if frame.isLast { return (response, seen, frame.trailers) }
        }
        return (response, seen, nil)
    }
}

#if QUIC
/// Both worlds: this build has QUIC on sockets.
private let quicArms = Arm.allCases
#else
/// The simulation alone: this build has no QUIC on sockets.
private let quicArms = [Arm.simulation]
#endif

/// One body, two arms: what holds for QUIC in simulation holds on sockets, in builds with the trait `QUIC`.
@Suite struct QUICConformanceTests {
    @Test(arguments: quicArms)
    func `an exchange carries head, body and trailers both ways, small and large`(_ arm: Arm) async throws {
        try await QUICWorld.run(arm) { world in
            try await world.serving { address in
                let log = world.connect(to: address)
                guard case .opened(let connection) = await log.next() else {
                    Issue.record("the connection did not open")
                    return
                }
                #expect(connection.facts.version == .http3)
                #expect(connection.facts.transport == .quic)
                #expect(connection.facts.tls?.applicationProtocol == "h3")
                #expect(connection.facts.tls?.serverCertificate == world.chooser.certificate.chain)
                for (number, size) in [(1, 0), (2, 1), (3, 700_000)] {
                    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                    let (head, seen, trailers) = await world.exchange(
                        UInt64(number),
                        body: body,
                        on: connection,
                        log
                    )
                    #expect(head?.status == 200)
                    #expect(head?.headerFields[.contentType] == "/cart?\(number)")
                    #expect(head?.headerFields[.server] == "POST shop.example.com")
                    #expect(seen == body)
                    #expect(trailers?[.contentLanguage] == "de")
                }
                connection.close()
            }
        }
    }

    @Test(arguments: quicArms)
    func `a name that the server has no certificate for ends the handshake`(_ arm: Arm) async throws {
        try await QUICWorld.run(arm) { world in
            try await world.serving { address in
                let log = world.connect(to: address, name: "other.example.com")
                guard case .failed(.tlsAlert) = await log.next() else {
                    Issue.record("the handshake was not refused")
                    return
                }
            }
        }
    }

    @Test(arguments: quicArms)
    func `a port where nobody listens gives the client up after its time`(_ arm: Arm) async throws {
        try await QUICWorld.run(arm) { world in
            let nobody = SocketAddress(ip: world.ip, port: 9)
            let log = world.connect(to: nobody)
            guard case .failed = await log.next() else {
                Issue.record("the connection did not fail")
                return
            }
        }
    }

    @Test(arguments: quicArms)
    func `a cancelled exchange leaves the others alone`(_ arm: Arm) async throws {
        try await QUICWorld.run(arm) { world in
            let clock = world.server.clock
            try await world.serving { request in
                if request.head.path == "/slow" { try? await clock.sleep(for: .seconds(1)) }
                return await QUICWorld.echo(request)
            } _: { address in
                let log = world.connect(to: address)
                guard case .opened(let connection) = await log.next() else {
                    Issue.record("the connection did not open")
                    return
                }
                let slow = HTTPRequest(
                    method: .get,
                    scheme: "https",
                    authority: "shop.example.com",
                    path: "/slow"
                )
                connection.send(Frame(head: .request(slow)), exchange: 1)
                connection.cancel(exchange: 1)
                let (head, seen, _) = await world.exchange(2, body: [1, 2], on: connection, log)
                #expect(head?.status == 200)
                #expect(seen == [1, 2])
                connection.abort()
            }
        }
    }

    #if QUIC
    @Test func `a reader that pauses holds its server back, and gets everything when it goes on`()
        async throws
    {
        try await QUICWorld.run(.live) { world in
            let server = EagerServer()
            let listening = try world.server.network.listen(
                on: SocketAddress(ip: world.ip, port: 0),
                options: ListenOptions(transport: .quic, tls: world.chooser)
            ) { _ in server }
            defer { listening.close() }
            let log = world.connect(to: listening.address, log: EventLog(pausesAtHeads: true))
            guard case .opened(let connection) = await log.next() else {
                Issue.record("the connection did not open")
                return
            }
            let request = HTTPRequest(
                method: .get,
                scheme: "https",
                authority: "shop.example.com",
                path: "/"
            )
            connection.send(Frame(head: .request(request)), exchange: 1)
            var news = server.stalls.makeAsyncIterator()
            #expect(await news.next() == true)
            guard case .received(let first, _) = await log.next() else {
                Issue.record("no answer began")
                return
            }
            connection.resume(exchange: 1)
            let whole = EagerServer.pieces * EagerServer.piece.count
            var seen = first.body.count
            while seen < whole, case .received(let frame, _) = await log.next() { seen += frame.body.count }
            #expect(seen == whole)
            #expect(await news.next() == false)
            connection.close()
        }
    }

    @Test func `a port can be listened on again while an old connection goes on`() async throws {
        try await QUICWorld.run(.live) { world in
            let options = ListenOptions(transport: .quic, tls: world.chooser)
            let place = Mutex(SocketAddress(ip: world.ip, port: 0))
            try await world.serving { address in
                place.withLock { $0 = address }
                let log = world.connect(to: address)
                guard case .opened(let old) = await log.next() else {
                    Issue.record("the connection did not open")
                    return
                }
                #expect(throws: NetworkFailure.refused) {
                    try world.server.network.listen(on: address, options: options) { _ in EventLog() }
                }
                let (head, _, _) = await world.exchange(1, body: [1], on: old, log)
                #expect(head?.status == 200)
            }
            let again = try world.server.network.listen(on: place.withLock { $0 }, options: options) { _ in
                EventLog()
            }
            #expect(again.address == place.withLock { $0 })
            again.close()
        }
    }
    #else
    @Test func `a build without QUIC says how to get one with it`() async throws {
        try await QUICWorld.run(.live) { world in
            let options = ListenOptions(transport: .quic, tls: world.chooser)
            let failure = #expect(throws: NetworkFailure.self) {
                try world.server.network.listen(on: SocketAddress(ip: world.ip, port: 0), options: options) {
                    _ in
                    EventLog()
                }
            }
            #expect(failure?.description.contains("--traits QUIC") == true)
        }
    }
    #endif
}
