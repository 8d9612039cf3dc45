// SPDX-License-Identifier: Apache-2.0
import JSON

/// Ingresses and IngressClasses.
///
/// - Source: the networking validation of Kubernetes 1.36 (seen upstream, and in a real server's answers).
enum IngressRules {
    /// The annotation that named the class before the field did.
    static let classAnnotation = "kubernetes.io/ingress.class"

    static let ingress = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: check,
        checkCreate: checkNew,
        checkStatusUpdate: checkStatus,
        warnings: warnings
    )

    static let ingressClass = KindRules(
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: checkClass,
        checkUpdate: { new, old, errors in
            if new["spec", "controller"] != old["spec", "controller"] {
                errors.invalid(
                    FieldPath("spec")["controller"],
                    new["spec", "controller"] ?? "",
                    "field is immutable"
                )
            }
        },
        checksChangeFirst: true
    )

    private static func warnings(_ object: ResourceObject) -> [String] {
        guard object.metadata.annotations[classAnnotation] != nil else { return [] }
        return ["annotation \"\(classAnnotation)\" is deprecated, please use 'spec.ingressClassName' instead"]
    }

    /// What only a new Ingress is refused for.
    private static func checkNew(_ object: ResourceObject, _ errors: inout FieldErrors) {
        guard let value = object.metadata.annotations[classAnnotation],
            let name = object["spec", "ingressClassName"], name != value
        else { return }
        errors.invalid(
            FieldPath("annotations")[classAnnotation],
            value,
            "must match `ingressClassName` when both are specified"
        )
    }

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("spec")
        let spec = object.content["spec"]
        let rules = spec?["rules"]?.arrayValue ?? []
        let fallback = spec?["defaultBackend"]
        if rules.isEmpty, fallback == nil {
            errors.invalid(path, .null, "either `defaultBackend` or `rules` must be specified")
        }
        if let fallback { checkBackend(fallback, path["defaultBackend"], &errors) }
        for (index, rule) in rules.enumerated() { checkRule(rule, path["rules"][index], &errors) }
        for (index, entry) in (spec?["tls"]?.arrayValue ?? []).enumerated() {
            checkTLS(entry, path["tls"][index], &errors)
        }
        if let name = spec?["ingressClassName"]?.stringValue {
            for message in NameRules.dnsSubdomain(name) {
                errors.invalid(path["ingressClassName"], .string(name), message)
            }
        }
    }

    private static func checkHost(_ host: String, _ path: FieldPath, _ errors: inout FieldErrors) {
        let messages = host.contains("*") ? NameRules.wildcardSubdomain(host) : NameRules.dnsSubdomain(host)
        for message in messages { errors.invalid(path, .string(host), message) }
    }

    private static func checkTLS(_ entry: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        for (index, host) in (entry["hosts"]?.arrayValue ?? []).enumerated() {
            checkHost(host.stringValue ?? "", path["hosts"][index], &errors)
        }
        guard let secret = entry["secretName"]?.stringValue, !secret.isEmpty else { return }
        for message in NameRules.dnsSubdomain(secret) {
            errors.invalid(path["secretName"], .string(secret), message)
        }
    }

    private static func checkRule(_ rule: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        if let host = rule["host"]?.stringValue, !host.isEmpty {
            if IPAddress(host) != nil {
                errors.invalid(path["host"], .string(host), "must be a DNS name, not an IP address")
            }
            checkHost(host, path["host"], &errors)
        }
        guard let http = rule["http"] else { return }
        let paths = http["paths"]?.arrayValue ?? []
        if paths.isEmpty { errors.required(path["http"]["paths"]) }
        for (index, entry) in paths.enumerated() {
            checkPath(entry, path["http"]["paths"][index], &errors)
        }
    }

    private static let forbiddenParts = ["//", "/./", "/../", "%2f", "%2F"]
    private static let forbiddenEnds = ["/..", "/."]

    private static func checkPath(_ entry: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        guard let type = entry["pathType"]?.stringValue else {
            return errors.required(path["pathType"], "pathType must be specified")
        }
        let text = entry["path"]?.stringValue ?? ""
        switch type {
        case "Exact", "Prefix":
            if !text.hasPrefix("/") {
                errors.invalid(path["path"], .string(text), "must be an absolute path")
            }
            for part in forbiddenParts where text.contains(part) {
                errors.invalid(path["path"], .string(text), "must not contain '\(part)'")
            }
            for end in forbiddenEnds where text.hasSuffix(end) {
                errors.invalid(path["path"], .string(text), "cannot end with '\(end)'")
            }
        case "ImplementationSpecific":
            if !text.isEmpty, !text.hasPrefix("/") {
                errors.invalid(path["path"], .string(text), "must be an absolute path")
            }
        default:
            errors.unsupported(
                path["pathType"],
                .string(type),
                ["Exact", "ImplementationSpecific", "Prefix"]
            )
        }
        checkBackend(entry["backend"] ?? [:], path["backend"], &errors)
    }

    private static func checkBackend(_ backend: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        switch (backend["resource"], backend["service"]) {
        case (.some, .some): errors.invalid(path, "", "cannot set both resource and service backends")
        case (let resource?, nil): checkReference(resource, path["resource"], &errors)
        case (nil, let service?): checkService(service, path, &errors)
        case (nil, nil): errors.invalid(path, "", "resource or service backend is required")
        }
    }

    private static func checkService(_ service: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let name = service["name"]?.stringValue ?? ""
        if name.isEmpty {
            errors.required(path["service"]["name"])
        } else {
            for message in NameRules.dnsLabel(name) {
                errors.invalid(path["service"]["name"], .string(name), message)
            }
        }
        let portName = service["port"]?["name"]?.stringValue ?? ""
        let number = service["port"]?["number"]?.intValue ?? 0
        let port = path["service"]["port"]
        switch (portName.isEmpty, number == 0) {
        case (false, false): errors.invalid(path, "", "cannot set both port name & port number")
        case (false, true):
            for message in NameRules.portName(portName) {
                errors.invalid(port["name"], .string(portName), message)
            }
        case (true, false):
            for message in NameRules.portNumber(number) {
                errors.invalid(port["number"], .integer(Int64(number)), message)
            }
        case (true, true): errors.required(path, "port name or number is required")
        }
    }

    private static func checkReference(_ reference: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors)
    {
        if let group = reference["apiGroup"]?.stringValue {
            for message in NameRules.dnsSubdomain(group) {
                errors.invalid(path["apiGroup"], .string(group), message)
            }
        }
        for field in ["kind", "name"] {
            let text = reference[field]?.stringValue ?? ""
            if text.isEmpty {
                errors.required(path[field])
            } else {
                errors.check(text, RoleRules.pathSegment, path[field])
            }
        }
    }

    private static func checkStatus(_ new: ResourceObject, _ old: ResourceObject, _ errors: inout FieldErrors)
    {
        let path = FieldPath("status")["loadBalancer"]["ingress"]
        for (index, entry) in (new["status", "loadBalancer", "ingress"]?.arrayValue ?? []).enumerated() {
            if let ip = entry["ip"]?.stringValue, !ip.isEmpty { _ = errors.checkIP(ip, path[index]["ip"]) }
            guard let host = entry["hostname"]?.stringValue, !host.isEmpty else { continue }
            for message in NameRules.dnsSubdomain(host) {
                errors.invalid(path[index]["hostname"], .string(host), message)
            }
            if IPAddress(host) != nil {
                errors.invalid(
                    path[index]["hostname"],
                    .string(host),
                    "must be a DNS name, not an IP address"
                )
            }
        }
    }

    private static func checkClass(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("spec")
        let controller = object["spec", "controller"]?.stringValue ?? ""
        if controller.isEmpty {
            errors.required(path["controller"])
        } else {
            if controller.utf8.count > 250 { errors.tooLong(path["controller"], limit: 250) }
            errors.checkPrefixedPath(controller, path["controller"])
        }
        guard let parameters = object["spec", "parameters"] else { return }
        checkReference(parameters, path["parameters"], &errors)
        let scope = parameters["scope"]?.stringValue ?? ""
        let namespace = parameters["namespace"]?.stringValue ?? ""
        switch scope {
        case "Namespace" where namespace.isEmpty:
            errors.required(path["parameters"]["namespace"], "`parameters.scope` is set to 'Namespace'")
        case "Namespace":
            for message in NameRules.dnsLabel(namespace) {
                errors.invalid(path["parameters"]["namespace"], .string(namespace), message)
            }
        case "Cluster":
            if !namespace.isEmpty {
                errors.forbidden(path["parameters"]["namespace"], "`parameters.scope` is set to 'Cluster'")
            }
        default: errors.unsupported(path["parameters"]["scope"], .string(scope), ["Cluster", "Namespace"])
        }
    }
}
