// SPDX-License-Identifier: Apache-2.0

/// A server's health as a zone sees it.
public struct HealthChange: TraceRecord {
    /// The table of the run file.
    public static let table = "health"

    /// The server group's id.
    public var serverGroup: String
    /// The server's address.
    public var server: String
    /// The zone's id.
    public var zone: String
    /// `Initial`, `Healthy`, `Unhealthy`, `Removed`.
    public var state: String
    /// Why, or empty.
    public var reason: String

    /// Makes a record.
    public init(
        serverGroup: String,
        server: String,
        zone: String,
        state: String,
        reason: String
    ) {
        self.serverGroup = serverGroup
        self.server = server
        self.zone = zone
        self.state = state
        self.reason = reason
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("server_group", serverGroup)
        writer.column("server", server)
        writer.column("zone", zone)
        writer.column("state", state)
        writer.column("reason", reason)
    }
}
