// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// Why an object does not fit its type, in the words of the real server's reader.
struct DecodingMistake: Error, Equatable {
    let message: String
}

/// Brings an object into the form in which it is stored: known fields only, in the schema's order, zero
/// values left out, defaults put in, times and quantities in their one spelling.
struct SchemaDecoder {
    private enum Step {
        case field(String)
        case index(Int)
        /// A key of a map: part of the path, but not of the type's.
        case key(String)
    }

    private let schema: Schema
    /// Applies the defaults that depend on other fields.
    private let rules: [Int: DefaultRule]
    private var path: [Step] = []
    private var owner = ""
    /// The paths of fields that the schema does not know, in the order in which they came.
    private(set) var unknownFields: [String] = []

    init(schema: Schema = .builtIn, rules: [Int: DefaultRule] = DefaultRules.builtIn) {
        self.schema = schema
        self.rules = rules
    }

    /// Reads a whole object; `kind` and `apiVersion` are left out of the result.
    ///
    /// - Throws: `DecodingMistake` with the first value of a wrong type.
    mutating func object(_ value: JSONValue, as place: Int) throws(DecodingMistake) -> JSONObject {
        guard case .object(let object) = value else {
            throw DecodingMistake(
                message: "json: cannot unmarshal \(Self.word(value)) into Go value of type "
                    + "v1.\(schema.structures[place].name)"
            )
        }
        var result = try structure(object, place)
        result["kind"] = nil
        result["apiVersion"] = nil
        return result
    }

    private mutating func structure(_ object: JSONObject, _ place: Int) throws(DecodingMistake) -> JSONObject
    {
        let structure = schema.structures[place]
        let outerOwner = owner
        owner = structure.name
        defer { owner = outerOwner }
        var found: [(place: Int, member: JSONObject.Member)] = []
        found.reserveCapacity(object.count + structure.always.count + structure.defaulted.count)
        var seen: UInt64 = 0
        for member in object.members {
            guard let fieldPlace = structure.places[member.key] else {
                unknownFields.append(describe(member.key))
                continue
            }
            if member.value.isNull { continue }
            let field = structure.fields[fieldPlace]
            path.append(.field(member.key))
            let value = try self.value(member.value, field.value)
            path.removeLast()
            if !field.keepsZero, !field.isAlways, Self.isZero(value, field.value) { continue }
            seen |= 1 << UInt64(fieldPlace)
            found.append((fieldPlace, JSONObject.Member(key: field.name, value: value)))
        }
        for missing in structure.defaulted where seen & 1 << UInt64(missing) == 0 {
            guard let value = structure.fields[missing].defaultValue else { continue }
            seen |= 1 << UInt64(missing)
            found.append((missing, JSONObject.Member(key: structure.fields[missing].name, value: value)))
        }
        for missing in structure.always where seen & 1 << UInt64(missing) == 0 {
            let field = structure.fields[missing]
            var value = schema.zero(field.value)
            if case .structure(let inner) = field.value {
                path.append(.field(field.name))
                value = .object(try self.structure([:], inner))
                path.removeLast()
            }
            found.append((missing, JSONObject.Member(key: field.name, value: value)))
        }
        sort(&found)
        var result = JSONObject(distinct: found.map(\.member))
        if let rule = rules[place] {
            rule(&result)
        }
        return result
    }

    /// Most objects come nearly in order, so this is an insertion sort.
    private func sort(_ found: inout [(place: Int, member: JSONObject.Member)]) {
        guard found.count > 1 else { return }
        for index in 1..<found.count {
            var at = index
            while at > 0, found[at - 1].place > found[at].place {
                found.swapAt(at, at - 1)
                at -= 1
            }
        }
    }

    private mutating func value(_ value: JSONValue, _ type: SchemaValue) throws(DecodingMistake) -> JSONValue
    {
        switch type {
        case .any: return value
        case .string:
            guard case .string = value else { throw mismatch(value, type) }
            return value
        case .bool:
            guard case .bool = value else { throw mismatch(value, type) }
            return value
        case .int32, .int64: return try integer(value, type)
        case .double:
            guard value.doubleValue != nil else { throw mismatch(value, type) }
            return value
        case .bytes: return try bytes(value)
        case .time, .microTime: return try time(value, type)
        case .quantity: return try quantity(value)
        case .intOrString:
            switch value {
            case .string: return value
            case .integer(let number) where Int32(exactly: number) != nil: return value
            default: throw mismatch(value, type)
            }
        case .structure(let place):
            guard case .object(let object) = value else { throw mismatch(value, type) }
            return .object(try structure(object, place))
        case .list(let inner): return try list(value, inner)
        case .map(let inner): return try map(value, inner)
        }
    }

    private func integer(_ value: JSONValue, _ type: SchemaValue) throws(DecodingMistake) -> JSONValue {
        if case .integer(let number) = value, type == .int64 || Int32(exactly: number) != nil { return value }
        // The real reader takes 3.0 for 3.
        if case .number(let text) = value, let number = Double(text), let whole = Int64(exactly: number),
            type == .int64 || Int32(exactly: whole) != nil
        {
            return .integer(whole)
        }
        throw mismatch(value, type)
    }

    private func bytes(_ value: JSONValue) throws(DecodingMistake) -> JSONValue {
        guard case .string(let text) = value else { throw mismatch(value, .bytes) }
        do {
            _ = try Base64.decode(text)
        } catch {
            throw DecodingMistake(message: "illegal base64 data at input byte \(error.offset)")
        }
        return value
    }

    private func time(_ value: JSONValue, _ type: SchemaValue) throws(DecodingMistake) -> JSONValue {
        guard case .string(let text) = value else { throw mismatch(value, type) }
        if let instant = Instant(rfc3339: text) {
            return .string(type == .time ? instant.rfc3339 : instant.rfc3339Micro)
        }
        let layout = type == .time ? "2006-01-02T15:04:05Z07:00" : "2006-01-02T15:04:05.000000Z07:00"
        throw DecodingMistake(
            message: "parsing time \"\(text)\" as \"\(layout)\": cannot parse \"\(text)\" as \"2006\""
        )
    }

    private func quantity(_ value: JSONValue) throws(DecodingMistake) -> JSONValue {
        let text: String
        switch value {
        case .string(let given): text = given
        case .integer(let number): text = String(number)
        case .number(let given): text = given
        default: throw mismatch(value, .quantity)
        }
        guard let quantity = Quantity(text) else {
            throw DecodingMistake(
                message: "quantities must match the regular expression "
                    + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            )
        }
        return .string(quantity.description)
    }

    private mutating func list(_ value: JSONValue, _ inner: SchemaValue) throws(DecodingMistake) -> JSONValue
    {
        guard case .array(let items) = value else { throw mismatch(value, .list(inner)) }
        var result: [JSONValue] = []
        result.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            path.append(.index(index))
            result.append(item.isNull ? schema.zero(inner) : try self.value(item, inner))
            path.removeLast()
        }
        return .array(result)
    }

    private mutating func map(_ value: JSONValue, _ inner: SchemaValue) throws(DecodingMistake) -> JSONValue {
        guard case .object(let object) = value else { throw mismatch(value, .map(inner)) }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(object.count)
        for member in object.members {
            path.append(.key(member.key))
            let value = member.value.isNull ? schema.zero(inner) : try self.value(member.value, inner)
            path.removeLast()
            members.append(JSONObject.Member(key: member.key, value: value))
        }
        var result = JSONObject(distinct: members)
        result.sortKeys()
        return .object(result)
    }

    // MARK: Words

    private static func isZero(_ value: JSONValue, _ type: SchemaValue) -> Bool {
        if type == .any { return value.isNull }
        return switch value {
        case .null: true
        case .bool(let truth): !truth
        case .integer(let number): number == 0 && type != .intOrString
        case .number(let text): Double(text) == 0
        case .string(let text): text.isEmpty && type != .intOrString
        case .array(let items): items.isEmpty
        case .object(let object):
            if case .map = type { object.isEmpty } else { false }
        }
    }

    private func describe(_ last: String) -> String {
        var text = ""
        for step in path + [.field(last)] {
            switch step {
            case .field(let name), .key(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }

    private func mismatch(_ value: JSONValue, _ type: SchemaValue) -> DecodingMistake {
        let fields = path.compactMap { if case .field(let name) = $0 { name } else { nil } }
        var found = Self.word(value)
        switch (type, value) {
        case (.int32, .integer(let number)), (.int64, .integer(let number)): found += " \(number)"
        case (.int32, .number(let text)), (.int64, .number(let text)): found += " \(text)"
        default: break
        }
        return DecodingMistake(
            message: "json: cannot unmarshal \(found) into Go struct field "
                + "\(owner).\(fields.joined(separator: ".")) of type \(word(type))"
        )
    }

    private static func word(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private func word(_ type: SchemaValue) -> String {
        switch type {
        case .string, .time, .microTime, .quantity: "string"
        case .int32: "int32"
        case .int64: "int64"
        case .bool: "bool"
        case .double: "float64"
        case .bytes: "[]uint8"
        case .intOrString: "intstr.IntOrString"
        case .any: "interface {}"
        case .structure(let place): "v1.\(schema.structures[place].name)"
        case .list(let inner): "[]\(word(inner))"
        case .map(let inner): "map[string]\(word(inner))"
        }
    }
}
