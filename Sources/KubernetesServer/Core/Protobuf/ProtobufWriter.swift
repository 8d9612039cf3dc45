// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// Makes messages of JSON objects of the built-in types.
struct ProtobufWriter {
    let layout: WireLayout

    init(layout: WireLayout = .builtIn) {
        self.layout = layout
    }

    /// A message of a type.
    func object(_ object: JSONObject, as place: Int) -> [UInt8] {
        guard let message = layout.messages[place] else { return [] }
        var output: [UInt8] = []
        write(object, message, of: place, to: &output)
        return output
    }

    /// A list of a type.
    func list(_ list: JSONObject, of place: Int) -> [UInt8] {
        var output: [UInt8] = []
        if let type = layout.schema.place("ListMeta") {
            Self.append(1, object(list["metadata"]?.objectValue ?? [:], as: type), to: &output)
        }
        for item in list["items"]?.arrayValue ?? [] {
            Self.append(2, object(item.objectValue ?? [:], as: place), to: &output)
        }
        return output
    }

    private func write(
        _ object: JSONObject,
        _ message: WireLayout.Message,
        of place: Int,
        to output: inout [UInt8]
    ) {
        let structure = layout.schema.structures[place]
        for (number, entry) in message.entries {
            switch entry {
            case .wrapper(let inner):
                var content: [UInt8] = []
                write(object, inner, of: place, to: &content)
                if !content.isEmpty { Self.append(number, content, to: &output) }
            case .field(let index):
                let field = structure.fields[index]
                guard let value = object[field.name], !value.isNull else { continue }
                if place == layout.jsonSchema, let union = SchemaUnion(rawValue: field.name) {
                    write(value, union, number, to: &output)
                } else {
                    write(value, field.value, number, to: &output)
                }
            }
        }
    }

    private func write(_ value: JSONValue, _ type: SchemaValue, _ number: Int, to output: inout [UInt8]) {
        switch type {
        case .list(let inner):
            for item in value.arrayValue ?? [] { write(item, inner, number, to: &output) }
        case .map(let inner):
            for member in value.objectValue ?? [:] {
                var content: [UInt8] = []
                Self.append(1, Array(member.key.utf8), to: &content)
                if case .list(let item) = inner {
                    var list: [UInt8] = []
                    write(member.value, .list(item), 1, to: &list)
                    Self.append(2, list, to: &content)
                } else {
                    write(member.value, inner, 2, to: &content)
                }
                Self.append(number, content, to: &output)
            }
        case .int32, .int64, .bool:
            Self.append(number, wireType: 0, to: &output)
            let integer = value.boolValue.map { $0 ? 1 : 0 } ?? value.intValue ?? 0
            Self.append(varint: UInt64(bitPattern: Int64(integer)), to: &output)
        case .double:
            Self.append(number, wireType: 1, to: &output)
            let bits = (value.doubleValue ?? 0).bitPattern
            for shift in stride(from: 0, to: 64, by: 8) {
                output.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
            }
        default: Self.append(number, content(value, type), to: &output)
        }
    }

    private func content(_ value: JSONValue, _ type: SchemaValue) -> [UInt8] {
        switch type {
        case .string: return Array((value.stringValue ?? "").utf8)
        case .bytes: return (try? Base64.decode(value.stringValue ?? "")) ?? []
        case .quantity: return Self.wrapped(Array((value.stringValue ?? value.text).utf8))
        case .any: return Self.wrapped(value.bytes)
        case .time, .microTime: return Self.time(value.stringValue ?? "")
        case .intOrString: return Self.intOrString(value)
        case .structure(let place): return object(value.objectValue ?? [:], as: place)
        default: return []
        }
    }

    private func write(
        _ value: JSONValue,
        _ union: SchemaUnion,
        _ number: Int,
        to output: inout [UInt8]
    ) {
        guard union == .dependencies else {
            Self.append(number, alternative(value, union), to: &output)
            return
        }
        for member in value.objectValue ?? [:] {
            var content: [UInt8] = []
            Self.append(1, Array(member.key.utf8), to: &content)
            Self.append(2, alternative(member.value, union), to: &content)
            Self.append(number, content, to: &output)
        }
    }

    private func alternative(_ value: JSONValue, _ union: SchemaUnion) -> [UInt8] {
        guard let place = layout.jsonSchema else { return [] }
        var output: [UInt8] = []
        let isTruth = union == .additionalItems || union == .additionalProperties
        switch value {
        case .bool(let truth):
            Self.append(1, wireType: 0, to: &output)
            output.append(truth ? 1 : 0)
        case .object(let object):
            if isTruth {
                Self.append(1, wireType: 0, to: &output)
                output.append(1)
            }
            Self.append(isTruth ? 2 : 1, self.object(object, as: place), to: &output)
        case .array(let items):
            for item in items {
                let content =
                    item.stringValue.map { Array($0.utf8) } ?? object(item.objectValue ?? [:], as: place)
                Self.append(2, content, to: &output)
            }
        default: break
        }
        return output
    }

    // MARK: Pieces

    private static func time(_ text: String) -> [UInt8] {
        guard let instant = Instant(rfc3339: text) else { return [] }
        let seconds = instant.seconds
        let nanoseconds = instant.nanoseconds - seconds * 1_000_000_000
        var output: [UInt8] = []
        append(1, wireType: 0, to: &output)
        append(varint: UInt64(bitPattern: seconds), to: &output)
        append(2, wireType: 0, to: &output)
        append(varint: UInt64(bitPattern: nanoseconds), to: &output)
        return output
    }

    private static func intOrString(_ value: JSONValue) -> [UInt8] {
        var output: [UInt8] = []
        append(1, wireType: 0, to: &output)
        if let text = value.stringValue {
            output.append(1)
            append(3, Array(text.utf8), to: &output)
        } else {
            output.append(0)
            append(2, wireType: 0, to: &output)
            append(varint: UInt64(bitPattern: Int64(value.intValue ?? 0)), to: &output)
        }
        return output
    }

    /// A message whose first field is the bytes.
    private static func wrapped(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        append(1, bytes, to: &output)
        return output
    }

    static func append(_ number: Int, wireType: Int, to output: inout [UInt8]) {
        append(varint: UInt64(number << 3 | wireType), to: &output)
    }

    static func append(_ number: Int, _ content: [UInt8], to output: inout [UInt8]) {
        append(number, wireType: 2, to: &output)
        append(varint: UInt64(content.count), to: &output)
        output += content
    }

    static func append(varint number: UInt64, to output: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }
}
