// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// A connection to a node port and the one to the pod behind it: what comes on one goes out on the other.
final class PassedConnection: ConnectionHandler {
    private struct State {
        var client: (any Connection)?
        var pod: (any Connection)?
        /// What came before the pod's side was open.
        var waiting: [(frame: Frame, exchange: UInt64)] = []
        var isOver = false
    }

    private let host: Host
    private let version: HTTPVersion
    private let target: SocketAddress?
    private let state = Mutex(State())

    /// Makes a passage; without a target it cuts what comes.
    init(host: Host, version: HTTPVersion, target: SocketAddress?) {
        self.host = host
        self.version = version
        self.target = target
    }

    func opened(_ connection: any Connection) {
        guard let target else { return connection.abort() }
        state.withLock { $0.client = connection }
        host.network.connect(
            to: target,
            options: ConnectOptions(plainVersion: version),
            handler: PodSide(passage: self)
        )
    }

    func failed(_ failure: NetworkFailure) {}

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        let pod = state.withLock { state in
            if state.pod == nil { state.waiting.append((frame, exchange)) }
            return state.pod
        }
        pod?.send(frame, exchange: exchange)
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        state.withLock { $0.pod }?.cancel(exchange: exchange)
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        let pod = state.withLock { state in
            state.isOver = true
            defer { (state.client, state.pod, state.waiting) = (nil, nil, []) }
            return state.pod
        }
        if reason == .closed { pod?.close() } else { pod?.abort() }
    }

    // MARK: The pod's side

    fileprivate func podOpened(_ connection: any Connection) {
        let waiting = state.withLock { state -> [(frame: Frame, exchange: UInt64)]? in
            guard !state.isOver else { return nil }
            state.pod = connection
            defer { state.waiting = [] }
            return state.waiting
        }
        guard let waiting else { return connection.close() }
        for (frame, exchange) in waiting { connection.send(frame, exchange: exchange) }
    }

    fileprivate func podSent(_ frame: Frame, exchange: UInt64) {
        state.withLock { $0.client }?.send(frame, exchange: exchange)
    }

    fileprivate func podCancelled(exchange: UInt64) {
        state.withLock { $0.client }?.cancel(exchange: exchange)
    }

    /// The pod's side is over, or never came up.
    fileprivate func podEnded(_ reason: NetworkFailure) {
        let client = state.withLock { state in
            state.isOver = true
            defer { (state.client, state.pod, state.waiting) = (nil, nil, []) }
            return state.client
        }
        if reason == .closed { client?.close() } else { client?.abort() }
    }
}

/// The owner of the connection to the pod.
private final class PodSide: ConnectionHandler {
    private let passage: PassedConnection

    init(passage: PassedConnection) {
        self.passage = passage
    }

    func opened(_ connection: any Connection) { passage.podOpened(connection) }
    func failed(_ failure: NetworkFailure) { passage.podEnded(failure) }
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        passage.podSent(frame, exchange: exchange)
    }
    func cancelled(exchange: UInt64, on connection: any Connection) {
        passage.podCancelled(exchange: exchange)
    }
    func closed(_ connection: any Connection, _ reason: NetworkFailure) { passage.podEnded(reason) }
}
