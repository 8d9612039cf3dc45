// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks that a schema is structural: that it says of every field what it is, outside of conditions.
///
/// - Source: structural schemas of apiextensions.k8s.io/v1 (documented), and `ValidateStructural` of Kubernetes
///   1.36 (seen upstream).
enum StructuralRules {
    enum Level {
        case root, item, field
    }

    private static let integerOrString: JSONValue = [["type": "integer"], ["type": "string"]]

    /// What is wrong with a schema, in the order of the complaints' texts.
    static func check(_ schema: JSONValue, _ path: FieldPath) -> FieldErrors {
        var errors = FieldErrors()
        check(schema, .root, path, &errors)
        checkComplete(conditions: schema, schema, path, path, &errors)
        errors.sortByText()
        return errors
    }

    /// True when a schema or one below it has words that no structural schema has: it can not be looked at.
    static func hasUnsupported(_ schema: JSONValue) -> Bool {
        guard let object = schema.objectValue else { return false }
        if schema["type"] == "null" { return true }
        for member in object {
            switch member.key {
            case "id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref":
                if !member.value.isNull, member.value != "" { return true }
            case "items":
                if member.value.arrayValue?.isEmpty == false || hasUnsupported(member.value) { return true }
            case "additionalProperties", "not":
                if hasUnsupported(member.value) { return true }
            case "properties":
                for property in member.value.objectValue ?? [:] where hasUnsupported(property.value) {
                    return true
                }
            case "allOf", "anyOf", "oneOf":
                if (member.value.arrayValue ?? []).contains(where: hasUnsupported) { return true }
            default: break
            }
        }
        return false
    }

    private static func check(
        _ schema: JSONValue,
        _ level: Level,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let type = schema["type"]?.stringValue ?? ""
        let properties = schema["properties"]?.objectValue ?? [:]
        let isEmbedded = schema["x-kubernetes-embedded-resource"] == true
        let isOpen = schema["x-kubernetes-preserve-unknown-fields"] == true
        let items = schema["items"].flatMap { $0.objectValue == nil ? nil : $0 }
        if type == "array", items == nil { errors.required(path["items"], "must be specified") }
        if let items { check(items, .item, path["items"], &errors) }
        for property in properties {
            check(property.value, .field, path["properties"].key(property.key), &errors)
        }
        if let more = schema["additionalProperties"], !more.isNull {
            let place = path["additionalProperties"]
            if level == .root { errors.forbidden(place, "must not be used at the root") }
            if more.objectValue != nil { check(more, .field, place, &errors) }
            if isEmbedded {
                errors.forbidden(place, "must not be used if x-kubernetes-embedded-resource is set")
            }
        }
        checkExtensions(schema, path, &errors)
        checkConditions(schema, path, &errors)
        checkType(schema, type, level, path, &errors)
        checkMetadata(properties, level, isResource: level == .root || isEmbedded, path, &errors)
        if isEmbedded, !isOpen, properties.isEmpty {
            errors.required(
                path["properties"],
                "must not be empty if x-kubernetes-embedded-resource is true without "
                    + "x-kubernetes-preserve-unknown-fields"
            )
        }
    }

    private static func checkExtensions(
        _ schema: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard schema["x-kubernetes-int-or-string"] == true else { return }
        for name in ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"]
        where schema[name] == true {
            errors.invalid(path[name], true, "must be false if x-kubernetes-int-or-string is true")
        }
    }

    private static func checkType(
        _ schema: JSONValue,
        _ type: String,
        _ level: Level,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let isFree =
            schema["x-kubernetes-int-or-string"] == true
            || schema["x-kubernetes-preserve-unknown-fields"] == true
        if schema["x-kubernetes-embedded-resource"] == true, type != "object" {
            let words = "must be object if x-kubernetes-embedded-resource is true"
            if type.isEmpty {
                errors.required(path["type"], words)
            } else {
                errors.invalid(path["type"], .string(type), words)
            }
        } else if type.isEmpty, !isFree {
            let owner =
                switch level {
                case .root: "at the root"
                case .item: "for specified array items"
                case .field: "for specified object fields"
                }
            errors.required(path["type"], "must not be empty \(owner)")
        }
        if level == .root, !type.isEmpty, type != "object" {
            errors.invalid(path["type"], .string(type), "must be object at the root")
        }
    }

    /// The metadata of objects are the same for all: a schema can say something of names only.
    private static func checkMetadata(
        _ properties: JSONObject,
        _ level: Level,
        isResource: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if isResource {
            for (name, wanted) in [("kind", "string"), ("apiVersion", "string"), ("metadata", "object")] {
                guard let property = properties[name] else { continue }
                let type = property["type"]?.stringValue ?? ""
                if type == wanted { continue }
                let place = path["properties"].key(name)["type"]
                errors.invalid(place, .string(type), "must be \(wanted)")
            }
        }
        guard level == .root, let metadata = properties["metadata"]?.objectValue else { return }
        let isNamesOnly = metadata.members.allSatisfy { member in
            switch member.key {
            case "type", "default": true
            case "properties":
                (member.value.objectValue ?? [:]).members.allSatisfy {
                    ["name", "generateName"].contains($0.key)
                }
            default: false
            }
        }
        if !isNamesOnly {
            errors.forbidden(
                path["properties"].key("metadata"),
                "must not specify anything other than name and generateName, but metadata is implicitly specified"
            )
        }
    }

    // MARK: Conditions

    private static func checkConditions(
        _ schema: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors,
        skipsFirst: Bool = false
    ) {
        if schema["anyOf"] != integerOrString || skipsFirst {
            for (index, one) in (schema["anyOf"]?.arrayValue ?? []).enumerated() where !skipsFirst {
                checkCondition(one, path["anyOf"][index], &errors)
            }
        }
        for (index, one) in (schema["allOf"]?.arrayValue ?? []).enumerated() {
            let isPattern = index == 0 && one["anyOf"] == integerOrString
            checkCondition(one, path["allOf"][index], &errors, skipsAny: isPattern)
        }
        for (index, one) in (schema["oneOf"]?.arrayValue ?? []).enumerated() {
            checkCondition(one, path["oneOf"][index], &errors)
        }
        if let one = schema["not"], one.objectValue != nil { checkCondition(one, path["not"], &errors) }
        if let pattern = schema["pattern"]?.stringValue, !pattern.isEmpty, (try? Regex(pattern)) == nil {
            errors.invalid(
                path["pattern"],
                .string(pattern),
                "must be a valid regular expression, but isn't: error parsing regexp: `\(pattern)`"
            )
        }
    }

    /// What a condition must not say, with the reason why.
    private static let forbidden: [(name: String, words: String)] = [
        ("type", "empty"), ("additionalProperties", "undefined"), ("default", "undefined"),
        ("title", "empty"),
        ("description", "empty"), ("nullable", "false"), ("externalDocs", "undefined"),
        ("x-kubernetes-preserve-unknown-fields", "false"), ("x-kubernetes-embedded-resource", "false"),
        ("x-kubernetes-int-or-string", "false"), ("x-kubernetes-list-map-keys", "empty"),
        ("x-kubernetes-list-type", "undefined"), ("x-kubernetes-map-type", "undefined"),
        ("x-kubernetes-validations", "empty"),
    ]

    private static func checkCondition(
        _ schema: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors,
        skipsAny: Bool = false
    ) {
        checkConditions(schema, path, &errors, skipsFirst: skipsAny)
        if let items = schema["items"], items.objectValue != nil {
            checkCondition(items, path["items"], &errors)
        }
        let properties = schema["properties"]?.objectValue ?? [:]
        for property in properties {
            checkCondition(property.value, path["properties"].key(property.key), &errors)
        }
        for (name, words) in forbidden {
            switch schema[name] {
            case nil, .null?, false?, ""?, []?: break
            default: errors.forbidden(path[name], "must be \(words) to be structural")
            }
        }
        if properties["metadata"] != nil {
            errors.forbidden(
                path["properties"].key("metadata"),
                "must not be specified in a nested context"
            )
        }
    }

    /// Checks that what the conditions of a schema look at is said to be there.
    private static func checkComplete(
        conditions: JSONValue,
        _ schema: JSONValue?,
        _ path: FieldPath,
        _ at: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if let one = conditions["not"], one.objectValue != nil {
            checkComplete(one, schema, path, at["not"], &errors)
        }
        for name in ["allOf", "anyOf", "oneOf"] {
            for (index, one) in (conditions[name]?.arrayValue ?? []).enumerated() {
                checkComplete(one, schema, path, at[name][index], &errors)
            }
        }
    }

    private static func checkComplete(
        _ condition: JSONValue,
        _ schema: JSONValue?,
        _ path: FieldPath,
        _ at: FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let schema else { return errors.required(path, "because it is defined in \(at)") }
        checkComplete(conditions: condition, schema, path, at, &errors)
        if let items = condition["items"], items.objectValue != nil {
            let known = schema["items"].flatMap { $0.objectValue == nil ? nil : $0 }
            checkComplete(items, known, path["items"], at["items"], &errors)
        }
        for property in condition["properties"]?.objectValue ?? [:] {
            checkComplete(
                property.value,
                schema["properties"]?[property.key],
                path["properties"].key(property.key),
                at["properties"].key(property.key),
                &errors
            )
        }
    }
}
