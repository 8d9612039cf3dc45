// SPDX-License-Identifier: Apache-2.0
import Ports

/// Work that is asked to end when its surroundings are cancelled, and cancelled itself only when its patience is over.
///
/// Whoever makes it owns it: `run` returns when the work has ended, and a work that nobody waits for is cancelled.
final class PatientWork: Sendable {
    private let task: Task<Void, Never>

    /// Begins to work.
    init(_ body: @escaping @Sendable () async -> Void) {
        // Cancellation reaches the children of a task at once, so work that may end by itself is no child.
        task = Task.detached { await body() }
    }

    deinit { task.cancel() }

    /// Waits for the end.
    ///
    /// - Parameters:
    ///   - ask: Asks the work to end; called when the surrounding task is cancelled.
    ///   - patience: How long it may take to end after that.
    ///   - clock: Measures that.
    func run(
        asking ask: @escaping @Sendable () -> Void,
        patience: Duration,
        _ clock: any HostClock
    ) async {
        let task = self.task
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            ask()
            _ = clock.schedule(at: clock.now.advanced(by: patience)) { task.cancel() }
        }
    }
}
