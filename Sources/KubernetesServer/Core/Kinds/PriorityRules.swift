// SPDX-License-Identifier: Apache-2.0
import JSON

/// Priority classes, and what they give to pods.
///
/// - Source: the scheduling validation and the admission plug-in Priority of Kubernetes 1.36 (seen upstream).
enum PriorityRules {
    static let priorityClass = KindRules(
        prepareForCreate: { $0.metadata.generation = 1 },
        checkCreate: check,
        checkUpdate: { new, old, errors in
            if new.content["value"] != old.content["value"] {
                errors.forbidden(FieldPath("value"), "may not be changed in an update.")
            }
            let policy = new.content["preemptionPolicy"]
            if policy != old.content["preemptionPolicy"] {
                errors.invalid(FieldPath("preemptionPolicy"), policy ?? .null, "field is immutable")
            }
        }
    )

    /// The classes that every cluster has.
    static let builtIn: [(name: String, value: Int64, description: String)] = [
        (
            "system-node-critical", 2_000_001_000,
            "Used for system critical pods that must not be moved from their current node."
        ),
        (
            "system-cluster-critical", 2_000_000_000,
            "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."
        ),
    ]

    private static let highest = 1_000_000_000

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let name = object.metadata.name
        if name.hasPrefix("system-") {
            if let mistake = mistake(name, object) {
                errors.forbidden(
                    FieldPath("metadata")["name"],
                    "priority class names with 'system-' prefix are reserved for system use only. error: \(mistake)"
                )
            }
        } else if object["value"]?.intValue ?? 0 > highest {
            let message = "maximum allowed value of a user defined priority is \(highest)"
            errors.forbidden(FieldPath("value"), message)
        }
        if let policy = object["preemptionPolicy"] {
            errors.choice(policy, ["PreemptLowerPriority", "Never"], FieldPath("preemptionPolicy"))
        }
    }

    private static func mistake(_ name: String, _ object: ResourceObject) -> String? {
        guard let known = builtIn.first(where: { $0.name == name }) else {
            return "\(name) is not a known system priority class"
        }
        if object["value"] != .integer(known.value) {
            return "value of \(name) PriorityClass must be \(known.value)"
        }
        return object["globalDefault"] == true ? "globalDefault of \(name) PriorityClass must be false" : nil
    }

    // MARK: Pods

    /// Gives a pod what its class says; what the client gave has to be the same.
    ///
    /// - Returns: Why the pod is refused; nil when it is not.
    static func admit(_ pod: inout ResourceObject, _ priorityClass: ResourceObject?) -> String? {
        guard var spec = pod.content["spec"]?.objectValue else { return nil }
        let value = priorityClass?["value"] ?? 0
        let policy = priorityClass.map { $0["preemptionPolicy"] } ?? "PreemptLowerPriority"
        let from = "priority admission controller computed"
        if let given = spec["priority"], given != value {
            return "the integer value of priority (\(given.text)) must not be provided in pod spec; \(from) "
                + "\(value.text) from the given PriorityClass name"
        }
        if let policy, let given = spec["preemptionPolicy"], given != policy {
            return
                "the string value of PreemptionPolicy (\(given.stringValue ?? "")) must not be provided in pod "
                + "spec; \(from) \(policy.stringValue ?? "") from the given PriorityClass name"
        }
        if let priorityClass, spec["priorityClassName"] == nil {
            DefaultRules.insert("priorityClassName", .string(priorityClass.metadata.name), into: &spec)
        }
        DefaultRules.insert("priority", value, into: &spec)
        if let policy { DefaultRules.insert("preemptionPolicy", policy, into: &spec) }
        pod.content["spec"] = .object(spec)
        return nil
    }
}
