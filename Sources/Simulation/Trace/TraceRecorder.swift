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
    @exclusivity(unchecked) private var lastPass: Int64 = 0
    /// The entries of objects' revisions, by revision: the one place that maps them.
    @exclusivity(unchecked) private var entriesOfRevisions: [UInt64] = []
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
        let id = makeID()
        if case .object(let object) = event { remember(object.revision, id) }
        digest.add(event, at: executor.now, host: host, cause: cause)
        if isWatched { keep(event, id, host: host, cause: cause) }
        return id
    }

    func record(_ request: ProxiedRequest, host: String) -> TraceID {
        let id = makeID()
        digest.add(request, at: executor.now, host: host)
        if isWatched { keep(.proxied(request), id, host: host, cause: .none) }
        return id
    }

    func record(_ request: RequestRecord, host: String) -> TraceID {
        let id = makeID()
        digest.add(request, at: executor.now, host: host)
        if isWatched { keep(.request(request), id, host: host, cause: .none) }
        return id
    }

    private func makeID() -> TraceID {
        executor.assertOwnThread()
        defer { nextID += 1 }
        return TraceID(number: nextID)
    }

    /// True when an entry is worth making.
    private var isWatched: Bool { isKept || !observers.isEmpty }

    private func keep(_ event: TraceEvent, _ id: TraceID, host: String, cause: TraceID) {
        let entry = TraceEntry(id: id, at: executor.now, host: host, cause: cause, event: event)
        if isKept { entries.append(entry) }
        for observer in observers { observer(entry) }
    }

    private func remember(_ revision: Int64, _ id: TraceID) {
        guard revision >= 0, revision < Self.revisionLimit else { return }
        let place = Int(revision)
        while entriesOfRevisions.count <= place { entriesOfRevisions.append(0) }
        entriesOfRevisions[place] = id.number
    }

    /// Servers count from small numbers by one.
    private static let revisionLimit: Int64 = 1 << 24

    func entry(ofRevision revision: Int64) -> TraceID {
        guard revision >= 0, revision < Int64(entriesOfRevisions.count) else { return .none }
        return TraceID(number: entriesOfRevisions[Int(revision)])
    }

    func beginPass() -> TraceID {
        lastPass += 1
        return TraceID(pass: lastPass)
    }
}
