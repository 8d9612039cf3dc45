// SPDX-License-Identifier: Apache-2.0

/// A call that the Kubernetes API server answered.
public struct APICall: TraceRecord {
    /// The table of the run file.
    public static let table = "api_call"

    /// Who called: the host's or the user agent's name.
    public var client: String
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`.
    public var verb: String
    /// The request's path with its query.
    public var path: String
    /// The HTTP status code.
    public var status: Int
    /// The Status reason of a refusal, else empty.
    public var reason: String
    /// From the request to the head of the answer.
    public var duration: Duration
    /// Revisions of objects that it stored.
    public var stored: Int64
    /// The last of them, while the others are just below it; 0 when it stored none.
    public var revision: Int64

    /// Makes a record.
    public init(
        client: String,
        verb: String,
        path: String,
        status: Int,
        reason: String,
        duration: Duration,
        stored: Int64 = 0,
        revision: Int64 = 0
    ) {
        self.client = client
        self.verb = verb
        self.path = path
        self.status = status
        self.reason = reason
        self.duration = duration
        self.stored = stored
        self.revision = revision
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("client", client)
        writer.column("verb", verb)
        writer.column("path", path)
        writer.column("status", status)
        writer.column("reason", reason)
        writer.column("duration_ns", duration)
        writer.column("stored", stored)
        writer.column("revision", revision)
    }
}
