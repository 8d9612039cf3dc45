// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

extension AccountState {
    /// The interfaces that have some addresses: this is how pods become servers.
    func describeNetworkInterfaces(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let addresses =
            call.parameters.texts("PrivateIpAddress")
            + [call.optionalText("PrimaryIpAddress")].compactMap { $0 }
        var found: [NetworkInterface] = []
        if addresses.isEmpty {
            found = networkInterfaces()
        } else {
            var ids: Set<String> = []
            for address in addresses {
                guard let interface = networkInterface(address: address),
                    ids.insert(interface.id).inserted
                else { continue }
                found.append(interface)
            }
        }
        let rows = found.filter { interface in
            call.passes("NetworkInterfaceId", interface.id) && call.equals("InstanceId", interface.instanceID)
                && call.equals("VSwitchId", interface.vSwitchID)
                && call.equals("VpcId", network(of: interface.instanceID))
                && call.equals("Status", "InUse") && call.equals("Type", type(of: interface))
                && (call.parameters["PrimaryIpAddress"] == nil
                    || interface.primaryAddress == call.text("PrimaryIpAddress"))
        }
        return page(call, rows.map(row), "NetworkInterfaceSets", "NetworkInterfaceSet")
    }

    func describeNetworkInterfaceAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard
            let interface = networkInterfaces().first(where: {
                $0.id == call.text("NetworkInterfaceId")
            })
        else {
            throw CloudRefusal(
                "InvalidEcsId.NotFound",
                "The specified interface does not exist.",
                status: 404
            )
        }
        return row(interface)
    }

    func describeInstanceAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let instance = instance(call.text("InstanceId")) else {
            throw CloudRefusal(
                "InvalidInstanceId.NotFound",
                "The specified instance does not exist.",
                status: 404
            )
        }
        return row(instance).without("NetworkInterfaces")
    }

    private func row(_ interface: NetworkInterface) -> JSONObject {
        let addresses = interface.addresses.map { address -> JSONValue in
            ["PrivateIpAddress": .string(address), "Primary": .bool(address == interface.primaryAddress)]
        }
        return [
            "NetworkInterfaceId": .string(interface.id), "InstanceId": .string(interface.instanceID),
            "Type": .string(type(of: interface)), "Status": "InUse",
            "PrivateIpAddress": .string(interface.primaryAddress),
            "PrivateIpSets": ["PrivateIpSet": .array(addresses)],
            "VpcId": .string(network(of: interface.instanceID)),
            "VSwitchId": .string(interface.vSwitchID), "ZoneId": .string(interface.zone),
        ]
    }

    /// Interfaces of pods are second ones of their nodes.
    private func type(of interface: NetworkInterface) -> String {
        store[.instance, interface.instanceID] == nil ? "Secondary" : "Primary"
    }

    private func network(of instance: String) -> String {
        store[.instance, instance]?.document.text("VpcId") ?? account.vpcID
    }

    func describeInstances(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let ids = try list(call, "InstanceIds")
        let addresses = try list(call, "PrivateIpAddresses")
        let tags = call.tagFilters
        let rows = instances().filter { instance in
            let made = store[.instance, instance.id]
            return (ids?.contains(instance.id) ?? true) && (addresses?.contains(instance.address) ?? true)
                && call.equals("VpcId", network(of: instance.id))
                && call.equals("VSwitchId", instance.vSwitchID) && call.equals("ZoneId", instance.zone)
                && call.equals("Status", "Running") && (tags.isEmpty || made?.matches(tags) == true)
                && (call.optionalText("SecurityGroupId").map {
                    made?.document.texts("SecurityGroupIds").contains($0) == true
                } ?? true)
                && (call.parameters["InstanceName"] == nil
                    || call.equals("InstanceName", made?.document.text("InstanceName") ?? instance.id))
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
        guard let made = store[.instance, instance.id] else { return bareRow(instance) }
        var row = bareRow(instance)
        row.merge(
            made.document.keeping([
                "InstanceName", "HostName", "ImageId", "InstanceType", "InstanceChargeType", "Description",
                "KeyPairName", "DeletionProtection", "SpotStrategy", "InternetMaxBandwidthOut",
                "ResourceGroupId", "CreationTime",
            ])
        )
        row["VpcAttributes"]?["VpcId"] = made.document["VpcId"]
        row["SecurityGroupIds"] = ["SecurityGroupId": made.document["SecurityGroupIds"] ?? []]
        row["NetworkInterfaces"] = [
            "NetworkInterface": [
                [
                    "NetworkInterfaceId": made.document["Interface"] ?? "",
                    "PrimaryIpAddress": .string(instance.address), "Type": "Primary",
                ]
            ]
        ]
        row["Tags"] = [
            "Tag": .array(made.tags.map { ["TagKey": .string($0.key), "TagValue": .string($0.value)] })
        ]
        return row
    }

    private func bareRow(_ instance: ECSInstance) -> JSONObject {
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
        var number = max(call.parameters.number("PageNumber") ?? 1, 1)
        var size = min(max(call.parameters.number("PageSize") ?? 10, 1), 500)
        var next: String?
        if let most = call.parameters.number("MaxResults") {
            size = most
            number = min(max(call.optionalText("NextToken").flatMap { Int($0) } ?? 1, 1), 1_000_000)
            if number * size < rows.count { next = String(number + 1) }
        }
        return [
            outer: [inner: .array(rows.page(number, size: size).map { .object($0) })],
            "TotalCount": .integer(Int64(rows.count)), "PageNumber": .integer(Int64(number)),
            "PageSize": .integer(Int64(size)), "NextToken": .string(next ?? ""),
        ]
    }
}
