// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// The counts of rules with a limit, which the zones of a load balancer share.
///
/// - Source: documented: the limit is the rule's, however many zones serve it; that the zones count together and
///   exactly is assumed.
final class LimiterBook: Sendable {
    /// By load balancer, then by the rule's id; only looked up.
    private let limiters = Mutex<[String: [String: TrafficLimiter]]>([:])

    /// Counts a request; false when it is above the rule's limit.
    func admit(
        _ source: IPAddress?,
        rule: String,
        of loadBalancer: String,
        limit: TrafficLimit,
        now: Instant
    ) -> Bool {
        limiters.withLock {
            $0[loadBalancer, default: [:]][rule, default: TrafficLimiter()]
                .admit(source, limit: limit, now: now)
        }
    }

    /// Forgets a load balancer.
    func forget(loadBalancer: String) {
        limiters.withLock { $0[loadBalancer] = nil }
    }
}
