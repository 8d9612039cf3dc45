// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What the cloud knows of the nodes.
extension KubernetesCluster {
    /// The nodes as instances, in the order in which they were given.
    ///
    /// Of several with one address only those that are up: one has taken the place of another.
    public var instances: [NodeInstance] {
        let replaced = replacedNodes()
        return pool.instances.filter { !replaced.contains($0.node) }
    }

    /// The network interfaces of all nodes with the addresses on them, by the order of the nodes.
    public func networkInterfaces() -> [NodeInterface] {
        let replaced = replacedNodes()
        return pool.interfaces.filter { !replaced.contains($0.node) }
    }

    /// The nodes that are down and whose address others have as well.
    private func replacedNodes() -> Set<String> {
        let sharing = pool.sharing
        guard !sharing.isEmpty else { return [] }
        return state.withLock { state in
            Set(sharing.filter { state.nodes[$0]?.wanted == false })
        }
    }
}
