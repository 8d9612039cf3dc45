// SPDX-License-Identifier: Apache-2.0

/// What a trace can tell: one case, one record type and one table of the run file for each kind.
///
/// The record is kept behind a reference: entries are many, and go through many hands.
public indirect enum TraceEvent: Sendable {
    /// A revision of a Kubernetes object was stored.
    case object(ObjectRevision)
    /// The API server answered a call.
    case apiCall(APICall)
    /// The cloud answered a call.
    case cloudCall(CloudCall)
    /// A controller finished a pass.
    case reconcile(Reconcile)
    /// A zone of a load balancer began to serve a configuration version.
    case configuration(ConfigurationPush)
    /// A server's health changed in the eyes of a zone.
    case health(HealthChange)
    /// A pod's process went to another stage.
    case pod(PodStage)
    /// A client's connection opened or failed.
    case connection(ConnectionRecord)
    /// A client's request ended.
    case request(RequestRecord)
    /// A load balancer handled a request: its side of the story.
    case proxied(ProxiedRequest)
    /// A scenario's step was carried out.
    case step(StepRecord)
    /// Something else worth knowing.
    case note(Note)
    /// A load balancer wrote a line of its access log.
    case accessLog(AccessLogLine)
    /// A WebSocket or a gRPC stream opened or ended.
    case stream(StreamRecord)
}

/// One kind of trace entry: a table's name and a row's columns.
///
/// The digest, the run file and the printed trace all read a record through `write`, so a column is named once.
public protocol TraceRecord: Sendable {
    /// The table of the run file.
    static var table: String { get }

    /// Writes the columns, always the same ones in the same order.
    func write<Writer: TraceWriter>(to writer: inout Writer)
}

/// Takes a record's columns.
public protocol TraceWriter {
    /// Takes a number.
    mutating func column(_ name: StaticString, _ value: Int64)
    /// Takes a text.
    mutating func column(_ name: StaticString, _ value: String)
}

extension TraceWriter {
    /// Takes a duration, in nanoseconds.
    @inlinable
    public mutating func column(_ name: StaticString, _ value: Duration) {
        column(name, value.nanoseconds)
    }

    /// Takes a small number.
    @inlinable
    public mutating func column(_ name: StaticString, _ value: Int) {
        column(name, Int64(value))
    }
}

extension TraceEvent {
    /// The record inside.
    public var record: any TraceRecord {
        switch self {
        case .object(let record): record
        case .apiCall(let record): record
        case .cloudCall(let record): record
        case .reconcile(let record): record
        case .configuration(let record): record
        case .health(let record): record
        case .pod(let record): record
        case .connection(let record): record
        case .request(let record): record
        case .proxied(let record): record
        case .step(let record): record
        case .note(let record): record
        case .accessLog(let record): record
        case .stream(let record): record
        }
    }

    /// Writes the record's columns without boxing it.
    @inlinable
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        switch self {
        case .object(let record): record.write(to: &writer)
        case .apiCall(let record): record.write(to: &writer)
        case .cloudCall(let record): record.write(to: &writer)
        case .reconcile(let record): record.write(to: &writer)
        case .configuration(let record): record.write(to: &writer)
        case .health(let record): record.write(to: &writer)
        case .pod(let record): record.write(to: &writer)
        case .connection(let record): record.write(to: &writer)
        case .request(let record): record.write(to: &writer)
        case .proxied(let record): record.write(to: &writer)
        case .step(let record): record.write(to: &writer)
        case .note(let record): record.write(to: &writer)
        case .accessLog(let record): record.write(to: &writer)
        case .stream(let record): record.write(to: &writer)
        }
    }
}
