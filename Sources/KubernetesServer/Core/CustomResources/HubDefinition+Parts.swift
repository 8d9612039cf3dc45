// SPDX-License-Identifier: Apache-2.0
import JSON

extension HubDefinition {
    private static let columnTypes = ["boolean", "date", "integer", "number", "string"]
    private static let columnFormats = [
        "byte", "date", "date-time", "double", "float", "int32", "int64", "password",
    ]
    private static let fieldLimit = 8

    /// Checks the columns of tables.
    static func checkColumns(_ columns: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors) {
        for (index, column) in (columns?.arrayValue ?? []).enumerated() {
            let place = path[index]
            errors.needs(column["name"], place["name"])
            let words = "must be one of \(columnTypes.joined(separator: ","))"
            switch column["type"]?.stringValue ?? "" {
            case "": errors.required(place["type"], words)
            case let type where !columnTypes.contains(type):
                errors.invalid(place["type"], .string(type), words)
            default: break
            }
            if let format = column["format"]?.stringValue, !format.isEmpty, !columnFormats.contains(format) {
                errors.invalid(
                    place["format"],
                    .string(format),
                    "must be one of \(columnFormats.joined(separator: ","))"
                )
            }
            let jsonPath = column["jsonPath"]?.stringValue ?? ""
            if jsonPath.isEmpty {
                errors.required(place["JSONPath"])
            } else if !jsonPath.hasPrefix(".") {
                errors.invalid(
                    place["JSONPath"],
                    .string(jsonPath),
                    "must be a simple json path starting with ."
                )
            }
        }
    }

    /// Checks where `scale` finds its numbers.
    static func checkSubresources(_ subresources: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors)
    {
        guard let scale = subresources?["scale"], !scale.isNull else { return }
        for (name, root) in [("specReplicasPath", ".spec"), ("statusReplicasPath", ".status")] {
            let text = scale[name]?.stringValue ?? ""
            if text.isEmpty {
                errors.required(path["scale.\(name)"])
            } else {
                checkPath(text, [root], "under \(root)", path["scale.\(name)"], &errors)
            }
        }
        if let text = scale["labelSelectorPath"]?.stringValue, !text.isEmpty {
            checkPath(
                text,
                [".spec", ".status"],
                "under either .spec or .status",
                path["scale.labelSelectorPath"],
                &errors
            )
        }
    }

    private static func checkPath(
        _ text: String,
        _ roots: [String],
        _ words: String,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if !text.hasPrefix(".") {
            errors.invalid(path, .string(text), "must be a simple json path starting with .")
        } else if !roots.contains(where: { text.hasPrefix($0 + ".") }) {
            errors.invalid(path, .string(text), "should be a json path \(words)")
        }
    }

    /// Checks the fields that selectors may name.
    static func checkFields(
        _ fields: [JSONValue],
        _ schema: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        var seen: [[String]] = []
        for (index, field) in fields.enumerated() {
            let place = path[index]["jsonPath"]
            let text = field["jsonPath"]?.stringValue ?? ""
            if text.isEmpty {
                errors.required(place)
                continue
            }
            guard let names = SchemaPath.names(text, allowsBrackets: false) else {
                errors.invalid(place, .string(text), "is an invalid path: must be a path of names after dots")
                continue
            }
            guard let found = SchemaPath.follow(names, schema) else {
                errors.invalid(place, .string(text), "is an invalid path: does not refer to a valid field")
                continue
            }
            if names.first == "metadata" {
                errors.invalid(place, .string(text), "must not point to fields in metadata")
            }
            if !["string", "boolean", "integer"].contains(found["type"]?.stringValue ?? "") {
                errors.invalid(
                    place,
                    .string(text),
                    "must point to a field of type string, boolean or integer. Enum string fields and strings with "
                        + "formats are allowed."
                )
            }
            if seen.contains(names) { errors.duplicate(place, .string(text)) } else { seen.append(names) }
        }
        if seen.count > fieldLimit { errors.tooMany(path, seen.count, limit: fieldLimit) }
    }
}

/// Paths of fields in a schema, such as `.spec.name` or `.spec['a.b']`.
enum SchemaPath {
    /// A path as names; nil when it is none.
    static func names(_ path: String, allowsBrackets: Bool = true) -> [String]? {
        var names: [String] = []
        var rest = path[...]
        while !rest.isEmpty {
            if rest.hasPrefix("['") {
                guard allowsBrackets, let end = rest.firstRange(of: "']") else { return nil }
                names.append(String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end.lowerBound]))
                rest = rest[end.upperBound...]
            } else if rest.first == "." {
                let name = rest.dropFirst().prefix { $0 != "." && $0 != "[" }
                if name.isEmpty { return nil }
                names.append(String(name))
                rest = rest[name.endIndex...]
            } else {
                return nil
            }
        }
        return names.isEmpty ? nil : names
    }

    /// The schema of a field; nil when there is none.
    static func follow(_ names: [String], _ schema: JSONValue) -> JSONValue? {
        var schema = schema
        for name in names {
            if let property = schema["properties"]?[name] {
                schema = property
            } else if let more = schema["additionalProperties"], more.objectValue != nil {
                schema = more
            } else {
                return nil
            }
        }
        return schema
    }
}
