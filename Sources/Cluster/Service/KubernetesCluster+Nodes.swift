// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubernetesAPI
import Synchronization

/// Nodes that go, come, and take no more pods.
extension KubernetesCluster {
    /// A node's machine went down, with all that ran on it.
    ///
    /// In simulation, crash its host as well.
    public func nodeDown(_ name: String) {
        let commands = state.withLock { state in
            state.nodes[name, default: NodeState()].wanted = false
            return state.nodes[name]?.commands
        }
        commands?.yield(false)
        nodeController.setLost(true, name)
    }

    /// Leaves a node out until `nodeUp`; before `run` only.
    public func leaveOut(node name: String) {
        state.withLock { state in
            state.nodes[name, default: NodeState()].wanted = false
            state.nodes[name]?.isLate = true
        }
    }

    /// A node that was down is up again; `podHost` is asked for its host anew.
    public func nodeUp(_ name: String) {
        let commands = state.withLock { state in
            state.nodes[name, default: NodeState()].wanted = true
            return state.nodes[name]?.commands
        }
        nodeController.setLost(false, name)
        commands?.yield(true)
    }

    /// The API server hears of a node no more, or again, while its pods run on: a partition.
    public func setReachable(_ isReachable: Bool, node name: String) {
        nodeController.setLost(!isReachable, name)
        guard isReachable else { return }
        state.withLock { $0.nodes[name]?.kubelet }?.becomeReachable()
    }

    /// Forbids new pods on a node, or allows them again.
    public func setCordoned(_ isCordoned: Bool, node name: String) async throws(KubernetesError) {
        _ = try await client.patch(
            .nodes,
            ObjectKey(name: name),
            ["spec": ["unschedulable": isCordoned ? true : nil]]
        )
    }

    /// Forbids new pods on a node and evicts those that it has.
    ///
    /// - Returns: How many pods may not go yet, since a disruption budget keeps them; the caller tries again.
    public func drain(node name: String) async throws(KubernetesError) -> Int {
        try await setCordoned(true, node: name)
        var kept = 0
        for pod in caches.pods.objects("node \(name)") where !pod.isTerminating {
            do {
                try await client.post(
                    .pods,
                    pod.key,
                    subresource: "eviction",
                    [
                        "apiVersion": "policy/v1", "kind": "Eviction",
                        "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
                    ]
                )
            } catch {
                if error.status?.code == 429 {
                    kept += 1
                } else if !error.isNotFound {
                    throw error
                }
            }
        }
        return kept
    }
}
