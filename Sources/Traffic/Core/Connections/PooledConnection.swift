// SPDX-License-Identifier: Apache-2.0
import Ports

/// Names a client's connection from its first address to its end.
typealias ConnectionID = SlotID

/// A client's connection, being opened or open.
struct PooledConnection: Sendable {
    /// One way to open it.
    struct Candidate: Sendable {
        let address: SocketAddress
        let options: ConnectOptions
    }

    let client: Int
    let origin: Int
    /// The place of its pool.
    let pool: Int
    let idleTimeout: Int64

    // Being opened.
    /// What is tried now.
    var candidate: Candidate?
    /// What is tried next, in order.
    var candidates: ArraySlice<Candidate> = []
    /// When the present try began.
    var begun: Instant
    /// The port of the HTTP/3 service that it goes to; nil for the origin's own way.
    var alternativePort: Int?

    // Open.
    var isOpen = false
    /// When its client goes on from another address; nil for connections that cannot.
    var migratesAt: Instant?
    /// How often it has done so.
    var moves = 0
    var number: Int64 = 0
    var certificate = ""
    var isMultiplexed = false
    /// How many exchanges may run at a time.
    var streams = 1
    /// How many exchanges may start in all.
    var limit = UInt64.max
    /// How many have started: the number of the latest.
    var started: UInt64 = 0
    /// Exchanges that run, the oldest first.
    var active: [(exchange: UInt64, request: RequestID)] = []
    /// True when it is in its pool's list of those that can take one more.
    var isReady = false
    /// True when it takes no more exchanges and is closed after the last.
    var isRetired = false
    var lastHeard: Instant
    /// When it will have been idle for too long; nil while it is used.
    var idleUntil: Instant?

    init(client: Int, origin: Int, pool: Int, idleTimeout: Int64, at now: Instant) {
        self.client = client
        self.origin = origin
        self.pool = pool
        self.idleTimeout = idleTimeout
        begun = now
        lastHeard = now
    }

    /// True when one more exchange may start.
    var canTakeOne: Bool { !isRetired && active.count < streams && started < limit }

    /// What comes of a connection for which nothing waits.
    struct Rest {
        /// Whether it is to stand in its pool's list from now on; nil when nothing changes.
        var becomesReady: Bool?
        /// True when it has carried its last exchange.
        var isOver = false
        /// When it will have been idle for too long; nil while it is used.
        var idleUntil: Instant?
    }

    /// Makes it ready, idle or over when nothing waits for it; one step, since this is done for every request.
    mutating func rest(at now: Instant) -> Rest {
        var rest = Rest()
        let isReady = canTakeOne
        if isReady != self.isReady { rest.becomesReady = isReady }
        self.isReady = isReady
        guard active.isEmpty else { return rest }
        if isReady {
            idleUntil = Instant(nanoseconds: now.nanoseconds + idleTimeout)
            rest.idleUntil = idleUntil
        } else {
            rest.isOver = true
        }
        return rest
    }

    /// Takes an exchange off the list.
    mutating func end(_ exchange: UInt64) {
        if let place = active.firstIndex(where: { $0.exchange == exchange }) { active.remove(at: place) }
    }
}
