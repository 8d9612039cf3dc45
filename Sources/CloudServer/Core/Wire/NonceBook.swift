// SPDX-License-Identifier: Apache-2.0
import Ports

/// The nonces of signed requests that were taken, as long as their times could still be accepted.
struct NonceBook: Sendable {
    private var known: Set<String> = []
    private var order: [(nonce: String, at: Instant)] = []
    /// Where the oldest one is in `order`.
    private var first = 0

    /// How far a request's time may be from the gateway's.
    ///
    /// - Source: documented.
    static let tolerance = Duration.seconds(15 * 60)

    /// Takes a nonce; false when it was taken before.
    mutating func take(_ nonce: String, now: Instant) -> Bool {
        while first < order.count, order[first].at.advanced(by: Self.tolerance * 2) < now {
            known.remove(order[first].nonce)
            first += 1
        }
        if first > 4096, first * 2 > order.count {
            order.removeFirst(first)
            first = 0
        }
        guard known.insert(nonce).inserted else { return false }
        order.append((nonce, now))
        return true
    }
}
