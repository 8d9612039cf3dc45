// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// The life of the controller's process: it may end by a fault of its own, as upstream's does by a panic.
final class ProcessLife: Sendable {
    private let reason = Mutex<String?>(nil)
    private let stream: AsyncStream<Void>
    private let ends: AsyncStream<Void>.Continuation

    init() {
        (stream, ends) = AsyncStream.makeStream()
    }

    /// Why the process died; nil while it lives.
    var causeOfDeath: String? { reason.withLock { $0 } }

    /// Ends the process, so that everything it does is cancelled; the first reason counts.
    func die(_ cause: String) {
        reason.withLock { if $0 == nil { $0 = cause } }
        ends.finish()
    }

    /// Waits until the process dies or the task is cancelled.
    func waitForEnd() async {
        for await _ in stream {}
    }

    /// Does nothing until the task is cancelled: what a process does that is dead already.
    func stayDead(_ clock: any HostClock) async {
        while (try? await clock.sleep(for: .seconds(3600))) != nil {}
    }
}
