// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// The scheduler's decision for one pod.
///
/// Nodes that may not take the pod are left out; of the others the one wins that has the fewest pods of the
/// same controller in its zone, then on itself, then the fewest pods at all, then the first name.
///
/// - Source: the filters NodeName, NodeUnschedulable, NodeAffinity, TaintToleration and the pod limit are
///   upstream's; the score stands for its spreading and balancing plugins; assumed.
enum NodeChoice: Sendable, Hashable {
    /// This node.
    case node(String)
    /// No node, and why.
    case none(String)

    /// How much a node carries.
    struct Load: Sendable, Hashable {
        /// All pods.
        var pods = 0
        /// Pods of the same controller as the pod to be placed.
        var siblings = 0
    }

    /// Chooses a node for a pod.
    static func choose(
        _ pod: KubernetesObject,
        nodes: [KubernetesObject],
        loads: [String: Load]
    ) -> NodeChoice {
        var refusals: [String: Int] = [:]
        var fitting: [KubernetesObject] = []
        for node in nodes {
            if let refusal = refusal(of: node, for: pod, load: loads[node.name] ?? Load()) {
                refusals[refusal, default: 0] += 1
            } else {
                fitting.append(node)
            }
        }
        var zones: [String: Int] = [:]
        for node in fitting { zones[zone(node), default: 0] += loads[node.name]?.siblings ?? 0 }
        let best = fitting.min { left, right in
            let (one, other) = (loads[left.name] ?? Load(), loads[right.name] ?? Load())
            return (zones[zone(left)] ?? 0, one.siblings, one.pods, left.name)
                < (zones[zone(right)] ?? 0, other.siblings, other.pods, right.name)
        }
        if let best { return .node(best.name) }
        let reasons = refusals.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let detail = reasons.isEmpty ? "" : ": " + reasons.joined(separator: ", ")
        return .none(
            nodes.isEmpty
                ? "no nodes available to schedule pods" : "0/\(nodes.count) nodes are available\(detail)."
        )
    }

    private static func zone(_ node: KubernetesObject) -> String {
        node.labels["topology.kubernetes.io/zone"] ?? ""
    }

    /// Why a node may not take a pod; nil when it may.
    private static func refusal(of node: KubernetesObject, for pod: KubernetesObject, load: Load) -> String? {
        let tolerations = pod["spec", "tolerations"]?.arrayValue ?? []
        let cordon: JSONValue = ["key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"]
        if node["spec", "unschedulable"]?.boolValue == true,
            !tolerations.contains(where: { Toleration.tolerates($0, cordon) })
        {
            return "node(s) were unschedulable"
        }
        for taint in node["spec", "taints"]?.arrayValue ?? []
        where taint["effect"]?.stringValue != "PreferNoSchedule" {
            if !tolerations.contains(where: { Toleration.tolerates($0, taint) }) {
                return "node(s) had untolerated taint(s)"
            }
        }
        if !node.isTrue("Ready") { return "node(s) were not ready" }
        let selector = LabelSelector(equal: pod["spec", "nodeSelector"])
        if !selector.matches(node.labels) || !affinityAllows(pod, node) {
            return "node(s) didn't match Pod's node affinity/selector"
        }
        let limit = node["status", "allocatable"]?["pods"]?.stringValue.flatMap { Int($0) } ?? 110
        return load.pods >= limit ? "Too many pods" : nil
    }

    /// One of the required terms must hold; a term with an operator that is not understood never does.
    private static func affinityAllows(_ pod: KubernetesObject, _ node: KubernetesObject) -> Bool {
        let path = [
            "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms",
        ]
        guard let terms = pod["spec"]?[path: path]?.arrayValue else { return true }
        return terms.contains { term in
            guard let expressions = term["matchExpressions"], expressions.arrayValue?.isEmpty == false else {
                return false
            }
            return LabelSelector(object: ["matchExpressions": expressions])?.matches(node.labels) ?? false
        }
    }
}

/// Whether a pod's toleration covers a node's taint.
enum Toleration {
    /// True when it does.
    static func tolerates(_ toleration: JSONValue, _ taint: JSONValue) -> Bool {
        let effect = toleration["effect"]?.stringValue ?? ""
        if !effect.isEmpty, effect != taint["effect"]?.stringValue { return false }
        let key = toleration["key"]?.stringValue ?? ""
        if !key.isEmpty, key != taint["key"]?.stringValue { return false }
        switch toleration["operator"]?.stringValue ?? "Equal" {
        case "Exists": return true
        case "Equal":
            return !key.isEmpty
                && (toleration["value"]?.stringValue ?? "") == (taint["value"]?.stringValue ?? "")
        default: return false
        }
    }

    /// How long a pod stays on a node with a `NoExecute` taint; nil for ever, 0 not at all.
    static func patience(_ pod: KubernetesObject, _ taint: JSONValue) -> Duration? {
        let covering = (pod["spec", "tolerations"]?.arrayValue ?? []).filter { tolerates($0, taint) }
        if covering.isEmpty { return .zero }
        let limits = covering.compactMap { $0["tolerationSeconds"]?.intValue }
        return limits.min().map { .seconds(max($0, 0)) }
    }
}
