// SPDX-License-Identifier: Apache-2.0

/// A stored revision of a Kubernetes object.
public struct ObjectRevision: TraceRecord {
    /// The table of the run file.
    public static let table = "object"

    /// `create`, `update`, `delete`.
    public var verb: String
    /// The plural with its group: `ingresses.networking.k8s.io`, `pods`.
    public var resource: String
    /// Empty for cluster-scoped objects.
    public var namespace: String
    /// The object's name.
    public var name: String
    /// The new resourceVersion.
    public var revision: Int64
    /// A hash of the stored body without bytes that may differ between runs.
    public var bodyDigest: Int64

    /// Makes a record.
    public init(
        verb: String,
        resource: String,
        namespace: String,
        name: String,
        revision: Int64,
        bodyDigest: Int64
    ) {
        self.verb = verb
        self.resource = resource
        self.namespace = namespace
        self.name = name
        self.revision = revision
        self.bodyDigest = bodyDigest
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("verb", verb)
        writer.column("resource", resource)
        writer.column("namespace", namespace)
        writer.column("name", name)
        writer.column("revision", revision)
        writer.column("body_digest", bodyDigest)
    }
}
