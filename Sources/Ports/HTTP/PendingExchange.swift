// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Synchronization

/// One exchange of an `HTTPClient`: from the request until its answer's last byte.
///
/// Whoever comes first decides: an answer, a failure, the timer, or cancellation.
final class PendingExchange: Sendable {
    private enum Phase {
        case idle
        case waiting(CheckedContinuation<HTTPReply, any Error>)
        case streaming(AsyncThrowingStream<[UInt8], any Error>.Continuation)
        case early(Result<HTTPReply, NetworkFailure>)
        case over
    }

    private struct State {
        var phase = Phase.idle
        /// The body's stream once the head has come, even before anybody waits for it.
        var body: AsyncThrowingStream<[UInt8], any Error>.Continuation?
        var timer: TimerID?
        /// Gives up the exchange on its connection; set once it has been sent.
        var giveUp: (@Sendable () -> Void)?
    }

    private let clock: any HostClock
    private let state = Mutex(State())

    init(clock: any HostClock) {
        self.clock = clock
    }

    /// Fails the exchange with `timedOut` unless the head of the answer comes in time.
    func startTimer(_ limit: Duration) {
        let timer = clock.schedule(after: limit) { [self] in fail(.timedOut) }
        state.withLock { $0.timer = timer }
    }

    /// Waits for the head of the answer.
    func wait(_ continuation: CheckedContinuation<HTTPReply, any Error>) {
        let early: Result<HTTPReply, NetworkFailure>? = state.withLock { state in
            if case .early(let result) = state.phase {
                state.phase =
                    if case .success = result, let body = state.body { .streaming(body) } else { .over }
                return result
            }
            state.phase = .waiting(continuation)
            return nil
        }
        if let early { continuation.resume(with: early.mapError { $0 }) }
    }

    /// Notes how to give the exchange up; false when it is over already and must not be sent.
    func sent(giveUp: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            switch state.phase {
            case .over, .early: return false
            default:
                state.giveUp = giveUp
                return true
            }
        }
    }

    /// Takes a piece of the answer.
    func receive(_ frame: Frame) {
        if case .response(let head) = frame.head {
            if frame.isLast { return finish(HTTPReply(head: head, content: .whole(frame.body))) }
            begin(head)
        }
        let body = state.withLock { $0.body }
        if !frame.body.isEmpty { body?.yield(frame.body) }
        if frame.isLast { end(nil) }
    }

    /// The answer has come whole.
    private func finish(_ reply: HTTPReply) {
        let (waiting, timer) = state.withLock { state in
            var waiting: CheckedContinuation<HTTPReply, any Error>?
            switch state.phase {
            case .waiting(let continuation):
                waiting = continuation
                state.phase = .over
            case .idle: state.phase = .early(.success(reply))
            case .early, .streaming, .over: break
            }
            let timer = state.timer
            state.timer = nil
            state.giveUp = nil
            return (waiting, timer)
        }
        if let timer { clock.cancel(timer) }
        waiting?.resume(returning: reply)
    }

    private func begin(_ head: HTTPResponse) {
        let (stream, body) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        body.onTermination = { [weak self] reason in
            if case .cancelled = reason { self?.fail(.stopped) }
        }
        let reply = HTTPReply(head: head, content: .pieces(stream))
        let (waiting, timer) = state.withLock { state in
            let timer = state.timer
            state.timer = nil
            state.body = body
            if case .waiting(let continuation) = state.phase {
                state.phase = .streaming(body)
                return (Optional(continuation), timer)
            }
            if case .idle = state.phase { state.phase = .early(.success(reply)) }
            return (nil, timer)
        }
        if let timer { clock.cancel(timer) }
        waiting?.resume(returning: reply)
    }

    /// Ends the exchange without an answer, or in the middle of one.
    func fail(_ failure: NetworkFailure) {
        end(failure)
    }

    private func end(_ failure: NetworkFailure?) {
        let (waiting, body, timer, giveUp) = state.withLock { state in
            var waiting: CheckedContinuation<HTTPReply, any Error>?
            let body = state.body
            switch state.phase {
            case .waiting(let continuation):
                waiting = continuation
                state.phase = .over
            case .idle:
                state.phase = .early(.failure(failure ?? .closed))
            case .early, .streaming:
                if case .streaming = state.phase { state.phase = .over }
            case .over: break
            }
            let result = (waiting, body, state.timer, failure == nil ? nil : state.giveUp)
            state.timer = nil
            state.giveUp = nil
            return result
        }
        if let timer { clock.cancel(timer) }
        if let failure { body?.finish(throwing: failure) } else { body?.finish() }
        waiting?.resume(throwing: failure ?? NetworkFailure.closed)
        giveUp?()
    }
}
