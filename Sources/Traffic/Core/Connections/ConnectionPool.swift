// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Ports

/// One client's connections with one origin, and the requests that wait for one.
struct ConnectionPool: Sendable {
    /// Open connections that can take one more exchange; the latest used is used next, as clients do.
    var ready: [ConnectionID] = []
    /// Requests without a connection, the oldest first.
    var waiting: Deque<RequestID> = []
    /// How many connections are being opened.
    var opening = 0
    /// How many connections there are, opening ones included.
    var count = 0
    /// What is known of HTTP/3 there.
    var alternative = Alternative.unknown
    /// Which of a name's addresses is next; begins at a random place.
    var nextAddress: Int

    /// A client's way to an origin's HTTP/3 service.
    enum Alternative: Sendable, Hashable {
        /// Nobody told of one.
        case unknown
        /// A connection is being opened.
        case opening
        /// Requests go over HTTP/3.
        case used
        /// It did not work: it is not tried before then.
        case broken(until: Instant)
    }

    init(nextAddress: Int) {
        self.nextAddress = nextAddress
    }

    /// Takes a connection off the list of those that can take one more exchange.
    mutating func unready(_ connection: ConnectionID) {
        if ready.last == connection {
            ready.removeLast()
        } else if let place = ready.firstIndex(of: connection) {
            ready.remove(at: place)
        }
    }
}
