// SPDX-License-Identifier: Apache-2.0
public import CloudAPI
import Synchronization

/// The cluster's nodes and pods as the cloud's elastic compute knows them.
public final class ClusterInventory: NetworkInventory {
    private let source = Mutex<KubernetesCluster?>(nil)

    /// Makes an inventory that is empty until a cluster is attached.
    public init() {}

    /// Sets where the answers come from: the cluster of the present life, or none.
    public func attach(_ cluster: KubernetesCluster?) {
        source.withLock { $0 = cluster }
    }

    /// The interface with an address; the load balancers' servers are found by it.
    public func networkInterface(address: String) -> NetworkInterface? {
        interfaces.first { $0.addresses.contains(address) }.map(NetworkInterface.init)
    }

    /// The interfaces of all nodes, those of pods included.
    public func networkInterfaces() -> [NetworkInterface] { interfaces.map(NetworkInterface.init) }

    /// The instances of all nodes.
    public func instances() -> [ECSInstance] {
        (source.withLock { $0 }?.instances ?? []).map {
            ECSInstance(id: $0.instanceID, address: $0.address, zone: $0.zone, vSwitchID: $0.vSwitchID)
        }
    }

    private var interfaces: [NodeInterface] { source.withLock { $0 }?.networkInterfaces() ?? [] }
}

extension NetworkInterface {
    /// An interface of a node.
    init(_ interface: NodeInterface) {
        self.init(
            id: interface.id,
            instanceID: interface.instanceID,
            primaryAddress: interface.primaryAddress,
            addresses: interface.addresses,
            zone: interface.zone,
            vSwitchID: interface.vSwitchID
        )
    }
}
