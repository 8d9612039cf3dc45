// SPDX-License-Identifier: Apache-2.0
import JSON

/// Roles and their bindings.
///
/// - Source: the rbac validation of Kubernetes 1.36 (seen upstream).
enum RoleRules {
    static let role = KindRules(
        nameRule: pathSegment,
        check: { object, errors in
            for (index, rule) in (object["rules"]?.arrayValue ?? []).enumerated() {
                check(
                    rule,
                    FieldPath("rules")[index],
                    isNamespaced: !object.metadata.namespace.isEmpty,
                    &errors
                )
            }
        }
    )

    static let binding = KindRules(
        nameRule: pathSegment,
        prepareForCreate: complete,
        prepareForUpdate: { new, _ in complete(&new) },
        check: checkBinding,
        checkUpdate: { new, old, errors in
            if new["roleRef"] != old["roleRef"] {
                errors.invalid(FieldPath("roleRef"), new["roleRef"] ?? .null, "cannot change roleRef")
            }
        }
    )

    /// Names that may stand in a path.
    static let pathSegment: MetadataValidation.NameRule = { name in
        if name == "." || name == ".." { return ["may not be '\(name)'"] }
        return ["/", "%"].filter { name.contains($0) }.map { "may not contain '\($0)'" }
    }

    private static func check(
        _ rule: JSONValue,
        _ path: FieldPath,
        isNamespaced: Bool,
        _ errors: inout FieldErrors
    ) {
        func isEmpty(_ name: String) -> Bool { rule[name]?.arrayValue?.isEmpty ?? true }
        if isEmpty("verbs") { errors.required(path["verbs"], "verbs must contain at least one value") }
        if !isEmpty("nonResourceURLs") {
            if isNamespaced {
                let detail = "namespaced rules cannot apply to non-resource URLs"
                errors.invalid(path["nonResourceURLs"], rule["nonResourceURLs"] ?? [], detail)
            }
            if !["apiGroups", "resources", "resourceNames"].allSatisfy(isEmpty) {
                let detail = "rules cannot apply to both regular resources and non-resource URLs"
                errors.invalid(path["nonResourceURLs"], rule["nonResourceURLs"] ?? [], detail)
            }
            return
        }
        if isEmpty("apiGroups") {
            errors.required(path["apiGroups"], "resource rules must supply at least one api group")
        }
        if isEmpty("resources") {
            errors.required(path["resources"], "resource rules must supply at least one resource")
        }
    }

    /// Puts in the groups that go without saying.
    private static func complete(_ object: inout ResourceObject) {
        let group: JSONValue = "rbac.authorization.k8s.io"
        if object["roleRef", "apiGroup"] == "" { object.set(["roleRef", "apiGroup"], group) }
        guard let subjects = object["subjects"]?.arrayValue else { return }
        object.content["subjects"] = .array(
            subjects.map { subject in
                var subject = subject
                let isAccount = subject["kind"] == "ServiceAccount"
                if subject["apiGroup"] == nil, !isAccount { subject["apiGroup"] = group }
                return subject
            }
        )
    }

    private static func checkBinding(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let role = FieldPath("roleRef")
        let kinds = object.metadata.namespace.isEmpty ? ["ClusterRole"] : ["Role", "ClusterRole"]
        let kind = object["roleRef", "kind"]?.stringValue ?? ""
        if object["roleRef", "apiGroup"] != "rbac.authorization.k8s.io" {
            errors.unsupported(
                role["apiGroup"],
                object["roleRef", "apiGroup"] ?? "",
                ["rbac.authorization.k8s.io"]
            )
        }
        if !kinds.contains(kind) { errors.unsupported(role["kind"], .string(kind), kinds) }
        let name = object["roleRef", "name"]?.stringValue ?? ""
        if name.isEmpty {
            errors.required(role["name"])
        } else {
            errors.check(name, pathSegment, role["name"])
        }
        for (index, subject) in (object["subjects"]?.arrayValue ?? []).enumerated() {
            checkSubject(subject, FieldPath("subjects")[index], &errors)
        }
    }

    private static func checkSubject(
        _ subject: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        errors.needs(subject["name"], path["name"])
        switch subject["kind"]?.stringValue {
        case "ServiceAccount":
            errors.checkGiven(subject["name"], NameRules.dnsSubdomain, path["name"])
            if let group = subject["apiGroup"], group != "" {
                errors.unsupported(path["apiGroup"], group, [""])
            }
            errors.needs(subject["namespace"], path["namespace"])
        case "User", "Group":
            errors.option(subject["apiGroup"] ?? "", ["rbac.authorization.k8s.io"], path["apiGroup"])
        default:
            let known = ["ServiceAccount", "User", "Group"]
            errors.unsupported(path["kind"], subject["kind"] ?? "", known)
        }
    }
}
