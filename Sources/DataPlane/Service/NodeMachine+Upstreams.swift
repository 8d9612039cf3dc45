// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// What servers do, and how an exchange ends.
extension NodeMachine {
    mutating func upstreamOpened(_ id: SlotID, _ connection: any Connection) {
        guard let upstream = upstreams[id] else { return connection.close() }
        upstream.connection = connection
        if upstream.isMirror { return mirrorOpened(upstream, id, connection) }
        guard let exchange = upstream.exchange else { return closeUpstream(id) }
        happen(.connected(isKept: false), to: exchange)
    }

    mutating func upstreamFailed(_ id: SlotID, _ failure: NetworkFailure) {
        guard let upstream = upstreams.remove(id), let exchange = upstream.exchange else { return }
        exchanges[exchange]?.upstream = nil
        checkSoon(upstream.backend)
        happen(.connectFailed(failure), to: exchange)
    }

    mutating func upstreamCancelled(_ id: SlotID, number: UInt64) {
        guard let upstream = upstreams[id], upstream.number == number else { return }
        upstreamClosed(id)
        upstream.connection?.close()
    }

    mutating func upstreamClosed(_ id: SlotID) {
        guard let upstream = upstreams.remove(id) else { return }
        if let deadline = upstream.deadline { deadlines.remove(deadline) }
        guard let exchange = upstream.exchange else {
            upstream.backend.idle.removeAll { $0 == id }
            return
        }
        exchanges[exchange]?.upstream = nil
        checkSoon(upstream.backend)
        happen(.serverLost, to: exchange)
    }

    /// The server takes the request more slowly than the client sends it: the client has to wait.
    mutating func upstreamStalled(_ id: SlotID, isStalled: Bool) {
        guard let exchange = upstreams[id]?.exchange.flatMap({ exchanges[$0] }) else { return }
        let connection = exchange.client.connection
        if isStalled {
            connection?.pause(exchange: exchange.number)
        } else {
            connection?.resume(exchange: exchange.number)
        }
    }

    /// What the server sent is no answer.
    mutating func upstreamGarbled(_ id: SlotID, _ connection: any Connection) {
        guard let upstream = upstreams[id], let exchange = upstream.exchange else {
            return connection.abort()
        }
        checkSoon(upstream.backend)
        happen(.answerMalformed, to: exchange)
    }

    /// The server takes no further request on a connection.
    mutating func upstreamDrains(_ id: SlotID) {
        guard let upstream = upstreams[id] else { return }
        upstream.isLast = true
        guard upstream.exchange == nil, !upstream.isMirror else { return }
        upstream.backend.idle.removeAll { $0 == id }
        closeUpstream(id)
    }

    mutating func upstreamIdle(_ id: SlotID) {
        guard let upstream = upstreams[id] else { return }
        upstream.deadline = nil
        upstream.backend.idle.removeAll { $0 == id }
        closeUpstream(id)
    }

    /// Ends a connection to a server, in order when nothing is under way on it.
    mutating func closeUpstream(_ id: SlotID) {
        guard let upstream = upstreams.remove(id) else { return }
        if let deadline = upstream.deadline { deadlines.remove(deadline) }
        upstream.connection?.close()
    }

    // MARK: The exchange's life

    /// Feeds the exchange's machine and does what it says.
    mutating func happen(_ event: ExchangeMachine.Event, to id: SlotID) {
        guard let exchange = exchanges[id] else { return }
        switch exchange.machine.on(event) {
        case .proceed: break
        case .sendRequest:
            if case .connected(let isKept) = event { sendRequest(exchange, id, isKept: isKept) }
        case .tryNext(let answer): tryNext(exchange, id, answer)
        case .answer(let own): give(own, exchange, id)
        case .cutAnswer(let own): cut(own, exchange, id)
        case .finish:
            // After switching protocols a server may end the connection whenever it likes: that is no failure.
            let reason = if case .serverLost = event { "server ended the connection" } else { "" }
            end(exchange, id, reason: reason, canKeep: exchange.machine.isRequestWhole)
        case .giveUp:
            exchange.status = OwnAnswer.clientGone.status
            end(exchange, id, reason: OwnAnswer.clientGone.reason)
        }
    }

    mutating func exchangeExpired(_ id: SlotID) {
        guard let exchange = exchanges[id] else { return }
        exchange.deadline = nil
        if exchange.isStalled { return happen(.clientStalled, to: id) }
        if exchange.machine.isRequestWhole { checkSoon(exchange.backend) }
        happen(.deadlinePassed, to: id)
    }

    /// Chooses another server for a request that could not be brought to its first one.
    private mutating func tryNext(_ exchange: Exchange, _ id: SlotID, _ answer: OwnAnswer) {
        if let deadline = exchange.deadline { deadlines.remove(deadline) }
        exchange.deadline = nil
        // A kept connection that was dead says nothing about the server: it may be tried again.
        if answer != .serverReset { exchange.withExtras.tried.append(exchange.backend) }
        guard let next = exchange.list.choose(hash: exchange.hash, tried: exchange.tried, now: now)
        else {
            exchange.machine.nobodyLeft()
            return give(answer, exchange, id)
        }
        exchange.backend.active -= 1
        exchange.backend = next
        next.active += 1
        connect(exchange, id)
    }

    /// Gives the client an answer in place of the server's.
    private mutating func give(_ own: OwnAnswer, _ exchange: Exchange, _ id: SlotID) {
        exchange.status = own.status
        let client = exchange.client
        if let connection = client.connection, let page = pages[own] {
            var response = page.head
            if !exchange.machine.isRequestWhole { client.isLast = true }
            complete(&response, for: client, exchange.version)
            let isHead = exchange.reading.facts.method == "HEAD"
            exchange.log?.line.bodyBytes = isHead ? 0 : page.body.count
            connection.send(
                Frame(head: .response(response), body: isHead ? [] : page.body),
                exchange: exchange.number
            )
        }
        end(exchange, id, reason: own.reason)
    }

    /// The answer had begun: the client must see that it is not whole.
    private mutating func cut(_ own: OwnAnswer, _ exchange: Exchange, _ id: SlotID) {
        let client = exchange.client
        client.connection?.cancel(exchange: exchange.number)
        if !client.isMultiplexed {
            client.exchanges.removeAll { $0.id == id }
            clientClosed(client.id)
        }
        end(exchange, id, reason: own.reason)
    }

    /// Takes an exchange out: its connection to the server is kept or ended, the trace is told.
    mutating func end(_ exchange: Exchange, _ id: SlotID, reason: String, canKeep: Bool = false) {
        exchanges.remove(id)
        if let deadline = exchange.deadline { deadlines.remove(deadline) }
        exchange.backend.active -= 1
        if let upstream = exchange.upstream { release(upstream, isWhole: canKeep) }
        record(exchange, reason: reason)
        let client = exchange.client
        guard client.connection != nil else { return }
        if client.exchanges.count == 1, client.exchanges[0].id == id {
            client.exchanges.removeLast()
        } else {
            client.exchanges.removeAll { $0.id == id }
        }
        guard client.exchanges.isEmpty else { return }
        // An answer that came before the request was whole: the rest of it is not waited for.
        if !exchange.machine.isRequestWhole, !client.isMultiplexed { client.isLast = true }
        rest(client)
    }

    /// Keeps a server's connection for the next request, or ends it.
    private mutating func release(_ id: SlotID, isWhole: Bool) {
        guard let upstream = upstreams[id] else { return }
        let backend = upstream.backend
        guard isWhole else {
            upstreams.remove(id)
            upstream.connection?.abort()
            return
        }
        guard upstream.group.configuration.isKeepaliveOn, !upstream.isLast, !backend.isRemoved,
            backend.idle.count < settings.maximumIdleUpstreams
        else { return closeUpstream(id) }
        upstream.exchange = nil
        backend.idle.append(id)
        upstream.deadline = setDeadline(.upstream(id), after: upstreamIdleNanoseconds)
    }

    private func record(_ exchange: Exchange, reason: String) {
        let latency = exchange.latency ?? exchange.began.duration(to: now)
        host.trace.record(
            ProxiedRequest(
                connection: exchange.client.connectionNumber,
                exchange: Int64(bitPattern: exchange.number),
                loadBalancer: exchange.client.listener.loadBalancer,
                zone: zone,
                listener: exchange.client.listener.label,
                version: exchange.version.version,
                rule: exchange.reading.choice.label,
                action: "forward",
                serverGroup: exchange.group.id,
                server: exchange.backend.label,
                status: exchange.status,
                upstreamStatus: exchange.upstreamStatus,
                reason: reason,
                upstreamLatency: latency
            )
        )
        log(exchange)
    }
}
