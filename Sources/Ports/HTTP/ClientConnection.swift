// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Synchronization

/// A connection of an `HTTPClient`'s pool.
final class ClientConnection: ConnectionHandler {
    private struct State {
        var connection: (any Connection)?
        var isOver = false
        /// What an exchange that comes too late is told.
        var failure = NetworkFailure.reset
        /// True when the server wants no further exchange here; those that are open go on.
        var isRetired = false
        var nextExchange: UInt64 = 1
        /// Exchanges that wait for the connection to open.
        var queued: [(PendingExchange, Frame)] = []
        var open: [UInt64: PendingExchange] = [:]
        var isMultiplexed = false
    }

    private let state = Mutex(State())

    /// True when it can carry no further exchange.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// True when one more exchange can start on it now.
    var canTakeOne: Bool {
        state.withLock {
            !$0.isOver && !$0.isRetired && ($0.isMultiplexed || ($0.open.isEmpty && $0.queued.isEmpty))
        }
    }

    /// Starts an exchange, at once or when the connection has opened.
    func start(_ exchange: PendingExchange, _ frame: Frame) {
        let ready: (any Connection, UInt64)? = state.withLock { state in
            guard !state.isOver else { return nil }
            guard let connection = state.connection else {
                state.queued.append((exchange, frame))
                return nil
            }
            let number = state.nextExchange
            state.nextExchange += 1
            state.open[number] = exchange
            return (connection, number)
        }
        if let (connection, number) = ready { begin(exchange, frame, number, connection) }
        let failure = state.withLock { $0.isOver ? $0.failure : nil }
        if let failure { exchange.fail(failure) }
    }

    private func begin(
        _ exchange: PendingExchange,
        _ frame: Frame,
        _ number: UInt64,
        _ connection: any Connection
    ) {
        let wanted = exchange.sent { [self] in
            let wasOpen = state.withLock { state in
                let wasOpen = state.open.removeValue(forKey: number) != nil
                // An HTTP/1 connection ends with the exchange that is given up; nobody tells this end so.
                if wasOpen, !state.isMultiplexed { state.isOver = true }
                return wasOpen
            }
            if wasOpen { connection.cancel(exchange: number) }
        }
        if wanted {
            connection.send(frame, exchange: number)
        } else {
            state.withLock { $0.open[number] = nil }
        }
    }

    func opened(_ connection: any Connection) {
        let queued = state.withLock { state in
            state.connection = connection
            state.isMultiplexed = [.http2, .http3].contains(connection.facts.version)
            defer { state.queued = [] }
            return state.queued
        }
        for (exchange, frame) in queued { start(exchange, frame) }
    }

    func failed(_ failure: NetworkFailure) {
        finish(failure)
    }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        let (pending, isDone) = state.withLock { state in
            if case .response(let head) = frame.head, !state.isMultiplexed, head.saysClose {
                state.isRetired = true
            }
            let pending = frame.isLast ? state.open.removeValue(forKey: exchange) : state.open[exchange]
            return (pending, endsIfRetired(&state))
        }
        pending?.receive(frame)
        if isDone { connection.close() }
    }

    func draining(_ connection: any Connection) {
        let isDone = state.withLock { state in
            state.isRetired = true
            return endsIfRetired(&state)
        }
        if isDone { connection.close() }
    }

    private func endsIfRetired(_ state: inout State) -> Bool {
        guard state.isRetired, state.open.isEmpty, state.queued.isEmpty, !state.isOver else { return false }
        state.isOver = true
        return true
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        state.withLock { $0.open.removeValue(forKey: exchange) }?.fail(.reset)
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        finish(reason)
    }

    private func finish(_ failure: NetworkFailure) {
        let affected = state.withLock { state in
            state.isOver = true
            state.failure = failure
            defer {
                state.queued = []
                state.open = [:]
                state.connection = nil
            }
            return state.queued.map(\.0) + state.open.sorted { $0.key < $1.key }.map(\.value)
        }
        for exchange in affected { exchange.fail(failure) }
    }
}

extension HTTPResponse {
    /// True when the server ends the connection after this answer.
    fileprivate var saysClose: Bool {
        headerFields[values: .connection].contains { value in
            value.split(separator: ",").contains { word in
                word.lowercased().filter { $0 != " " && $0 != "\t" } == "close"
            }
        }
    }
}
