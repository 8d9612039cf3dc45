// SPDX-License-Identifier: Apache-2.0
import Ports

/// Clients that learn of HTTP/3 from answers.
///
/// - Source: RFC 7838 for the field; that a connection is opened beside the present one, that requests go over to it
///   once it is open, and that a way which does not work is left alone for five minutes is how browsers do it: seen
///   upstream.
extension TrafficMachine {
    private static let brokenFor = Duration.seconds(300)

    /// An answer told of other ways to its origin, or that there are none.
    mutating func learn(_ field: String, from request: PendingRequest, at now: Instant) {
        guard description.connections.followsAlternatives else { return }
        let origin = request.prepared.origin
        let pool = pool(client: request.client, origin: origin)
        if field == "clear" {
            if pools[pool].alternative != .used { pools[pool].alternative = .unknown }
            return
        }
        guard origins[origin].alternative != nil, let port = Self.port(field) else { return }
        switch pools[pool].alternative {
        case .opening, .used: return
        case .broken(let until) where now < until: return
        case .broken, .unknown: break
        }
        pools[pool].alternative = .opening
        pools[pool].count += 1
        var connection = PooledConnection(
            client: request.client,
            origin: origin,
            pool: pool,
            idleTimeout: drawnIdleTimeout(),
            at: now
        )
        connection.alternativePort = port
        act(.resolve(origins[origin].name, connections.insert(connection)))
    }

    /// The port of the HTTP/3 service on the same host; nil when the field tells of none.
    private static func port(_ field: String) -> Int? {
        for entry in field.split(separator: ",") {
            let service = entry.prefix { $0 != ";" }.drop { $0 == " " }
            guard service.hasPrefix("h3=\":"), service.hasSuffix("\"") else { continue }
            if let port = Int(service.dropFirst(5).dropLast()), (1...65_535).contains(port) { return port }
        }
        return nil
    }

    /// The HTTP/3 connection is open: requests go over to it, and the others end after what they carry.
    mutating func goOver(to id: ConnectionID, at now: Instant) {
        guard let pool = connections[id]?.pool else { return }
        pools[pool].alternative = .used
        for other in connections.ids where other != id {
            guard let connection = connections[other], connection.pool == pool, connection.isOpen,
                connection.alternativePort == nil
            else { continue }
            connections.update(other) { $0.isRetired = true }
            release(other, at: now)
        }
    }

    /// The HTTP/3 connection could not be opened: nobody waits for it, and it is not tried again soon.
    mutating func alternativeFailed(_ id: ConnectionID, at now: Instant) {
        guard let connection = connections.remove(id) else { return }
        counts.connectionsFailed += 1
        pools[connection.pool].count -= 1
        pools[connection.pool].alternative = .broken(until: now.advanced(by: Self.brokenFor))
    }

    /// The HTTP/3 connection is over: requests go the origin's own way until an answer tells of another.
    mutating func alternativeEnded(_ connection: PooledConnection, _ reason: NetworkFailure, at now: Instant)
    {
        guard connection.alternativePort != nil else { return }
        pools[connection.pool].alternative =
            reason == .closed ? .unknown : .broken(until: now.advanced(by: Self.brokenFor))
    }

    // MARK: Moving clients

    /// The client has another address from now on, and its connection goes with it.
    mutating func migrate(_ id: ConnectionID, at now: Instant) {
        guard let pause = description.connections.migratesAfter, let connection = connections[id] else {
            return
        }
        connections.update(id) { connection in
            connection.moves += 1
            connection.migratesAt = now.advanced(by: pause)
        }
        if let ip = localIP(of: connection.client + connection.moves + 1) { act(.migrate(ip, id)) }
    }
}
