// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// What a pass over a ReplicaSet wants done.
///
/// - Source: kube-controller-manager's replica set controller; seen upstream.
struct ReplicaSetPlan: Sendable {
    /// At most so many pods are made or removed in a pass.
    static let burst = 500

    /// Pods without a controller that the selector matches: to become this set's.
    var adopted: [KubernetesObject] = []
    /// Pods of this set that the selector matches no more: to be let go.
    var released: [KubernetesObject] = []
    /// How many pods to make.
    var missing = 0
    /// Pods to remove, the least missed first.
    var surplus: [KubernetesObject] = []
    /// The set with its new status; nil when it is as it was.
    var status: KubernetesObject?
    /// When a ready pod will have been ready for long enough.
    var lookAgainAfter: Duration?

    /// Plans a pass.
    ///
    /// - Parameters:
    ///   - set: The ReplicaSet.
    ///   - pods: The pods of its namespace that are its own or nobody's.
    ///   - failure: Why pods could not be made in this pass, when they could not.
    ///   - now: The present time.
    init(_ set: KubernetesObject, pods: [KubernetesObject], failure: String? = nil, at now: Instant) {
        guard let selector = LabelSelector(object: set["spec", "selector"]), !selector.requirements.isEmpty
        else {
            // A selector that selects everything is refused by the API; all pods are never one's own.
            return
        }
        var mine: [KubernetesObject] = []
        for pod in pods {
            let isMatching = selector.matches(pod)
            if pod.controllerReference?["uid"]?.stringValue == set.uid {
                if isMatching { mine.append(pod) } else if !set.isTerminating { released.append(pod) }
            } else if pod.controllerReference == nil, isMatching, pod.isActivePod, !set.isTerminating {
                adopted.append(pod)
                mine.append(pod)
            }
        }
        let active = mine.filter(\.isActivePod)
        if !set.isTerminating {
            missing = min(max(set.specReplicas - active.count, 0), Self.burst)
            let excess = min(max(active.count - set.specReplicas, 0), Self.burst)
            if excess > 0 {
                surplus = Array(PodRanking(active, at: now).sorted(active).prefix(excess))
            }
        }
        let terminating = mine.count { $0.isTerminating && !$0.hasEnded }
        setStatus(set, active: active, terminating: terminating, failure: failure, at: now)
    }

    private mutating func setStatus(
        _ set: KubernetesObject,
        active: [KubernetesObject],
        terminating: Int,
        failure: String?,
        at now: Instant
    ) {
        let labels = LabelSelector(equal: set["spec", "template"]?["metadata", "labels"])
        let ready = active.filter { $0.isTrue("Ready") }
        let available = ready.count { $0.isAvailable(minReady: set.minReady, at: now) }
        var status: JSONObject = ["replicas": .integer(Int64(active.count))]
        status.setCount("fullyLabeledReplicas", active.count { labels.matches($0) })
        status.setCount("readyReplicas", ready.count)
        status.setCount("availableReplicas", available)
        status["terminatingReplicas"] = .integer(Int64(terminating))
        status.setCount("observedGeneration", set.generation)
        if let conditions = conditions(set, failure: failure, at: now) { status["conditions"] = conditions }
        if .object(status) != set["status"] {
            var changed = set
            changed["status"] = .object(status)
            self.status = changed
        }
        lookAgainAfter = ready.filter { !$0.isAvailable(minReady: set.minReady, at: now) }
            .compactMap(\.readySince)
            .map { now.duration(to: $0.advanced(by: set.minReady)) }
            .min()
    }

    private func conditions(_ set: KubernetesObject, failure: String?, at now: Instant) -> JSONValue? {
        let others = (set["status", "conditions"]?.arrayValue ?? [])
            .filter { $0["type"]?.stringValue != "ReplicaFailure" }
        guard let failure else { return others.isEmpty ? nil : .array(others) }
        if let known = set.condition("ReplicaFailure"), known["reason"]?.stringValue == "FailedCreate" {
            return .array(others + [known])
        }
        return .array(
            others + [
                [
                    "type": "ReplicaFailure", "status": "True", "lastTransitionTime": .string(now.rfc3339),
                    "reason": "FailedCreate", "message": .string(failure),
                ]
            ]
        )
    }

    /// A pod from the set's template, its name left to the API server.
    static func makePod(_ set: KubernetesObject) -> KubernetesObject {
        let template = set["spec", "template"]
        var metadata: JSONObject = [
            "generateName": .string("\(set.name)-"), "namespace": .string(set.namespace),
        ]
        for key in ["labels", "annotations", "finalizers"] {
            if let value = template?["metadata"]?[key] { metadata[key] = value }
        }
        metadata["ownerReferences"] = [set.ownerReference()]
        return KubernetesObject([
            "apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata),
            "spec": template?["spec"] ?? .object([:]),
        ])
    }
}
