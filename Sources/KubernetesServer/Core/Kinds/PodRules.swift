// SPDX-License-Identifier: Apache-2.0
import JSON

/// Pods themselves; what they share with pod templates is in `PodSpecRules`.
///
/// - Source: the pod strategy and admission of Kubernetes 1.36 (seen upstream, and in a real server's answers).
enum PodRules {
    static let pod = KindRules(
        hasStatus: true,
        statusMetadata: .exceptOwners,
        generation: .spec,
        returnsDeleted: true,
        isDeletedGracefully: true,
        prepareForCreate: prepare,
        check: { object, errors in
            PodSpecRules.check(object.content["spec"] ?? [:], FieldPath("spec"), &errors)
        },
        checkUpdate: checkUpdate,
        warnings: { object in PodSpecRules.warnings(object.content["spec"] ?? [:], FieldPath("spec")) }
    )

    private static func prepare(_ pod: inout ResourceObject) {
        pod.metadata.generation = 1
        let spec = pod.content["spec"] ?? [:]
        pod.content["status"] = ["phase": "Pending", "qosClass": .string(qualityOfService(spec))]
        guard var members = spec.objectValue else { return }
        // What the admission plug-in Priority puts in.
        if members["priority"] == nil { DefaultRules.insert("priority", 0, into: &members) }
        if members["preemptionPolicy"] == nil {
            DefaultRules.insert("preemptionPolicy", "PreemptLowerPriority", into: &members)
        }
        pod.content["spec"] = .object(members)
        admitUpdate(&pod)
    }

    /// What the admission plug-in DefaultTolerationSeconds puts into a new or changed pod.
    static func admitUpdate(_ pod: inout ResourceObject) {
        guard var members = pod.content["spec"]?.objectValue else { return }
        var tolerations = members["tolerations"]?.arrayValue ?? []
        for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
        where !tolerations.contains(where: { tolerates($0, key) }) {
            tolerations.append([
                "effect": "NoExecute", "key": .string(key), "operator": "Exists", "tolerationSeconds": 300,
            ])
        }
        if members["tolerations"] == nil {
            DefaultRules.insert("tolerations", .array(tolerations), into: &members)
        } else {
            members["tolerations"] = .array(tolerations)
        }
        pod.content["spec"] = .object(members)
    }

    private static func tolerates(_ toleration: JSONValue, _ key: String) -> Bool {
        let hasKey = toleration["key"] == .string(key) || toleration["key"] == nil
        return hasKey && (toleration["effect"] == "NoExecute" || toleration["effect"] == nil)
    }

    /// Guaranteed when every container's requests equal its limits, BestEffort when there are none.
    static func qualityOfService(_ spec: JSONValue) -> String {
        let containers = (spec["containers"]?.arrayValue ?? []) + (spec["initContainers"]?.arrayValue ?? [])
        var hasAny = false
        var isGuaranteed = true
        for container in containers {
            let resources = container["resources"]
            for resource in ["cpu", "memory"] {
                let request = resources?["requests"]?[resource]
                let limit = resources?["limits"]?[resource]
                if request != nil || limit != nil { hasAny = true }
                if limit == nil || request != limit { isGuaranteed = false }
            }
        }
        return hasAny ? (isGuaranteed ? "Guaranteed" : "Burstable") : "BestEffort"
    }

    // MARK: Changes

    private static func checkUpdate(_ new: ResourceObject, _ old: ResourceObject, _ errors: inout FieldErrors)
    {
        let path = FieldPath("spec")
        for list in ["containers", "initContainers"] {
            let before = old["spec", list]?.arrayValue ?? []
            let after = new["spec", list]?.arrayValue ?? []
            if before.count != after.count {
                return errors.forbidden(path[list], "pod updates may not add or remove containers")
            }
        }
        checkDeadline(new, old, &errors)
        let added = new["spec", "tolerations"]?.arrayValue ?? []
        let known = old["spec", "tolerations"]?.arrayValue ?? []
        let lost = known.contains { toleration in !added.contains(toleration) }
        if lost {
            errors.forbidden(
                path["tolerations"],
                "existing toleration can not be modified except its tolerationSeconds"
            )
        }
        if comparable(new) != comparable(old) {
            errors.forbidden(
                path,
                "pod updates may not change fields other than `spec.containers[*].image`,"
                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions "
                    + "to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it "
                    + "was previously negative)"
            )
        }
    }

    private static func checkDeadline(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let path = FieldPath("spec")["activeDeadlineSeconds"]
        guard let before = old["spec", "activeDeadlineSeconds"]?.intValue else { return }
        guard let after = new["spec", "activeDeadlineSeconds"]?.intValue else {
            return errors.invalid(path, .null, "must not update from a positive integer to nil value")
        }
        if after > before {
            errors.invalid(path, .integer(Int64(after)), "must be less than or equal to previous value")
        }
    }

    /// The spec without what may change.
    private static func comparable(_ pod: ResourceObject) -> JSONValue {
        var spec = pod.content["spec"] ?? [:]
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            guard let items = spec[list]?.arrayValue else { continue }
            spec[list] = .array(
                items.map { item in
                    var item = item
                    item["image"] = nil
                    return item
                }
            )
        }
        for field in ["activeDeadlineSeconds", "tolerations"] { spec[field] = nil }
        if (spec["terminationGracePeriodSeconds"]?.intValue ?? 0) < 0 {
            spec["terminationGracePeriodSeconds"] = 1
        }
        return spec
    }

    // MARK: Deletion and binding

    /// How many seconds a pod has to end, when a client asks for some or leaves it to the pod.
    static func gracePeriod(_ pod: ResourceObject, asked: Int64?) -> Int64 {
        let own = Int64(pod["spec", "terminationGracePeriodSeconds"]?.intValue ?? 30)
        var period = asked ?? own
        if period < 0 { period = 1 }
        let phase = pod["status", "phase"]?.stringValue ?? ""
        let node = pod["spec", "nodeName"]?.stringValue ?? ""
        // Nobody runs it: nobody has to end it.
        return node.isEmpty || phase == "Failed" || phase == "Succeeded" ? 0 : period
    }

    /// Puts a pod on a node.
    ///
    /// - Returns: Why that can not be, in words; nil when it is done.
    static func bind(_ pod: inout ResourceObject, binding: JSONValue, now: String) -> String? {
        let node = binding["target"]?["name"]?.stringValue ?? ""
        if pod.metadata.deletionTimestamp != nil {
            return "pod \(pod.metadata.name) is being deleted, cannot be assigned to a host"
        }
        if let present = pod["spec", "nodeName"]?.stringValue, !present.isEmpty {
            return "pod \(pod.metadata.name) is already assigned to node \"\(present)\""
        }
        if let gates = pod["spec", "schedulingGates"]?.arrayValue, !gates.isEmpty {
            return "pod \(pod.metadata.name) has non-empty .spec.schedulingGates"
        }
        guard var spec = pod.content["spec"]?.objectValue else {
            return "pod \(pod.metadata.name) has no spec"
        }
        DefaultRules.insert("nodeName", .string(node), into: &spec)
        pod.content["spec"] = .object(spec)
        for annotation in binding["metadata"]?["annotations"]?.objectValue ?? [:] {
            pod.metadata.annotations[annotation.key] = annotation.value
        }
        for label in binding["metadata"]?["labels"]?.objectValue ?? [:] {
            pod.metadata.labels[label.key] = label.value
        }
        pod.metadata.annotations.sortKeys()
        pod.metadata.labels.sortKeys()
        setScheduled(&pod, now: now)
        return nil
    }

    private static func setScheduled(_ pod: inout ResourceObject, now: String) {
        var status = pod.content["status"]?.objectValue ?? [:]
        var conditions = status["conditions"]?.arrayValue ?? []
        let condition: JSONValue = [
            "lastProbeTime": nil, "lastTransitionTime": .string(now), "status": "True",
            "type": "PodScheduled",
        ]
        if let place = conditions.firstIndex(where: { $0["type"] == "PodScheduled" }) {
            if conditions[place]["status"] != "True" { conditions[place] = condition }
        } else {
            conditions.append(condition)
        }
        if status["conditions"] == nil {
            DefaultRules.insert("conditions", .array(conditions), into: &status)
        } else {
            status["conditions"] = .array(conditions)
        }
        pod.content["status"] = .object(status)
    }
}
