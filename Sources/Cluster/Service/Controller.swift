// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports
import Synchronization

/// What one pass of a controller did, for the trace.
final class Pass: Sendable {
    /// What its calls and the keys that it puts into queues give as their cause.
    let name: TraceID
    /// What it is made for.
    let causes: [TraceID]
    private let state = Mutex<(writes: Int, notes: [String])>((0, []))

    init(_ name: TraceID = .none, causes: [TraceID] = []) {
        self.name = name
        self.causes = causes
    }

    /// Notes a writing call that succeeded.
    func wrote(_ what: String) {
        state.withLock { state in
            state.writes += 1
            if state.notes.count < 8 { state.notes.append(what) }
        }
    }

    var writes: Int { state.withLock { $0.writes } }
    var summary: String { state.withLock { $0.notes.joined(separator: ", ") } }
}

/// A queue of things to look at, and the workers that do it.
///
/// Passes are level-based: they are told what to look at, never what happened there.
final class Controller<Key: Hashable & Sendable>: Sendable {
    let name: String
    let queue: WorkQueue<Key>
    private let host: Host
    private let workers: Int
    private let describe: @Sendable (Key) -> String

    /// Makes a controller.
    ///
    /// - Parameters:
    ///   - name: Its name in the trace.
    ///   - host: Whose clock and trace it uses.
    ///   - workers: How many passes may be under way.
    ///   - describe: What the trace calls a key.
    init(
        _ name: String,
        host: Host,
        workers: Int = 5,
        describe: @escaping @Sendable (Key) -> String = { "\($0)" }
    ) {
        self.name = name
        self.host = host
        self.workers = workers
        self.describe = describe
        // As client-go's default rate limiter for items.
        queue = WorkQueue(
            clock: host.clock,
            backoff: WorkQueue.Backoff(first: .milliseconds(5), last: .seconds(1_000))
        )
    }

    /// Works until the task is cancelled.
    func run(_ reconcile: @escaping @Sendable (Key, Pass) async throws -> Void) async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<workers {
                group.addTask { [self] in
                    while let key = await queue.next() {
                        let pass = Pass(host.trace.beginPass(), causes: queue.causes(of: key))
                        await Origin.$current.withValue(pass.name) { await work(on: key, pass, reconcile) }
                        queue.done(key)
                    }
                }
            }
        }
    }

    private func work(
        on key: Key,
        _ pass: Pass,
        _ reconcile: @Sendable (Key, Pass) async throws -> Void
    ) async {
        let start = host.clock.now
        do {
            try await reconcile(key, pass)
            queue.forget(key)
            if pass.writes > 0 { report(key, "done", pass.summary, pass, since: start) }
        } catch let error as KubernetesError where error.isConflict || error.isNotFound {
            // Somebody was quicker: look again with what is true by then.
            queue.retry(key)
            if pass.writes > 0 { report(key, "retry", error.description, pass, since: start) }
        } catch is CancellationError {
            return
        } catch {
            queue.retry(key)
            report(key, "retry", "\(error)", pass, since: start)
        }
    }

    private func report(_ key: Key, _ outcome: String, _ message: String, _ pass: Pass, since start: Instant)
    {
        host.trace.record(
            .reconcile(
                Reconcile(
                    controller: name,
                    key: describe(key),
                    outcome: outcome,
                    message: message,
                    writes: pass.writes,
                    duration: start.duration(to: host.clock.now),
                    pass: pass.name,
                    causes: pass.causes
                )
            )
        )
    }
}
