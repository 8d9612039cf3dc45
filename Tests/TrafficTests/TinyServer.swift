// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Synchronization
import Traffic

/// What a tiny server does with a request.
enum Reaction: Sendable {
    case answer(HTTPResponse, after: Duration = .zero)
    case answerAndClose(HTTPResponse)
    case silence
    case reset
    case close
    case half(HTTPResponse)
    case cancelExchange
}

/// An HTTP server over the network's events: one reaction for each request.
final class TinyServer: Sendable {
    struct Request: Sendable {
        let head: HTTPRequest
        let facts: ConnectionFacts
        let at: Instant
        /// Which of its connection's requests it is, from 1.
        let number: UInt64
    }

    let name: String
    private let host: Host
    private let react: @Sendable (Request) -> Reaction
    private let seen = Mutex<[Request]>([])
    private let accepted = Mutex(0)
    private let listening: any Listening

    init(
        _ simulation: Simulation,
        name: String = "server",
        at address: SocketAddress = SocketAddress(ip: "10.0.0.1", port: 80),
        transport: Transport = .tcp,
        tls: (any TLSChooser)? = nil,
        react: @escaping @Sendable (Request) -> Reaction = { _ in .answer(HTTPResponse(status: .ok)) }
    ) throws {
        self.name = name
        self.react = react
        host = simulation.host(name)
        host.network.claim(ip: address.ip)
        let target = Target()
        listening = try host.network.listen(
            on: address,
            options: ListenOptions(transport: transport, tls: tls)
        ) { _ in
            target.server?.accept() ?? TinyConnection(server: nil)
        }
        target.set(self)
    }

    /// Requests in the order in which they came.
    var requests: [Request] { seen.withLock { $0 } }
    /// How many connections there have been.
    var connectionCount: Int { accepted.withLock { $0 } }

    func stopListening() { listening.close() }

    private func accept() -> any ConnectionHandler {
        accepted.withLock { $0 += 1 }
        return TinyConnection(server: self)
    }

    func receive(_ head: HTTPRequest, exchange: UInt64, on connection: any Connection) {
        let request = Request(head: head, facts: connection.facts, at: host.clock.now, number: exchange)
        seen.withLock { $0.append(request) }
        switch react(request) {
        case .answer(let head, .zero): connection.send(Frame(head: .response(head)), exchange: exchange)
        case .answer(let head, let delay):
            host.clock.schedule(after: delay) {
                connection.send(Frame(head: .response(head)), exchange: exchange)
            }
        case .answerAndClose(let head):
            connection.send(Frame(head: .response(head)), exchange: exchange)
            connection.close()
        case .silence: break
        case .reset: connection.abort()
        case .close: connection.close()
        case .half(let head):
            connection.send(Frame(head: .response(head), isLast: false), exchange: exchange)
            connection.close()
        case .cancelExchange: connection.cancel(exchange: exchange)
        }
    }
}

/// Where the listener finds its server, which is not made yet when it begins to listen.
private final class Target: Sendable {
    private let held = Mutex<TinyServer?>(nil)
    var server: TinyServer? { held.withLock { $0 } }
    func set(_ server: TinyServer) { held.withLock { $0 = server } }
}

private final class TinyConnection: ConnectionHandler {
    private let server: TinyServer?

    init(server: TinyServer?) { self.server = server }
    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        if case .request(let head) = frame.head { server?.receive(head, exchange: exchange, on: connection) }
    }
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}

/// Shows one certificate to everybody and picks the client's first application protocol that it speaks.
struct OneCertificate: TLSChooser {
    let chain: CertificateChain
    var speaks = ["h2", "http/1.1", "h3"]

    func choose(_ hello: ClientHello) -> TLSAnswer {
        guard let common = hello.applicationProtocols.first(where: { speaks.contains($0) }) else {
            return .refuse(alert: "no_application_protocol")
        }
        return .accept(chain, applicationProtocol: common, version: "TLSv1.3")
    }
}

extension Simulation {
    /// What the trace says of requests.
    var requestRecords: [RequestRecord] {
        trace.entries.compactMap { if case .request(let record) = $0.event { record } else { nil } }
    }

    /// What the trace says of connections.
    var connectionRecords: [ConnectionRecord] {
        trace.entries.compactMap { if case .connection(let record) = $0.event { record } else { nil } }
    }

    /// Runs a traffic to its end.
    func play(_ description: TrafficDescription, for duration: Duration? = nil) throws -> TrafficSummary {
        try run { try await self.playHere(description, for: duration) }
    }

    /// Runs a traffic to its end, inside a run.
    func playHere(
        _ description: TrafficDescription,
        for duration: Duration? = nil
    ) async throws -> TrafficSummary {
        let host = host("client")
        let runner = try TrafficRunner(host: host, description: description)
        runner.start()
        if let duration {
            try await host.clock.sleep(for: duration)
            runner.stop()
        }
        await runner.finished()
        return runner.summary
    }
}

/// A hundred requests a second to one URL, unless told otherwise.
func traffic(
    _ url: String = "http://10.0.0.1/",
    _ load: LoadShape = .constant(perSecond: 100),
    _ change: (inout TrafficDescription) -> Void = { _ in }
) throws -> TrafficDescription {
    var description = TrafficDescription(name: "shoppers", requests: [try TrafficRequest(url)], load: load)
    change(&description)
    return description
}

func ok(servedBy pod: String = "tea-1") -> HTTPResponse {
    var head = HTTPResponse(status: .ok)
    if let name = HTTPField.Name("X-Served-By") { head.headerFields[name] = pod }
    return head
}
