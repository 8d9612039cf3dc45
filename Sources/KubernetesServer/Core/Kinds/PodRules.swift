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
            let spec = object.content["spec"] ?? [:]
            checkAnnotations(object, &errors)
            PodSpecRules.check(spec, FieldPath("spec"), &errors)
            PodSpecRules.checkPod(spec, FieldPath("spec"), &errors)
        },
        checkCreate: checkNew,
        checkUpdate: PodUpdateRules.check,
        checkStatusUpdate: PodUpdateRules.checkStatus,
        warnings: { object in PodSpecRules.warnings(object.content["spec"] ?? [:], FieldPath("spec")) }
    )

    private static func prepare(_ pod: inout ResourceObject) {
        pod.metadata.generation = 1
        let spec = pod.content["spec"] ?? [:]
        pod.content["status"] = ["phase": "Pending", "qosClass": .string(qualityOfService(spec))]
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

    /// What the admission plug-in Priority gives back to a changed pod that has lost it.
    static func keepPriority(_ pod: inout ResourceObject, _ old: ResourceObject) {
        for field in ["priority", "preemptionPolicy"] where pod["spec", field] == nil {
            guard let value = old["spec", field], var spec = pod.content["spec"]?.objectValue else {
                continue
            }
            DefaultRules.insert(field, value, into: &spec)
            pod.content["spec"] = .object(spec)
        }
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

    // MARK: Checks

    private static func checkAnnotations(_ pod: ResourceObject, _ errors: inout FieldErrors) {
        if pod.metadata.annotations.isEmpty { return }
        let path = FieldPath("metadata")["annotations"]
        let mirror = "kubernetes.io/config.mirror"
        if let value = pod.metadata.annotations[mirror], pod["spec", "nodeName"] == nil {
            let message = "must set spec.nodeName if mirror pod annotation is set"
            errors.invalid(path.key(mirror), value, message)
        }
        let cost = "controller.kubernetes.io/pod-deletion-cost"
        if let value = pod.metadata.annotations[cost], !isCost(value.stringValue ?? "") {
            errors.invalid(path.key(cost), value, "must be a 32bit integer")
        }
    }

    private static func isCost(_ text: String) -> Bool {
        let digits = text.first == "-" ? text.dropFirst() : text[...]
        let isPadded = digits.count > 1 && digits.first == "0" || text == "-0"
        return Int32(text) != nil && text.first != "+" && !isPadded
    }

    private static func checkNew(_ pod: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("spec")
        if !(pod["spec", "ephemeralContainers"]?.arrayValue ?? []).isEmpty {
            errors.forbidden(path["ephemeralContainers"], "cannot be set on create")
        }
        let gates = pod["spec", "schedulingGates"]?.arrayValue ?? []
        if !gates.isEmpty, !(pod["spec", "nodeName"]?.stringValue ?? "").isEmpty {
            errors.forbidden(path["nodeName"], "cannot be set until all schedulingGates have been cleared")
        }
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
