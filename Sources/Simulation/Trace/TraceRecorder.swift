// SPDX-License-Identifier: Apache-2.0
public import Ports

/// The trace of a simulation: every entry in order, its digest, and whoever listens.
///
/// It belongs to its simulation's thread.
public final class TraceRecorder: @unchecked Sendable {
    private let executor: SimulationExecutor
    @exclusivity(unchecked) private var digest = TraceDigest()
    @exclusivity(unchecked) private var observers: [(TraceEntry) -> Void] = []
    @exclusivity(unchecked) private var nextID: UInt64 = 1
    private let isKept: Bool

    /// All entries in order; empty when the trace is not kept.
    @exclusivity(unchecked) public private(set) var entries: [TraceEntry] = []

    init(executor: SimulationExecutor, isKept: Bool) {
        self.executor = executor
        self.isKept = isKept
    }

    /// The digest so far.
    public var digestText: String { digest.text }

    /// How many entries there were.
    public var count: Int { Int(nextID - 1) }

    /// Calls `observer` with each new entry, after it has been recorded.
    public func observe(_ observer: @escaping (TraceEntry) -> Void) {
        executor.assertOwnThread()
        observers.append(observer)
    }

    func record(_ event: TraceEvent, host: String, cause: TraceID) -> TraceID {
        executor.assertOwnThread()
        let id = TraceID(number: nextID)
        nextID += 1
        let now = executor.now
        digest.add(event, at: now, host: host, cause: cause)
        if isKept || !observers.isEmpty {
            let entry = TraceEntry(id: id, at: now, host: host, cause: cause, event: event)
            if isKept { entries.append(entry) }
            for observer in observers { observer(entry) }
        }
        return id
    }
}
