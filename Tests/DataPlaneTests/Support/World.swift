// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Synchronization

@testable import DataPlane

/// How a pod answers one request.
struct PodAnswer {
    var status = 200
    var fields: HTTPFields = [:]
    var delay: Duration = .zero
    /// Cuts the connection in place of an answer.
    var isCut = false
    /// Sends the head and a part of the body, then cuts.
    var isCutInside = false
}

/// A pod: notes what it gets and answers as it is told.
final class Pod: Sendable {
    let address: SocketAddress
    private let answer: @Sendable (HTTPRequest) -> PodAnswer
    private let seen = Mutex<[(head: HTTPRequest, body: [UInt8], connection: ConnectionFacts)]>([])
    private let listening = Mutex<(any Listening)?>(nil)

    init(
        _ simulation: Simulation,
        _ number: Int,
        transport: HTTPVersion = .http11,
        answer: @escaping @Sendable (HTTPRequest) -> PodAnswer = { _ in PodAnswer() }
    ) throws {
        address = SocketAddress(ip: "10.0.0.\(number)", port: 8080)
        self.answer = answer
        let host = simulation.host("pod-\(number)")
        host.network.claim(ip: address.ip)
        let open = try host.network.listen(on: address, options: ListenOptions()) { [self] _ in
            PodConnection(pod: self, clock: host.clock)
        }
        listening.withLock { $0 = open }
    }

    var requests: [HTTPRequest] { seen.withLock { $0.map(\.head) } }
    var bodies: [String] { seen.withLock { $0.map { String(decoding: $0.body, as: UTF8.self) } } }
    var connections: [UInt64] { seen.withLock { $0.map(\.connection.id) } }
    var versions: [HTTPVersion] { seen.withLock { $0.map(\.connection.version) } }

    /// Takes no more connections.
    func stopListening() { listening.withLock { $0?.close() } }

    private final class PodConnection: ConnectionHandler {
        private let pod: Pod
        private let clock: any HostClock
        private let open = Mutex<[UInt64: (head: HTTPRequest, body: [UInt8])]>([:])

        init(pod: Pod, clock: any HostClock) {
            self.pod = pod
            self.clock = clock
        }

        func opened(_ connection: any Connection) {}
        func failed(_ failure: NetworkFailure) {}
        func cancelled(exchange: UInt64, on connection: any Connection) {}
        func closed(_ connection: any Connection, _ reason: NetworkFailure) {}

        func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
            let whole = open.withLock { open -> (head: HTTPRequest, body: [UInt8])? in
                if case .request(let head) = frame.head { open[exchange] = (head, []) }
                open[exchange]?.body += frame.body
                return frame.isLast ? open.removeValue(forKey: exchange) : nil
            }
            guard let whole else { return }
            pod.seen.withLock { $0.append((whole.head, whole.body, connection.facts)) }
            let answer = pod.answer(whole.head)
            if answer.isCut { return connection.abort() }
            let label = pod.address.ip
            clock.schedule(after: answer.delay) { [clock] in
                var response = HTTPResponse(status: .init(code: answer.status), headerFields: answer.fields)
                response.headerFields[name("X-Pod")] = label
                connection.send(
                    Frame(head: .response(response), body: Array("pod".utf8), isLast: !answer.isCutInside),
                    exchange: exchange
                )
                if answer.isCutInside { clock.schedule(after: .seconds(1)) { connection.abort() } }
            }
        }
    }
}

/// A client's connection: notes what comes back.
final class Caller: ConnectionHandler {
    struct Answer: Sendable {
        var head: HTTPResponse?
        var body: [UInt8] = []
        var isWhole = false
        var at: Instant

        var status: Int { head?.status.code ?? 0 }
        var pod: String { head?.headerFields[name("X-Pod")] ?? "" }
    }

    private struct State {
        var connection: (any Connection)?
        var failure: NetworkFailure?
        var end: NetworkFailure?
        var endedAt: Instant?
        var answers: [UInt64: Answer] = [:]
        var cancelled: Set<UInt64> = []
        var isDraining = false
        var next: UInt64 = 1
    }

    private let clock: any HostClock
    private let state = Mutex(State())

    init(_ host: Host, to address: SocketAddress, options: ConnectOptions = ConnectOptions()) {
        clock = host.clock
        host.network.connect(to: address, options: options, handler: self)
    }

    var connection: (any Connection)? { state.withLock { $0.connection } }
    var failure: NetworkFailure? { state.withLock { $0.failure } }
    var end: NetworkFailure? { state.withLock { $0.end } }
    var endedAt: Instant? { state.withLock { $0.endedAt } }
    var isDraining: Bool { state.withLock { $0.isDraining } }
    func answer(_ number: UInt64) -> Answer? { state.withLock { $0.answers[number] } }
    func isCancelled(_ number: UInt64) -> Bool { state.withLock { $0.cancelled.contains(number) } }

    /// Sends a request, whole unless told otherwise; gives the exchange's number.
    @discardableResult
    func send(_ request: HTTPRequest, body: String = "", isLast: Bool = true) -> UInt64 {
        let (number, connection) = state.withLock { state in
            defer { state.next += 1 }
            return (state.next, state.connection)
        }
        connection?.send(
            Frame(head: .request(request), body: Array(body.utf8), isLast: isLast),
            exchange: number
        )
        return number
    }

    func opened(_ connection: any Connection) { state.withLock { $0.connection = connection } }
    func failed(_ failure: NetworkFailure) { state.withLock { $0.failure = failure } }
    func draining(_ connection: any Connection) { state.withLock { $0.isDraining = true } }
    func cancelled(exchange: UInt64, on connection: any Connection) {
        state.withLock { _ = $0.cancelled.insert(exchange) }
    }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        let now = clock.now
        state.withLock { state in
            var answer = state.answers[exchange] ?? Answer(at: now)
            if case .response(let head) = frame.head { answer.head = head }
            answer.body += frame.body
            answer.isWhole = frame.isLast
            answer.at = now
            state.answers[exchange] = answer
        }
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        let now = clock.now
        state.withLock { state in
            state.end = reason
            state.endedAt = now
        }
    }
}

/// A load balancer in one or two zones, with its clients.
struct World {
    static let zones = ["zone-a", "zone-b"]
    static let addresses = ["zone-a": "10.1.0.1", "zone-b": "10.1.0.2"]

    let simulation: Simulation
    let dataPlane: DataPlane
    let client: Host

    init(_ simulation: Simulation, settings: DataPlaneSettings = DataPlaneSettings()) {
        self.simulation = simulation
        var settings = settings
        // Saves most tests a certificate.
        settings.takesPlainHTTP2 = true
        dataPlane = DataPlane(
            hosts: World.zones.map { ($0, simulation.host("alb-\($0)")) },
            settings: settings
        )
        client = simulation.host("client")
    }

    static func configuration(
        version: Int64 = 1,
        listeners: [ListenerConfiguration],
        groups: [ServerGroupConfiguration]
    ) -> LoadBalancerConfiguration {
        LoadBalancerConfiguration(
            id: "alb-1",
            version: version,
            cause: "Test",
            dnsName: "alb-1.example",
            zones: zones.map { ZoneAddress(zone: $0, address: addresses[$0] ?? "") },
            listeners: listeners,
            serverGroups: Dictionary(uniqueKeysWithValues: groups.map { ($0.id, $0) })
        )
    }

    static func group(
        _ id: String,
        _ servers: [SocketAddress],
        healthCheck: HealthCheckConfiguration? = nil,
        isKeepaliveOn: Bool = false,
        drainTimeout: Duration? = nil
    ) -> ServerGroupConfiguration {
        ServerGroupConfiguration(
            id: id,
            name: id,
            servers: servers.map { BackendServer(serverID: "eni-\($0.ip)", address: $0) },
            healthCheck: healthCheck,
            drainTimeout: drainTimeout,
            isKeepaliveOn: isKeepaliveOn
        )
    }

    func apply(_ configuration: LoadBalancerConfiguration, zones: [String] = ["zone-a"]) {
        for zone in zones { dataPlane.apply(configuration, zone: zone, cause: .none) }
    }

    func call(port: Int = 80, zone: String = "zone-a", options: ConnectOptions = ConnectOptions()) -> Caller {
        Caller(client, to: SocketAddress(ip: World.addresses[zone] ?? "", port: port), options: options)
    }

    func pass(_ duration: Duration) async throws { try await client.clock.sleep(for: duration) }

    /// Opens a connection, sends one request and waits.
    func ask(
        _ request: HTTPRequest,
        port: Int = 80,
        for limit: Duration = .seconds(1)
    ) async throws -> Caller.Answer {
        let caller = call(port: port)
        try await pass(.milliseconds(10))
        let number = caller.send(request)
        try await pass(limit)
        return caller.answer(number) ?? Caller.Answer(at: client.clock.now)
    }

    var proxied: [ProxiedRequest] {
        simulation.trace.entries.compactMap {
            if case .proxied(let record) = $0.event { record } else { nil }
        }
    }

    var health: [(at: Duration, change: HealthChange)] {
        simulation.trace.entries.compactMap { entry in
            guard case .health(let change) = entry.event else { return nil }
            return (simulation.start.duration(to: entry.at), change)
        }
    }
}
