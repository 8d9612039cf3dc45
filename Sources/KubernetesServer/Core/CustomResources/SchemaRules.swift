// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks the schema of a definition.
///
/// - Source: `validateCustomResourceDefinitionValidation` of Kubernetes 1.36 (seen upstream).
struct SchemaRules {
    /// What was found of schemas, and of rules in CEL: these are told last.
    private(set) var errors = FieldErrors()
    var ruleErrors = FieldErrors()
    /// False when the schema is so wrong that rules can not be read.
    let readsRules: Bool

    /// What of the way down to a schema matters to it.
    struct Place {
        var isRoot = false
        /// True within the metadata of an object.
        var isMeta = false
        /// Why no default may stand here.
        var noDefaults: String?
        /// The list or map from which on earlier states can not be told.
        var untold: FieldPath?
        /// True where rules are read: not within conditions.
        var hasRules = true
    }

    /// Checks the schema of a version, `schema`.
    static func check(
        _ validation: JSONValue?,
        _ path: FieldPath,
        hasStatus: Bool,
        _ errors: inout FieldErrors
    ) {
        guard let schema = validation?["openAPIV3Schema"], schema.objectValue != nil else { return }
        if hasStatus { checkRoot(schema, path, &errors) }
        if schema["nullable"] == true {
            errors.forbidden(path["openAPIV3Schema.nullable"], "nullable cannot be true at the root")
        }
        let root = path["openAPIV3Schema"]
        var found = FieldErrors()
        let isReadable = !StructuralRules.hasUnsupported(schema)
        if isReadable {
            found = StructuralRules.check(schema, root)
            if found.isEmpty { SchemaDefaults.check(schema, root, isResource: true, &found) }
        }
        errors.append(found)
        var rules = SchemaRules(readsRules: isReadable && found.isEmpty)
        rules.check(schema, root, Place(isRoot: true))
        errors.append(rules.errors)
        errors.append(rules.ruleErrors)
    }

    /// What may stand at the root where status has a path of its own: conditions over both could not be told apart.
    private static let allowedAtRoot = [
        "Description", "Type", "Format", "Title", "Maximum", "ExclusiveMaximum", "Minimum",
        "ExclusiveMinimum",
        "MaxLength", "MinLength", "Pattern", "MaxItems", "MinItems", "UniqueItems", "MultipleOf", "Required",
        "Items", "Properties", "ExternalDocs", "Example", "XPreserveUnknownFields", "XValidations",
    ]

    private static func checkRoot(_ schema: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        if let type = schema["type"]?.stringValue, !type.isEmpty, type != "object" {
            errors.invalid(
                path["openAPIV3Schema.type"],
                .string(type),
                "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"
            )
        }
        let isAllowed = (schema.objectValue ?? [:]).members.allSatisfy { member in
            var name = member.key
            if name.hasPrefix("x-kubernetes-") {
                name = "X" + name.dropFirst(13).split(separator: "-").map(capital).joined()
            }
            return isZero(member.value) || allowedAtRoot.contains(capital(name[...]))
        }
        if isAllowed { return }
        errors.invalid(
            path["openAPIV3Schema"],
            schema,
            "only [\(allowedAtRoot.joined(separator: " "))] fields are allowed at the root of the schema if the "
                + "status subresource is enabled"
        )
    }

    private static func capital(_ text: Substring) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }

    private static func isZero(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false), .string(""), .array([]): true
        default: false
        }
    }

    // MARK: Schema by schema

    private static let types = ["array", "boolean", "integer", "number", "object", "string"]

    private mutating func check(_ schema: JSONValue?, _ path: FieldPath, _ place: Place) {
        guard let schema, schema.objectValue != nil else { return }
        let before = errors.count
        checkSupported(schema, path, place)
        if schema["uniqueItems"] == true {
            errors.forbidden(
                path["uniqueItems"],
                "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
            )
        }
        checkMembers(schema, path, place)
        checkConditions(schema, path, place)
        if let items = schema["items"] {
            var inner = place
            inner.isRoot = false
            if schema["x-kubernetes-list-type"] != "map", inner.untold == nil { inner.untold = path }
            check(items, path["items"], inner)
            for (index, item) in (items.arrayValue ?? []).enumerated() {
                check(item, path["items"][index], inner)
            }
        }
        if schema["x-kubernetes-preserve-unknown-fields"] == false {
            errors.invalid(
                path["x-kubernetes-preserve-unknown-fields"],
                false,
                "must be true or undefined"
            )
        }
        Self.checkMerging(schema, path, &errors)
        checkWords(schema, path)
        if errors.count == before, readsRules, place.hasRules { checkRules(schema, path, place) }
    }

    private mutating func checkMembers(_ schema: JSONValue, _ path: FieldPath, _ place: Place) {
        let properties = schema["properties"]?.objectValue ?? [:]
        var inner = place
        inner.isRoot = false
        if let more = schema["additionalProperties"], !more.isNull {
            if !properties.isEmpty, more != true {
                errors.forbidden(
                    path["additionalProperties"],
                    "additionalProperties and properties are mutual exclusive"
                )
            }
            var below = inner
            if place.isMeta { below.noDefaults = "inside additionalProperties applying to object metadata" }
            check(more, path["additionalProperties"], below)
        }
        let isResource = place.isRoot || schema["x-kubernetes-embedded-resource"] == true
        let mapType = schema["x-kubernetes-map-type"]?.stringValue ?? "granular"
        for property in properties {
            var below = inner
            if mapType != "granular", below.untold == nil { below.untold = path }
            if isResource, ["metadata", "kind", "apiVersion"].contains(property.key) {
                below.isMeta = true
                if place.isRoot { below.noDefaults = "in top-level \(property.key)" }
            }
            check(property.value, path["properties"].key(property.key), below)
        }
    }

    private mutating func checkConditions(_ schema: JSONValue, _ path: FieldPath, _ place: Place) {
        var inner = place
        inner.isRoot = false
        inner.hasRules = false
        check(schema["not"], path["not"], inner)
        for name in ["allOf", "oneOf", "anyOf"] {
            for (index, one) in (schema[name]?.arrayValue ?? []).enumerated() {
                check(one, path[name][index], inner)
            }
        }
        for name in ["definitions", "dependencies"] {
            for one in schema[name]?.objectValue ?? [:] { check(one.value, path[name].key(one.key), inner) }
        }
    }

    private mutating func checkSupported(_ schema: JSONValue, _ path: FieldPath, _ place: Place) {
        let type = schema["type"]?.stringValue ?? ""
        if !type.isEmpty, !Self.types.contains(type) {
            errors.unsupported(path["type"], .string(type), Self.types)
        }
        if let value = schema["default"], !value.isNull, let reason = place.noDefaults {
            errors.forbidden(path["default"], "must not be set \(reason)")
        }
        for name in ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"] {
            guard let value = schema[name], !value.isNull, value != "" else { continue }
            if name != "dependencies", value.objectValue?.isEmpty == true { continue }
            errors.forbidden(path[name], "\(name) is not supported")
        }
        if type == "null" {
            errors.forbidden(path["type"], "type cannot be set to null, use nullable as an alternative")
        }
        if schema["items"]?.arrayValue?.isEmpty == false {
            errors.forbidden(path["items"], "items must be a schema object and not an array")
        }
        if place.isMeta, schema["x-kubernetes-embedded-resource"] == true {
            errors.forbidden(
                path["x-kubernetes-embedded-resource"],
                "must not be used inside of resource meta"
            )
        }
    }
}

// MARK: Rules in CEL

extension SchemaRules {
    /// Checks what can be told of rules without reading them.
    private mutating func checkWords(_ schema: JSONValue, _ path: FieldPath) {
        for (index, rule) in (schema["x-kubernetes-validations"]?.arrayValue ?? []).enumerated() {
            let place = path["x-kubernetes-validations"][index]
            let text = rule["rule"]?.stringValue ?? ""
            let message = rule["message"]?.stringValue ?? ""
            let isBlank = message.allSatisfy(\.isWhitespace)
            if text.allSatisfy(\.isWhitespace) {
                errors.required(place["rule"], "rule is not specified")
            } else if !message.isEmpty, isBlank {
                errors.invalid(place["message"], .string(message), "must be non-empty if specified")
            } else if Self.hasBreaks(message, isTrimmed: true) {
                errors.invalid(place["message"], .string(message), "must not contain line breaks")
            } else if Self.hasBreaks(text, isTrimmed: true), isBlank {
                errors.required(place["message"], "message must be specified if rule contains line breaks")
            }
            if let words = rule["messageExpression"]?.stringValue, !words.isEmpty,
                words.allSatisfy(\.isWhitespace)
            {
                errors.required(
                    place["messageExpression"],
                    "messageExpression must be non-empty if specified"
                )
            }
            if let reason = rule["reason"]?.stringValue, !ValidationRule.reasons.contains(reason) {
                errors.unsupported(place["reason"], .string(reason), ValidationRule.reasons.sorted())
            }
            checkFieldPath(rule["fieldPath"]?.stringValue ?? "", schema, place["fieldPath"])
        }
    }

    private mutating func checkFieldPath(_ text: String, _ schema: JSONValue, _ path: FieldPath) {
        if text.isEmpty { return }
        if text.allSatisfy(\.isWhitespace) {
            errors.invalid(path, .string(text), "must be non-empty if specified")
        }
        if Self.hasBreaks(text, isTrimmed: false) {
            errors.invalid(path, .string(text), "must not contain line breaks")
        }
        if SchemaPath.names(text).flatMap({ SchemaPath.follow($0, schema) }) == nil {
            errors.invalid(path, .string(text), "must be a valid path")
        }
    }

    private static func hasBreaks(_ text: String, isTrimmed: Bool) -> Bool {
        var bytes = text.utf8[...]
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        if isTrimmed {
            bytes = bytes.drop(while: isSpace)
            while let last = bytes.last, isSpace(last) { bytes = bytes.dropLast() }
        }
        return bytes.contains { $0 == 0x0a || $0 == 0x0d }
    }

    /// Reads the rules of a schema.
    private mutating func checkRules(_ schema: JSONValue, _ path: FieldPath, _ place: Place) {
        guard let rules = schema["x-kubernetes-validations"]?.arrayValue, !rules.isEmpty else { return }
        let structural = StructuralSchema(schema)
        for (index, rule) in rules.enumerated() {
            let at = path["x-kubernetes-validations"][index]
            var shown = GoView.structure(
                rule,
                ["rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf"]
            )
            for name in ["Message", "MessageExpression", "FieldPath"] where shown[name] == .null {
                shown[name] = ""
            }
            for found in ValidationRule.check(rule, structural, isRoot: place.isRoot) {
                ruleErrors.invalid(at[found.field], shown, found.why)
            }
            let usesOld = (try? ValidationRule(rule))?.isTransition ?? false
            if usesOld {
                if let untold = place.untold {
                    ruleErrors.invalid(
                        at["rule"],
                        rule["rule"] ?? "",
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within \(untold)"
                    )
                }
                if rule["optionalOldSelf"] != nil {
                    ruleErrors.forbidden(at["optionalOldSelf"], "optional values are not evaluated here")
                }
            } else if let optional = rule["optionalOldSelf"], !optional.isNull {
                ruleErrors.invalid(
                    at["optionalOldSelf"],
                    optional,
                    "may not be set if oldSelf is not used in rule"
                )
            }
        }
    }
}
