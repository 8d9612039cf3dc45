// SPDX-License-Identifier: Apache-2.0
public import Ports

/// The trace of a simulation: every entry in order, its digest, and whoever listens.
///
/// It belongs to its simulation's thread.
public final class TraceRecorder: @unchecked Sendable {
    private let executor: SimulationExecutor
    private var digest = TraceDigest()
    private var observers: [(TraceEntry) -> Void] = []
    private var nextID: UInt64 = 1
    private let isKept: Bool

    /// All entries in order; empty when the trace is not kept.
    public private(set) var entries: [TraceEntry] = []

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
        let entry = TraceEntry(id: id, at: executor.now, host: host, cause: cause, event: event)
        digest.add(entry)
        if isKept { entries.append(entry) }
        for observer in observers { observer(entry) }
        return id
    }
}
