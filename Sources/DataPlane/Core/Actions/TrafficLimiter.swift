// SPDX-License-Identifier: Apache-2.0
import Ports

/// Counts a rule's requests in each second.
///
/// - Source: documented as requests a second, for the rule and for each client address; that whole seconds are
///   counted is assumed.
struct TrafficLimiter: Sendable {
    private var second: Int64 = .min
    private var total = 0
    private var clients: [IPAddress: Int] = [:]

    /// Counts a request; false when it is above the limit.
    mutating func admit(_ source: IPAddress?, limit: TrafficLimit, now: Instant) -> Bool {
        if now.seconds != second {
            second = now.seconds
            total = 0
            clients.removeAll(keepingCapacity: true)
        }
        if let most = limit.total, total >= most { return false }
        if let most = limit.each, let source {
            let count = clients[source, default: 0]
            if count >= most { return false }
            clients[source] = count + 1
        }
        total += 1
        return true
    }
}
