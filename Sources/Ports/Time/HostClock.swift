// SPDX-License-Identifier: Apache-2.0

/// A host's clock: tells the time, and wakes whoever waits for a time.
///
/// Two ways to wait: `sleep` for async code, `schedule` for event machines that must not pay for a task.
public protocol HostClock: Sendable {
    /// The present time.
    var now: Instant { get }

    /// Waits until `deadline`; returns at once when it has passed.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before or while it waits.
    func sleep(until deadline: Instant) async throws(CancellationError)

    /// Calls `action` once at `instant`, or as soon as possible when it has passed.
    ///
    /// Actions of one instant run in the order in which they were scheduled, one at a time, never inside the
    /// call that schedules them.
    @discardableResult
    func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID

    /// Takes back a scheduled action; no effect when it has run.
    func cancel(_ timer: TimerID)
}

/// Names a scheduled action of one clock.
public struct TimerID: Sendable, Hashable {
    /// The clock's own number for it.
    public let number: UInt64

    /// Makes a timer's name; only clocks do.
    public init(number: UInt64) {
        self.number = number
    }
}

extension HostClock {
    /// Waits for `duration`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before or while it waits.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        try await sleep(until: now.advanced(by: duration))
    }

    /// Calls `action` once after `delay`.
    @discardableResult
    public func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> TimerID {
        schedule(at: now.advanced(by: delay), action)
    }

    /// Runs `operation`, and gives nil when it has not ended after `limit`; it is cancelled then.
    ///
    /// - Throws: what `operation` throws.
    public func withLimit<Value: Sendable>(
        _ limit: Duration,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await self.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
