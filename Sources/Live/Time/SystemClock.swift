// SPDX-License-Identifier: Apache-2.0
import Dispatch
public import Ports
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The system's wall clock as a host's clock.
///
/// Scheduled actions run one at a time on a queue of the clock's own, those of one instant in their order.
public final class SystemClock: HostClock {
    private struct State {
        var timers = TimerQueue<@Sendable () -> Void>()
        /// When the queue will next look; nil when nothing waits.
        var armed: Int64?
    }

    private let queue = DispatchQueue(label: "albedo.clock")
    private let state = Mutex(State())

    /// Makes a clock.
    public init() {}

    /// The present time.
    public var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Waits until `deadline`.
    public func sleep(until deadline: Instant) async throws(CancellationError) {
        let pause = deadline.nanoseconds - now.nanoseconds
        do {
            if pause > 0 {
                try await Task.sleep(nanoseconds: UInt64(pause))
            } else {
                try Task.checkCancellation()
            }
        } catch {
            throw CancellationError()
        }
    }

    /// Calls `action` once at `instant`.
    public func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        let timer = state.withLock { $0.timers.add(at: instant.nanoseconds, action) }
        arm()
        return timer
    }

    /// Takes back a scheduled action.
    public func cancel(_ timer: TimerID) {
        state.withLock { $0.timers.cancel(timer) }
    }

    /// Makes the queue look again when the earliest action is due.
    private func arm() {
        let due: Int64? = state.withLock { state in
            guard let next = state.timers.nextDue()?.at, state.armed.map({ next < $0 }) ?? true else {
                return nil
            }
            state.armed = next
            return next
        }
        guard let due else { return }
        let pause = max(0, due - now.nanoseconds)
        queue.asyncAfter(deadline: .now() + .nanoseconds(Int(pause))) { [weak self] in self?.fire(due) }
    }

    private func fire(_ due: Int64) {
        let isCurrent = state.withLock { state in
            let isCurrent = state.armed == due
            if isCurrent { state.armed = nil }
            return isCurrent
        }
        guard isCurrent else { return }  // an earlier action has been scheduled since, with a look of its own
        while true {
            let now = now.nanoseconds
            let action: (@Sendable () -> Void)? = state.withLock { state in
                guard let next = state.timers.nextDue()?.at, next <= now else { return nil }
                return state.timers.popNext()?.action
            }
            guard let action else { break }
            action()
        }
        arm()
    }
}
