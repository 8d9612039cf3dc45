// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// ConfigMaps and Secrets.
///
/// - Source: `ValidateConfigMap` and `ValidateSecret` of Kubernetes (seen upstream).
enum ConfigRules {
    private static let sizeLimit = 1024 * 1024

    static let configMap = KindRules(
        check: checkConfigMap,
        checkUpdate: { new, old, errors in checkImmutable(new, old, ["data", "binaryData"], &errors) },
        checksChangeFirst: true
    )

    static let secret = KindRules(
        check: checkSecret,
        checkUpdate: checkSecretUpdate,
        checksChangeFirst: true,
        warnings: secretWarnings
    )

    /// A pair of a TLS Secret that is none is stored all the same, with a warning.
    @Sendable private static func secretWarnings(_ object: ResourceObject) -> [String] {
        guard object.content["type"] == "kubernetes.io/tls" else { return [] }
        for (key, part) in [("tls.crt", "certificate"), ("tls.key", "key")] {
            guard let text = object["data", key]?.stringValue, let bytes = try? Base64.decode(text) else {
                continue
            }
            if !String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") {
                return ["tls: failed to find any PEM data in \(part) input"]
            }
        }
        return []
    }

    private static func checkConfigMap(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let data = object.content["data"]?.objectValue ?? [:]
        let binary = object.content["binaryData"]?.objectValue ?? [:]
        var size = 0
        for entry in data {
            let path = FieldPath("data").key(entry.key)
            for message in NameRules.configKey(entry.key) {
                errors.invalid(path, .string(entry.key), message)
            }
            if binary[entry.key] != nil {
                errors.invalid(path, .string(entry.key), "duplicate of key present in binaryData")
            }
            size += entry.value.stringValue?.utf8.count ?? 0
        }
        for entry in binary {
            for message in NameRules.configKey(entry.key) {
                errors.invalid(FieldPath("binaryData").key(entry.key), .string(entry.key), message)
            }
            size += decodedSize(entry.value)
        }
        if size > sizeLimit { errors.tooLong(.root("[]"), limit: sizeLimit) }
    }

    private static func decodedSize(_ value: JSONValue) -> Int {
        (value.stringValue?.utf8.count ?? 0) / 4 * 3
    }

    private static func checkImmutable(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ fields: [String],
        _ errors: inout FieldErrors
    ) {
        guard old.content["immutable"] == true else { return }
        let message = "field is immutable when `immutable` is set"
        if new.content["immutable"] != true { errors.forbidden(FieldPath("immutable"), message) }
        for field in fields where new.content[field] != old.content[field] {
            errors.forbidden(FieldPath(field), message)
        }
    }

    /// The keys that a type of Secret needs.
    private static let neededKeys: [String: [String]] = [
        "kubernetes.io/tls": ["tls.crt", "tls.key"], "kubernetes.io/ssh-auth": ["ssh-privatekey"],
        "kubernetes.io/dockercfg": [".dockercfg"],
        "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
    ]

    private static func checkSecret(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let data = object.content["data"]?.objectValue ?? [:]
        let path = FieldPath("data")
        var size = 0
        for entry in data {
            for message in NameRules.configKey(entry.key) {
                errors.invalid(path.key(entry.key), .string(entry.key), message)
            }
            size += decodedSize(entry.value)
        }
        if size > sizeLimit { errors.tooLong(path, limit: sizeLimit) }
        let type = object.content["type"]?.stringValue ?? ""
        for key in neededKeys[type] ?? [] where data[key] == nil { errors.required(path.key(key)) }
        switch type {
        case "kubernetes.io/ssh-auth":
            let key = "ssh-privatekey"
            if data[key] == "" { errors.required(path.key(key)) }
        case "kubernetes.io/basic-auth":
            let keys = ["username", "password"]
            if keys.allSatisfy({ data[$0] == nil }) {
                for key in keys { errors.required(path.key(key)) }
            }
        case "kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson":
            for key in neededKeys[type] ?? [] { checkJSON(data[key], path.key(key), &errors) }
        case "kubernetes.io/service-account-token":
            let annotation = "kubernetes.io/service-account.name"
            if (object.metadata.annotations[annotation]?.stringValue ?? "").isEmpty {
                errors.required(FieldPath("metadata")["annotations"].key(annotation))
            }
        default: break
        }
    }

    private static func checkJSON(_ value: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors) {
        guard let text = value?.stringValue, let bytes = try? Base64.decode(text) else { return }
        if let mistake = GoSyntax.mistake(in: bytes) {
            errors.invalid(path, "<secret contents redacted>", mistake)
        }
    }

    private static func checkSecretUpdate(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        if new.content["type"] != old.content["type"] {
            errors.invalid(FieldPath("type"), new.content["type"] ?? "", "field is immutable")
        }
        checkImmutable(new, old, ["data"], &errors)
    }
}
