// SPDX-License-Identifier: Apache-2.0
import JSON

extension AccountState {
    /// The next address of a zone's pool that no load balancer has.
    ///
    /// Addresses go round, so that one that was given back is not used again while a zone may still serve it.
    func newAddress(zone: String) throws(CloudRefusal) -> String {
        guard let pool = account.addressPools.first(where: { $0.zone == zone }),
            let first = IPv4Block.address(pool.first[...])
        else { throw Self.noAddress }
        let used = usedAddresses("Address")
        let start = addressCursor[zone] ?? 0
        for step in 0..<pool.count {
            let place = (start + step) % pool.count
            let address = IPv4Block.text(first &+ UInt32(place))
            if !used.contains(address) {
                addressCursor[zone] = place + 1
                return address
            }
        }
        throw Self.noAddress
    }

    /// The highest address of a vSwitch that no load balancer has; pods take theirs from below.
    func newPrivateAddress(vSwitch: String) throws(CloudRefusal) -> String {
        guard let cidr = store[.vSwitch, vSwitch]?.document.text("CidrBlock"), let block = IPv4Block(cidr),
            block.count > 8
        else { throw Self.noAddress }
        let used = usedAddresses("IntranetAddress")
        // The last addresses of a switch are the cloud's own.
        let last = block.first &+ UInt32(truncatingIfNeeded: block.count - 5)
        for step in 0..<UInt32(min(block.count - 8, 1000)) {
            let address = IPv4Block.text(last &- step)
            if !used.contains(address) { return address }
        }
        throw Self.noAddress
    }

    private static let noAddress = CloudRefusal(
        "ResourceNotEnough.VSwitchIp",
        "The switch has no free address."
    )

    private func usedAddresses(_ member: String) -> Set<String> {
        var used: Set<String> = []
        for loadBalancer in store.all(.loadBalancer) {
            for zone in loadBalancer.document.objects("ZoneMappings") {
                for address in zone.objects("LoadBalancerAddresses") { used.insert(address.text(member)) }
            }
        }
        return used
    }
}
