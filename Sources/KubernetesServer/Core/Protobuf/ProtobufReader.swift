// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// Makes JSON of messages of the built-in types.
///
/// Scalars that are zero come as such: the encoding writes them always, and what a client did not give is dropped
/// where the object is brought into form. A time without content is null.
struct ProtobufReader {
    let layout: WireLayout
    /// How many messages may stand inside each other.
    private var depth = 100

    init(layout: WireLayout = .builtIn) {
        self.layout = layout
    }

    /// Reads a message of a type.
    ///
    /// - Throws: `ProtobufMistake` where the bytes do not fit.
    mutating func object(_ bytes: ArraySlice<UInt8>, as place: Int) throws(ProtobufMistake) -> JSONObject {
        var object = JSONObject()
        guard let message = layout.messages[place] else { return object }
        try read(bytes, message, of: place, into: &object)
        return object
    }

    /// Reads a list of a type.
    ///
    /// - Throws: `ProtobufMistake` where the bytes do not fit.
    mutating func list(_ bytes: ArraySlice<UInt8>, of place: Int) throws(ProtobufMistake) -> JSONObject {
        var items: [JSONValue] = []
        var metadata: JSONObject = [:]
        var scanner = ProtobufScanner(bytes)
        while let (number, value) = try scanner.next() {
            guard case .bytes(let inner) = value else { throw .wrongType(value.wireType, field: "Items") }
            if number == 1, let type = layout.schema.place("ListMeta") {
                metadata = try object(inner, as: type)
            } else if number == 2 {
                items.append(.object(try object(inner, as: place)))
            }
        }
        return ["metadata": .object(metadata), "items": .array(items)]
    }

    private mutating func read(
        _ bytes: ArraySlice<UInt8>,
        _ message: WireLayout.Message,
        of place: Int,
        into object: inout JSONObject
    ) throws(ProtobufMistake) {
        depth -= 1
        defer { depth += 1 }
        if depth < 0 { throw .tooDeep }
        let structure = layout.schema.structures[place]
        var scanner = ProtobufScanner(bytes)
        while let (number, value) = try scanner.next() {
            switch message.entry(number) {
            case nil: continue
            case .wrapper(let inner)?:
                guard case .bytes(let content) = value else {
                    throw .wrongType(value.wireType, field: structure.name)
                }
                try read(content, inner, of: place, into: &object)
            case .field(let index)?:
                let field = structure.fields[index]
                if place == layout.jsonSchema, let union = SchemaUnion(rawValue: field.name) {
                    object[field.name] = try self.union(value, union, object[field.name])
                } else {
                    object[field.name] = try read(value, field.value, field.name, before: object[field.name])
                }
            }
        }
    }

    private mutating func read(
        _ value: ProtobufScanner.Value,
        _ type: SchemaValue,
        _ name: String,
        before: JSONValue?
    ) throws(ProtobufMistake) -> JSONValue {
        switch type {
        case .list(let inner):
            var items = before?.arrayValue ?? []
            // Numbers may be packed into one field.
            if case .bytes(let packed) = value, [.int32, .int64].contains(inner) {
                items += try unpack(packed)
            } else {
                items.append(try read(value, inner, name, before: nil))
            }
            return .array(items)
        case .map(let inner):
            var object = before?.objectValue ?? [:]
            let (key, member) = try entry(value, inner, name)
            object[key] = member
            return .object(object)
        case .int32, .int64, .bool:
            guard case .varint(let number) = value else { throw .wrongType(value.wireType, field: name) }
            if type == .bool { return .bool(number != 0) }
            return .integer(
                type == .int32
                    ? Int64(Int32(truncatingIfNeeded: number)) : Int64(bitPattern: number)
            )
        case .double:
            guard case .fixed64(let bits) = value else { throw .wrongType(value.wireType, field: name) }
            return .number("\(Double(bitPattern: bits))")
        default:
            guard case .bytes(let bytes) = value else { throw .wrongType(value.wireType, field: name) }
            return try read(bytes, type)
        }
    }

    private mutating func read(
        _ bytes: ArraySlice<UInt8>,
        _ type: SchemaValue
    ) throws(ProtobufMistake) -> JSONValue {
        switch type {
        case .string: return .string(String(decoding: bytes, as: UTF8.self))
        case .bytes: return .string(Base64.encode(Array(bytes)))
        case .quantity: return .string(String(decoding: try first(bytes), as: UTF8.self))
        case .any: return try raw(try first(bytes))
        case .time, .microTime: return try time(bytes, type)
        case .intOrString: return try intOrString(bytes)
        case .structure(let place): return .object(try object(bytes, as: place))
        default: return .null
        }
    }

    private func unpack(_ bytes: ArraySlice<UInt8>) throws(ProtobufMistake) -> [JSONValue] {
        // A field number of 1 in front of each makes it a message that the scanner reads.
        var numbers: [JSONValue] = []
        var rest = bytes
        while !rest.isEmpty {
            let length = (rest.firstIndex { $0 < 0x80 }).map { $0 - rest.startIndex + 1 } ?? rest.count
            var scanner = ProtobufScanner(([8] + rest.prefix(length))[...])
            if case .varint(let number)? = try scanner.next()?.value {
                numbers.append(.integer(Int64(bitPattern: number)))
            }
            rest = rest.dropFirst(length)
        }
        return numbers
    }

    private mutating func entry(
        _ value: ProtobufScanner.Value,
        _ inner: SchemaValue,
        _ name: String
    ) throws(ProtobufMistake) -> (String, JSONValue) {
        guard case .bytes(let bytes) = value else { throw .wrongType(value.wireType, field: name) }
        var key = ""
        var member: JSONValue = layout.schema.zero(inner)
        var scanner = ProtobufScanner(bytes)
        while let (number, value) = try scanner.next() {
            if number == 1, case .bytes(let text) = value { key = String(decoding: text, as: UTF8.self) }
            guard number == 2 else { continue }
            if case .list(let item) = inner {
                // A list inside a map is a message of its own.
                guard case .bytes(let list) = value else { throw .wrongType(value.wireType, field: name) }
                member = .array(try self.list(list, item, name))
            } else {
                member = try read(value, inner, name, before: nil)
            }
        }
        return (key, member)
    }

    private mutating func list(
        _ bytes: ArraySlice<UInt8>,
        _ item: SchemaValue,
        _ name: String
    ) throws(ProtobufMistake) -> [JSONValue] {
        var items: [JSONValue] = []
        var scanner = ProtobufScanner(bytes)
        while let (number, value) = try scanner.next() {
            if number == 1 { items.append(try read(value, item, name, before: nil)) }
        }
        return items
    }

    /// The bytes of a message's first field.
    private func first(_ bytes: ArraySlice<UInt8>) throws(ProtobufMistake) -> ArraySlice<UInt8> {
        var found: ArraySlice<UInt8> = []
        var scanner = ProtobufScanner(bytes)
        while let (number, value) = try scanner.next() {
            if number == 1, case .bytes(let content) = value { found = content }
        }
        return found
    }

    private func raw(_ bytes: ArraySlice<UInt8>) throws(ProtobufMistake) -> JSONValue {
        if bytes.isEmpty { return .null }
        do {
            return try JSONValue(parsing: Array(bytes))
        } catch {
            throw ProtobufMistake(message: "a field that holds JSON is broken: \(error)")
        }
    }

    private func time(_ bytes: ArraySlice<UInt8>, _ type: SchemaValue) throws(ProtobufMistake) -> JSONValue {
        if bytes.isEmpty { return .null }
        var (seconds, nanoseconds): (Int64, Int64) = (0, 0)
        var scanner = ProtobufScanner(bytes)
        while let (number, value) = try scanner.next() {
            guard case .varint(let raw) = value else { throw .wrongType(value.wireType, field: "Seconds") }
            if number == 1 { seconds = Int64(bitPattern: raw) }
            if number == 2 { nanoseconds = Int64(Int32(truncatingIfNeeded: raw)) }
        }
        // Years 1 to 9999, and what counts nanoseconds from the epoch can hold.
        guard (-9_000_000_000...9_000_000_000).contains(seconds) else {
            throw ProtobufMistake(message: "a time is out of range: \(seconds)")
        }
        let instant = Instant(nanoseconds: seconds * 1_000_000_000 + min(max(nanoseconds, 0), 999_999_999))
        return .string(type == .time ? instant.rfc3339 : instant.rfc3339Micro)
    }

    private func intOrString(_ bytes: ArraySlice<UInt8>) throws(ProtobufMistake) -> JSONValue {
        var isText = false
        var number: Int64 = 0
        var text = ""
        var scanner = ProtobufScanner(bytes)
        while let (field, value) = try scanner.next() {
            switch (field, value) {
            case (1, .varint(let raw)): isText = raw == 1
            case (2, .varint(let raw)): number = Int64(Int32(truncatingIfNeeded: raw))
            case (3, .bytes(let content)): text = String(decoding: content, as: UTF8.self)
            default: continue
            }
        }
        return isText ? .string(text) : .integer(number)
    }

    // MARK: Unions of schemas

    private mutating func union(
        _ value: ProtobufScanner.Value,
        _ union: SchemaUnion,
        _ before: JSONValue?
    ) throws(ProtobufMistake) -> JSONValue {
        guard case .bytes(let bytes) = value, let place = layout.jsonSchema else {
            throw .wrongType(value.wireType, field: union.rawValue)
        }
        if union == .dependencies {
            var object = before?.objectValue ?? [:]
            var key = ""
            var scanner = ProtobufScanner(bytes)
            while let (number, value) = try scanner.next() {
                guard case .bytes(let content) = value else { continue }
                if number == 1 { key = String(decoding: content, as: UTF8.self) }
                if number == 2 { object[key] = try alternative(content, place) }
            }
            return .object(object)
        }
        return try alternative(bytes, place)
    }

    /// A schema, a truth value, or a list of schemas or names.
    private mutating func alternative(
        _ bytes: ArraySlice<UInt8>,
        _ place: Int
    ) throws(ProtobufMistake) -> JSONValue {
        var allows: JSONValue = false
        var list: [JSONValue] = []
        var scanner = ProtobufScanner(bytes)
        while let (number, value) = try scanner.next() {
            switch (number, value) {
            case (1, .varint(let raw)): allows = .bool(raw != 0)
            case (1, .bytes(let content)): return .object(try object(content, as: place))
            case (2, .bytes(let content)):
                if allows == true { return .object(try object(content, as: place)) }
                list.append(.object(try object(content, as: place)))
            default: continue
            }
        }
        return list.isEmpty ? allows : .array(list)
    }
}

/// The fields of a JSON schema that may be one of several things.
enum SchemaUnion: String {
    case items, additionalItems, additionalProperties, dependencies
}
