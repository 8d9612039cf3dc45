// SPDX-License-Identifier: Apache-2.0

/// A connection that a client opened, or failed to open.
public struct ConnectionRecord: TraceRecord {
    /// The table of the run file.
    public static let table = "connection"

    /// The connection's number, 0 when there is none.
    public var id: Int64
    /// The traffic's name.
    public var traffic: String
    /// The client's address.
    public var client: String
    /// The server's address, or the name that has none.
    public var server: String
    /// `tcp` or `quic`.
    public var transport: String
    /// The version of HTTP spoken.
    public var version: String
    /// The TLS server name asked for, or empty.
    public var serverName: String
    /// The subject and serial of the certificate shown, or empty.
    public var certificate: String
    /// `open`, or the failure: `refused`, `timed out`, `certificate expired` and the like.
    public var outcome: String
    /// How long opening took.
    public var duration: Duration

    /// Makes a record.
    public init(
        id: Int64,
        traffic: String,
        client: String,
        server: String,
        transport: String,
        version: String,
        serverName: String,
        certificate: String,
        outcome: String,
        duration: Duration
    ) {
        self.id = id
        self.traffic = traffic
        self.client = client
        self.server = server
        self.transport = transport
        self.version = version
        self.serverName = serverName
        self.certificate = certificate
        self.outcome = outcome
        self.duration = duration
    }

    /// Writes the columns.
    @inlinable
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("id", id)
        writer.column("traffic", traffic)
        writer.column("client", client)
        writer.column("server", server)
        writer.column("transport", transport)
        writer.column("version", version)
        writer.column("server_name", serverName)
        writer.column("certificate", certificate)
        writer.column("outcome", outcome)
        writer.column("duration_ns", duration)
    }
}
