// SPDX-License-Identifier: Apache-2.0
import JSON

extension DefinitionRules {
    /// Checks what a schema says of how its lists and maps are merged.
    ///
    /// - Source: the validation of apiextensions.k8s.io/v1 in Kubernetes 1.36 (seen upstream).
    static func checkMerging(_ schema: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let listType = schema["x-kubernetes-list-type"]?.stringValue
        checkKind(schema, path, "x-kubernetes-list-type", "array", ["atomic", "map", "set"], &errors)
        checkKind(schema, path, "x-kubernetes-map-type", "object", ["atomic", "granular"], &errors)
        let keys = schema["x-kubernetes-list-map-keys"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let place = path["x-kubernetes-list-map-keys"]
        if listType == "map" {
            if keys.isEmpty {
                errors.required(place, "must not be empty if x-kubernetes-list-type is map")
            }
            checkKeys(keys, schema["items"] ?? [:], path, &errors)
        } else if !keys.isEmpty {
            let words = "must be map if x-kubernetes-list-map-keys is non-empty"
            if let listType {
                errors.invalid(path["x-kubernetes-list-type"], .string(listType), words)
            } else {
                errors.required(path["x-kubernetes-list-type"], words)
            }
        }
    }

    private static func checkKind(
        _ schema: JSONValue,
        _ path: FieldPath,
        _ name: String,
        _ type: String,
        _ known: [String],
        _ errors: inout FieldErrors
    ) {
        guard let value = schema[name], !value.isNull else { return }
        if !known.contains(value.stringValue ?? "") { errors.unsupported(path[name], value, known) }
        let found = schema["type"]?.stringValue ?? ""
        if found == type { return }
        let words = "must be \(type) if \(name) is specified"
        if found.isEmpty {
            errors.required(path["type"], words)
        } else {
            errors.invalid(path["type"], .string(found), words)
        }
    }

    private static func checkKeys(
        _ keys: [String],
        _ items: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let place = path["x-kubernetes-list-map-keys"]
        let required = items["required"]?.arrayValue ?? []
        for (index, key) in keys.enumerated() {
            if keys[..<index].contains(key) { errors.duplicate(place[index], .string(key)) }
            guard let property = items["properties"]?[key] else {
                errors.invalid(place, .string(key), "entries must all be names of item properties")
                continue
            }
            if property["default"] == nil, !required.contains(.string(key)) {
                errors.required(
                    path["items"]["properties"].key(key)["default"],
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required "
                        + "property"
                )
            }
        }
    }
}
