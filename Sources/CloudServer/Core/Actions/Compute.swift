// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

extension AccountState {
    /// The interfaces that have some addresses: this is how pods become servers.
    func describeNetworkInterfaces(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let addresses =
            call.parameters.texts("PrivateIpAddress")
            + [call.optionalText("PrimaryIpAddress")].compactMap { $0 }
        var ids = OrderedNames()
        var rows: [JSONObject] = []
        let wanted = addresses.isEmpty ? inventory.instances().map(\.address) : addresses
        for address in wanted {
            guard let interface = inventory.networkInterface(address: address),
                !ids.names.contains(interface.id),
                call.passes("NetworkInterfaceId", interface.id),
                call.equals("InstanceId", interface.instanceID),
                call.equals("VSwitchId", interface.vSwitchID), call.equals("VpcId", account.vpcID),
                call.parameters["Status"] == nil || call.text("Status") == "InUse"
            else { continue }
            ids.add(interface.id)
            rows.append(row(interface))
        }
        return page(call, rows, "NetworkInterfaceSets", "NetworkInterfaceSet")
    }

    private func row(_ interface: NetworkInterface) -> JSONObject {
        let addresses = interface.addresses.map { address -> JSONValue in
            ["PrivateIpAddress": .string(address), "Primary": .bool(address == interface.primaryAddress)]
        }
        return [
            "NetworkInterfaceId": .string(interface.id), "InstanceId": .string(interface.instanceID),
            "Type": "Secondary", "Status": "InUse", "PrivateIpAddress": .string(interface.primaryAddress),
            "PrivateIpSets": ["PrivateIpSet": .array(addresses)], "VpcId": .string(account.vpcID),
            "VSwitchId": .string(interface.vSwitchID), "ZoneId": .string(interface.zone),
        ]
    }

    func describeInstances(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let ids = try list(call, "InstanceIds")
        let addresses = try list(call, "PrivateIpAddresses")
        let rows = inventory.instances().filter { instance in
            (ids?.contains(instance.id) ?? true) && (addresses?.contains(instance.address) ?? true)
                && call.equals("VpcId", account.vpcID) && call.equals("VSwitchId", instance.vSwitchID)
                && call.equals("ZoneId", instance.zone)
        }
        return page(call, rows.map(row), "Instances", "Instance")
    }

    /// A parameter that carries a list as JSON text.
    private func list(_ call: Call, _ name: String) throws(CloudRefusal) -> [String]? {
        guard let text = call.optionalText(name) else { return nil }
        guard let items = (try? JSONValue(parsing: text))?.arrayValue else {
            throw CloudRefusal("Invalid\(name)", "The parameter \(name) is not a list in JSON.")
        }
        return items.compactMap(\.stringValue)
    }

    private func row(_ instance: ECSInstance) -> JSONObject {
        [
            "InstanceId": .string(instance.id), "InstanceName": .string(instance.id), "Status": "Running",
            "RegionId": .string(account.region), "ZoneId": .string(instance.zone),
            "InstanceNetworkType": "vpc",
            "VpcAttributes": [
                "VpcId": .string(account.vpcID), "VSwitchId": .string(instance.vSwitchID),
                "PrivateIpAddress": ["IpAddress": [.string(instance.address)]],
            ],
            "NetworkInterfaces": [
                "NetworkInterface": [["PrimaryIpAddress": .string(instance.address), "Type": "Primary"]]
            ],
        ]
    }

    /// Two ways to page, by number and by token; the answer has what both need.
    private func page(_ call: Call, _ rows: [JSONObject], _ outer: String, _ inner: String) -> JSONObject {
        var number = call.parameters.number("PageNumber") ?? 1
        var size = max(call.parameters.number("PageSize") ?? 10, 1)
        var next: String?
        if let most = call.parameters.number("MaxResults") {
            size = most
            number = call.optionalText("NextToken").flatMap { Int($0) } ?? 1
            if number * size < rows.count { next = String(number + 1) }
        }
        return [
            outer: [inner: .array(rows.page(number, size: size).map { .object($0) })],
            "TotalCount": .integer(Int64(rows.count)), "PageNumber": .integer(Int64(number)),
            "PageSize": .integer(Int64(size)), "NextToken": .string(next ?? ""),
        ]
    }
}
