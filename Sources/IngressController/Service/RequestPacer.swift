// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// Lets so many requests through a second, and some more at once.
///
/// - Source: the open-source controller's client limits; seen upstream.
final class RequestPacer: Sendable {
    private let clock: any HostClock
    private let interval: Duration
    private let burst: Int
    /// When the next request would be due if all went at the even rate.
    private let due: Mutex<Instant>

    init(clock: any HostClock, perSecond: Int = 20, burst: Int = 30) {
        self.clock = clock
        interval = Duration.seconds(1) / perSecond
        self.burst = burst
        due = Mutex(clock.now)
    }

    /// Waits until a request may go.
    func wait() async {
        let now = clock.now
        let start = due.withLock { due in
            let ahead = interval * (burst - 1)
            let earliest = max(due, now)
            due = earliest.advanced(by: interval)
            return max(now, earliest.advanced(by: .zero - ahead))
        }
        if start > now { try? await clock.sleep(until: start) }
    }
}
