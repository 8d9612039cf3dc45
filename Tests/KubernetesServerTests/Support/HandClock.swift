// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// A clock that a test moves by hand.
final class HandClock: HostClock {
    private struct Timer {
        let number: UInt64
        let due: Instant
        let action: @Sendable () -> Void
    }

    private struct State {
        var now = Instant(seconds: 1_767_225_600)
        var next: UInt64 = 0
        var timers: [Timer] = []
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }

    /// How many timers wait.
    var timerCount: Int { state.withLock { $0.timers.count } }

    func sleep(until deadline: Instant) async throws(CancellationError) {
        advance(to: deadline)
    }

    func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        state.withLock { state in
            state.next += 1
            state.timers.append(Timer(number: state.next, due: instant, action: action))
            return TimerID(number: state.next)
        }
    }

    func cancel(_ timer: TimerID) {
        state.withLock { $0.timers.removeAll { $0.number == timer.number } }
    }

    /// Moves the time on and runs what is due on the way.
    func advance(by duration: Duration) {
        advance(to: now.advanced(by: duration))
    }

    private func advance(to instant: Instant) {
        while true {
            let due: Timer? = state.withLock { state in
                let next = state.timers.filter { $0.due <= instant }.min {
                    ($0.due, $0.number) < ($1.due, $1.number)
                }
                guard let next else {
                    state.now = max(state.now, instant)
                    return nil
                }
                state.timers.removeAll { $0.number == next.number }
                state.now = max(state.now, next.due)
                return next
            }
            guard let due else { return }
            due.action()
        }
    }
}

/// A network that leads nowhere.
struct NoNetwork: Network {
    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        throw .stopped
    }

    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler) {
        handler.failed(.unreachable)
    }

    func resolve(_ name: String, _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void)
    {
        completion(.failure(.unresolved(name)))
    }

    func claim(ip: String) {}

    func release(ip: String) {}
}

/// Keeps what was recorded.
final class KeptTrace: TraceSink {
    private let state = Mutex<[TraceEvent]>([])

    var events: [TraceEvent] { state.withLock { $0 } }

    func record(_ event: TraceEvent, cause: TraceID) -> TraceID {
        state.withLock { events in
            events.append(event)
            return TraceID(number: UInt64(events.count))
        }
    }
}
