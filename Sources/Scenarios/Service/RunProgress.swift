// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// How far a run has come in virtual time: written by the run, read by whoever shows it.
public final class RunProgress: Sendable {
    private struct State {
        var zero: Instant?
        var now: Instant?
        var length: Duration?
    }

    private let state = Mutex(State())

    /// Makes the progress of a run that has not begun.
    public init() {}

    /// The time since the scenario's zero and its whole length; nil while its cluster is being prepared.
    public var reached: (time: Duration, length: Duration)? {
        state.withLock { state in
            guard let zero = state.zero, let now = state.now, let length = state.length else { return nil }
            return (zero.duration(to: now), length)
        }
    }

    func begin(zero: Instant, length: Duration) {
        state.withLock { state in
            state.zero = zero
            state.length = length
        }
    }

    func reach(_ now: Instant) {
        state.withLock { $0.now = now }
    }
}
