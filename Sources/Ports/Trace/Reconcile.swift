// SPDX-License-Identifier: Apache-2.0

/// A finished pass of a controller.
public struct Reconcile: TraceRecord {
    /// The table of the run file.
    public static let table = "reconcile"

    /// Which controller: `albconfig`, `servers`, `deployment`.
    public var controller: String
    /// What it looked at.
    public var key: String
    /// `done`, `retry`, `failed`.
    public var outcome: String
    /// Why, when it is not `done`; else what was done, or empty.
    public var message: String
    /// Writing calls that it made.
    public var writes: Int
    /// How long it took.
    public var duration: Duration
    /// Its number in the run: a cause of -7 is the pass 7; 0 without one.
    public var pass: Int64
    /// What led to it, the oldest first: entries by their numbers, passes by their negated ones.
    public var causes: [TraceID]

    /// Makes a record.
    public init(
        controller: String,
        key: String,
        outcome: String,
        message: String,
        writes: Int,
        duration: Duration,
        pass: TraceID = .none,
        causes: [TraceID] = []
    ) {
        self.controller = controller
        self.key = key
        self.outcome = outcome
        self.message = message
        self.writes = writes
        self.duration = duration
        self.pass = pass.pass
        self.causes = causes
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("controller", controller)
        writer.column("key", key)
        writer.column("outcome", outcome)
        writer.column("message", message)
        writer.column("writes", writes)
        writer.column("duration_ns", duration)
        writer.column("pass", pass)
        writer.column(
            "causes",
            "[" + causes.map { String(Int64(bitPattern: $0.number)) }.joined(separator: ",") + "]"
        )
    }
}
