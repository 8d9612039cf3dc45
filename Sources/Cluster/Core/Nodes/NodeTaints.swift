// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// The taints that the node life cycle controller keeps on a Node by its conditions.
///
/// - Source: kube-controller-manager's node lifecycle controller; seen upstream.
enum NodeTaints {
    static let notReady = "node.kubernetes.io/not-ready"
    static let unreachable = "node.kubernetes.io/unreachable"
    static let unschedulable = "node.kubernetes.io/unschedulable"
    private static let managed: Set<String> = [notReady, unreachable, unschedulable]

    /// The taints that a Node should have; nil when it has them.
    static func wanted(_ node: KubernetesObject, at now: Instant) -> [JSONValue]? {
        let present = node["spec", "taints"]?.arrayValue ?? []
        var wanted: [(key: String, effect: String)] = []
        switch node.condition("Ready")?["status"]?.stringValue {
        case "True": break
        case "False": wanted += [(notReady, "NoSchedule"), (notReady, "NoExecute")]
        case "Unknown": wanted += [(unreachable, "NoSchedule"), (unreachable, "NoExecute")]
        default: wanted.append((notReady, "NoSchedule"))  // its kubelet has not spoken yet
        }
        if node["spec", "unschedulable"]?.boolValue == true { wanted.append((unschedulable, "NoSchedule")) }
        var taints = present.filter { taint in
            guard let key = taint["key"]?.stringValue, managed.contains(key) else { return true }
            return wanted.contains { $0.key == key && $0.effect == taint["effect"]?.stringValue }
        }
        for (key, effect) in wanted {
            let isThere = taints.contains {
                $0["key"]?.stringValue == key && $0["effect"]?.stringValue == effect
            }
            if !isThere {
                taints.append([
                    "key": .string(key), "effect": .string(effect), "timeAdded": .string(now.rfc3339),
                ])
            }
        }
        return taints == present ? nil : taints
    }

    /// When a pod has to leave its node; nil when it may stay.
    static func eviction(of pod: KubernetesObject, from node: KubernetesObject) -> Instant? {
        (node["spec", "taints"]?.arrayValue ?? []).compactMap { taint -> Instant? in
            guard taint["effect"]?.stringValue == "NoExecute", let patience = Toleration.patience(pod, taint)
            else {
                return nil
            }
            let since =
                taint["timeAdded"]?.stringValue.flatMap { Instant(rfc3339: $0) }
                ?? node.condition("Ready")?["lastTransitionTime"]?.stringValue.flatMap {
                    Instant(rfc3339: $0)
                }
            return since?.advanced(by: patience)
        }
        .min()
    }
}
