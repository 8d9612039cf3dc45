// SPDX-License-Identifier: Apache-2.0
import CloudServer
import Cluster

/// The addresses of everything that is served.
///
/// Load balancers have 127.1.(zone).(number) in the first block, so that nothing has to be set up to call them. Nodes and
/// pods have addresses of the VPC, 10.0.(zone).(number) and 10.64.(node).(number), which stand for loopback ones too.
enum EnvironmentNetworkPlan {
    /// The account, whose load balancers get loopback addresses and whose work takes hardly any time.
    static func account(_ block: LoopbackBlock) -> CloudAccount {
        var account = CloudAccount(
            transitions: .quick,
            propagation: .uniform(.milliseconds(20)...(.milliseconds(60)))
        )
        account.addressPools = account.zones.enumerated().map { place, zone in
            CloudAccount.AddressPool(zone: zone, first: "\(block.loadBalancers).\(place + 1).1", count: 254)
        }
        return account
    }

    /// Nodes that are spread over the account's vSwitches.
    static func nodes(count: Int, account: CloudAccount) -> [NodeDescription] {
        (0..<count).map { place in
            let vSwitch = account.vSwitches[place % account.vSwitches.count]
            return NodeDescription(
                name: "node-\(place + 1)",
                address: "10.0.\(place % account.vSwitches.count).\(10 + place)",
                region: account.region,
                zone: vSwitch.zone,
                vSwitchID: vSwitch.id,
                podRange: "10.64.\(place).0/24"
            )
        }
    }
}
