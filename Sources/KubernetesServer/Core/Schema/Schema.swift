// SPDX-License-Identifier: Apache-2.0
import JSON

/// The built-in types, read once from their tables.
///
/// It drives decoding (unknown fields, wrong types), what is left out and what is always written, defaults,
/// and strategic merge patches.
struct Schema: Sendable {
    /// All types; a `SchemaValue.structure` is a place in here.
    private(set) var structures: [SchemaStructure] = []
    private var places: [String: Int] = [:]
    /// What each type looks like when nothing is given.
    private(set) var empty: [JSONValue] = []

    /// The schema of the built-in types.
    static let builtIn: Schema = {
        do {
            return try Schema(tables: SchemaTables.all, defaults: SchemaTables.defaults)
        } catch {
            preconditionFailure("the schema tables are broken: \(error)")
        }
    }()

    /// A mistake in a table.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads tables.
    ///
    /// - Throws: `Mistake` naming the first entry that does not fit.
    init(tables: [String], defaults: String) throws(Mistake) {
        var raw: [(name: String, fields: [Substring])] = []
        for table in tables {
            // The tables are ASCII: characters need not be looked for, which would take ten times as long.
            var words = table.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
                .map { Substring($0) }[...]
            while let name = words.popFirst() {
                guard words.popFirst() == "{", let end = words.firstIndex(of: "}") else {
                    throw Mistake(description: "expected { … } after \(name)")
                }
                raw.append((String(name), Array(words[..<end])))
                words = words[(end + 1)...]
            }
        }
        for (place, entry) in raw.enumerated() { places[entry.name] = place }
        guard places.count == raw.count else {
            throw Mistake(description: "a type stands twice in the tables")
        }
        for entry in raw {
            var fields: [SchemaField] = []
            for text in entry.fields { fields.append(try field(text, of: entry.name)) }
            structures.append(SchemaStructure(name: entry.name, fields: fields))
        }
        try take(defaults: defaults)
        empty = structures.indices.map { Self.emptyValue($0, structures) }
    }

    /// The place of a type.
    func place(_ name: String) -> Int? { places[name] }

    private func field(_ text: Substring, of owner: String) throws(Mistake) -> SchemaField {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw Mistake(description: "expected name:type, found \(text) in \(owner)")
        }
        var rest = text[text.utf8.index(after: colon)...].utf8
        var defaultValue: JSONValue?
        if let sign = rest.firstIndex(of: UInt8(ascii: "=")) {
            defaultValue = Self.value(Substring(rest[rest.index(after: sign)...]))
            rest = rest[..<sign]
        }
        let isAlways = rest.last == UInt8(ascii: "!")
        if isAlways { rest = rest.dropLast() }
        let keepsZero = rest.first == UInt8(ascii: "*")
        if keepsZero { rest = rest.dropFirst() }
        var merge = SchemaField.Merge.replace
        if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
            let key = Substring(rest[rest.index(after: slash)...])
            merge = key.isEmpty ? .set : .byKey(String(key))
            rest = rest[..<slash]
        }
        return SchemaField(
            name: String(text[..<colon]),
            value: try type(Substring(rest), of: owner),
            keepsZero: keepsZero,
            isAlways: isAlways,
            defaultValue: defaultValue,
            merge: merge
        )
    }

    private func type(_ text: Substring, of owner: String) throws(Mistake) -> SchemaValue {
        if text.utf8.first == UInt8(ascii: "[") { return .list(try type(Self.inner(text), of: owner)) }
        if text.utf8.first == UInt8(ascii: "{") { return .map(try type(Self.inner(text), of: owner)) }
        // Short texts are compared in one step, parts of long ones byte by byte.
        let name = String(text)
        switch name {
        case "string": return .string
        case "int32": return .int32
        case "int64": return .int64
        case "bool": return .bool
        case "double": return .double
        case "bytes": return .bytes
        case "Time": return .time
        case "MicroTime": return .microTime
        case "Quantity": return .quantity
        case "IntOrString": return .intOrString
        case "any": return .any
        default:
            guard let place = places[name] else {
                throw Mistake(description: "\(owner) names an unknown type \(name)")
            }
            return .structure(place)
        }
    }

    private static func inner(_ text: Substring) -> Substring { Substring(text.utf8.dropFirst().dropLast()) }

    private mutating func take(defaults: String) throws(Mistake) {
        for line in defaults.utf8.split(separator: UInt8(ascii: "\n")) {
            let entry = line.drop { $0 == UInt8(ascii: " ") }
            guard let dot = entry.firstIndex(of: UInt8(ascii: ".")),
                let sign = entry.firstIndex(of: UInt8(ascii: "=")),
                let place = places[String(Substring(entry[..<dot]))],
                structures[place].setDefault(
                    Self.value(Substring(entry[entry.index(after: sign)...])),
                    of: String(Substring(entry[entry.index(after: dot)..<sign]))
                )
            else { throw Mistake(description: "the default \(Substring(line)) names no field") }
        }
    }

    private static func value(_ text: Substring) -> JSONValue {
        if let number = Int64(text) { return .integer(number) }
        if let truth = Bool(String(text)) { return .bool(truth) }
        if text.first == "{", let object = try? JSONValue(parsing: String(text)) { return object }
        return .string(String(text))
    }

    private static func emptyValue(_ place: Int, _ structures: [SchemaStructure]) -> JSONValue {
        let structure = structures[place]
        return .object(
            JSONObject(
                distinct: structure.always.map { field in
                    JSONObject.Member(
                        key: structure.fields[field].name,
                        value: zero(structure.fields[field].value, structures)
                    )
                }
            )
        )
    }

    private static func zero(_ value: SchemaValue, _ structures: [SchemaStructure]) -> JSONValue {
        switch value {
        case .string, .bytes: ""
        case .int32, .int64, .double, .intOrString: 0
        case .quantity: "0"
        case .bool: false
        case .time, .microTime, .any, .list, .map: nil
        case .structure(let inner): emptyValue(inner, structures)
        }
    }

    /// What a field that is always written holds when it is missing.
    func zero(_ value: SchemaValue) -> JSONValue {
        if case .structure(let place) = value { return empty[place] }
        return Self.zero(value, structures)
    }
}
