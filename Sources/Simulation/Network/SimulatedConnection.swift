// SPDX-License-Identifier: Apache-2.0
import Ports

/// One end of a simulated connection.
///
/// What is sent arrives in order. On a cut link it waits until the link is healed or patience ends.
final class SimulatedConnection: Connection, @unchecked Sendable {
    let facts: ConnectionFacts
    private let fabric: NetworkFabric
    private let host: SimulatedHost
    private var handler: (any ConnectionHandler)?
    private var peer: SimulatedConnection?
    /// True after the other end's machine went down: what is sent is lost, and nobody says so.
    private var isPeerLost = false
    /// When the last thing sent from here arrives; nothing sent later may arrive earlier.
    private var lastArrival: Int64 = 0
    private var isClosed = false
    /// Set when this end heard of the end of the connection, or was dropped.
    private var isOver = false
    /// Things that wait for a cut link, in order, and since when.
    private var held: [@Sendable () -> Void] = []
    private var heldSince: Int64 = 0

    init(fabric: NetworkFabric, host: SimulatedHost, facts: ConnectionFacts) {
        self.fabric = fabric
        self.host = host
        self.facts = facts
    }

    var peerName: String { peer?.host.state.name ?? "" }

    func join(_ other: SimulatedConnection) {
        peer = other
        other.peer = self
        host.state.connections[ObjectIdentifier(self)] = self
        other.host.state.connections[ObjectIdentifier(other)] = other
    }

    func attach(_ handler: any ConnectionHandler) {
        self.handler = handler
    }

    func reportOpened() {
        handler?.opened(self)
    }

    // MARK: Connection

    func send(_ frame: Frame, exchange: UInt64) {
        guard canSend else { return }
        cross { peer in peer.handler?.received(frame, exchange: exchange, on: peer) }
    }

    func cancel(exchange: UInt64) {
        guard canSend else { return }
        if [.http10, .http11].contains(facts.version) { return abort() }
        cross { peer in peer.handler?.cancelled(exchange: exchange, on: peer) }
    }

    func drain() {
        guard canSend, ![.http10, .http11].contains(facts.version) else { return }
        cross { peer in peer.handler?.draining(peer) }
    }

    func migrate(to ip: String) {
        guard canSend, facts.transport == .quic, let peer else { return }
        if fabric.losesMigrations(host.state, peer.host.state) {
            // Packets from the new address reach a machine that knows nothing of the connection, and its answers
            // go to the old one.
            isPeerLost = true
            peer.isPeerLost = true
        }
        let address = SocketAddress(ip: ip, port: facts.client.port)
        cross { peer in peer.handler?.migrated(to: address, on: peer) }
    }

    func close() {
        guard canSend else { return }
        isClosed = true
        cross { $0.hear(.closed) }
        leave()
    }

    func abort() {
        guard canSend else { return }
        isClosed = true
        held = []
        cross { $0.hear(.reset) }
        leave()
    }

    private var canSend: Bool {
        fabric.executor.assertOwnThread()
        return !isClosed && !isOver && host.isAlive
    }

    /// Carries something to the other end: in order, after the link's delay.
    private func cross(_ action: @escaping @Sendable (SimulatedConnection) -> Void) {
        guard let peer else { return }
        guard isReachable(peer), held.isEmpty else {
            return hold { [self] in cross(action) }
        }
        let now = fabric.executor.now.nanoseconds
        let delay = fabric.delay(from: host.state, to: peer.host.state)
        lastArrival = max(now + delay, lastArrival)
        _ = fabric.executor.schedule(at: Instant(nanoseconds: lastArrival)) {
            peer.host.deliverOrDrop {
                if !peer.isOver, !peer.isClosed { action(peer) }
            }
        }
    }

    private func isReachable(_ peer: SimulatedConnection) -> Bool {
        !isPeerLost && !fabric.isCut(host.state, peer.host.state, facts.transport)
    }

    // MARK: A cut link

    /// Keeps something for a cut link, trying again as retransmission would.
    private func hold(_ action: @escaping @Sendable () -> Void) {
        held.append(action)
        guard held.count == 1 else { return }
        heldSince = fabric.executor.now.nanoseconds
        retryLater(after: 200_000_000)
    }

    private func retryLater(after pause: Int64) {
        let due = fabric.executor.now.nanoseconds + pause
        _ = fabric.executor.schedule(at: Instant(nanoseconds: due)) { [weak self] in self?.retry(pause) }
    }

    private func retry(_ pause: Int64) {
        guard !held.isEmpty, !isOver, let peer else { return }
        guard isReachable(peer) else {
            guard fabric.executor.now.nanoseconds - heldSince < fabric.patience.nanoseconds else {
                held = []
                hear(.timedOut)
                return
            }
            return retryLater(after: min(pause * 2, 10_000_000_000))
        }
        let actions = held
        held = []
        for action in actions { action() }
    }

    // MARK: The end

    /// This end learns that the connection is over.
    private func hear(_ reason: NetworkFailure) {
        guard !isOver else { return }
        let handler = handler
        leave()
        if !isClosed { handler?.closed(self, reason) }
    }

    /// This end is done with the connection.
    private func leave() {
        isOver = true
        host.state.connections[ObjectIdentifier(self)] = nil
        handler = nil
    }

    /// This end's host lost its software, or went down: the other end gets a reset, or nothing.
    func lose(silently: Bool) {
        guard !isOver else { return }
        isClosed = true
        if silently {
            // The other end finds out when it has sent something for so long that its patience ends.
            peer?.isPeerLost = true
        } else if let peer {
            let delay = fabric.delay(from: host.state, to: peer.host.state)
            let due = fabric.executor.now.advanced(by: .nanoseconds(delay))
            _ = fabric.executor.schedule(at: due) { peer.host.deliverOrDrop { peer.hear(.reset) } }
        }
        leave()
    }

    /// A middle box cuts the connection: both ends get a reset.
    func breakBothEnds() {
        let ends = [self, peer].compactMap { $0 }
        for end in ends {
            fabric.executor.enqueue { end.host.deliverOrDrop { end.hear(.reset) } }
        }
    }

    /// Lets go of everything, telling nobody: the world is over.
    func forget() {
        handler = nil
        peer = nil
        held = []
    }
}
