// SPDX-License-Identifier: Apache-2.0
import JSON

/// The environment of a container, and what refers to fields and resources of its pod.
///
/// - Source: `ValidateEnv` and `ValidateEnvFrom` of Kubernetes 1.36 (seen upstream).
enum EnvironmentRules {
    static func check(_ variables: [JSONValue], _ path: FieldPath, _ errors: inout FieldErrors) {
        for (index, variable) in variables.enumerated() {
            let name = variable["name"]?.stringValue ?? ""
            if name.isEmpty {
                errors.required(path[index]["name"])
            } else {
                errors.check(name, NameRules.variable, path[index]["name"])
            }
            if let source = variable["valueFrom"] {
                let hasValue = !(variable["value"]?.stringValue ?? "").isEmpty
                checkSource(source, hasValue: hasValue, path[index]["valueFrom"], &errors)
            }
        }
    }

    private static func checkSource(
        _ source: JSONValue,
        hasValue: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        var count = 0
        if let field = source["fieldRef"] {
            count += 1
            checkField(field, variableFields, path["fieldRef"], &errors)
        }
        if let resource = source["resourceFieldRef"] {
            count += 1
            checkResource(resource, isVolume: false, path["resourceFieldRef"], &errors)
        }
        for kind in ["configMapKeyRef", "secretKeyRef"] {
            guard let key = source[kind] else { continue }
            count += 1
            checkKey(key, path[kind], &errors)
        }
        if source["fileKeyRef"] != nil { count += 1 }
        if count == 0 {
            errors.invalid(
                path,
                "",
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
            )
        } else if hasValue {
            errors.invalid(path, "", "may not be specified when `value` is not empty")
        } else if count > 1 {
            errors.invalid(path, "", "may not have more than one field specified at a time")
        }
    }

    private static func checkKey(_ reference: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        errors.check(reference["name"]?.stringValue ?? "", NameRules.dnsSubdomain, path["name"])
        let key = reference["key"]?.stringValue ?? ""
        if key.isEmpty {
            errors.required(path["key"])
        } else {
            errors.check(key, NameRules.configKey, path["key"])
        }
    }

    /// Checks `envFrom`.
    static func checkBulk(_ sources: [JSONValue], _ path: FieldPath, _ errors: inout FieldErrors) {
        for (index, source) in sources.enumerated() {
            errors.checkGiven(source["prefix"], NameRules.variable, path[index]["prefix"])
            var count = 0
            for kind in ["configMapRef", "secretRef"] {
                guard let reference = source[kind] else { continue }
                count += 1
                let name = reference["name"]?.stringValue ?? ""
                if name.isEmpty {
                    errors.required(path[index][kind]["name"])
                } else {
                    errors.check(name, { objectName($0) }, path[index][kind]["name"])
                }
            }
            // The real server names the whole list.
            if count == 0 {
                errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
            } else if count > 1 {
                errors.invalid(path, "", "may not have more than one field specified at a time")
            }
        }
    }

    /// A name that may be the beginning of one, and so may end with a dash.
    private static func objectName(_ text: String) -> [String] {
        NameRules.dnsSubdomain(text.utf8.count > 1 && text.hasSuffix("-") ? text.dropLast() + "a" : text)
    }

    // MARK: Fields of the pod

    private static let variableFields = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]

    static let volumeFields = [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
    ]

    /// The fields that have a label at all.
    private static let knownFields =
        variableFields + [
            "metadata.annotations", "metadata.labels", "spec.restartPolicy", "spec.schedulerName",
            "spec.host",
            "status.phase",
        ]

    /// Checks a reference to a field of the pod.
    static func checkField(
        _ reference: JSONValue,
        _ supported: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let version = reference["apiVersion"]?.stringValue ?? ""
        if version.isEmpty { return errors.required(path["apiVersion"]) }
        let field = reference["fieldPath"]?.stringValue ?? ""
        if field.isEmpty { return errors.required(path["fieldPath"]) }
        let subscripted = subscripted(field)
        if let mistake = unknown(version, field, subscripted) {
            return errors.invalid(
                path["fieldPath"],
                .string(field),
                "error converting fieldPath: \(mistake)"
            )
        }
        if let (name, key) = subscripted {
            errors.check(
                name == "metadata.annotations" ? key.lowercased() : key,
                NameRules.qualifiedName,
                path
            )
        } else {
            let field = field == "spec.host" ? "spec.nodeName" : field
            if !supported.contains(field) {
                errors.unsupported(path["fieldPath"], .string(field), supported)
            }
        }
    }

    private static func unknown(
        _ version: String,
        _ field: String,
        _ part: (name: String, key: String)?
    )
        -> String?
    {
        if version != "v1" { return "unsupported pod version: \(version)" }
        if let part {
            let isMap = part.name == "metadata.annotations" || part.name == "metadata.labels"
            return isMap ? nil : "field label does not support subscript: \(field)"
        }
        return knownFields.contains(field) ? nil : "field label not supported: \(field)"
    }

    /// Takes `metadata.labels['app']` apart.
    private static func subscripted(_ field: String) -> (name: String, key: String)? {
        guard field.hasSuffix("']") else { return nil }
        let parts = field.dropLast(2).split(
            separator: "['",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    // MARK: Resources of a container

    private static let resources = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu",
        "requests.ephemeral-storage", "requests.memory",
    ]

    private static let bytes = [
        "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
    ]

    /// Checks a reference to what a container asks for.
    static func checkResource(
        _ reference: JSONValue,
        isVolume: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let resource = reference["resource"]?.stringValue ?? ""
        let isPages = ["requests.hugepages-", "limits.hugepages-"].contains { resource.hasPrefix($0) }
        if isVolume, (reference["containerName"]?.stringValue ?? "").isEmpty {
            errors.required(path["containerName"])
        } else if resource.isEmpty {
            errors.required(path["resource"])
        } else if !isPages, !resources.contains(resource) {
            errors.unsupported(path["resource"], .string(resource), resources)
        }
        let divisor = reference["divisor"]?.stringValue ?? "0"
        guard divisor != "0", isPages || resources.contains(resource) else { return }
        let kind = isPages ? "hugepages" : String(resource.drop { $0 != "." }.dropFirst())
        let (units, name) =
            switch kind {
            case "cpu": (["1m", "1"], "1m and 1 are supported with the cpu")
            case "ephemeral-storage":
                (bytes, "\(bytes.joined(separator: ", ")) are supported with the local ephemeral storage")
            default: (bytes, "\(bytes.joined(separator: ", ")) are supported with the \(kind)")
            }
        if !units.contains(divisor) {
            errors.invalid(
                path["divisor"],
                .string(resource),
                "only divisor's values \(name) resource"
            )
        }
    }
}
