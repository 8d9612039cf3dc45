// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Disruption budgets: how many pods of a set may be taken away at once.
///
/// - Source: the policy API of Kubernetes (documented), its refusals seen upstream.
enum BudgetRules {
    static let budget = KindRules(
        hasStatus: true,
        generation: .spec,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: check
    )

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("spec")
        let bounds = ["minAvailable", "maxUnavailable"].filter { object["spec", $0] != nil }
        if bounds.count == 2 {
            errors.invalid(
                path,
                object.content["spec"] ?? .null,
                "minAvailable and maxUnavailable cannot be both set"
            )
        }
        for name in bounds {
            guard let value = object["spec", name] else { continue }
            if let number = value.intValue, number < 0 {
                errors.invalid(path[name], value, "must be greater than or equal to 0")
            }
            if let text = value.stringValue, percent(text) == nil {
                errors.invalid(
                    path[name],
                    value,
                    "a valid percent string must be a numeric string followed by an "
                        + "ending '%' (e.g. '1%', or '93%', regex used for validation is '[0-9]+%')"
                )
            } else if let text = value.stringValue, percent(text) ?? 0 > 100 {
                errors.invalid(path[name], value, "must not be greater than 100%")
            }
        }
        let policy = object["spec", "unhealthyPodEvictionPolicy"]
        let policies = ["AlwaysAllow", "IfHealthyBudget"]
        if let policy, !policies.contains(policy.stringValue ?? "") {
            errors.unsupported(path["unhealthyPodEvictionPolicy"], policy, policies)
        }
    }

    private static func percent(_ text: String) -> Int? {
        guard text.hasSuffix("%"), text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        return Int(text.dropLast())
    }

    /// How many of the pods that a budget selects may go now; `wanted` is how many there should be, nil when nothing
    /// says so and all that are there count.
    static func allowed(
        _ budget: ResourceObject,
        _ pods: [ResourceObject],
        wanted: Int?
    ) -> (
        allowed: Int, healthy: Int, desired: Int, expected: Int
    ) {
        let healthy = pods.filter { isHealthy($0) }.count
        let expected = wanted ?? pods.count
        var desired = 1
        if let bound = budget["spec", "maxUnavailable"] {
            desired = max(0, expected - count(bound, of: expected))
        } else if let bound = budget["spec", "minAvailable"] {
            desired = count(bound, of: expected)
        }
        return (max(0, healthy - desired), healthy, desired, expected)
    }

    private static func count(_ bound: JSONValue, of total: Int) -> Int {
        if let number = bound.intValue { return number }
        let share = percent(bound.stringValue ?? "") ?? 0
        return (total * share + 99) / 100
    }

    static func isHealthy(_ pod: ResourceObject) -> Bool {
        pod.metadata.deletionTimestamp == nil
            && (pod["status", "conditions"]?.arrayValue ?? []).contains {
                $0["type"] == "Ready" && $0["status"] == "True"
            }
    }

    /// The refusal of an eviction.
    static func refusal(_ budget: ResourceObject, healthy: Int, desired: Int) -> KubernetesStatus {
        KubernetesStatus(
            code: 429,
            reason: "TooManyRequests",
            message: "Cannot evict pod as it would violate the pod's disruption budget.",
            causes: [
                .init(
                    reason: "DisruptionBudget",
                    message:
                        "The disruption budget \(budget.metadata.name) needs \(desired) healthy pods and has "
                        + "\(healthy) currently",
                    field: ""
                )
            ]
        )
    }
}
