// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks that the defaults of a schema fit it.
///
/// - Source: `ValidateDefaults` of Kubernetes 1.36 (seen upstream); defaults within metadata are not looked into.
enum SchemaDefaults {
    static func check(
        _ schema: JSONValue,
        _ path: FieldPath,
        isResource: Bool,
        isMeta: Bool = false,
        _ errors: inout FieldErrors
    ) {
        let isEmbedded = isResource || schema["x-kubernetes-embedded-resource"] == true
        if let value = schema["default"], !value.isNull, !isMeta {
            let structural = StructuralSchema(schema)
            var unknown: [String] = []
            _ = structural.prune(value, at: "", isRoot: isEmbedded, &unknown)
            if !unknown.isEmpty { errors.invalid(path["default"], value, "must not have unknown fields") }
            structural.check(value, path["default"], &errors)
            structural.checkRules(value, old: nil, path["default"], &errors)
        }
        // No default stands below additionalProperties of metadata, and others are put in with the object.
        if let items = schema["items"], items.objectValue != nil {
            check(items, path["items"], isResource: false, isMeta: isMeta, &errors)
        }
        for property in schema["properties"]?.objectValue ?? [:] {
            let isMeta =
                isMeta || (isEmbedded && ["metadata", "apiVersion", "kind"].contains(property.key))
            check(
                property.value,
                path["properties"].key(property.key),
                isResource: false,
                isMeta: isMeta,
                &errors
            )
        }
    }
}
