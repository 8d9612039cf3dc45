// SPDX-License-Identifier: Apache-2.0
import JSON

extension SchemaRules {
    /// Checks what a schema says of how its lists and maps are merged.
    ///
    /// - Source: the validation of apiextensions.k8s.io/v1 in Kubernetes 1.36 (seen upstream).
    static func checkMerging(_ schema: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let listType = schema["x-kubernetes-list-type"]?.stringValue
        let mapType = schema["x-kubernetes-map-type"]?.stringValue
        checkHolder(schema, path, "x-kubernetes-map-type", "object", &errors)
        if let mapType, !["atomic", "granular"].contains(mapType) {
            errors.unsupported(path["x-kubernetes-map-type"], .string(mapType), ["atomic", "granular"])
        }
        if checkHolder(schema, path, "x-kubernetes-list-type", "array", &errors), listType == "set" {
            checkSet(schema["items"], path["items"], &errors)
        }
        if let listType, !["atomic", "map", "set"].contains(listType) {
            let known = ["atomic", "set", "map"]
            errors.unsupported(path["x-kubernetes-list-type"], .string(listType), known)
        }
        let keys = schema["x-kubernetes-list-map-keys"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if !keys.isEmpty, listType != "map" {
            let words = "must be map if x-kubernetes-list-map-keys is non-empty"
            if let listType {
                errors.invalid(path["x-kubernetes-list-type"], .string(listType), words)
            } else {
                errors.required(path["x-kubernetes-list-type"], words)
            }
        }
        if listType == "map" { checkMap(schema, keys, path, &errors) }
        checkItems(schema["items"], listType, keys, path["items"], &errors)
    }

    /// Checks that a mark stands in a schema of the right type.
    @discardableResult
    private static func checkHolder(
        _ schema: JSONValue,
        _ path: FieldPath,
        _ name: String,
        _ type: String,
        _ errors: inout FieldErrors
    ) -> Bool {
        guard let value = schema[name], !value.isNull else { return true }
        let found = schema["type"]?.stringValue ?? ""
        if found == type { return true }
        let words = "must be \(type) if \(name) is specified"
        if found.isEmpty {
            errors.required(path["type"], words)
        } else {
            errors.invalid(path["type"], .string(found), words)
        }
        return false
    }

    /// Checks that the items of a set are compared as a whole.
    private static func checkSet(_ items: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors) {
        let words = "must be atomic as item of a list with x-kubernetes-list-type=set"
        let listType = items?["x-kubernetes-list-type"]
        switch items?["type"]?.stringValue {
        case "array":
            if let listType, listType != "atomic" {
                errors.invalid(path["x-kubernetes-list-type"], listType, words)
            }
        case "object":
            if items?["x-kubernetes-map-type"] != "atomic" {
                errors.invalid(path["x-kubernetes-map-type"], listType ?? .null, words)
            }
        default: break
        }
    }

    /// Checks a list whose items have keys.
    private static func checkMap(
        _ schema: JSONValue,
        _ keys: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let place = path["x-kubernetes-list-map-keys"]
        if keys.isEmpty { errors.required(place, "must not be empty if x-kubernetes-list-type is map") }
        guard let items = schema["items"], !items.isNull else {
            return errors.required(path["items"], "must have a schema if x-kubernetes-list-type is map")
        }
        if items.objectValue == nil {
            return errors.invalid(
                path["items"],
                items,
                "must only have a single schema if x-kubernetes-list-type is map"
            )
        }
        let type = items["type"]?.stringValue ?? ""
        if type != "object" {
            return errors.invalid(
                path["items"]["type"],
                .string(type),
                "must be object if parent array's x-kubernetes-list-type is map"
            )
        }
        let shown = JSONValue.array(keys.map { .string($0) })
        for (index, key) in keys.enumerated() {
            if let property = items["properties"]?[key] {
                if ["array", "object"].contains(property["type"]?.stringValue ?? "") {
                    errors.invalid(
                        path["items"]["properties"].key(key)["type"],
                        .string(type),
                        "must be a scalar type if parent array's x-kubernetes-list-type is map"
                    )
                }
            } else {
                errors.invalid(place, shown, "entries must all be names of item properties")
            }
            if keys[..<index].contains(key) {
                errors.invalid(place, shown, "must not contain duplicate entries")
            }
        }
    }

    /// Checks that items of sets and maps, and their keys, are always there.
    private static func checkItems(
        _ items: JSONValue?,
        _ listType: String?,
        _ keys: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let items, items.objectValue != nil, let listType, ["map", "set"].contains(listType) else {
            return
        }
        if items["nullable"] == true {
            errors.forbidden(
                path["nullable"],
                "cannot be nullable when x-kubernetes-list-type is \(listType)"
            )
        }
        guard listType == "map" else { return }
        let required = items["required"]?.arrayValue ?? []
        for key in keys {
            guard let property = items["properties"]?[key] else { continue }
            let place = path["properties"].key(key)
            let words = "this property is in x-kubernetes-list-map-keys, so it"
            if !required.contains(.string(key)), property["default"] ?? .null == .null {
                errors.required(place["default"], "\(words) must have a default or be a required property")
            }
            if property["nullable"] == true {
                errors.forbidden(place["nullable"], "\(words) cannot be nullable")
            }
        }
    }
}
