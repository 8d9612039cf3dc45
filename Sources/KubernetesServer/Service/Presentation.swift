// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization
import YAML

/// Turns an answer in plain JSON into what the client asked for.
///
/// Everything behind works on JSON alone: tables, YAML and protobuf are made at the door.
struct Presentation: Sendable {
    let acceptance: Acceptance
    let table: TableWriter?

    /// What is done with an answer about a resource.
    ///
    /// - Throws: `KubernetesStatus` when the query asks for rows that there are not.
    init(
        _ acceptance: Acceptance,
        _ resource: ServedResource,
        _ target: RequestTarget,
        isScale: Bool,
        now: Instant
    ) throws(KubernetesStatus) {
        self.acceptance = acceptance
        guard acceptance.form == .table else {
            table = nil
            return
        }
        table = TableWriter(
            resource: resource,
            printer: isScale ? .plain : .of(resource),
            version: acceptance.metaVersion,
            included: try TableWriter.included(target),
            now: now
        )
    }

    /// What is done with a refusal: no table, but the same encoding.
    init(refusing acceptance: Acceptance) {
        self.acceptance = acceptance
        table = nil
    }

    private var isPlain: Bool {
        table == nil && acceptance.encoding == .json && acceptance.metaVersion == "v1"
    }

    /// Changes an answer.
    func apply(to reply: inout Reply) {
        guard !isPlain else { return }
        switch reply.body {
        case .bytes(let bytes):
            if let json = try? JSONValue(parsing: bytes) { apply(json, to: &reply) }
        case .json(let json): apply(json, to: &reply)
        case .list(let list):
            if let json = try? JSONValue(parsing: list.bytes) { apply(json, to: &reply) }
        case .watch(let body, let number):
            reply.mediaType = acceptance.encoding.rawValue
            if acceptance.encoding == .protobuf { reply.mediaType += ";stream=watch" }
            reply.body = .watch(events(body), number: number)
        case .relayed, .node: break
        }
    }

    private func apply(_ json: JSONValue, to reply: inout Reply) {
        let shown = shown(json)
        switch acceptance.encoding {
        case .json: reply.body = .json(shown)
        case .yaml:
            reply.mediaType = AnswerEncoding.yaml.rawValue
            reply.body = .bytes(Array(shown.yaml.utf8))
        case .protobuf:
            // What has no field numbers stays JSON, which every client of this kind reads as well.
            guard let bytes = ProtobufEnvelope.write(shown) else { return }
            reply.mediaType = AnswerEncoding.protobuf.rawValue
            reply.body = .bytes(bytes)
        }
    }

    private func shown(_ json: JSONValue, withColumns: Bool = true) -> JSONValue {
        if let table { return table.table(json, withColumns: withColumns) }
        guard acceptance.metaVersion != "v1", json["kind"] != "Status" else { return json }
        var copy = json
        copy["apiVersion"] = .string("meta.k8s.io/\(acceptance.metaVersion)")
        return copy
    }

    // MARK: Watches

    /// The events of a watch, changed as they are asked for.
    private func events(_ body: WatchBody) -> WatchBody {
        let columns = ColumnsState()
        // A piece may hold several events.
        @Sendable func changed(_ piece: [UInt8]) -> [UInt8] {
            piece.split(separator: UInt8(ascii: "\n")).flatMap { event(Array($0), columns) }
        }
        switch body {
        case .feed(let feed):
            feed.map(changed)
            return body
        case .stream(let stream):
            return .stream(
                AsyncStream {
                    for await piece in stream { return changed(piece) }
                    return nil
                }
            )
        }
    }

    private func event(_ line: [UInt8], _ columns: ColumnsState) -> [UInt8] {
        guard let json = try? JSONValue(parsing: line), let type = json["type"]?.stringValue,
            let object = json["object"]
        else { return line + [UInt8(ascii: "\n")] }
        let shown = shown(object, withColumns: table == nil || type == "ERROR" || columns.takeFirst())
        if acceptance.encoding == .protobuf, let bytes = ProtobufEnvelope.write(shown) {
            return ProtobufEnvelope.event(type, bytes)
        }
        return Encoding.event(type, shown.bytes)
    }
}

/// Remembers that a watch has told its columns: only its first event does.
private final class ColumnsState: Sendable {
    private let isFirst = Mutex(true)

    func takeFirst() -> Bool {
        isFirst.withLock { isFirst in
            defer { isFirst = false }
            return isFirst
        }
    }
}
