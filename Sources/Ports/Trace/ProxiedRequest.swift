// SPDX-License-Identifier: Apache-2.0

/// A request as the load balancer saw it.
public struct ProxiedRequest: TraceRecord {
    /// The table of the run file.
    public static let table = "proxied"

    /// The client connection's number.
    public var connection: Int64
    /// The exchange's number on it.
    public var exchange: Int64
    /// The load balancer's id.
    public var loadBalancer: String
    /// The zone that served it.
    public var zone: String
    /// Port and protocol: `443/HTTPS`.
    public var listener: String
    /// The configuration version.
    public var version: Int64
    /// The rule's name and priority, `default`, or empty.
    public var rule: String
    /// `forward`, `redirect`, `fixed`, `error`.
    public var action: String
    /// The server group's id, or empty.
    public var serverGroup: String
    /// The server's address, or empty.
    public var server: String
    /// The status sent to the client.
    public var status: Int
    /// The server's status; 0 for none.
    public var upstreamStatus: Int
    /// Why the load balancer answered by itself, or empty.
    public var reason: String
    /// From choosing the server to its answer.
    public var upstreamLatency: Duration

    /// Makes a record.
    public init(
        connection: Int64,
        exchange: Int64,
        loadBalancer: String,
        zone: String,
        listener: String,
        version: Int64,
        rule: String,
        action: String,
        serverGroup: String,
        server: String,
        status: Int,
        upstreamStatus: Int,
        reason: String,
        upstreamLatency: Duration
    ) {
        self.connection = connection
        self.exchange = exchange
        self.loadBalancer = loadBalancer
        self.zone = zone
        self.listener = listener
        self.version = version
        self.rule = rule
        self.action = action
        self.serverGroup = serverGroup
        self.server = server
        self.status = status
        self.upstreamStatus = upstreamStatus
        self.reason = reason
        self.upstreamLatency = upstreamLatency
    }

    /// Writes the columns.
    @inlinable
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("connection", connection)
        writer.column("exchange", exchange)
        writer.column("load_balancer", loadBalancer)
        writer.column("zone", zone)
        writer.column("listener", listener)
        writer.column("version", version)
        writer.column("rule", rule)
        writer.column("action", action)
        writer.column("server_group", serverGroup)
        writer.column("server", server)
        writer.column("status", status)
        writer.column("upstream_status", upstreamStatus)
        writer.column("reason", reason)
        writer.column("upstream_latency_ns", upstreamLatency)
    }
}
