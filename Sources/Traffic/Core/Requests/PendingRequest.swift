// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// Names a request from its beginning to its end.
typealias RequestID = SlotID

/// Names a scenario's probe; 0 is a request of the load.
typealias ProbeNumber = UInt64

/// A request that has begun and has not ended.
struct PendingRequest: Sendable {
    var prepared: PreparedRequest
    let client: Int
    let probe: ProbeNumber
    let begun: Instant
    /// When it will have taken too long; nil once it has.
    var deadline: DeadlineQueue<RequestID>.ID?
    /// The connection that carries it; nil while it waits for one.
    var connection: ConnectionID?
    /// The number of that connection, and what it showed: for the record, when the connection may be gone.
    var connectionNumber: Int64 = 0
    var certificate = ""
    var exchange: UInt64 = 0
    /// The stream that it asks for or has; `none` for ordinary requests.
    var stream = SlotID.none
    var sentAt: Instant
    /// How often it was sent to where it goes now.
    var tries = 0
    var redirects = 0
    /// True when only a connection that has carried nothing yet will do.
    var needsNewConnection = false
    /// True once a byte of the answer has come.
    var hasBytes = false
    /// 0 until the head of the answer has come.
    var status = 0
    var servedBy = ""
    var location: String?
    /// What the answer says of other ways to the origin; nil when it says nothing.
    var alternatives: String?
    /// What is kept of the answer's header fields, as lines.
    var headers = ""

    init(_ prepared: PreparedRequest, client: Int, probe: ProbeNumber, at now: Instant) {
        self.prepared = prepared
        self.client = client
        self.probe = probe
        begun = now
        sentAt = now
    }

    /// Takes the head of an answer; true when the server says that the connection ends with it.
    mutating func note(_ head: HTTPResponse, keeping kept: [String]) -> Bool {
        status = head.status.code
        var closes = false
        for field in head.headerFields {
            switch field.name.canonicalName {
            case "x-served-by": servedBy = field.value
            case "connection": closes = closes || field.value.lowercased() == "close"
            case "location": location = field.value
            case "alt-svc": alternatives = field.value
            default: break
            }
            if !kept.isEmpty, kept.contains(field.name.canonicalName) {
                headers += "\(headers.isEmpty ? "" : "\n")\(field.name.canonicalName): \(field.value)"
            }
        }
        return closes
    }

    /// Forgets what a try brought, before another.
    mutating func leaveConnection() {
        connection = nil
        connectionNumber = 0
        certificate = ""
        exchange = 0
        hasBytes = false
        status = 0
        servedBy = ""
        location = nil
        alternatives = nil
        headers = ""
    }

    /// What the trace keeps of it.
    func record(traffic: String, outcome: String, at now: Instant) -> RequestRecord {
        RequestRecord(
            traffic: traffic,
            connection: connectionNumber,
            exchange: Int64(exchange),
            method: prepared.method,
            host: prepared.host,
            path: prepared.path,
            status: status,
            outcome: outcome,
            servedBy: servedBy,
            certificate: certificate,
            latency: .nanoseconds(now.nanoseconds - begun.nanoseconds),
            tries: tries,
            headers: headers
        )
    }
}
