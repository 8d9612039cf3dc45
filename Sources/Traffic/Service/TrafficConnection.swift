// SPDX-License-Identifier: Apache-2.0
import Ports

/// Passes on to its runner what happens on one connection.
final class TrafficConnection: ConnectionHandler {
    private let id: ConnectionID
    /// Weak, so that connections still open at the end of a world do not keep it alive.
    private weak let runner: TrafficRunner?

    init(id: ConnectionID, runner: TrafficRunner) {
        self.id = id
        self.runner = runner
    }

    func opened(_ connection: any Connection) {
        // Nobody left to use it.
        guard let runner else { return connection.close() }
        runner.opened(id, connection)
    }

    func failed(_ failure: NetworkFailure) {
        runner?.failed(id, failure)
    }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        runner?.received(frame, exchange: exchange, on: id)
    }

    func draining(_ connection: any Connection) {
        runner?.draining(id)
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        runner?.cancelled(exchange: exchange, on: id)
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        runner?.closed(id, reason)
    }
}
