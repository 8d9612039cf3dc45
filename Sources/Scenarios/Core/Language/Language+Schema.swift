// SPDX-License-Identifier: Apache-2.0
public import JSON

extension Language {
    /// The JSON Schema of scenario files, so that editors complete and check: made of the same tables that read
    /// them.
    ///
    /// It is wider than the reader where a shape depends on what stands beside it, and anything may be templated.
    public static var schema: JSONValue {
        var root = Schema.object(scenario, isRoot: true)
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        root["title"] = "Albedo scenario"
        return .object(root)
    }
}

/// Shapes as JSON Schema.
private enum Schema {
    /// What a text with a value in it looks like: `${name}`.
    private static let template: JSONValue = ["type": "string", "pattern": "\\$\\{[A-Za-z]"]
    /// A loop in place of items.
    private static let loop: JSONValue = [
        "type": "object", "required": ["each", "do"], "properties": ["each": true, "do": true],
        "additionalProperties": false,
    ]

    static func object(_ record: RecordShape, isRoot: Bool = false) -> JSONObject {
        var properties: JSONObject = [:]
        for field in record.fields {
            var schema = self.schema(field.value)
            // What an expectation's word may hold depends on the words beside it.
            if record.name.hasSuffix("expectation") { schema = ["anyOf": [schema, ["type": "object"]]] }
            if case .object(var members) = schema, !field.summary.isEmpty {
                members["description"] = .string(field.summary)
                schema = .object(members)
            }
            properties[field.key] = schema
        }
        var object: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = record.fields.filter(\.isRequired).map { JSONValue.string($0.key) }
        if !required.isEmpty { object["required"] = .array(required) }
        // Parts of objects may have members of their own kinds.
        // A record without a table of its own, as an expectation's members, is checked by the reader alone.
        object["additionalProperties"] = .bool(record.name == "object" || record.fields.isEmpty)
        return object
    }

    static func schema(_ shape: ValueShape) -> JSONValue {
        switch shape {
        case .scalar(let scalar): return self.scalar(scalar)
        case .choice(let words):
            return ["anyOf": [["enum": .array(words.map { .string($0) })], template]]
        case .list(let item):
            return ["anyOf": [["type": "array", "items": ["anyOf": [schema(item), loop]]], template]]
        case .map(let value):
            return [
                "anyOf": [
                    ["type": "object", "additionalProperties": ["anyOf": [schema(value), true]]], template,
                ]
            ]
        case .record(let record):
            let full = JSONValue.object(object(record))
            guard let shorthand = record.shorthand else { return ["anyOf": [full, template]] }
            return ["anyOf": [schema(shorthand), full, template]]
        case .tree: return [:]
        case .either(let shapes): return ["anyOf": .array(shapes.map(schema))]
        }
    }

    private static func scalar(_ scalar: ScalarShape) -> JSONValue {
        var object: JSONObject
        switch scalar.kind {
        // Unquoted numbers are texts too: `200`, `0.5`.
        case .string: object = ["type": ["string", "number", "boolean"]]
        case .integer: object = ["anyOf": [["type": "integer"], template]]
        case .number: object = ["anyOf": [["type": "number"], template]]
        case .boolean: object = ["anyOf": [["type": "boolean"], template]]
        }
        if !scalar.example.isEmpty { object["examples"] = [.string(scalar.example)] }
        return .object(object)
    }
}
