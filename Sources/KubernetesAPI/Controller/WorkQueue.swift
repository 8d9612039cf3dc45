// SPDX-License-Identifier: Apache-2.0
public import Ports
import Synchronization

/// A queue of keys to look at: each key once, never two workers on one key, with delays and back-off.
///
/// - Source: client-go's work queue; seen upstream.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    /// How failing keys are delayed: the first delay, doubled each time up to the last.
    public struct Backoff: Sendable {
        /// After the first failure.
        public var first: Duration
        /// Never longer than this.
        public var last: Duration

        /// Makes a back-off.
        public init(first: Duration, last: Duration) {
            self.first = first
            self.last = last
        }

        /// The delay after a number of failures in a row, from 1.
        public func delay(failures: Int) -> Duration {
            min(first.scaled(by: Double(1 << min(failures - 1, 30))), last)
        }
    }

    private struct State {
        /// Keys ready for a worker, the oldest first.
        var ready: [Key] = []
        /// Keys in `ready`, or to be put there when their worker is done.
        var dirty: Set<Key> = []
        var processing: Set<Key> = []
        var failures: [Key: Int] = [:]
        var timers: [Key: (at: Instant, timer: TimerID)] = [:]
        var waiters: [CheckedContinuation<Key?, Never>] = []
        var isClosed = false
        /// What keys were put in for, the oldest first: those that wait, and those that are worked on.
        var reasons: [Key: [TraceID]] = [:]
        var present: [Key: [TraceID]] = [:]

        mutating func note(_ origin: TraceID, _ key: Key) {
            let known = reasons[key] ?? []
            guard origin != .none, known.last != origin, known.count < WorkQueue.reasonLimit else { return }
            reasons[key, default: []].append(origin)
        }

        mutating func begin(_ key: Key) {
            dirty.remove(key)
            processing.insert(key)
            present[key] = reasons.removeValue(forKey: key)
        }
    }

    /// More reasons for one look than anybody reads: later ones are not kept.
    private static var reasonLimit: Int { 16 }

    private let clock: any HostClock
    private let backoff: Backoff
    private let state = Mutex(State())

    /// Makes an empty queue.
    public init(clock: any HostClock, backoff: Backoff) {
        self.clock = clock
        self.backoff = backoff
    }

    /// How many keys are ready.
    public var count: Int { state.withLock { $0.ready.count } }

    /// Puts a key in; no effect while it is in already.
    public func add(_ key: Key) {
        let origin = Origin.current
        let waiter = state.withLock { state -> CheckedContinuation<Key?, Never>? in
            if !state.isClosed { state.note(origin, key) }
            guard !state.isClosed, state.dirty.insert(key).inserted else { return nil }
            guard !state.processing.contains(key) else { return nil }
            guard !state.waiters.isEmpty else {
                state.ready.append(key)
                return nil
            }
            state.begin(key)
            return state.waiters.removeFirst()
        }
        waiter?.resume(returning: key)
    }

    /// Puts a key in after a delay; of two delays of one key the earlier counts.
    public func add(_ key: Key, after delay: Duration) {
        guard delay > .zero else { return add(key) }
        let due = clock.now.advanced(by: delay)
        let known = state.withLock { $0.timers[key] }
        if let known {
            if known.at <= due { return }
            clock.cancel(known.timer)
        }
        let origin = Origin.current
        let timer = clock.schedule(at: due) { [weak self] in
            guard let self else { return }
            state.withLock { $0.timers[key] = nil }
            Origin.$current.withValue(origin) { add(key) }
        }
        state.withLock { $0.timers[key] = (due, timer) }
    }

    /// Puts a failed key in after its back-off, and gives that delay.
    @discardableResult
    public func retry(_ key: Key) -> Duration {
        let failures = state.withLock { state in
            state.failures[key, default: 0] += 1
            return state.failures[key, default: 1]
        }
        let delay = backoff.delay(failures: failures)
        add(key, after: delay)
        return delay
    }

    /// Forgets a key's failures.
    public func forget(_ key: Key) {
        state.withLock { $0.failures[key] = nil }
    }

    /// Takes the next key, waiting for one; nil when the queue is closed.
    ///
    /// Call `done` after work on it.
    public func next() async -> Key? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now: Key?? = state.withLock { state in
                    if state.isClosed { return .some(nil) }
                    guard !state.ready.isEmpty else {
                        state.waiters.append(continuation)
                        return nil
                    }
                    let key = state.ready.removeFirst()
                    state.begin(key)
                    return .some(key)
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            close()
        }
    }

    /// What a key that is worked on was put in for, the oldest first; empty when nobody knows.
    public func causes(of key: Key) -> [TraceID] {
        state.withLock { $0.present[key] ?? [] }
    }

    /// Work on a key is over; if it was put in meanwhile it is ready again.
    public func done(_ key: Key) {
        let isWanted = state.withLock { state in
            state.processing.remove(key)
            state.present[key] = nil
            return state.dirty.remove(key) != nil
        }
        if isWanted { add(key) }
    }

    /// Lets all workers go; nothing can be put in any more.
    public func close() {
        let (waiters, timers) = state.withLock { state in
            state.isClosed = true
            defer {
                state.waiters = []
                state.timers = [:]
            }
            return (state.waiters, state.timers.values.map(\.timer).sorted { $0.number < $1.number })
        }
        for timer in timers { clock.cancel(timer) }
        for waiter in waiters { waiter.resume(returning: nil) }
    }
}
