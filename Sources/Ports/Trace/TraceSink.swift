// SPDX-License-Identifier: Apache-2.0

/// Names an entry of a run's trace: 1 for the first, 0 for none.
public struct TraceID: Sendable, Hashable, Comparable {
    /// The entry's place in the trace, from 1.
    public let number: UInt64

    /// Makes a name.
    public init(number: UInt64) {
        self.number = number
    }

    /// No entry: what has no known cause in the trace.
    public static let none = TraceID(number: 0)

    /// Orders entries by when they were recorded.
    public static func < (left: TraceID, right: TraceID) -> Bool { left.number < right.number }
}

/// Where a host's components put what happened: the only output of anything that can be simulated.
public protocol TraceSink: Sendable {
    /// Records what happened now on this host.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - cause: The entry that led to it; `.none` when unknown.
    /// - Returns: The new entry's name, to be the cause of others.
    @discardableResult
    func record(_ event: TraceEvent, cause: TraceID) -> TraceID

    /// Records a request that a load balancer handled. Requests are most of what happens, so that a sink may look at the
    /// record without putting it into an event.
    @discardableResult
    func record(_ request: ProxiedRequest) -> TraceID

    /// Records a client's request that has ended.
    @discardableResult
    func record(_ request: RequestRecord) -> TraceID

    /// A name for a pass that begins; `.none` where nobody keeps a trace.
    func beginPass() -> TraceID

    /// The entry of an object's revision; `.none` when it is not known.
    func entry(ofRevision revision: Int64) -> TraceID
}

extension TraceSink {
    /// Records it as an event.
    @discardableResult
    public func record(_ request: ProxiedRequest) -> TraceID { record(.proxied(request), cause: .none) }

    /// Records it as an event.
    @discardableResult
    public func record(_ request: RequestRecord) -> TraceID { record(.request(request), cause: .none) }

    /// No name: passes of such a trace are not told apart.
    public func beginPass() -> TraceID { .none }

    /// No entry: such a trace does not remember revisions.
    public func entry(ofRevision revision: Int64) -> TraceID { .none }

    /// Records what happened now on this host, of no known cause.
    @discardableResult
    public func record(_ event: TraceEvent) -> TraceID {
        record(event, cause: .none)
    }
}

/// Drops everything: for tests of components whose trace does not matter.
public struct NullTrace: TraceSink {
    /// Makes one.
    public init() {}

    /// Drops the entry.
    public func record(_ event: TraceEvent, cause: TraceID) -> TraceID { .none }
}
