// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Synchronization
import Testing

@testable import DataPlane

/// A network whose listeners can be given connections by hand, as sockets would give them.
private final class TappedNetwork: Network {
    private let inner: any Network
    private let accepts = Mutex<[@Sendable (ConnectionFacts) -> any ConnectionHandler]>([])

    init(_ inner: any Network) {
        self.inner = inner
    }

    func accept(_ facts: ConnectionFacts) -> (any ConnectionHandler)? {
        accepts.withLock { $0.last }?(facts)
    }

    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        accepts.withLock { $0.append(accept) }
        return try inner.listen(on: address, options: options, accept: accept)
    }

    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler) {
        inner.connect(to: address, options: options, handler: handler)
    }

    func resolve(_ name: String, _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void)
    {
        inner.resolve(name, completion)
    }

    func claim(ip: String) { inner.claim(ip: ip) }
    func release(ip: String) { inner.release(ip: ip) }
}

/// A client's connection that notes what the load balancer does with it.
private final class HandMadeConnection: Connection {
    let facts = ConnectionFacts(
        id: 1,
        client: SocketAddress(ip: "192.0.2.7", port: 4711),
        server: SocketAddress(ip: "10.1.0.1", port: 80),
        transport: .tcp,
        version: .http11,
        tls: nil
    )
    private let log = Mutex<[String]>([])

    var said: [String] { log.withLock { $0 } }

    func send(_ frame: Frame, exchange: UInt64) {
        guard case .response(let head) = frame.head else { return }
        let connection = head.headerFields[.connection] ?? ""
        log.withLock { $0.append("\(exchange): \(head.status.code) \(connection)") }
    }
    func cancel(exchange: UInt64) { log.withLock { $0.append("cancel \(exchange)") } }
    func close() { log.withLock { $0.append("close") } }
    func abort() { log.withLock { $0.append("abort") } }
}

@Suite struct ClientFaultTests {
    private func play(
        _ body: @escaping @Sendable (any ConnectionHandler, HandMadeConnection, Host) async throws -> Void
    ) throws -> (said: [String], reasons: [String]) {
        let simulation = Simulation(seed: 1)
        let connection = HandMadeConnection()
        try simulation.run {
            let pod = try Pod(simulation, 1)
            let host = simulation.host("alb")
            let network = TappedNetwork(host.network)
            let tapped = Host(
                name: host.name,
                clock: host.clock,
                network: network,
                random: host.random,
                trace: host.trace
            )
            let dataPlane = DataPlane(hosts: [("zone-a", tapped)])
            dataPlane.apply(
                World.configuration(listeners: [listener()], groups: [World.group("sgp-0", [pod.address])]),
                zone: "zone-a",
                cause: .none
            )
            let handler = try #require(network.accept(connection.facts))
            handler.opened(connection)
            try await body(handler, connection, host)
        }
        let reasons = simulation.trace.entries.compactMap { entry -> String? in
            if case .proxied(let record) = entry.event { record.reason } else { nil }
        }
        return (connection.said, reasons)
    }

    @Test func `a head that does not come whole in time is answered 408`() throws {
        let seen = try play { handler, connection, host in
            handler.arriving(exchange: 1, on: connection)
            try await host.clock.sleep(for: .seconds(59))
            #expect(connection.said.isEmpty)
            try await host.clock.sleep(for: .seconds(2))
        }
        #expect(seen.said == ["1: 408 close", "close"])
        #expect(seen.reasons == [OwnAnswer.requestTooSlow.reason])
    }

    @Test func `a connection on which nothing comes is closed without a word`() throws {
        let seen = try play { _, _, host in try await host.clock.sleep(for: .seconds(16)) }
        #expect(seen.said == ["close"])
        #expect(seen.reasons.isEmpty)
    }

    @Test(arguments: [
        (MessageFault.malformed, 400), (.fieldsTooLarge, 400), (.plainText, 400), (.targetTooLong, 414),
        (.bodyTooLarge, 413),
    ])
    func `what is no request is answered for its reason, and the connection ends`(
        _ fault: MessageFault,
        _ status: Int
    ) throws {
        let seen = try play { handler, connection, _ in
            handler.garbled(fault, exchange: 1, on: connection)
        }
        #expect(seen.said == ["1: \(status) close", "close"])
        #expect(seen.reasons == [OwnAnswer(fault).reason])
    }

    @Test func `a body that breaks the rules ends its request`() throws {
        let seen = try play { handler, connection, host in
            let head = get("/", method: .post)
            handler.received(Frame(head: .request(head), isLast: false), exchange: 1, on: connection)
            try await host.clock.sleep(for: .milliseconds(10))
            handler.garbled(.malformed, exchange: 1, on: connection)
        }
        #expect(seen.said == ["1: 400 close", "close"])
        #expect(seen.reasons == [OwnAnswer.malformed.reason])
    }
}
