// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// The last entries of a live trace, of all hosts; older ones are forgotten.
final class LiveTrace: Sendable {
    private struct State {
        var entries: [TraceEntry] = []
        /// Where the next entry goes once the ring is full.
        var next = 0
        var lastID: UInt64 = 0
    }

    private let clock: any HostClock
    private let limit: Int
    private let state = Mutex(State())

    init(clock: any HostClock, limit: Int = 20_000) {
        self.clock = clock
        self.limit = limit
    }

    /// The sink of a host.
    func sink(host: String) -> any TraceSink { HostTrace(trace: self, host: host) }

    /// The entries after one, the oldest first; no more than `count` of them, the newest are left out.
    func entries(after id: UInt64, count: Int) -> [TraceEntry] {
        state.withLock { state in
            let ordered = state.entries[state.next...] + state.entries[..<state.next]
            return Array(ordered.lazy.filter { $0.id.number > id }.prefix(count))
        }
    }

    fileprivate func record(_ event: TraceEvent, host: String, cause: TraceID) -> TraceID {
        let now = clock.now
        return state.withLock { state in
            state.lastID += 1
            let id = TraceID(number: state.lastID)
            let entry = TraceEntry(id: id, at: now, host: host, cause: cause, event: event)
            if state.entries.count < limit {
                state.entries.append(entry)
            } else {
                state.entries[state.next] = entry
                state.next = (state.next + 1) % limit
            }
            return id
        }
    }
}

/// One host's way into the trace.
private struct HostTrace: TraceSink {
    let trace: LiveTrace
    let host: String

    func record(_ event: TraceEvent, cause: TraceID) -> TraceID {
        trace.record(event, host: host, cause: cause)
    }
}
