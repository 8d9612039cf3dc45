// SPDX-License-Identifier: Apache-2.0
import Ports

/// Passes on to its traffic what happens on one connection.
final class TrafficConnection: ConnectionHandler {
    private let id: ConnectionID
    private let driver: TrafficDriver

    init(id: ConnectionID, driver: TrafficDriver) {
        self.id = id
        self.driver = driver
    }

    func opened(_ connection: any Connection) {
        driver.opened(id, connection)
    }

    func failed(_ failure: NetworkFailure) {
        driver.failed(id, failure)
    }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        driver.received(frame, exchange: exchange, on: id)
    }

    func draining(_ connection: any Connection) {
        driver.draining(id)
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        driver.cancelled(exchange: exchange, on: id)
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        driver.closed(id, reason)
    }
}
