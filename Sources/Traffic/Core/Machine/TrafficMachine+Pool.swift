// SPDX-License-Identifier: Apache-2.0
import Ports

/// Open connections: used, used again, idle, closed.
extension TrafficMachine {
    /// A connection has room: it takes requests that wait, or becomes ready, or ends.
    ///
    /// It is new when it has just been opened, which some of those that wait insist on.
    mutating func release(_ id: ConnectionID, isNew: Bool = false, at now: Instant) {
        guard let pool = connections.update(id, { $0.pool }) else { return }
        while !pools[pool].waiting.isEmpty, connections.update(id, { $0.canTakeOne && !$0.isReady }) == true,
            let request = takeWaiting(pool, isNew: isNew)
        {
            send(request, on: id, at: now)
        }
        guard let rest = connections.update(id, { $0.rest(at: now) }) else { return }
        switch rest.becomesReady {
        case true?: pools[pool].ready.append(id)
        case false?: pools[pool].unready(id)
        case nil: break
        }
        if rest.isOver { return close(id, at: now) }
        if let due = rest.idleUntil, idleAlarm.map({ due < $0 }) ?? true { setIdleAlarm(due) }
    }

    /// The first request that waits and may go on a connection.
    private mutating func takeWaiting(_ pool: Int, isNew: Bool) -> RequestID? {
        guard let first = pools[pool].waiting.first else { return nil }
        if isNew || requests[first]?.needsNewConnection != true { return pools[pool].waiting.removeFirst() }
        let place = pools[pool].waiting.firstIndex { requests[$0]?.needsNewConnection != true }
        return place.map { pools[pool].waiting.remove(at: $0) }
    }

    /// A client has given an exchange up: on HTTP/1 the connection goes with it.
    mutating func giveUp(_ exchange: UInt64, on id: ConnectionID, sentAt: Instant, at now: Instant) {
        guard let connection = connections[id] else { return }
        guard connection.isMultiplexed else { return close(id, at: now) }
        connections.update(id) { connection in
            connection.end(exchange)
            // Nothing at all came since: the other side may be gone without a word. Browsers ping then and
            // give the connection up; assumed.
            if connection.lastHeard < sentAt { connection.isRetired = true }
        }
        release(id, at: now)
    }

    /// The server wants no further exchange on a connection: it is closed after the last.
    mutating func draining(_ id: ConnectionID, at now: Instant) {
        connections.update(id) { $0.isRetired = true }
        release(id, at: now)
    }

    /// The server gave one exchange up.
    mutating func cancelled(exchange: UInt64, on id: ConnectionID, at now: Instant) {
        let found = connections.update(id) { connection in
            connection.lastHeard = now
            let request = connection.active.first { $0.exchange == exchange }?.request
            connection.end(exchange)
            return request
        }
        guard let request = found ?? nil else { return }
        release(id, at: now)
        end(request, .network(.reset), at: now)
    }

    /// A connection is over.
    mutating func closed(_ id: ConnectionID, _ reason: NetworkFailure, at now: Instant) {
        guard let connection = forget(id) else { return }
        alternativeEnded(connection, reason, at: now)
        lost(connection.active.map(\.request), pool: connection.pool, reason, at: now)
        openWhatIsNeeded(connection.pool, client: connection.client, origin: connection.origin, at: now)
    }

    /// Closes a connection that carries nothing, or whose exchange was given up; another may take its place.
    mutating func close(_ id: ConnectionID, at now: Instant) {
        guard let connection = forget(id) else { return }
        alternativeEnded(connection, .closed, at: now)
        act(.close(id))
        openWhatIsNeeded(connection.pool, client: connection.client, origin: connection.origin, at: now)
    }

    private mutating func forget(_ id: ConnectionID) -> PooledConnection? {
        guard let connection = connections.remove(id) else { return nil }
        pools[connection.pool].count -= 1
        if connection.isReady { pools[connection.pool].unready(id) }
        return connection
    }

    // MARK: Idle connections

    /// A connection may have been idle for too long.
    mutating func idleDue(at now: Instant) {
        guard let alarm = idleAlarm, alarm <= now else { return }
        idleAlarm = nil
        var next: Instant?
        for id in connections.ids {
            guard let due = connections[id]?.idleUntil else { continue }
            if due <= now { close(id, at: now) } else { next = min(next ?? due, due) }
        }
        if let next { setIdleAlarm(next) }
    }

    private mutating func setIdleAlarm(_ due: Instant) {
        idleAlarm = due
        act(.wake(.idle, due))
    }
}
