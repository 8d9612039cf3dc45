// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Synchronization

/// A whole request on its way to the handler, and the way back.
struct ServerExchange: Sendable {
    let request: HTTPServerRequest
    let number: UInt64
    let connection: any Connection
    let owner: ServerConnection
    /// The answer, when it is known already.
    var response: HTTPServerResponse?

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
        /// Answers whose pieces are pushed.
        var feeds: [UInt64: PieceFeed] = [:]
        /// True while the head of a request is on its way.
        var isArriving = false
        /// When something came last.
        var latest = Instant(nanoseconds: 0)
        var timer: TimerID?
        var isOver = false
    }

    private let facts: ConnectionFacts
    private let prompt: PromptAnswers?
    private let arrivals: AsyncStream<ServerExchange>.Continuation
    private let clock: any HostClock
    private let limits: ServerLimits
    private let state = Mutex(State())

    init(
        facts: ConnectionFacts,
        prompt: PromptAnswers?,
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
        guard let request = whole(frame, exchange) else { return }
        let isAnswered =
            prompt?.answer(request) { [self] in deliver($0, to: request, exchange, on: connection) } ?? false
        if isAnswered { return }
        expect(request, exchange)
        arrivals.yield(
            ServerExchange(request: request, number: exchange, connection: connection, owner: self)
        )
    }

    /// The request that a frame completes.
    private func whole(_ frame: Frame, _ exchange: UInt64) -> HTTPServerRequest? {
        let isWatched = limits.patience != nil || limits.idle != nil
        if frame.isLast, case .request(let head) = frame.head,
            limits.bodyBytes.map({ frame.body.count <= $0 }) ?? true
        {
            if isWatched {
                state.withLock { state in
                    state.latest = clock.now
                    state.isArriving = false
                }
            }
            return HTTPServerRequest(head: head, body: frame.body, facts: facts)
        }
        return state.withLock { state in
            if isWatched {
                state.latest = clock.now
                state.isArriving = false
            }
            if case .request(let head) = frame.head {
                // Most requests come in one piece.
                if frame.isLast, limits.bodyBytes.map({ frame.body.count <= $0 }) ?? true {
                    let disconnection = Disconnection()
                    state.disconnections[exchange] = disconnection
                    return HTTPServerRequest(
                        head: head,
                        body: frame.body,
                        facts: facts,
                        disconnection: disconnection
                    )
                }
                state.incoming[exchange] = (head, [])
            }
            guard state.incoming[exchange] != nil else { return nil }
            state.incoming[exchange]?.body += frame.body
            var isLast = frame.isLast
            if let limit = limits.bodyBytes, let count = state.incoming[exchange]?.body.count, count > limit {
                state.incoming[exchange]?.body.removeLast(count - limit - 1)
                isLast = true  // whatever follows changes nothing
            }
            guard isLast, let (head, body) = state.incoming.removeValue(forKey: exchange) else { return nil }
            return HTTPServerRequest(head: head, body: body, facts: facts)
        }
    }

    /// A request is answered later: its handler is told when the client goes first.
    private func expect(_ request: HTTPServerRequest, _ exchange: UInt64) {
        let isOver = state.withLock { state in
            if !state.isOver { state.disconnections[exchange] = request.disconnection }
            return state.isOver
        }
        if isOver { request.disconnection.signal() }
    }

    /// Sends the answer of a prompt handler; one that comes in pieces goes the way of the others.
    private func deliver(
        _ response: HTTPServerResponse,
        to request: HTTPServerRequest,
        _ exchange: UInt64,
        on connection: any Connection
    ) {
        switch response.body {
        case .bytes(let body):
            connection.send(
                Frame(head: .response(response.head), body: body, trailers: response.trailers),
                exchange: exchange
            )
        case .feed(let feed):
            expect(request, exchange)
            send(feed, response, exchange, on: connection)
        case .stream:
            expect(request, exchange)
            arrivals.yield(
                ServerExchange(
                    request: request,
                    number: exchange,
                    connection: connection,
                    owner: self,
                    response: response
                )
            )
        }
    }

    /// Sends an answer whose pieces are pushed, as they come.
    func send(
        _ feed: PieceFeed,
        _ response: HTTPServerResponse,
        _ exchange: UInt64,
        on connection: any Connection
    ) {
        state.withLock { $0.feeds[exchange] = feed }
        connection.send(Frame(head: .response(response.head), isLast: false), exchange: exchange)
        feed.attach { [weak self, weak connection, trailers = response.trailers] piece, isLast in
            guard let connection else { return }
            if isLast {
                connection.send(Frame(trailers: trailers), exchange: exchange)
                self?.finished(exchange)
            } else {
                connection.send(Frame(body: piece, isLast: false), exchange: exchange)
            }
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
            state.feeds[exchange] = nil
            if limits.idle != nil { state.latest = clock.now }
        }
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {
        flowing(exchange: exchange, on: connection)
        state.withLock { state in
            state.incoming[exchange] = nil
            state.feeds[exchange] = nil
            return state.disconnections.removeValue(forKey: exchange)
        }?.signal()
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {
        let (gone, waiters) = state.withLock { state in
            defer {
                state.disconnections = [:]
                state.stalled = [:]
                state.feeds = [:]
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
        if let feed = state.withLock({ $0.feeds[exchange] }) { return feed.stall() }
        state.withLock { state in
            // The answer may be out already.
            guard state.disconnections[exchange] != nil, state.stalled[exchange] == nil else { return }
            state.stalled[exchange] = .some(nil)
        }
    }

    func flowing(exchange: UInt64, on connection: any Connection) {
        if let feed = state.withLock({ $0.feeds[exchange] }) { return feed.flow() }
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
