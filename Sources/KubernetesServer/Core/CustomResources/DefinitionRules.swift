// SPDX-License-Identifier: Apache-2.0
import JSON

/// CustomResourceDefinitions.
///
/// - Source: the validation of apiextensions.k8s.io/v1 (documented; wording seen upstream).
enum DefinitionRules {
    /// Keeps a definition until its objects are gone.
    static let finalizer = "customresourcecleanup.apiextensions.k8s.io"

    static let definition = KindRules(
        hasStatus: true,
        statusMetadata: .fixed,
        generation: .spec,
        allowsUnconditionalUpdate: false,
        prepareForCreate: { object in
            object.metadata.generation = 1
            object.content["status"] = [
                "acceptedNames": ["kind": "", "plural": ""], "conditions": nil,
                "storedVersions": storage(object),
            ]
        },
        prepareForUpdate: { new, _ in
            var stored = new["status", "storedVersions"]?.arrayValue ?? []
            for version in storage(new).arrayValue ?? [] where !stored.contains(version) {
                stored.append(version)
            }
            new.set(["status", "storedVersions"], .array(stored))
        },
        check: check,
        checkUpdate: { new, old, errors in
            let path = FieldPath("spec")
            if isTrue(old, "Established") {
                for field in [["scope"], ["names", "kind"]]
                where new.content["spec"]?[path: field] != old.content["spec"]?[path: field] {
                    errors.invalid(
                        field.reduce(path) { $0[$1] },
                        new.content["spec"]?[path: field] ?? .null,
                        "field is immutable"
                    )
                }
            }
            for field in [["group"], ["names", "plural"]]
            where new.content["spec"]?[path: field] != old.content["spec"]?[path: field] {
                errors.invalid(
                    field.reduce(path) { $0[$1] },
                    new.content["spec"]?[path: field] ?? .null,
                    "field is immutable"
                )
            }
        }
    )

    /// True when a condition of a definition holds.
    static func isTrue(_ definition: ResourceObject, _ condition: String) -> Bool {
        definition["status", "conditions"]?.arrayValue?.contains {
            $0["type"] == .string(condition) && $0["status"] == "True"
        } ?? false
    }

    private static func storage(_ definition: ResourceObject) -> JSONValue {
        let versions = definition["spec", "versions"]?.arrayValue ?? []
        return .array(versions.filter { $0["storage"] == true }.compactMap { $0["name"] })
    }

    @Sendable private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("spec")
        let spec = object.content["spec"] ?? [:]
        let group = spec["group"]?.stringValue ?? ""
        let names = spec["names"] ?? [:]
        let plural = names["plural"]?.stringValue ?? ""
        if object.metadata.name != "\(plural).\(group)" {
            errors.invalid(
                FieldPath("metadata")["name"],
                .string(object.metadata.name),
                "must be spec.names.plural+\".\"+spec.group"
            )
        }
        if group.isEmpty {
            errors.required(path["group"])
        } else {
            for message in NameRules.dnsSubdomain(group) {
                errors.invalid(path["group"], .string(group), message)
            }
            if !group.contains(".") {
                errors.invalid(path["group"], .string(group), "should be a domain with at least one dot")
            }
        }
        switch spec["scope"]?.stringValue ?? "" {
        case "Cluster", "Namespaced": break
        case "": errors.required(path["scope"])
        case let other: errors.unsupported(path["scope"], .string(other), ["Cluster", "Namespaced"])
        }
        checkNames(names, path["names"], &errors)
        checkVersions(spec["versions"]?.arrayValue ?? [], path["versions"], &errors)
        if spec["conversion"]?["strategy"] == "Webhook" {
            errors.invalid(
                path["conversion"]["strategy"],
                "Webhook",
                "conversion by webhook is not built here: only versions without conversion are served"
            )
        }
    }

    private static func checkNames(_ names: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        for field in ["plural", "singular", "kind", "listKind"] {
            let text = names[field]?.stringValue ?? ""
            if text.isEmpty {
                errors.required(path[field])
                continue
            }
            let isKind = field == "kind" || field == "listKind"
            for message in NameRules.dnsLabel1035(isKind ? text.lowercased() : text) {
                errors.invalid(path[field], .string(text), message)
            }
        }
        for (index, name) in (names["shortNames"]?.arrayValue ?? []).enumerated() {
            for message in NameRules.dnsLabel1035(name.stringValue ?? "") {
                errors.invalid(path["shortNames"][index], name, message)
            }
        }
    }

    private static func checkVersions(_ versions: [JSONValue], _ path: FieldPath, _ errors: inout FieldErrors)
    {
        if versions.isEmpty { errors.required(path) }
        var names: [String] = []
        for (index, version) in versions.enumerated() {
            let name = version["name"]?.stringValue ?? ""
            for message in NameRules.dnsLabel1035(name) {
                errors.invalid(path[index]["name"], .string(name), message)
            }
            if names.contains(name) {
                errors.invalid(
                    path,
                    .array(versions.compactMap { $0["name"] }),
                    "must contain unique version names"
                )
            }
            names.append(name)
            let schema = path[index]["schema"]["openAPIV3Schema"]
            guard let root = version["schema"]?["openAPIV3Schema"] else {
                errors.required(schema, "schemas are required")
                continue
            }
            if root["type"]?.stringValue ?? "" != "object" {
                errors.invalid(schema["type"], root["type"] ?? "", "must be object at the root")
            }
            checkSchema(root, schema, &errors)
        }
        if !versions.isEmpty, versions.filter({ $0["storage"] == true }).count != 1 {
            errors.invalid(
                path,
                .array(versions.compactMap { $0["name"] }),
                "must have exactly one version marked as storage version"
            )
        }
    }

    private static func checkRules(_ schema: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        guard let rules = schema["x-kubernetes-validations"]?.arrayValue, !rules.isEmpty else { return }
        var isRoot = false
        if case .child(_, "openAPIV3Schema") = path { isRoot = true }
        let structural = StructuralSchema(schema)
        for (index, rule) in rules.enumerated() {
            let place = path["x-kubernetes-validations"][index]
            if let reason = rule["reason"]?.stringValue, !ValidationRule.reasons.contains(reason) {
                errors.unsupported(place["reason"], .string(reason), ValidationRule.reasons)
            }
            guard let found = ValidationRule.check(rule, structural, isRoot: isRoot) else { continue }
            if found.why.isEmpty {
                errors.required(place[found.field], "rule is not specified")
            } else if found.field == "optionalOldSelf" {
                errors.forbidden(place[found.field], found.why)
            } else {
                errors.invalid(place[found.field], rule[found.field] ?? .null, found.why)
            }
        }
    }

    private static let types = ["array", "boolean", "integer", "number", "object", "string"]

    private static func checkSchema(_ schema: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let type = schema["type"]?.stringValue ?? ""
        let isFree =
            schema["x-kubernetes-int-or-string"] == true
            || schema["x-kubernetes-preserve-unknown-fields"] == true
        if type.isEmpty, !isFree {
            errors.required(path["type"], "must not be empty for specified object fields")
        } else if !type.isEmpty, !types.contains(type) {
            errors.unsupported(path["type"], .string(type), types)
        }
        checkRules(schema, path, &errors)
        checkMerging(schema, path, &errors)
        if schema["$ref"] != nil { errors.forbidden(path["$ref"], "$ref is not supported") }
        if let pattern = schema["pattern"]?.stringValue, (try? Regex(pattern)) == nil {
            errors.invalid(path["pattern"], .string(pattern), "must be a valid regular expression")
        }
        if type == "array", schema["items"] == nil { errors.required(path["items"], "must be specified") }
        for property in schema["properties"]?.objectValue ?? [:] {
            checkSchema(property.value, path["properties"].key(property.key), &errors)
        }
        for inner in ["items", "additionalProperties"] {
            if let value = schema[inner], value.objectValue != nil {
                checkSchema(value, path[inner], &errors)
            }
        }
    }
}
