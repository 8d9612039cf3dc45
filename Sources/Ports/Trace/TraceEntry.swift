// SPDX-License-Identifier: Apache-2.0

/// One entry of a run's trace: what happened, when, where, and what led to it.
public struct TraceEntry: Sendable {
    /// The entry's place in the trace.
    public var id: TraceID
    /// When it happened.
    public var at: Instant
    /// The host that recorded it.
    public var host: String
    /// The entry that led to it; `.none` when unknown.
    public var cause: TraceID
    /// What happened.
    public var event: TraceEvent

    /// Makes an entry.
    public init(id: TraceID, at: Instant, host: String, cause: TraceID = .none, event: TraceEvent) {
        self.id = id
        self.at = at
        self.host = host
        self.cause = cause
        self.event = event
    }
}
