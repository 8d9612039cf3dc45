// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import Cluster
import Synchronization

/// The cluster's nodes and pods as the cloud's elastic compute knows them.
final class ClusterInventory: NetworkInventory {
    private let source = Mutex<KubernetesCluster?>(nil)

    /// Sets where the answers come from: the cluster of the present life.
    func attach(_ cluster: KubernetesCluster) {
        source.withLock { $0 = cluster }
    }

    func networkInterface(address: String) -> NetworkInterface? {
        let interfaces = source.withLock { $0 }?.networkInterfaces() ?? []
        guard let found = interfaces.first(where: { $0.addresses.contains(address) }) else { return nil }
        return NetworkInterface(
            id: found.id,
            instanceID: found.instanceID,
            primaryAddress: found.primaryAddress,
            addresses: found.addresses,
            zone: found.zone,
            vSwitchID: found.vSwitchID
        )
    }

    func instances() -> [ECSInstance] {
        (source.withLock { $0 }?.instances ?? []).map {
            ECSInstance(id: $0.instanceID, address: $0.address, zone: $0.zone, vSwitchID: $0.vSwitchID)
        }
    }
}
