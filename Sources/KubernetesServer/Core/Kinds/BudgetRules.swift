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
        check: check,
        checkStatusUpdate: { new, _, errors in
            let counts = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"]
            errors.notNegative(new.content["status"], counts, FieldPath("status"))
        }
    )

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let path = FieldPath("spec")
        let spec = object.content["spec"] ?? [:]
        let bounds = ["minAvailable", "maxUnavailable"].filter { spec[$0] != nil }
        if bounds.count == 2 {
            let view = ["minAvailable", "selector", "maxUnavailable", "unhealthyPodEvictionPolicy"]
            let message = "minAvailable and maxUnavailable cannot be both set"
            errors.invalid(path, GoView.structure(spec, view), message)
        }
        for name in bounds {
            BoundRules.check(spec[name], path[name], &errors)
            BoundRules.checkShare(spec[name], path[name], &errors)
        }
        SelectorRules.check(spec["selector"], path["selector"], &errors)
        errors.option(
            spec["unhealthyPodEvictionPolicy"],
            ["AlwaysAllow", "IfHealthyBudget"],
            path["unhealthyPodEvictionPolicy"]
        )
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
        let share = BoundRules.percentage(bound.stringValue ?? "") ?? 0
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
