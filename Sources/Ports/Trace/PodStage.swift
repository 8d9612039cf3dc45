// SPDX-License-Identifier: Apache-2.0

/// A stage that a pod's process reached.
public struct PodStage: TraceRecord {
    /// The table of the run file.
    public static let table = "pod"

    /// The pod's namespace.
    public var namespace: String
    /// The pod's name.
    public var name: String
    /// The node that it runs on.
    public var node: String
    /// Its address, or empty.
    public var ip: String
    /// `starting`, `running`, `ready`, `unready`, `draining`, `stopped`, `crashed`.
    public var stage: String
    /// Why, or empty.
    public var reason: String

    /// Makes a record.
    public init(
        namespace: String,
        name: String,
        node: String,
        ip: String,
        stage: String,
        reason: String
    ) {
        self.namespace = namespace
        self.name = name
        self.node = node
        self.ip = ip
        self.stage = stage
        self.reason = reason
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("namespace", namespace)
        writer.column("name", name)
        writer.column("node", node)
        writer.column("ip", ip)
        writer.column("stage", stage)
        writer.column("reason", reason)
    }
}
