// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Ports

/// One end of a simulated connection.
///
/// What is sent arrives in order. On a cut link it waits until the link is healed or patience ends. What is on its
/// way lies in the other end's inbox until the executor says that its time has come: frames are the bulk of a
/// simulation, and nothing is allocated for one.
final class SimulatedConnection: Connection, @unchecked Sendable {
    /// What arrives at an end.
    private enum Arrival {
        case frame(Frame, exchange: UInt64)
        case cancelled(exchange: UInt64)
        case draining
        case migrated(SocketAddress)
        case end(NetworkFailure)
    }

    let facts: ConnectionFacts
    private let fabric: NetworkFabric
    private let host: SimulatedHost
    @exclusivity(unchecked) private var handler: (any ConnectionHandler)?
    @exclusivity(unchecked) private var peer: SimulatedConnection?
    /// True after the other end's machine went down: what is sent is lost, and nobody says so.
    @exclusivity(unchecked) private var isPeerLost = false
    /// When the last thing sent from here arrives; nothing sent later may arrive earlier.
    @exclusivity(unchecked) private var lastArrival: Int64 = 0
    @exclusivity(unchecked) private var isClosed = false
    /// Set when this end heard of the end of the connection, or was dropped.
    @exclusivity(unchecked) private var isOver = false
    /// What arrives here next, and in `others` what comes after it: mostly nothing.
    @exclusivity(unchecked) private var first: Arrival?
    @exclusivity(unchecked) private var others: Deque<Arrival> = []
    /// Things that wait for a cut link, in order, and since when.
    @exclusivity(unchecked) private var held: [Arrival] = []
    private var heldSince: Int64 = 0
    /// What the link to the other end does, as of a version of the network.
    @exclusivity(unchecked) private var link: (state: LinkState, version: UInt64, isCut: Bool)?

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
        cross(.frame(frame, exchange: exchange))
    }

    func cancel(exchange: UInt64) {
        guard canSend else { return }
        if [.http10, .http11].contains(facts.version) { return abort() }
        cross(.cancelled(exchange: exchange))
    }

    func drain() {
        guard canSend, ![.http10, .http11].contains(facts.version) else { return }
        cross(.draining)
    }

    func migrate(to ip: String) {
        guard canSend, facts.transport == .quic, let peer else { return }
        if fabric.losesMigrations(host.state, peer.host.state) {
            // Packets from the new address reach a machine that knows nothing of the connection, and its answers
            // go to the old one.
            isPeerLost = true
            peer.isPeerLost = true
        }
        cross(.migrated(SocketAddress(ip: ip, port: facts.client.port)))
    }

    func close() {
        guard canSend else { return }
        isClosed = true
        cross(.end(.closed))
        leave()
    }

    func abort() {
        guard canSend else { return }
        isClosed = true
        held = []
        cross(.end(.reset))
        leave()
    }

    private var canSend: Bool {
        fabric.executor.assertOwnThread()
        return !isClosed && !isOver && host.isAlive
    }

    /// Carries something to the other end: in order, after the link's delay.
    ///
    /// It is made where it is kept: frames hold references, and each copy of them costs.
    @inline(__always)
    private func cross(_ arrival: @autoclosure () -> Arrival) {
        guard let peer else { return }
        guard let link = passableLink(to: peer), held.isEmpty else { return hold(arrival()) }
        lastArrival = max(fabric.executor.now.nanoseconds + fabric.delay(on: link), lastArrival)
        guard !peer.isOver else { return }
        if peer.first == nil { peer.first = arrival() } else { peer.others.append(arrival()) }
        fabric.executor.schedule(arrivalAt: lastArrival, peer)
    }

    /// What the link to the other end does; nil while nothing gets through.
    private func passableLink(to peer: SimulatedConnection) -> LinkState? {
        if isPeerLost { return nil }
        if let link, link.version == fabric.version { return link.isCut ? nil : link.state }
        let state = fabric.link(host.state, peer.host.state)
        let isCut = state.isCut || facts.transport == .quic && state.isQUICCut
        link = (state, fabric.version, isCut)
        return isCut ? nil : state
    }

    /// What is on its way the longest arrives.
    func takeNext() {
        guard let arrival = first.take() else { return }
        if !others.isEmpty { first = others.removeFirst() }
        guard host.isAlive else { return }
        if host.state.isHung {
            host.deliver { [self] in hear(arrival) }
        } else {
            hear(arrival)
        }
    }

    private func hear(_ arrival: Arrival) {
        guard !isOver, !isClosed else { return }
        switch arrival {
        case .frame(let frame, let exchange): handler?.received(frame, exchange: exchange, on: self)
        case .cancelled(let exchange): handler?.cancelled(exchange: exchange, on: self)
        case .draining: handler?.draining(self)
        case .migrated(let address): handler?.migrated(to: address, on: self)
        case .end(let reason): hear(reason)
        }
    }

    // MARK: A cut link

    /// Keeps something for a cut link, trying again as retransmission would.
    private func hold(_ arrival: Arrival) {
        held.append(arrival)
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
        guard passableLink(to: peer) != nil else {
            guard fabric.executor.now.nanoseconds - heldSince < fabric.patience.nanoseconds else {
                held = []
                hear(.timedOut)
                return
            }
            return retryLater(after: min(pause * 2, 10_000_000_000))
        }
        let arrivals = held
        held = []
        for arrival in arrivals { cross(arrival) }
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
        first = nil
        others = []
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
        isOver = true
        handler = nil
        peer = nil
        first = nil
        others = []
        held = []
    }
}
