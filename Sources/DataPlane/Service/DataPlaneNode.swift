// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Ports
import Synchronization

/// The load balancers' presence in one zone: listens, decides, forwards.
///
/// All its state is one machine behind one lock. Every callback of the network and the clock takes the lock
/// once, feeds the machine and leaves; nothing waits, and no task is made.
final class DataPlaneNode: Sendable {
    let host: Host
    let zone: String
    private let machine: Mutex<NodeMachine>

    init(host: Host, zone: String, settings: DataPlaneSettings, cache: ListenerCache) {
        self.host = host
        self.zone = zone
        machine = Mutex(NodeMachine(host: host, zone: zone, settings: settings, cache: cache))
        machine.withLock { $0.node = self }
    }

    /// Feeds the machine.
    @inline(__always)
    func feed<Result>(_ body: (inout sending NodeMachine) -> sending Result) -> sending Result {
        machine.withLock { machine in
            machine.now = host.clock.now
            return body(&machine)
        }
    }
}

/// The node's end of a client's connection.
final class ClientHandler: ConnectionHandler {
    private let node: DataPlaneNode
    private let client: SlotID

    init(node: DataPlaneNode, client: SlotID) {
        self.node = node
        self.client = client
    }

    func opened(_ connection: any Connection) {
        node.feed { $0.clientOpened(client, connection) }
    }

    func failed(_ failure: NetworkFailure) {
        node.feed { $0.clientClosed(client) }
    }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        node.feed { $0.clientSent(frame, number: exchange, client) }
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        node.feed { $0.clientCancelled(number: exchange, client) }
    }

    func stalled(exchange: UInt64, on connection: any Connection) {
        node.feed { $0.clientStalled(number: exchange, client) }
    }

    func flowing(exchange: UInt64, on connection: any Connection) {
        node.feed { $0.clientFlows(number: exchange, client) }
    }

    func arriving(exchange: UInt64, on connection: any Connection) {
        node.feed { $0.clientArrives(number: exchange, client) }
    }

    func speaks(_ version: HTTPVersion, on connection: any Connection) {
        node.feed { $0.clientSpeaks(version, client) }
    }

    func migrated(to address: SocketAddress, on connection: any Connection) {
        node.feed { $0.clientMoved(to: address, client) }
    }

    func garbled(_ fault: MessageFault, exchange: UInt64, on connection: any Connection) {
        node.feed { $0.refuse(OwnAnswer(fault), number: exchange, client) }
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        node.feed { $0.clientClosed(client) }
    }
}

/// The node's end of a connection to a server.
final class UpstreamHandler: ConnectionHandler {
    private let node: DataPlaneNode
    private let upstream: SlotID

    init(node: DataPlaneNode, upstream: SlotID) {
        self.node = node
        self.upstream = upstream
    }

    func opened(_ connection: any Connection) {
        node.feed { $0.upstreamOpened(upstream, connection) }
    }

    func failed(_ failure: NetworkFailure) {
        node.feed { $0.upstreamFailed(upstream, failure) }
    }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        node.feed { $0.upstreamSent(frame, upstream, number: exchange) }
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        node.feed { $0.upstreamCancelled(upstream, number: exchange) }
    }

    func stalled(exchange: UInt64, on connection: any Connection) {
        node.feed { $0.upstreamStalled(upstream, isStalled: true) }
    }

    func flowing(exchange: UInt64, on connection: any Connection) {
        node.feed { $0.upstreamStalled(upstream, isStalled: false) }
    }

    func garbled(_ fault: MessageFault, exchange: UInt64, on connection: any Connection) {
        node.feed { $0.upstreamGarbled(upstream, connection) }
    }

    func draining(_ connection: any Connection) {
        node.feed { $0.upstreamDrains(upstream) }
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        node.feed { $0.upstreamClosed(upstream) }
    }
}

/// The node's end of a health check's connection.
final class CheckHandler: ConnectionHandler {
    private let node: DataPlaneNode
    private let check: SlotID
    /// Which of the check's runs this is; what a former run still hears is ignored.
    private let run: Int

    init(node: DataPlaneNode, check: SlotID, run: Int) {
        self.node = node
        self.check = check
        self.run = run
    }

    func opened(_ connection: any Connection) {
        node.feed { $0.checkOpened(check, run: run, connection) }
    }

    func failed(_ failure: NetworkFailure) {
        node.feed { $0.checkFailed(check, run: run, failure) }
    }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        node.feed { $0.checkAnswered(check, run: run, frame) }
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        node.feed { $0.checkLost(check, run: run) }
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        node.feed { $0.checkLost(check, run: run) }
    }
}

/// A listener's answer to TLS hellos: reads the certificates that are served at that moment.
final class ListenerChooser: TLSChooser {
    private let clock: any HostClock
    private let current: Mutex<CompiledListener>

    init(clock: any HostClock, listener: CompiledListener) {
        self.clock = clock
        current = Mutex(listener)
    }

    func use(_ listener: CompiledListener) {
        current.withLock { $0 = listener }
    }

    func choose(_ hello: ClientHello) -> TLSAnswer {
        current.withLock { $0 }.handshake().answer(hello, now: clock.now)
    }

    var policy: TLSPolicy { current.withLock { $0 }.handshake().policy }

    func privateKeyPEM(for chain: CertificateChain) -> String? {
        current.withLock { $0 }.configuration.certificates.first { $0.chain == chain }?.privateKeyPEM
    }
}
