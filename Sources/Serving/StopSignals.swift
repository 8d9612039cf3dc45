// SPDX-License-Identifier: Apache-2.0
import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The signals that ask a process to stop, as a sequence.
public enum StopSignals {
    /// Runs `body` until it ends; the first SIGINT or SIGTERM cancels it.
    public static func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let (signals, inlet) = AsyncStream<Int32>.makeStream()
        let queue = DispatchQueue(label: "albedo.signals")
        let sources = [SIGINT, SIGTERM].map { number in
            // The source hears of a signal only when the process does not die of it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { inlet.yield(number) }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask { for await _ in signals { break } }
            // Whichever ends first ends the other.
            defer { group.cancelAll() }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
