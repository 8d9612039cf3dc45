// SPDX-License-Identifier: Apache-2.0

/// A call that the cloud answered.
public struct CloudCall: TraceRecord {
    /// The table of the run file.
    public static let table = "cloud_call"

    /// Who called.
    public var client: String
    /// `Alb`, `Cas`, `Vpc`, `Ecs` and the like.
    public var product: String
    /// The action's name.
    public var action: String
    /// The id of the main object, or empty.
    public var resource: String
    /// The HTTP status code.
    public var status: Int
    /// The error code, or empty.
    public var code: String
    /// The RequestId answered.
    public var requestID: String
    /// From the request to the answer.
    public var duration: Duration

    /// Makes a record.
    public init(
        client: String,
        product: String,
        action: String,
        resource: String,
        status: Int,
        code: String,
        requestID: String,
        duration: Duration
    ) {
        self.client = client
        self.product = product
        self.action = action
        self.resource = resource
        self.status = status
        self.code = code
        self.requestID = requestID
        self.duration = duration
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("client", client)
        writer.column("product", product)
        writer.column("action", action)
        writer.column("resource", resource)
        writer.column("status", status)
        writer.column("code", code)
        writer.column("request_id", requestID)
        writer.column("duration_ns", duration)
    }
}
