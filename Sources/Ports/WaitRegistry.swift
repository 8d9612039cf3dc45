// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The open waits of a host, each with what it waits for and since when.
public final class WaitRegistry: Sendable {
    /// One open wait.
    public struct Wait: Sendable, Equatable {
        /// What is waited for, in words: `the answer to GET /api/v1/pods`.
        public let what: String
        /// When the wait began.
        public let since: Instant
    }

    /// What is waited for is put into words when somebody asks.
    private struct Open {
        let what: @Sendable () -> String
        let since: Instant
    }

    private struct State {
        var next: UInt64 = 0
        var open: [UInt64: Open] = [:]
    }

    private let state = Mutex(State())

    /// Makes an empty registry.
    public init() {}

    /// Notes a wait; hand the number to `end` when it is over.
    public func begin(_ what: String, at instant: Instant) -> UInt64 {
        begin(at: instant) { what }
    }

    /// Notes a wait whose words are made when somebody asks for them.
    public func begin(at instant: Instant, _ what: @escaping @Sendable () -> String) -> UInt64 {
        state.withLock { state in
            state.next += 1
            state.open[state.next] = Open(what: what, since: instant)
            return state.next
        }
    }

    /// Ends a wait.
    public func end(_ number: UInt64) {
        state.withLock { state in state.open[number] = nil }
    }

    /// The open waits, the oldest first.
    public var open: [Wait] {
        let open = state.withLock { state in state.open.sorted { $0.key < $1.key } }
        return open.map { Wait(what: $0.value.what(), since: $0.value.since) }
    }
}
