// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks a value against the part of JSON Schema that Albedo's schema uses.
struct SchemaCheck {
    /// What does not fit, by its path; empty when all does.
    static func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "") -> [String] {
        guard let members = schema.objectValue else {
            return schema == false ? ["\(path): nothing may be here"] : []
        }
        var problems: [String] = []
        if let options = members["anyOf"]?.arrayValue {
            let results = options.map { Self.problems(value, $0, at: path) }
            if !results.contains([]) {
                problems.append("\(path): fits none of \(options.count)")
                problems += results.min { $0.count < $1.count } ?? []
            }
        }
        if let words = members["enum"]?.arrayValue, !words.contains(value) {
            problems.append("\(path): is none of the words")
        }
        if let type = members["type"] {
            let types = type.arrayValue ?? [type]
            if !types.contains(where: { isOf($0.stringValue ?? "", value) }) {
                problems.append("\(path): is no \(type.text)")
            }
        }
        if members["pattern"] != nil, !(value.stringValue?.contains("${") ?? false) {
            problems.append("\(path): holds no value")
        }
        if let object = value.objectValue {
            problems += Self.problems(object, members, at: path)
        }
        if let item = members["items"], let items = value.arrayValue {
            for (place, inner) in items.enumerated() {
                problems += Self.problems(inner, item, at: "\(path)/\(place)")
            }
        }
        return problems
    }

    private static func problems(_ object: JSONObject, _ schema: JSONObject, at path: String) -> [String] {
        var problems: [String] = []
        let properties = schema["properties"]?.objectValue ?? [:]
        // A loop in a mapping brings members of its own.
        let isLoop = object["each"] != nil && object["do"] != nil
        for name in schema["required"]?.arrayValue ?? [] {
            if let key = name.stringValue, object[key] == nil { problems.append("\(path): lacks \(key)") }
        }
        for member in object {
            if isLoop, ["each", "do"].contains(member.key) { continue }
            let inner = properties[member.key] ?? schema["additionalProperties"] ?? true
            problems += Self.problems(member.value, inner, at: "\(path)/\(member.key)")
        }
        return problems
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("string", .string), ("boolean", .bool), ("object", .object), ("array", .array),
            ("integer", .integer),
            ("number", .integer), ("number", .number), ("null", .null):
            true
        default: false
        }
    }
}
