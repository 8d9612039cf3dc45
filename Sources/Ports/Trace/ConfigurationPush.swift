// SPDX-License-Identifier: Apache-2.0

/// A configuration version that a zone began to serve.
public struct ConfigurationPush: TraceRecord {
    /// The table of the run file.
    public static let table = "configuration"

    /// The load balancer's id.
    public var loadBalancer: String
    /// The zone's id.
    public var zone: String
    /// The configuration version, rising by one for each accepted change.
    public var version: Int64
    /// The cloud action that made it.
    public var cause: String

    /// Makes a record.
    public init(
        loadBalancer: String,
        zone: String,
        version: Int64,
        cause: String
    ) {
        self.loadBalancer = loadBalancer
        self.zone = zone
        self.version = version
        self.cause = cause
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("load_balancer", loadBalancer)
        writer.column("zone", zone)
        writer.column("version", version)
        writer.column("cause", cause)
    }
}
