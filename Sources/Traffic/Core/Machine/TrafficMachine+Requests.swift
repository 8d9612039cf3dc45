// SPDX-License-Identifier: Apache-2.0
import DequeModule
import HTTPTypes
import Ports

/// Requests on their way: placed on a connection, answered, lost, redirected, ended.
extension TrafficMachine {
    /// Gives a request a connection, or lets it wait for one.
    mutating func place(_ id: RequestID, _ prepared: PreparedRequest, client: Int, at now: Instant) {
        let pool = pool(client: client, origin: prepared.origin)
        if let connection = pools[pool].ready.last {
            send(id, on: connection, at: now)
        } else {
            pools[pool].waiting.append(id)
            openWhatIsNeeded(pool, client: client, origin: prepared.origin, at: now)
        }
    }

    /// Sends a request on a connection that can take one more.
    mutating func send(_ id: RequestID, on connection: ConnectionID, at now: Instant) {
        if let due = connections[connection]?.migratesAt, due <= now { migrate(connection, at: now) }
        let begun = connections.update(connection) { connection in
            connection.started += 1
            connection.active.append((connection.started, id))
            connection.idleUntil = nil
            let isFull = connection.isReady && !connection.canTakeOne
            if isFull { connection.isReady = false }
            return (
                exchange: connection.started, number: connection.number, certificate: connection.certificate,
                pool: connection.pool, isFull: isFull
            )
        }
        guard let begun else { return }
        if begun.isFull { pools[begun.pool].unready(connection) }
        let sent = requests.update(id) { request in
            request.connection = connection
            request.connectionNumber = begun.number
            request.certificate = begun.certificate
            request.exchange = begun.exchange
            request.needsNewConnection = false
            request.sentAt = now
            request.tries += 1
            return (request.prepared, request.client)
        }
        guard let (prepared, client) = sent else { return }
        var frame = prepared.frame
        if description.keepsCookies { frame = cookies.dressed(frame, client: client, host: prepared.host) }
        if description.stream != nil { frame = beginStream(id, frame, at: now) }
        act(.send(frame, exchange: begun.exchange, connection))
    }

    /// A piece of an answer came.
    mutating func received(_ frame: Frame, exchange: UInt64, on connection: ConnectionID, at now: Instant) {
        let found = connections.update(connection) { connection in
            connection.lastHeard = now
            return connection.active.first { $0.exchange == exchange }?.request
        }
        guard let id = found ?? nil else { return }
        if description.keepsCookies, case .response(let head) = frame.head, let request = requests[id] {
            cookies.take(head, client: request.client, host: request.prepared.host)
        }
        let answer = frame.head.flatMap { reading(of: $0) }
        requests.update(id) { request in
            request.hasBytes = true
            if let answer { request.answer = answer }
        }
        if answer?.closes == true { connections.update(connection) { $0.isRetired = true } }
        if description.stream != nil {
            switch takeStream(frame, id, on: connection, at: now) {
            case .open: return
            case .ended:
                connections.update(connection) { $0.end(exchange) }
                return release(connection, at: now)
            case .plain: break
            }
        }
        guard frame.isLast else { return }
        connections.update(connection) { $0.end(exchange) }
        release(connection, at: now)
        if let field = (answer ?? requests.update(id) { $0.answer } ?? nil)?.alternatives,
            let request = requests[id]
        {
            learn(field, from: request, at: now)
        }
        answered(id, at: now)
    }

    /// What the client makes of a head; nil for an answer before the answer.
    private mutating func reading(of head: MessageHead) -> AnswerReading? {
        let kept = description.keptHeaders
        return answers.value(of: head) { head in
            guard case .response(let response) = head else { return nil }
            let reading = AnswerReading(response, keeping: kept)
            return reading.isInterim ? nil : reading
        }
    }

    private mutating func answered(_ id: RequestID, at now: Instant) {
        if description.redirectLimit > 0, let request = requests[id], request.redirectsElsewhere {
            redirect(id, request, at: now)
        } else {
            end(id, requests.update(id) { $0.status } == 0 ? .malformed : .answered, at: now)
        }
    }

    private mutating func redirect(_ id: RequestID, _ request: PendingRequest, at now: Instant) {
        guard request.redirects < description.redirectLimit, origins.count < 1000 else {
            return end(id, .redirect("too many redirects"), at: now)
        }
        guard
            let next = request.prepared.request.redirected(
                to: request.answer?.location,
                status: request.status
            )
        else {
            return end(id, .redirect("redirect to nowhere"), at: now)
        }
        counts.redirects += 1
        let prepared = prepare(next)
        requests.update(id) { request in
            request.leaveConnection()
            request.prepared = prepared
            request.redirects += 1
            request.tries = 0
        }
        place(id, prepared, client: request.client, at: now)
    }

    /// The connection of these requests, the oldest first, ended.
    mutating func lost(_ ids: [RequestID], pool: Int, _ failure: NetworkFailure, at now: Instant) {
        let retried = ids.filter { mayRetry($0, failure) }
        // Backwards, because each goes to the front of the queue.
        for id in retried.reversed() {
            counts.retries += 1
            requests.update(id) { request in
                request.leaveConnection()
                request.needsNewConnection = true
            }
            pools[pool].waiting.prepend(id)
        }
        for id in ids where !retried.contains(id) { end(id, .network(failure), at: now) }
    }

    private func mayRetry(_ id: RequestID, _ failure: NetworkFailure) -> Bool {
        guard description.connections.retriesOnNewConnection, let request = requests[id] else { return false }
        let wasUsed = request.exchange > 1
        return wasUsed && request.tries == 1 && !request.hasBytes && request.prepared.isIdempotent
            && (failure == .reset || failure == .closed)
    }

    /// A client gives a request up.
    mutating func abandon(_ id: RequestID, _ outcome: RequestOutcome, at now: Instant) {
        guard let request = requests[id] else { return }
        if let connection = request.connection {
            act(.cancel(exchange: request.exchange, connection))
            giveUp(request.exchange, on: connection, sentAt: request.sentAt, at: now)
        } else {
            let pool = pool(client: request.client, origin: request.prepared.origin)
            if let place = pools[pool].waiting.firstIndex(of: id) { pools[pool].waiting.remove(at: place) }
        }
        end(id, outcome, at: now)
    }

    /// A request has ended.
    mutating func end(_ id: RequestID, _ outcome: RequestOutcome, at now: Instant) {
        if description.stream != nil, let place = requests[id]?.stream, streams[place]?.isOpen == true {
            var reason = StreamOutcome.malformed
            if case .network(let failure) = outcome { reason = .network(failure) }
            return end(id, reason, code: description.stream?.kind == .websocket ? 1006 : -1, at: now)
        }
        guard let request = requests.remove(id) else { return }
        if let deadline = request.deadline { deadlines.remove(deadline) }
        if description.stream != nil {
            streams.remove(request.stream)
            comeBack(request, at: now)
        }
        let words = outcome.words
        if case .answered = outcome {
            let latency = now.nanoseconds - request.begun.nanoseconds
            counts.addAnswer(status: request.status, nanoseconds: latency)
        } else {
            counts.addFailure(words)
        }
        act(.ended(request.ended(words, at: now), request.probe))
        tellIfDrained(at: now)
    }
}

extension PendingRequest {
    fileprivate var redirectsElsewhere: Bool {
        [301, 302, 303, 307, 308].contains(status) && answer?.location != nil
    }
}

extension TrafficRequest {
    /// What a client asks for after a redirect; nil when it leads nowhere.
    ///
    /// - Source: RFC 9110, 15.4, and that POST becomes GET after 301 and 302 as in browsers: documented.
    fileprivate func redirected(to location: String?, status: Int) -> TrafficRequest? {
        guard let location, let target = url.following(location) else { return nil }
        var next = self
        if target.host != url.host {
            next.serverName = nil
            next.headerFields.removeAll {
                ["host", "authorization", "cookie"].contains($0.name.canonicalName)
            }
        }
        next.url = target
        if (status == 303 && method != .head) || ([301, 302].contains(status) && method == .post) {
            next.method = .get
            next.body = []
        }
        return next
    }
}
