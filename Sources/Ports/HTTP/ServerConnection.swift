// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Synchronization

/// A whole request on its way to the handler, and the way back.
struct ServerExchange: Sendable {
    let request: HTTPServerRequest
    let number: UInt64
    let connection: any Connection
    let owner: ServerConnection

    func send(_ frame: Frame) {
        connection.send(frame, exchange: number)
    }
}

/// A server's end of a connection: puts requests together and passes them on.
final class ServerConnection: ConnectionHandler {
    private struct State {
        /// Requests whose last frame has not come yet.
        var incoming: [UInt64: (head: HTTPRequest, body: [UInt8])] = [:]
        var disconnections: [UInt64: Disconnection] = [:]
    }

    private let facts: ConnectionFacts
    private let arrivals: AsyncStream<ServerExchange>.Continuation
    private let state = Mutex(State())

    init(facts: ConnectionFacts, arrivals: AsyncStream<ServerExchange>.Continuation) {
        self.facts = facts
        self.arrivals = arrivals
    }

    func opened(_ connection: any Connection) {}

    func failed(_ failure: NetworkFailure) {}

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        let whole: HTTPServerRequest? = state.withLock { state in
            if case .request(let head) = frame.head { state.incoming[exchange] = (head, []) }
            state.incoming[exchange]?.body += frame.body
            guard frame.isLast, let (head, body) = state.incoming.removeValue(forKey: exchange) else {
                return nil
            }
            let disconnection = Disconnection()
            state.disconnections[exchange] = disconnection
            return HTTPServerRequest(head: head, body: body, facts: facts, disconnection: disconnection)
        }
        if let whole {
            arrivals.yield(
                ServerExchange(request: whole, number: exchange, connection: connection, owner: self)
            )
        }
    }

    /// - Source: RFC 9110, 15.5: documented.
    func garbled(_ fault: MessageFault, exchange: UInt64, on connection: any Connection) {
        cancelled(exchange: exchange, on: connection)
        let status: HTTPResponse.Status =
            switch fault {
            case .malformed, .plainText: .badRequest
            case .targetTooLong: .uriTooLong
            case .fieldsTooLarge: .requestHeaderFieldsTooLarge
            case .bodyTooLarge: .contentTooLarge
            }
        let head = HTTPResponse(status: status, headerFields: [.connection: "close"])
        connection.send(Frame(head: .response(head)), exchange: exchange)
        connection.close()
    }

    /// The answer has been sent whole.
    func finished(_ exchange: UInt64) {
        state.withLock { $0.disconnections[exchange] = nil }
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        state.withLock { state in
            state.incoming[exchange] = nil
            return state.disconnections.removeValue(forKey: exchange)
        }?.signal()
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        let gone = state.withLock { state in
            defer { state.disconnections = [:] }
            state.incoming = [:]
            return state.disconnections.sorted { $0.key < $1.key }.map(\.value)
        }
        for disconnection in gone { disconnection.signal() }
    }
}
