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
    /// The head of the answer; nil until it has come.
    var answer: AnswerReading?

    init(_ prepared: PreparedRequest, client: Int, probe: ProbeNumber, at now: Instant) {
        self.prepared = prepared
        self.client = client
        self.probe = probe
        begun = now
        sentAt = now
    }

    /// The answer's status; 0 until its head has come.
    var status: Int { answer?.status ?? 0 }

    /// Forgets what a try brought, before another.
    mutating func leaveConnection() {
        connection = nil
        connectionNumber = 0
        certificate = ""
        exchange = 0
        hasBytes = false
        answer = nil
    }

    /// How it ended.
    func ended(_ outcome: String, at now: Instant) -> EndedRequest {
        EndedRequest(
            prepared: prepared,
            answer: answer,
            connectionNumber: connectionNumber,
            exchange: exchange,
            certificate: certificate,
            outcome: outcome,
            latency: begun.duration(to: now),
            tries: tries
        )
    }
}

/// A request that has ended: what the trace's record is made of, small enough to be handed on.
struct EndedRequest: Sendable {
    let prepared: PreparedRequest
    let answer: AnswerReading?
    let connectionNumber: Int64
    let exchange: UInt64
    let certificate: String
    let outcome: String
    let latency: Duration
    let tries: Int

    /// What the trace keeps of it.
    func record(traffic: String) -> RequestRecord {
        RequestRecord(
            traffic: traffic,
            connection: connectionNumber,
            exchange: Int64(exchange),
            method: prepared.method,
            host: prepared.host,
            path: prepared.path,
            status: answer?.status ?? 0,
            outcome: outcome,
            servedBy: answer?.servedBy ?? "",
            certificate: certificate,
            latency: latency,
            tries: tries,
            headers: answer?.headers ?? ""
        )
    }
}
