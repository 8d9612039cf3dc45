// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

/// Instances that calls make and delete; they run at once, and nothing runs on them.
///
/// The instances of the cluster's nodes come from the inventory and go with their nodes.
///
/// - Source: parameters and codes of the API description; that an instance is Running when it is answered is
///   assumed, and so is the refusal to delete an instance that is a node.
extension AccountState {
    /// The instances of the cluster's nodes, then those that calls made.
    func instances() -> [ECSInstance] { inventory.instances() + store.all(.instance).map(ECSInstance.init) }

    func instance(_ id: String) -> ECSInstance? {
        store[.instance, id].map(ECSInstance.init) ?? inventory.instances().first { $0.id == id }
    }

    /// The interface with an address, of a node, a pod or an instance that a call made.
    func networkInterface(address: String) -> NetworkInterface? {
        inventory.networkInterface(address: address)
            ?? store.all(.instance).first { $0.document.text("Address") == address }
            .map(NetworkInterface.init)
    }

    func networkInterfaces() -> [NetworkInterface] {
        inventory.networkInterfaces() + store.all(.instance).map(NetworkInterface.init)
    }

    func runInstances(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let isFromTemplate =
            call.optionalText("LaunchTemplateId") != nil || call.optionalText("LaunchTemplateName") != nil
        if isFromTemplate {
            throw CloudRefusal(
                "InvalidLaunchTemplate.NotFound",
                "The specified launch template does not exist.",
                status: 404
            )
        }
        if call.optionalText("ImageId") == nil, call.optionalText("ImageFamily") == nil {
            throw Self.missingMember("ImageId")
        }
        for name in ["InstanceType", "VSwitchId"] where call.optionalText(name) == nil {
            throw Self.missingMember(name)
        }
        guard let vSwitch = store[.vSwitch, call.text("VSwitchId")] else {
            throw CloudRefusal(
                "InvalidVSwitchId.NotFound",
                "The specified switch does not exist.",
                status: 404
            )
        }
        let groups = try runningGroups(call, vpc: vSwitch.parent)
        let amount = call.parameters.number("Amount") ?? 1
        if let least = call.parameters.number("MinAmount"), least > amount {
            throw CloudRefusal("InvalidParameter.MinAmount", "The least number is above the number.")
        }
        let given = call.optionalText("PrivateIpAddress")
        if let given { try check(instanceAddress: given, in: vSwitch, amount: amount) }
        let tags = try tags(call.parameters)
        let resourceGroup = try resourceGroup(call)
        var ids: [JSONValue] = []
        for number in 1...amount {
            var address = given ?? ""
            if given == nil { address = try newPrivateAddress(vSwitch: vSwitch.id) }
            let id = newID(.instance)
            var document = call.parameters.keeping([
                "ImageId", "ImageFamily", "InstanceType", "InstanceChargeType", "Description", "KeyPairName",
                "DeletionProtection", "SpotStrategy", "InternetMaxBandwidthOut",
            ])
            document.merge([
                "InstanceName": .string(Self.name(call, "InstanceName", number, amount) ?? id),
                "HostName": .string(hostName(call, number, amount) ?? id), "Address": .string(address),
                "Interface": .string(
                    "eni-" + random.letters(20, from: "abcdefghijklmnopqrstuvwxyz0123456789")
                ),
                "ZoneId": .string(vSwitch.document.text("ZoneId")), "VSwitchId": .string(vSwitch.id),
                "VpcId": .string(vSwitch.parent), "SecurityGroupIds": .array(groups.map { .string($0) }),
                "ResourceGroupId": .string(resourceGroup), "CreationTime": .string(call.now.rfc3339),
            ])
            add(.instance, id, parent: vSwitch.id, status: "Running", tags: tags, document)
            mainResource = id
            ids.append(.string(id))
        }
        return ["InstanceIdSets": ["InstanceIdSet": .array(ids)], "TradePrice": 0]
    }

    private static func missingMember(_ name: String) -> CloudRefusal {
        CloudRefusal("MissingParameter", "The parameter \(name) is required for this action.")
    }

    /// The security groups of new instances, which are of the same network.
    private func runningGroups(_ call: Call, vpc: String) throws(CloudRefusal) -> [String] {
        let one = call.optionalText("SecurityGroupId").map { [$0] } ?? []
        let several = call.parameters.texts("SecurityGroupIds")
        if !one.isEmpty, !several.isEmpty {
            throw CloudRefusal(
                "InvalidParameter.Conflict",
                "Security groups are given in two parameters that exclude each other."
            )
        }
        let groups = OrderedNames(one + several).names
        if groups.isEmpty { throw Self.missingMember("SecurityGroupId") }
        for id in groups {
            guard let group = store[.securityGroup, id] else {
                if !account.isInventoryBinding { continue }
                throw CloudRefusal(
                    "InvalidSecurityGroupId.NotFound",
                    "The specified security group does not exist.",
                    status: 404
                )
            }
            if group.document.text("VpcId") != vpc {
                throw CloudRefusal(
                    "InvalidSecurityGroupId.VPCMismatch",
                    "The security group is in another network than the switch."
                )
            }
        }
        return groups
    }

    private func check(
        instanceAddress: String,
        in vSwitch: Resource,
        amount: Int
    ) throws(CloudRefusal) {
        guard let address = IPv4Block.address(instanceAddress[...]),
            IPv4Block(vSwitch.document.text("CidrBlock"))?.contains(address) ?? false
        else {
            throw CloudRefusal("InvalidPrivateIpAddress.Malformed", "The address is not one of the switch.")
        }
        if amount > 1 || takenPrivateAddresses.contains(instanceAddress)
            || inventory.networkInterface(address: instanceAddress) != nil
        {
            throw CloudRefusal(
                "InvalidPrivateIpAddress.Duplicated",
                "The address is in use, or would be given twice.",
                status: 403
            )
        }
    }

    /// A name; with a suffix that counts where several instances were asked to have different ones.
    private static func name(_ call: Call, _ member: String, _ number: Int, _ amount: Int) -> String? {
        guard let name = call.optionalText(member) else { return nil }
        guard amount > 1, call.parameters.flag("UniqueSuffix") else { return name }
        let digits = String(number)
        return name + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }

    private func hostName(_ call: Call, _ number: Int, _ amount: Int) -> String? {
        let names = call.parameters.texts("HostNames")
        if number <= names.count { return names[number - 1] }
        return Self.name(call, "HostName", number, amount)
    }

    /// Deletes instances, all or none.
    func deleteInstances(_ call: Call) throws(CloudRefusal) -> JSONObject {
        var doomed: [Resource] = []
        for id in OrderedNames(call.parameters.texts("InstanceId")).names {
            guard let resource = store[.instance, id] else {
                if instance(id) != nil {
                    throw CloudRefusal(
                        "OperationDenied",
                        "The instance is a node of the cluster; it goes with its node.",
                        status: 403
                    )
                }
                throw CloudRefusal(
                    "InvalidInstanceId.NotFound",
                    "The specified instance does not exist.",
                    status: 404
                )
            }
            if resource.document.flag("DeletionProtection") {
                throw CloudRefusal(
                    "InvalidOperation.DeletionProtection",
                    "The instance is protected against deletion.",
                    status: 403
                )
            }
            if !call.parameters.flag("Force") {
                throw CloudRefusal(
                    "IncorrectInstanceStatus",
                    "The instance runs, and its deletion is not forced.",
                    status: 403
                )
            }
            doomed.append(resource)
        }
        mainResource = doomed.first?.id ?? ""
        for resource in doomed { store.remove(.instance, resource.id) }
        return [:]
    }
}

extension ECSInstance {
    /// Reads an instance that a call made.
    init(_ resource: Resource) {
        self.init(
            id: resource.id,
            address: resource.document.text("Address"),
            zone: resource.document.text("ZoneId"),
            vSwitchID: resource.document.text("VSwitchId")
        )
    }
}

extension NetworkInterface {
    /// The primary interface of an instance that a call made.
    init(_ resource: Resource) {
        self.init(
            id: resource.document.text("Interface"),
            instanceID: resource.id,
            primaryAddress: resource.document.text("Address"),
            addresses: [resource.document.text("Address")],
            zone: resource.document.text("ZoneId"),
            vSwitchID: resource.document.text("VSwitchId")
        )
    }
}
