// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

/// The address of a load balancer in a zone, as calls show it and as clients reach it.
struct ZonePlace {
    /// What calls show.
    var mapping: JSONObject
    /// What the DNS name resolves to.
    let served: String
}

extension AccountState {
    /// A zone of a load balancer with its addresses.
    ///
    /// What clients reach is an address of the account's pool, also for an intranet load balancer, since there
    /// is no other network here; calls show an intranet one an address of its switch.
    ///
    /// - Source: which address is shown where is documented.
    func newZone(
        _ mapping: JSONObject,
        isInternet: Bool,
        isDualStack: Bool
    ) throws(CloudRefusal) -> ZonePlace {
        let (zone, vSwitch) = (mapping.text("ZoneId"), mapping.text("VSwitchId"))
        let served = try newAddress(zone: zone)
        var own: String
        if let given = mapping.optionalText("IntranetAddress") {
            try check(privateAddress: given, vSwitch: vSwitch)
            own = given
        } else {
            own = try newPrivateAddress(vSwitch: vSwitch)
        }
        var place = ZonePlace(
            mapping: ["ZoneId": .string(zone), "VSwitchId": .string(vSwitch), "Status": "Active"],
            served: served
        )
        let address = shownAddress(
            served: served,
            own: own,
            given: mapping,
            isInternet: isInternet,
            isDualStack: isDualStack
        )
        place.mapping["LoadBalancerAddresses"] = .array([.object(address)])
        return place
    }

    /// An address as calls show it.
    func shownAddress(
        served: String,
        own: String,
        given: JSONObject,
        isInternet: Bool,
        isDualStack: Bool
    ) -> JSONObject {
        var address: JSONObject = ["Address": .string(isInternet ? served : own)]
        address["IntranetAddress"] = .string(own)
        if isInternet {
            address["AllocationId"] =
                given["AllocationId"]
                ?? .string("eip-" + random.letters(20, from: "abcdefghijklmnopqrstuvwxyz0123456789"))
            address["EipType"] = given["EipType"] ?? "Common"
        }
        if isDualStack { address["Ipv6Address"] = Self.version6(of: served).map { .string($0) } }
        return address
    }

    /// An address of version 6 that belongs to one of version 4.
    private static func version6(of address: String) -> String? {
        IPv4Block.address(address[...]).map { number in
            "2001:db8::" + String(number >> 16, radix: 16) + ":" + String(number & 0xffff, radix: 16)
        }
    }

    private func check(privateAddress: String, vSwitch: String) throws(CloudRefusal) {
        guard let address = IPv4Block.address(privateAddress[...]),
            let block = IPv4Block(store[.vSwitch, vSwitch]?.document.text("CidrBlock") ?? ""),
            block.contains(address)
        else { throw .illegal("IntranetAddress", "The address is not one of the switch.") }
        if takenPrivateAddresses.contains(privateAddress) {
            throw CloudRefusal("ResourceInUse.IP", "The address is in use.")
        }
    }

    /// The next address of a zone's pool that no load balancer has.
    ///
    /// Addresses go round, so that one that was given back is not used again while a zone may still serve it.
    private func newAddress(zone: String) throws(CloudRefusal) -> String {
        guard let pool = account.addressPools.first(where: { $0.zone == zone }),
            let first = IPv4Block.address(pool.first[...])
        else { throw Self.noAddress }
        let used = Set(
            store.all(.loadBalancer).flatMap { loadBalancer in
                loadBalancer.document.objects("ZoneMappings").map { loadBalancer.servedAddress(in: $0) }
            }
        )
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

    /// The highest address of a vSwitch that no load balancer and no instance has; pods take theirs from below.
    func newPrivateAddress(vSwitch: String) throws(CloudRefusal) -> String {
        guard let cidr = store[.vSwitch, vSwitch]?.document.text("CidrBlock"), let block = IPv4Block(cidr),
            block.count > 8
        else { throw Self.noAddress }
        let used = takenPrivateAddresses
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

    /// The private addresses of load balancers and instances.
    var takenPrivateAddresses: Set<String> {
        usedAddresses("IntranetAddress").union(instances().map(\.address))
    }

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

extension Resource {
    /// What the DNS name of a load balancer resolves to in one of its zones.
    func servedAddress(in mapping: JSONObject) -> String {
        hidden.object("Served").optionalText(mapping.text("ZoneId"))
            ?? mapping.objects("LoadBalancerAddresses").first?.text("Address") ?? ""
    }
}
