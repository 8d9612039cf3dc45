// SPDX-License-Identifier: Apache-2.0
#if SERVING
import ArgumentParser
import Dispatch
import Serving
import Synchronization

/// Runs what serves until a signal stops it: the bridge from a command that returns to work that waits.
enum LiveRun {
    /// Runs `work` until it ends or SIGINT or SIGTERM arrive.
    ///
    /// - Throws: `ExitCode.unreadable`, after the message went to standard error, for any error but the cancellation
    ///   that a signal asked for.
    static func untilStopped(_ work: @escaping @Sendable () async throws -> Void) throws {
        let failure = Mutex<String?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do {
                try await StopSignals.cancelling(work)
            } catch is CancellationError {
                // A signal asked for it.
            } catch {
                failure.withLock { $0 = "\(error)" }
            }
            done.signal()
        }
        done.wait()
        if let message = failure.withLock({ $0 }) {
            Console.error(message)
            throw ExitCode.unreadable
        }
    }
}
#endif
