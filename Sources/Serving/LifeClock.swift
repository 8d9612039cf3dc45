// SPDX-License-Identifier: Apache-2.0
import Live
import Ports
import Synchronization

/// The system's clock for one life of the environment: what is scheduled is dropped once that life is over.
final class LifeClock: HostClock {
    private let base = SystemClock()
    private let isOver = Atomic<Bool>(false)

    var now: Instant { base.now }

    /// From now on nothing that was or is scheduled happens.
    func end() {
        isOver.store(true, ordering: .relaxed)
    }

    func sleep(until deadline: Instant) async throws(CancellationError) {
        try await base.sleep(until: deadline)
    }

    func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        if isOver.load(ordering: .relaxed) { return TimerID(number: 0) }
        return base.schedule(at: instant) { [weak self] in
            guard let self, !isOver.load(ordering: .relaxed) else { return }
            action()
        }
    }

    func cancel(_ timer: TimerID) {
        base.cancel(timer)
    }
}
