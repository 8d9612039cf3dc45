// SPDX-License-Identifier: Apache-2.0

/// Tells the software of one life of a host to end.
final class SoftwareStopper: @unchecked Sendable {
    private let executor: SimulationExecutor
    private var isStopped = false
    private var waiting: CheckedContinuation<Void, Never>?

    init(executor: SimulationExecutor) {
        self.executor = executor
    }

    /// Ends the software; no effect the second time.
    func stop() {
        executor.assertOwnThread()
        isStopped = true
        let waiter = waiting
        waiting = nil
        waiter?.resume()
    }

    /// Runs the software until it ends by itself or is stopped.
    func run(_ software: @escaping @Sendable () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await software() }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if isStopped { return continuation.resume() }
                waiting = continuation
            }
        } onCancel: {
            stop()
        }
    }
}
