// SPDX-License-Identifier: Apache-2.0
import JSON

/// An object as Kubernetes sends it in protobuf: four bytes that say so, its type, and its own message.
///
/// - Source: k8s.io/apimachinery, pkg/runtime/serializer/protobuf (documented).
enum ProtobufEnvelope {
    static let mediaType = "application/vnd.kubernetes.protobuf"
    static let magic: [UInt8] = [0x6b, 0x38, 0x73, 0x00]

    /// Reads an object; its `kind` and `apiVersion` become members.
    ///
    /// - Throws: `ProtobufMistake` for bytes that are none, and types without field numbers.
    static func read(_ bytes: [UInt8], layout: WireLayout = .builtIn) throws(ProtobufMistake) -> JSONValue {
        guard bytes.starts(with: magic) else {
            throw ProtobufMistake(
                message:
                    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"
            )
        }
        var (kind, apiVersion) = ("", "")
        var content: ArraySlice<UInt8> = []
        var scanner = ProtobufScanner(bytes[4...])
        while let (number, value) = try scanner.next() {
            guard case .bytes(let inner) = value else { throw .wrongType(value.wireType, field: "Raw") }
            switch number {
            case 1:
                var type = ProtobufScanner(inner)
                while let (number, value) = try type.next() {
                    guard case .bytes(let text) = value else { continue }
                    if number == 1 { apiVersion = String(decoding: text, as: UTF8.self) }
                    if number == 2 { kind = String(decoding: text, as: UTF8.self) }
                }
            case 2: content = inner
            default: continue
            }
        }
        guard let type = layout.type(kind, apiVersion) else {
            throw ProtobufMistake(message: "no kind \"\(kind)\" is registered for version \"\(apiVersion)\"")
        }
        var reader = ProtobufReader(layout: layout)
        var object =
            type.isList
            ? try reader.list(content, of: type.place) : try reader.object(content, as: type.place)
        object["kind"] = .string(kind)
        object["apiVersion"] = .string(apiVersion)
        return .object(object)
    }

    /// Writes an object that names its type; nil for types without field numbers.
    static func write(_ value: JSONValue, layout: WireLayout = .builtIn) -> [UInt8]? {
        guard let object = value.objectValue, let kind = object["kind"]?.stringValue,
            let type = layout.type(kind, object["apiVersion"]?.stringValue ?? "")
        else { return nil }
        let writer = ProtobufWriter(layout: layout)
        var names: [UInt8] = []
        ProtobufWriter.append(1, Array((object["apiVersion"]?.stringValue ?? "").utf8), to: &names)
        ProtobufWriter.append(2, Array(kind.utf8), to: &names)
        var output = magic
        ProtobufWriter.append(1, names, to: &output)
        let content =
            type.isList ? writer.list(object, of: type.place) : writer.object(object, as: type.place)
        ProtobufWriter.append(2, content, to: &output)
        ProtobufWriter.append(3, [], to: &output)
        ProtobufWriter.append(4, [], to: &output)
        return output
    }

    /// An event of a watch: its length in four bytes, then a message of its type and its object's envelope.
    static func event(_ type: String, _ object: [UInt8]) -> [UInt8] {
        var raw: [UInt8] = []
        ProtobufWriter.append(1, object, to: &raw)
        var message: [UInt8] = []
        ProtobufWriter.append(1, Array(type.utf8), to: &message)
        ProtobufWriter.append(2, raw, to: &message)
        let count = UInt32(message.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + message
    }
}
