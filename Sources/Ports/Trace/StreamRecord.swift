// SPDX-License-Identifier: Apache-2.0

/// A WebSocket or a gRPC stream that a client opened, and its end as the client saw it.
public struct StreamRecord: TraceRecord {
    /// The table of the run file.
    public static let table = "stream"

    /// The traffic's name.
    public var traffic: String
    /// The connection's number.
    public var connection: Int64
    /// The exchange's number on its connection.
    public var exchange: Int64
    /// `websocket` or `grpc`.
    public var kind: String
    /// The Host asked for.
    public var host: String
    /// Path and query.
    public var path: String
    /// The pod at the other end as its answer names it, or empty.
    public var servedBy: String
    /// `opened` or `ended`.
    public var stage: String
    /// How it ended: `finished`, `server ended`, `reset`, `closed` and the like; empty while it is open.
    public var outcome: String
    /// The WebSocket's close code or the gRPC status; -1 when none came.
    public var code: Int
    /// Messages sent.
    public var sent: Int
    /// Messages received.
    public var received: Int
    /// From its opening, or the request for it, to now.
    public var duration: Duration
    /// The longest time that an answer to a message took.
    public var slowest: Duration

    /// Makes a record.
    public init(
        traffic: String,
        connection: Int64,
        exchange: Int64,
        kind: String,
        host: String,
        path: String,
        servedBy: String,
        stage: String,
        outcome: String = "",
        code: Int = -1,
        sent: Int = 0,
        received: Int = 0,
        duration: Duration = .zero,
        slowest: Duration = .zero
    ) {
        self.traffic = traffic
        self.connection = connection
        self.exchange = exchange
        self.kind = kind
        self.host = host
        self.path = path
        self.servedBy = servedBy
        self.stage = stage
        self.outcome = outcome
        self.code = code
        self.sent = sent
        self.received = received
        self.duration = duration
        self.slowest = slowest
    }

    /// Writes the columns.
    @inlinable
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("traffic", traffic)
        writer.column("connection", connection)
        writer.column("exchange", exchange)
        writer.column("kind", kind)
        writer.column("host", host)
        writer.column("path", path)
        writer.column("served_by", servedBy)
        writer.column("stage", stage)
        writer.column("outcome", outcome)
        writer.column("code", code)
        writer.column("sent", sent)
        writer.column("received", received)
        writer.column("duration_ns", duration)
        writer.column("slowest_ns", slowest)
    }
}
