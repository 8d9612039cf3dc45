// SPDX-License-Identifier: Apache-2.0

/// A client's request and what the client saw of its answer.
public struct RequestRecord: TraceRecord {
    /// The table of the run file.
    public static let table = "request"

    /// The traffic's name.
    public var traffic: String
    /// The connection's number, 0 when there was none.
    public var connection: Int64
    /// The exchange's number on its connection.
    public var exchange: Int64
    /// The method.
    public var method: String
    /// The Host asked for.
    public var host: String
    /// Path and query.
    public var path: String
    /// The status code; 0 when there was no answer.
    public var status: Int
    /// `answered`, or the failure: `refused`, `reset`, `timed out` and the like.
    public var outcome: String
    /// The pod that answered as its answer names it, or empty.
    public var servedBy: String
    /// The subject and serial of the connection's certificate, or empty.
    public var certificate: String
    /// From sending, connecting included, to the last byte or the failure.
    public var latency: Duration
    /// How often it was sent; 0 when it never was.
    public var tries: Int
    /// Header fields of the answer that somebody asked to be kept, as `name: value` lines; or empty.
    public var headers: String

    /// Makes a record.
    public init(
        traffic: String,
        connection: Int64,
        exchange: Int64,
        method: String,
        host: String,
        path: String,
        status: Int,
        outcome: String,
        servedBy: String,
        certificate: String,
        latency: Duration,
        tries: Int = 1,
        headers: String = ""
    ) {
        self.traffic = traffic
        self.connection = connection
        self.exchange = exchange
        self.method = method
        self.host = host
        self.path = path
        self.status = status
        self.outcome = outcome
        self.servedBy = servedBy
        self.certificate = certificate
        self.latency = latency
        self.tries = tries
        self.headers = headers
    }

    /// Writes the columns.
    @inlinable
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("traffic", traffic)
        writer.column("connection", connection)
        writer.column("exchange", exchange)
        writer.column("method", method)
        writer.column("host", host)
        writer.column("path", path)
        writer.column("status", status)
        writer.column("outcome", outcome)
        writer.column("served_by", servedBy)
        writer.column("certificate", certificate)
        writer.column("latency_ns", latency)
        writer.column("tries", tries)
        writer.column("headers", headers)
    }
}
