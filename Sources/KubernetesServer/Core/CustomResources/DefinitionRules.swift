// SPDX-License-Identifier: Apache-2.0
import JSON

/// CustomResourceDefinitions.
///
/// - Source: the validation of apiextensions.k8s.io in Kubernetes 1.36 (seen upstream).
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
                "storedVersions": .array(storage(object).prefix(1).map { $0 }),
            ]
        },
        prepareForUpdate: { new, _ in
            var stored = new["status", "storedVersions"]?.arrayValue ?? []
            for version in storage(new).prefix(1) where !stored.contains(version) { stored.append(version) }
            new.set(["status", "storedVersions"], .array(stored))
        },
        check: check,
        checkCreate: { object, errors in
            checkApproval(object, old: nil, &errors)
            checkUnknownFields(object, old: nil, &errors)
        },
        checkUpdate: checkUpdate,
        checkStatusUpdate: { new, _, errors in
            let names = new["status", "acceptedNames"] ?? [:]
            checkNames(names, FieldPath("status")["acceptedNames"], &errors)
        }
    )

    /// True when a condition of a definition holds.
    static func isTrue(_ definition: ResourceObject, _ condition: String) -> Bool {
        definition["status", "conditions"]?.arrayValue?.contains {
            $0["type"] == .string(condition) && $0["status"] == "True"
        } ?? false
    }

    /// The names of the versions that are marked as the stored one.
    private static func storage(_ definition: ResourceObject) -> [JSONValue] {
        let versions = definition["spec", "versions"]?.arrayValue ?? []
        return versions.filter { $0["storage"] == true }.compactMap { $0["name"] }
    }

    @Sendable private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let spec = object.content["spec"] ?? [:]
        let plural = spec["names"]?["plural"]?.stringValue ?? ""
        if object.metadata.name != "\(plural).\(spec["group"]?.stringValue ?? "")" {
            errors.invalid(
                FieldPath("metadata")["name"],
                .string(object.metadata.name),
                "must be spec.names.plural+\".\"+spec.group"
            )
        }
        checkSpec(spec, FieldPath("spec"), &errors)
        let status = FieldPath("status")
        checkNames(object["status", "acceptedNames"] ?? [:], status["acceptedNames"], &errors)
        checkStored(object, status["storedVersions"], &errors)
    }

    private static func checkSpec(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let group = spec["group"]?.stringValue ?? ""
        if group.isEmpty {
            errors.required(path["group"])
        } else if !joined(NameRules.dnsSubdomain(group), path["group"], group, &errors), !group.contains(".")
        {
            errors.invalid(path["group"], .string(group), "should be a domain with at least one dot")
        }
        errors.choice(spec["scope"], ["Cluster", "Namespaced"], path["scope"])
        let hub = HubDefinition(spec)
        hub.check(path, &errors)
        for name in ["plural", "singular", "kind", "listKind"] {
            errors.needs(spec["names"]?[name], path["names"][name])
        }
        checkNames(spec["names"] ?? [:], path["names"], &errors)
        hub.checkShared(path, &errors)
        checkConversion(spec, path, &errors)
    }

    /// Complains once about all that a rule finds.
    ///
    /// - Returns: True when there was anything.
    @discardableResult
    static func joined(
        _ messages: [String],
        _ path: @autoclosure () -> FieldPath,
        _ text: String,
        prefix: String = "",
        _ errors: inout FieldErrors
    ) -> Bool {
        if messages.isEmpty { return false }
        errors.invalid(path(), .string(text), prefix + messages.joined(separator: ","))
        return true
    }

    private static func checkNames(_ names: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        func text(_ field: String) -> String { names[field]?.stringValue ?? "" }
        for field in ["plural", "singular"] where !text(field).isEmpty {
            joined(NameRules.dnsLabel1035(text(field)), path[field], text(field), &errors)
        }
        for field in ["kind", "listKind"] where !text(field).isEmpty {
            joined(
                NameRules.dnsLabel1035(text(field).lowercased()),
                path[field],
                text(field),
                prefix: "may have mixed case, but should otherwise match: ",
                &errors
            )
        }
        checkLabels(names["shortNames"], path["shortNames"], &errors)
        if !text("kind").isEmpty, text("kind") == text("listKind") {
            errors.invalid(
                path["listKind"],
                .string(text("listKind")),
                "kind and listKind may not be the same"
            )
        }
        checkLabels(names["categories"], path["categories"], &errors)
    }

    private static func checkLabels(_ list: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors) {
        for (index, value) in (list?.arrayValue ?? []).enumerated() {
            let text = value.stringValue ?? ""
            joined(NameRules.dnsLabel1035(text), path[index], text, &errors)
        }
    }

    // MARK: Stored versions and changes

    private static func checkStored(
        _ object: ResourceObject,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let stored = object["status", "storedVersions"]?.arrayValue ?? []
        let shown: JSONValue = stored.isEmpty ? nil : .array(stored)
        if stored.isEmpty { return errors.invalid(path, shown, "must have at least one stored version") }
        let versions = object["spec", "versions"]?.arrayValue ?? []
        for version in versions where version["storage"] == true {
            let name = version["name"] ?? ""
            if !stored.contains(name) {
                errors.invalid(path, shown, "must have the storage version \(name.stringValue ?? "")")
            }
        }
        for (index, name) in stored.enumerated() where !versions.contains(where: { $0["name"] == name }) {
            let text = name.stringValue ?? ""
            errors.invalid(
                path[index],
                name,
                "missing from spec.versions; \(text) was previously a storage version, and must remain in "
                    + "spec.versions until a storage migration ensures no data remains persisted in \(text) and "
                    + "removes \(text) from status.storedVersions"
            )
        }
    }

    @Sendable private static func checkUpdate(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let path = FieldPath("spec")
        let fixed = isTrue(old, "Established") ? [["scope"], ["names", "kind"]] : []
        for field in fixed + [["group"], ["names", "plural"]] {
            let value = new.content["spec"]?[path: field]
            if value == old.content["spec"]?[path: field] { continue }
            errors.invalid(field.reduce(path) { $0[$1] }, value ?? .null, "field is immutable")
        }
        checkApproval(new, old: old, &errors)
        checkUnknownFields(new, old: old, &errors)
    }

    /// What the version before the first kept: everything.
    private static func checkUnknownFields(
        _ new: ResourceObject,
        old: ResourceObject?,
        _ errors: inout FieldErrors
    ) {
        if old?["spec", "preserveUnknownFields"] == true { return }
        guard new["spec", "preserveUnknownFields"] == true else { return }
        errors.invalid(
            FieldPath("spec")["preserveUnknownFields"],
            true,
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
                + "spec.versions[*].schema instead"
        )
    }
}
