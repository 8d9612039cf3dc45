// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// Ends a connection that came while its listener went.
private final class RefusingHandler: ConnectionHandler {
    func opened(_ connection: any Connection) { connection.abort() }
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {}
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}

/// What clients do.
extension NodeMachine {
    /// A connection arrives at a listener.
    mutating func accept(_ facts: ConnectionFacts, listener id: SlotID) -> any ConnectionHandler {
        guard let listener = listeners[id], let node else { return RefusingHandler() }
        let client = clients.insert(Client(listener: listener, facts: facts))
        return ClientHandler(node: node, client: client)
    }

    mutating func clientOpened(_ id: SlotID, _ connection: any Connection) {
        guard let client = clients[id] else { return connection.abort() }
        client.connection = connection
        rest(client, id)
    }

    mutating func clientSent(_ frame: Frame, number: UInt64, _ id: SlotID) {
        guard let client = clients[id], let connection = client.connection else { return }
        guard case .request(let head) = frame.head else {
            if let exchange = client.exchanges.first(where: { $0.number == number }) {
                continueRequest(exchange.id, frame)
            }
            return
        }
        // On HTTP/2 and HTTP/3 a client may have begun this one before it learnt that the connection drains.
        guard !client.isLast || client.isMultiplexed, let version = client.listener.current else {
            // The listener is gone; others on this connection are still under way, so it lives.
            if client.isMultiplexed { connection.cancel(exchange: number) }
            return
        }
        begin(
            Arrival(
                client: client,
                clientID: id,
                connection: connection,
                number: number,
                head: head,
                frame: frame,
                version: version
            )
        )
    }

    /// The client gave one exchange up.
    mutating func clientCancelled(number: UInt64, _ id: SlotID) {
        guard let client = clients[id],
            let exchange = client.exchanges.first(where: { $0.number == number })
        else { return }
        happen(.clientGone, to: exchange.id)
        if client.exchanges.isEmpty { rest(client, id) }
    }

    /// The client has gone, or never came.
    mutating func clientClosed(_ id: SlotID) {
        guard let client = clients.remove(id) else { return }
        if let deadline = client.deadline { deadlines.remove(deadline) }
        let open = client.exchanges
        client.exchanges = []
        for exchange in open { happen(.clientGone, to: exchange.id) }
    }

    /// Nothing is under way on a connection: it waits for the next request, or ends.
    mutating func rest(_ client: Client, _ id: SlotID) {
        // A client that was asked to begin nothing more closes by itself; one that does not is closed when idle.
        if client.isLast, !client.isMultiplexed { return closeClient(id) }
        guard client.deadline == nil, let version = client.listener.current else { return }
        client.deadline = setDeadline(.client(id), after: version.compiled.idleNanoseconds)
    }

    mutating func clientIdle(_ id: SlotID) {
        clients[id]?.deadline = nil
        closeClient(id)
    }

    /// Ends a client's connection in order.
    mutating func closeClient(_ id: SlotID) {
        guard let client = clients.remove(id) else { return }
        if let deadline = client.deadline { deadlines.remove(deadline) }
        client.connection?.close()
    }
}

/// A request whose head has just come.
struct Arrival {
    let client: Client
    let clientID: SlotID
    let connection: any Connection
    let number: UInt64
    let head: HTTPRequest
    let frame: Frame
    let version: ListenerVersion
}
