// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks an object's metadata.
///
/// - Source: `ValidateObjectMeta` and `ValidateObjectMetaUpdate` of the Kubernetes API machinery (seen
///   upstream).
enum MetadataValidation {
    /// A rule for names: what is wrong with a text.
    typealias NameRule = @Sendable (String) -> [String]

    private static let path = FieldPath("metadata")
    private static let standardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"]
    private static let annotationsLimit = 256 * 1024

    /// Checks metadata on its own.
    static func check(
        _ metadata: ObjectMetadata,
        isNamespaced: Bool,
        nameRule: NameRule,
        isBuiltIn: Bool = true,
        _ errors: inout FieldErrors
    ) {
        if !metadata.generateName.isEmpty {
            for message in nameRule(maskTrailingDash(metadata.generateName)) {
                errors.invalid(path["generateName"], .string(metadata.generateName), message)
            }
        }
        if metadata.name.isEmpty {
            errors.required(path["name"], "name or generateName is required")
        } else {
            for message in nameRule(metadata.name) {
                errors.invalid(path["name"], .string(metadata.name), message)
            }
        }
        if isNamespaced {
            if metadata.namespace.isEmpty { errors.required(path["namespace"]) }
        } else if !metadata.namespace.isEmpty {
            errors.forbidden(path["namespace"], "not allowed on this type")
        }
        if metadata.generation < 0 {
            errors.invalid(
                path["generation"],
                .integer(metadata.generation),
                "must be greater than or equal to 0"
            )
        }
        checkParts(metadata, isBuiltIn: isBuiltIn, &errors)
    }

    private static func maskTrailingDash(_ name: String) -> String {
        name.utf8.count > 1 && name.hasSuffix("-") ? name.dropLast() + "a" : name
    }

    private static func checkParts(_ metadata: ObjectMetadata, isBuiltIn: Bool, _ errors: inout FieldErrors) {
        checkLabels(metadata.labels, path["labels"], &errors)
        checkAnnotations(metadata.annotations, path["annotations"], &errors)
        checkOwners(metadata.ownerReferences, &errors)
        for finalizer in metadata.finalizers {
            for message in NameRules.qualifiedName(finalizer) {
                errors.invalid(path["finalizers"], .string(finalizer), message)
            }
        }
        guard isBuiltIn else { return }
        for (index, finalizer) in metadata.finalizers.enumerated()
        where !finalizer.contains("/") && !standardFinalizers.contains(finalizer) {
            errors.invalid(
                path["finalizers"][index],
                .string(finalizer),
                "name is neither a standard finalizer name nor is it fully qualified"
            )
        }
    }

    /// Checks labels, wherever they stand.
    static func checkLabels(_ labels: JSONObject, _ path: FieldPath, _ errors: inout FieldErrors) {
        for label in labels {
            for message in NameRules.qualifiedName(label.key) {
                errors.invalid(path, .string(label.key), message)
            }
            for message in NameRules.labelValue(label.value.stringValue ?? "") {
                errors.invalid(path, label.value, message)
            }
        }
    }

    /// Checks annotations, wherever they stand.
    static func checkAnnotations(_ annotations: JSONObject, _ path: FieldPath, _ errors: inout FieldErrors) {
        var size = 0
        for annotation in annotations {
            for message in NameRules.qualifiedName(annotation.key.lowercased()) {
                errors.invalid(path, .string(annotation.key), message)
            }
            size += annotation.key.utf8.count + (annotation.value.stringValue?.utf8.count ?? 0)
        }
        if size > annotationsLimit { errors.tooLong(path, limit: annotationsLimit) }
    }

    private static func checkOwners(_ owners: [JSONValue], _ errors: inout FieldErrors) {
        let path = Self.path["ownerReferences"]
        var controller: String?
        for owner in owners {
            let version = owner["apiVersion"]?.stringValue ?? ""
            if version.isEmpty || version.hasSuffix("/") {
                errors.invalid(path["apiVersion"], .string(version), "version must not be empty")
            }
            for field in ["kind", "name", "uid"] where (owner[field]?.stringValue ?? "").isEmpty {
                errors.invalid(path[field], "", "must not be empty")
            }
            guard owner["controller"] == true else { continue }
            let name = owner["name"]?.stringValue ?? ""
            if let controller {
                errors.invalid(
                    path,
                    .array(owners),
                    "Only one reference can have Controller set to true. Found \"true\" in references for "
                        + "\(controller) and \(name)"
                )
            }
            controller = name
        }
    }

    /// Checks what may have changed between two states of an object.
    static func checkUpdate(
        _ new: ObjectMetadata,
        _ old: ObjectMetadata,
        isBuiltIn: Bool = true,
        _ errors: inout FieldErrors
    ) {
        if old.deletionTimestamp != nil {
            let added = new.finalizers.filter { !old.finalizers.contains($0) }
            if !added.isEmpty {
                let list = added.map { "\"\($0)\"" }.joined(separator: ", ")
                errors.forbidden(
                    path["finalizers"],
                    "no new finalizers can be added if the object is being deleted, found new finalizers "
                        + "[]string{\(list)}"
                )
            }
        }
        immutable("name", .string(new.name), .string(old.name), &errors)
        immutable("namespace", .string(new.namespace), .string(old.namespace), &errors)
        immutable("uid", .string(new.uid), .string(old.uid), &errors)
        immutable(
            "creationTimestamp",
            .string(new.creationTimestamp),
            .string(old.creationTimestamp),
            &errors
        )
        immutable(
            "deletionTimestamp",
            new.deletionTimestamp.map { .string($0) } ?? .null,
            old.deletionTimestamp.map { .string($0) } ?? .null,
            &errors
        )
        immutable(
            "deletionGracePeriodSeconds",
            new.deletionGracePeriodSeconds.map { .integer($0) } ?? .null,
            old.deletionGracePeriodSeconds.map { .integer($0) } ?? .null,
            &errors
        )
        checkParts(new, isBuiltIn: isBuiltIn, &errors)
    }

    private static func immutable(
        _ field: String,
        _ new: JSONValue,
        _ old: JSONValue,
        _ errors: inout FieldErrors
    ) {
        if new != old { errors.invalid(path[field], new, "field is immutable") }
    }
}
