// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports
import Synchronization

/// A line of notices, each of them an item of its own, with a limit and with back-off.
///
/// Unlike in a work queue two notices about one thing stay two. Beyond the limit the oldest is lost.
final class NoticeQueue<Notice: Sendable>: Sendable {
    /// A notice with how often it has failed.
    struct Item: Sendable {
        var notice: Notice
        var failures = 0
        /// What it was put in for.
        var origin = Origin.current
    }

    private struct State {
        var waiting: [Item] = []
        var workers: [CheckedContinuation<Item?, Never>] = []
        var timers: [TimerID] = []
        var isClosed = false
        var lost = 0
    }

    private let clock: any HostClock
    private let limit: Int?
    private let state = Mutex(State())

    /// Makes an empty line; without a limit nothing is lost.
    init(clock: any HostClock, limit: Int?) {
        self.clock = clock
        self.limit = limit
    }

    /// How many notices wait.
    var count: Int { state.withLock { $0.waiting.count } }
    /// How many have been lost.
    var lost: Int { state.withLock { $0.lost } }

    /// Puts a notice at the end.
    func add(_ notice: Notice) { add(Item(notice: notice)) }

    private func add(_ item: Item) {
        let worker = state.withLock { state -> CheckedContinuation<Item?, Never>? in
            if state.isClosed { return nil }
            if !state.workers.isEmpty { return state.workers.removeFirst() }
            if let limit, state.waiting.count >= limit {
                state.waiting.removeFirst()
                state.lost += 1
            }
            state.waiting.append(item)
            return nil
        }
        worker?.resume(returning: item)
    }

    /// Puts a failed notice in again after its back-off: half a second, doubled up to a thousand.
    ///
    /// - Source: the open-source controller's limiter; seen upstream.
    func retry(_ item: Item) {
        var item = item
        item.failures += 1
        item.origin = Origin.current
        let delay = min(Duration.milliseconds(500) * (1 << min(item.failures - 1, 12)), .seconds(1000))
        add(item, after: delay)
    }

    /// Puts a notice in again after a while.
    func add(_ item: Item, after delay: Duration) {
        let again = item
        let timer = clock.schedule(at: clock.now.advanced(by: delay)) { [weak self] in self?.add(again) }
        state.withLock { state in
            state.timers.append(timer)
            // Those that are over are of no use; the oldest most likely are.
            if state.timers.count > 1024 { state.timers.removeFirst(512) }
        }
    }

    /// Takes the next notice, waiting for one; nil when the line is closed.
    func next() async -> Item? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now: Item?? = state.withLock { state in
                    if state.isClosed { return .some(nil) }
                    guard !state.waiting.isEmpty else {
                        state.workers.append(continuation)
                        return nil
                    }
                    return .some(state.waiting.removeFirst())
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            close()
        }
    }

    /// Lets all workers go.
    func close() {
        let (workers, timers) = state.withLock { state in
            state.isClosed = true
            defer { (state.workers, state.timers) = ([], []) }
            return (state.workers, state.timers)
        }
        for timer in timers { clock.cancel(timer) }
        for worker in workers { worker.resume(returning: nil) }
    }
}

/// A notice about an Ingress, with the object as it was then.
struct IngressNotice: Sendable {
    /// What happened.
    enum Kind: String, Sendable {
        case created, updated, deleted
        /// Its IngressClass or AlbConfig is another one now; the object is the old one.
        case moved
        /// Something that it speaks of has changed.
        case touched

        /// True when an Ingress whose label says that it is applied is left alone.
        var believesHash: Bool { self == .created || self == .updated }
    }

    var kind: Kind
    var object: KubernetesObject
}
