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
        /// Exchanges whose client does not take what is sent, and who waits for it to.
        var stalled: [UInt64: CheckedContinuation<Void, Never>?] = [:]
        /// True while the head of a request is on its way.
        var isArriving = false
        /// When something came last.
        var latest = Instant(nanoseconds: 0)
        var timer: TimerID?
        var isOver = false
    }

    private let facts: ConnectionFacts
    private let prompt: HTTPServer.PromptHandler?
    private let arrivals: AsyncStream<ServerExchange>.Continuation
    private let clock: any HostClock
    private let limits: ServerLimits
    private let state = Mutex(State())

    init(
        facts: ConnectionFacts,
        prompt: HTTPServer.PromptHandler?,
        arrivals: AsyncStream<ServerExchange>.Continuation,
        clock: any HostClock,
        limits: ServerLimits
    ) {
        self.facts = facts
        self.prompt = prompt
        self.arrivals = arrivals
        self.clock = clock
        self.limits = limits
    }

    func opened(_ connection: any Connection) {
        guard limits.patience != nil || limits.idle != nil else { return }
        state.withLock { $0.latest = clock.now }
        watch(connection)
    }

    func failed(_ failure: NetworkFailure) {}

    func arriving(exchange: UInt64, on connection: any Connection) {
        guard limits.patience != nil else { return }
        state.withLock { state in
            state.isArriving = true
            state.latest = clock.now
        }
    }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        let isWatched = limits.patience != nil || limits.idle != nil
        if let prompt, frame.isLast, limits.bodyBytes.map({ frame.body.count <= $0 }) ?? true,
            case .request(let head) = frame.head,
            let response = prompt(HTTPServerRequest(head: head, body: frame.body, facts: facts)),
            case .bytes(let body) = response.body
        {
            if isWatched {
                state.withLock { state in
                    state.latest = clock.now
                    state.isArriving = false
                }
            }
            let answer = Frame(head: .response(response.head), body: body, trailers: response.trailers)
            return connection.send(answer, exchange: exchange)
        }
        let whole: HTTPServerRequest? = state.withLock { state in
            if isWatched {
                state.latest = clock.now
                state.isArriving = false
            }
            if case .request(let head) = frame.head { state.incoming[exchange] = (head, []) }
            guard state.incoming[exchange] != nil else { return nil }
            state.incoming[exchange]?.body += frame.body
            var isLast = frame.isLast
            if let limit = limits.bodyBytes, let count = state.incoming[exchange]?.body.count, count > limit {
                state.incoming[exchange]?.body.removeLast(count - limit - 1)
                isLast = true  // whatever follows changes nothing
            }
            guard isLast, let (head, body) = state.incoming.removeValue(forKey: exchange) else { return nil }
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
        state.withLock { state in
            state.disconnections[exchange] = nil
            state.stalled[exchange] = nil
            if limits.idle != nil { state.latest = clock.now }
        }
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        flowing(exchange: exchange, on: connection)
        state.withLock { state in
            state.incoming[exchange] = nil
            return state.disconnections.removeValue(forKey: exchange)
        }?.signal()
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        let (gone, waiters) = state.withLock { state in
            defer {
                state.disconnections = [:]
                state.stalled = [:]
                state.timer = nil
            }
            if let timer = state.timer { clock.cancel(timer) }
            state.isOver = true
            state.incoming = [:]
            let waiters = state.stalled.sorted { $0.key < $1.key }.compactMap(\.value)
            return (state.disconnections.sorted { $0.key < $1.key }.map(\.value), waiters)
        }
        for waiter in waiters { waiter.resume() }
        for disconnection in gone { disconnection.signal() }
    }

    // MARK: Clients that take little

    func stalled(exchange: UInt64, on connection: any Connection) {
        state.withLock { state in
            // The answer may be out already.
            guard state.disconnections[exchange] != nil, state.stalled[exchange] == nil else { return }
            state.stalled[exchange] = .some(nil)
        }
    }

    func flowing(exchange: UInt64, on connection: any Connection) {
        state.withLock { $0.stalled.removeValue(forKey: exchange) ?? nil }?.resume()
    }

    /// Waits until what was sent on an exchange has gone out: nothing piles up for a client that does not read.
    func waitUntilTaken(_ exchange: UInt64) async {
        guard state.withLock({ $0.stalled[exchange] != nil }) else { return }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.stalled[exchange] != nil else { return true }
                state.stalled[exchange] = .some(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    // MARK: Clients that say little

    /// Looks again when the time of a silent client is over; one timer a connection, whatever comes meanwhile.
    private func watch(_ connection: any Connection) {
        let now = clock.now
        // nil while all is well; true when a request has begun and does not go on.
        let overdue = state.withLock { state -> Bool? in
            guard !state.isOver else { return nil }
            let isWaiting = state.isArriving || !state.incoming.isEmpty
            let isBusy = !state.disconnections.isEmpty && !isWaiting
            let limit = isWaiting ? limits.patience : limits.idle
            var next = now.advanced(by: limits.idle ?? limits.patience ?? .seconds(60))
            if !isBusy, let limit {
                let end = state.latest.advanced(by: limit)
                if end <= now { return isWaiting }
                next = end
            }
            if let patience = limits.patience { next = min(next, now.advanced(by: patience)) }
            state.timer = clock.schedule(at: next) { [weak self, weak connection] in
                if let connection { self?.watch(connection) }
            }
            return nil
        }
        switch overdue {
        case true?: connection.abort()
        case false?: connection.close()
        case nil: break
        }
    }
}
