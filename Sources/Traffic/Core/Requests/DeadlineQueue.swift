// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Ports

/// When requests run out of time, the earliest first.
///
/// All requests of a traffic have the same time, so they come in order and no heap is needed.
struct DeadlineQueue: Sendable {
    private var entries: Deque<(due: Instant, request: RequestID)> = []

    mutating func append(_ request: RequestID, due: Instant) {
        entries.append((due, request))
    }

    /// Drops the front for as long as its requests have ended.
    mutating func trim(_ isOpen: (RequestID) -> Bool) {
        while let first = entries.first, !isOpen(first.request) { entries.removeFirst() }
    }

    /// When the first deadline is; nil when there is none.
    var next: Instant? { entries.first?.due }

    /// Takes the first request whose time is over.
    mutating func popDue(at now: Instant) -> RequestID? {
        guard let first = entries.first, first.due <= now else { return nil }
        entries.removeFirst()
        return first.request
    }
}
