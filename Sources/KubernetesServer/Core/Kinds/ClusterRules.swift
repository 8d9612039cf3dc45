// SPDX-License-Identifier: Apache-2.0
import JSON

/// Namespaces, Nodes, Leases, Events and ServiceAccounts.
///
/// - Source: the core and coordination validation of Kubernetes 1.36 (seen upstream, and in a real server's
///   answers).
enum ClusterRules {
    static let plain = KindRules()

    static let serviceAccount = KindRules(returnsDeleted: true)

    // MARK: Namespaces

    private static let nameLabel = "kubernetes.io/metadata.name"

    static let namespace = KindRules(
        nameRule: NameRules.dnsLabel,
        hasStatus: true,
        prepareForCreate: { object in
            object.content["status"] = ["phase": "Active"]
            var finalizers = object["spec", "finalizers"]?.arrayValue ?? []
            if !finalizers.contains("kubernetes") { finalizers.append("kubernetes") }
            object.content["spec"] = ["finalizers": .array(finalizers)]
            labelName(&object)
        },
        prepareForUpdate: { new, old in
            new.content["spec"] = old.content["spec"]
            labelName(&new)
        },
        check: { object, errors in
            for finalizer in object["spec", "finalizers"]?.arrayValue ?? [] where finalizer != "kubernetes" {
                let text = finalizer.stringValue ?? ""
                let path = FieldPath("spec")["finalizers"]
                errors.check(text, NameRules.qualifiedName, path)
                if !text.contains("/") {
                    let message = "name is neither a standard finalizer name nor is it fully qualified"
                    errors.invalid(path, finalizer, message)
                }
            }
        },
        checkStatusUpdate: { new, _, errors in
            let isEnding = new.metadata.deletionTimestamp != nil
            let wanted: JSONValue = isEnding ? "Terminating" : "Active"
            let phase = new["status", "phase"] ?? ""
            if phase != wanted {
                errors.invalid(
                    FieldPath("status")["Phase"],
                    phase,
                    "may only be '\(wanted.stringValue ?? "")' if `deletionTimestamp` is "
                        + (isEnding ? "not empty" : "empty")
                )
            }
        }
    )

    private static func labelName(_ object: inout ResourceObject) {
        object.metadata.labels[nameLabel] = .string(object.metadata.name)
        object.metadata.labels.sortKeys()
    }

    // MARK: Nodes

    static let node = KindRules(
        hasStatus: true,
        keepsStatusOnCreate: true,
        prepareForCreate: { object in
            // What the admission plug-in TaintNodesByCondition puts in.
            var taints = object["spec", "taints"]?.arrayValue ?? []
            let key = "node.kubernetes.io/not-ready"
            if !taints.contains(where: { $0["key"] == .string(key) && $0["effect"] == "NoSchedule" }) {
                taints.append(["effect": "NoSchedule", "key": .string(key)])
            }
            object.set(["spec", "taints"], .array(taints))
        },
        check: checkNode,
        checkUpdate: checkNodeChange,
        checkStatusUpdate: { new, old, errors in
            checkAmounts(new, &errors)
            checkNodeChange(new, old, &errors)
        }
    )

    @Sendable private static func checkNodeChange(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let addresses = new["status", "addresses"]?.arrayValue ?? []
        for (index, address) in addresses.enumerated() where addresses[..<index].contains(address) {
            errors.duplicate(
                FieldPath("status")["addresses"][index],
                GoView.structure(address, ["type", "address"])
            )
        }
        // The real server looks at the taints twice.
        checkTaints(new, &errors)
        let path = FieldPath("spec")
        let range = old["spec", "podCIDR"]
        if range != nil,
            range != new["spec", "podCIDR"] || old["spec", "podCIDRs"] != new["spec", "podCIDRs"]
        {
            errors.forbidden(
                path["podCIDRs"],
                "node updates may not change podCIDR except from \"\" to valid"
            )
        }
        if let provider = old["spec", "providerID"], provider != new["spec", "providerID"] {
            errors.forbidden(
                path["providerID"],
                "node updates may not change providerID except from \"\" to valid"
            )
        }
    }

    @Sendable private static func checkNode(_ object: ResourceObject, _ errors: inout FieldErrors) {
        checkTaints(object, &errors)
        checkAmounts(object, &errors)
        let path = FieldPath("spec")["podCIDRs"]
        let ranges = object["spec", "podCIDRs"]?.arrayValue ?? []
        for (index, range) in ranges.enumerated() {
            errors.checkNetwork(range.stringValue ?? "", path[index])
        }
        if ranges.count < 2 { return }
        let families = ranges.map { ($0.stringValue ?? "").contains(":") }
        if ranges.count > 2 || families[0] == families[1] {
            let message = "may specify no more than one CIDR for each IP family"
            errors.invalid(path, .array(ranges), message)
        }
        for (index, range) in ranges.enumerated() where ranges[..<index].contains(range) {
            errors.duplicate(path[index], range)
        }
    }

    private static func checkAmounts(_ object: ResourceObject, _ errors: inout FieldErrors) {
        for list in ["capacity", "allocatable"] {
            for amount in object["status", list]?.objectValue ?? [:] {
                let path = FieldPath("status")[list][amount.key]
                ResourceRules.checkQuantity(amount.key, amount.value, path, &errors)
            }
        }
    }

    @Sendable private static func checkTaints(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("metadata")["taints"]
        let taints = object["spec", "taints"]?.arrayValue ?? []
        for (index, taint) in taints.enumerated() {
            errors.check(taint["key"]?.stringValue ?? "", NameRules.qualifiedName, path[index]["key"])
            let messages = NameRules.labelValue(taint["value"]?.stringValue ?? "")
            if !messages.isEmpty {
                errors.invalid(path[index]["value"], taint["value"] ?? "", messages.joined(separator: ";"))
            }
            errors.choice(taint["effect"], TolerationRules.effects, path[index]["effect"])
            let isTwin = taints[..<index].contains {
                $0["key"] == taint["key"] && $0["effect"] == taint["effect"]
            }
            if isTwin {
                var shown = GoView.structure(taint, ["key", "value", "effect", "timeAdded"])
                if shown["Value"] == .null { shown["Value"] = "" }
                errors.add(
                    "Duplicate",
                    path[index],
                    "Duplicate value: \(FieldErrors.show(shown)): taints must be unique by key and effect pair"
                )
            }
        }
    }

    // MARK: Leases

    static let lease = KindRules(
        allowsUnconditionalUpdate: false,
        check: { object, errors in
            let path = FieldPath("spec")
            if let seconds = object["spec", "leaseDurationSeconds"]?.intValue, seconds <= 0 {
                errors.invalid(
                    path["leaseDurationSeconds"],
                    .integer(Int64(seconds)),
                    "must be greater than 0"
                )
            }
            if let count = object["spec", "leaseTransitions"]?.intValue, count < 0 {
                errors.invalid(
                    path["leaseTransitions"],
                    .integer(Int64(count)),
                    "must be greater than or equal to 0"
                )
            }
            checkStrategy(object, path, &errors)
        }
    )

    private static func checkStrategy(
        _ lease: ResourceObject,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let strategy = lease["spec", "strategy"]
        if let text = strategy?.stringValue {
            // The real server names the field twice.
            let place = path["strategy"]["strategy"]
            if text.contains("/") {
                errors.check(text, NameRules.qualifiedName, place)
            } else {
                errors.option(strategy, ["OldestEmulationVersion"], place)
            }
        }
        let holder = lease["spec", "preferredHolder"]?.stringValue ?? ""
        if !holder.isEmpty, (strategy?.stringValue ?? "").isEmpty {
            errors.forbidden(path["preferredHolder"], "may only be specified if `strategy` is defined")
        }
    }
}
