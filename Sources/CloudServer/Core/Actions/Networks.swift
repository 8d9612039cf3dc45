// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension AccountState {
    /// Gives a new account its VPC and vSwitches.
    func addInitialNetwork(at time: String) {
        guard store[.vpc, account.vpcID] == nil else { return }
        addNetwork(account.vpcID, cidr: account.vpcCIDR, name: "albedo", time: time)
        for vSwitch in account.vSwitches {
            addSwitch(
                vSwitch.id,
                network: account.vpcID,
                zone: vSwitch.zone,
                cidr: vSwitch.cidr,
                name: "",
                time: time
            )
        }
    }

    private func addNetwork(_ id: String, cidr: String, name: String, time: String, version6: String = "") {
        add(
            .vpc,
            id,
            status: "Available",
            [
                "VpcId": .string(id), "VpcName": .string(name), "CidrBlock": .string(cidr),
                "RegionId": .string(account.region), "CreationTime": .string(time), "IsDefault": false,
                "Ipv6CidrBlock": .string(version6),
            ]
        )
    }

    private func addSwitch(
        _ id: String,
        network: String,
        zone: String,
        cidr: String,
        name: String,
        time: String
    ) {
        let count = IPv4Block(cidr)?.count ?? 0
        add(
            .vSwitch,
            id,
            parent: network,
            status: "Available",
            [
                "VSwitchId": .string(id), "VSwitchName": .string(name), "VpcId": .string(network),
                "ZoneId": .string(zone), "CidrBlock": .string(cidr), "Ipv6CidrBlock": "",
                "AvailableIpAddressCount": .integer(count > 4 ? Int64(count) - 4 : 0),
                "CreationTime": .string(time),
                "IsDefault": false,
            ]
        )
    }

    /// Rows by page number: callers loop until number times size reaches the total, so all three are there.
    private func page(_ call: Call, _ rows: [JSONObject], _ outer: String, _ inner: String) -> JSONObject {
        let number = call.parameters.number("PageNumber") ?? 1
        let size = call.parameters.number("PageSize") ?? 10
        return [
            outer: [inner: .array(rows.page(number, size: size).map { .object($0) })],
            "TotalCount": .integer(Int64(rows.count)), "PageNumber": .integer(Int64(number)),
            "PageSize": .integer(Int64(size)),
        ]
    }

    private func networkRow(_ network: Resource) -> JSONObject {
        var row = network.row
        let switches = store.children(.vSwitch, of: network.id).map { JSONValue.string($0.id) }
        row["VSwitchIds"] = ["VSwitchId": .array(switches)]
        return row
    }

    func describeVpcs(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let wanted = call.optionalText("VpcId")?.split(separator: ",").map(String.init)
        let rows = store.all(.vpc).filter { row in
            (wanted?.contains(row.id) ?? true) && call.equals("VpcName", row.document.text("VpcName"))
        }
        return page(call, rows.map(networkRow), "Vpcs", "Vpc")
    }

    func describeVpcAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let network = store[.vpc, call.text("VpcId")] else { throw Self.noNetwork }
        return networkRow(network)
    }

    func describeVSwitches(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let rows = store.all(.vSwitch).filter { row in
            ["VpcId", "ZoneId", "VSwitchId", "VSwitchName"].allSatisfy {
                call.equals($0, row.document.text($0))
            }
        }
        return page(call, rows.map(\.row), "VSwitches", "VSwitch")
    }

    func describeVSwitchAttributes(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let found = store[.vSwitch, call.text("VSwitchId")] else { throw Self.noSwitch }
        return found.row
    }

    func describeNetworkZones(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let zones = account.zones.map { zone -> JSONValue in
            ["ZoneId": .string(zone), "LocalName": .string(zone), "ZoneType": "AvailabilityZone"]
        }
        return ["Zones": ["Zone": .array(zones)]]
    }

    func describeNetworkRegions(_ call: Call) throws(CloudRefusal) -> JSONObject {
        ["Regions": ["Region": try describeRegions(call)["Regions"] ?? []]]
    }

    // MARK: Making and deleting

    private static let noNetwork = CloudRefusal(
        "InvalidVpcId.NotFound",
        "The specified network does not exist.",
        status: 404
    )
    private static let noSwitch = CloudRefusal(
        "InvalidVSwitchId.NotFound",
        "The specified switch does not exist.",
        status: 404
    )

    func createVpc(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let cidr = call.text("CidrBlock")
        guard let block = IPv4Block(cidr), (8...28).contains(block.prefixLength), block.first == block.address
        else {
            throw CloudRefusal("InvalidCidrBlock.Malformed", "The block of addresses is not valid.")
        }
        let id = newID(.vpc)
        mainResource = id
        let version6 =
            call.parameters.flag("EnableIpv6")
            ? "2408:4005:\(String(store.count(.vpc) + 1, radix: 16))00::/56" : ""
        addNetwork(
            id,
            cidr: cidr,
            name: call.text("VpcName"),
            time: call.now.rfc3339,
            version6: version6
        )
        return [
            "VpcId": .string(id), "VRouterId": .string("vrt-\(id.dropFirst(4))"),
            "RouteTableId": .string("vtb-\(id.dropFirst(4))"),
            "ResourceGroupId": .string(account.resourceGroups.first ?? ""),
        ]
    }

    func createVSwitch(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let network = store[.vpc, call.text("VpcId")] else { throw Self.noNetwork }
        guard account.zones.contains(call.text("ZoneId")) else {
            throw CloudRefusal("InvalidZoneId.NotFound", "The specified zone does not exist.", status: 404)
        }
        let cidr = call.text("CidrBlock")
        guard let block = IPv4Block(cidr), (16...29).contains(block.prefixLength),
            block.first == block.address,
            let outer = IPv4Block(network.document.text("CidrBlock")), outer.contains(block.first)
        else { throw CloudRefusal("InvalidCidrBlock.Malformed", "The block of addresses is not valid.") }
        for other in store.children(.vSwitch, of: network.id)
        where IPv4Block(other.document.text("CidrBlock"))?.overlaps(block) ?? false {
            throw CloudRefusal(
                "InvalidCidrBlock.Overlapped",
                "The block of addresses overlaps that of another switch."
            )
        }
        let id = newID(.vSwitch)
        mainResource = id
        addSwitch(
            id,
            network: network.id,
            zone: call.text("ZoneId"),
            cidr: cidr,
            name: call.text("VSwitchName"),
            time: call.now.rfc3339
        )
        return ["VSwitchId": .string(id)]
    }

    func deleteVpc(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let network = store[.vpc, call.text("VpcId")] else { throw Self.noNetwork }
        if store.childCount(.vSwitch, of: network.id) > 0 {
            throw CloudRefusal("DependencyViolation.VSwitch", "The network has switches.")
        }
        store.remove(.vpc, network.id)
        return [:]
    }

    func deleteVSwitch(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let found = store[.vSwitch, call.text("VSwitchId")] else { throw Self.noSwitch }
        if !store.referrers(of: found.id).isEmpty {
            throw CloudRefusal("DependencyViolation", "The switch is in use.")
        }
        store.remove(.vSwitch, found.id)
        return [:]
    }
}
