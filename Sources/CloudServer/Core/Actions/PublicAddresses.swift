// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// Elastic addresses and the bandwidth packages that load balancers may share.
extension AccountState {
    // MARK: Elastic addresses

    /// - Source: the members are documented; that addresses come from a documentation range is ours.
    func allocateEipAddress(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try resourceGroup(call)
        let used = Set(store.all(.eip).map { $0.document.text("IpAddress") })
        guard let number = (1...254).first(where: { !used.contains("198.51.100.\($0)") }) else {
            throw CloudRefusal("QuotaExceeded.Eip", "The region has too many elastic addresses.")
        }
        let id = newID(.eip)
        mainResource = id
        add(
            .eip,
            id,
            status: "Available",
            tags: try tags(call.parameters),
            [
                "AllocationId": .string(id), "IpAddress": .string("198.51.100.\(number)"),
                "Name": .string(call.text("Name")), "Description": .string(call.text("Description")),
                "Bandwidth": call.parameters["Bandwidth"] ?? "5", "RegionId": .string(account.region),
                "ChargeType": call.parameters["InstanceChargeType"] ?? "PostPaid",
                "InternetChargeType": call.parameters["InternetChargeType"] ?? "PayByBandwidth",
                "ISP": call.parameters["ISP"] ?? "BGP", "ResourceGroupId": .string(group),
                "AllocationTime": .string(call.now.rfc3339), "BusinessStatus": "Normal", "InstanceId": "",
                "InstanceType": "",
            ]
        )
        return [
            "AllocationId": .string(id), "EipAddress": .string("198.51.100.\(number)"),
            "ResourceGroupId": .string(group), "OrderId": 0,
        ]
    }

    func releaseEipAddress(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let address = store[.eip, call.text("AllocationId")] else {
            throw CloudRefusal(
                "InvalidAllocationId.NotFound",
                "The specified elastic address does not exist.",
                status: 404
            )
        }
        if user(ofAddress: address.id) != nil {
            throw CloudRefusal("IncorrectEipStatus", "The elastic address is in use.")
        }
        store.remove(.eip, address.id)
        return [:]
    }

    /// The load balancer that has an elastic address.
    private func user(ofAddress id: String) -> Resource? {
        store.all(.loadBalancer).first { loadBalancer in
            loadBalancer.document.objects("ZoneMappings").contains { zone in
                zone.objects("LoadBalancerAddresses").contains { $0.text("AllocationId") == id }
            }
        }
    }

    func describeEipAddresses(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let tags = call.tagFilters
        let rows = candidates(.eip, call, ids: "AllocationId", separatedBy: ",").compactMap {
            address -> JSONObject? in
            var row = address.row
            if let user = user(ofAddress: address.id) {
                row["Status"] = "InUse"
                row["InstanceId"] = .string(user.id)
                row["InstanceType"] = "Alb"
            }
            row["Tags"] = ["Tag": .array(address.tagItems)]
            let isWanted =
                address.matches(tags) && call.equals("EipAddress", row.text("IpAddress"))
                && call.equals("EipName", row.text("Name")) && call.equals("Status", row.text("Status"))
                && call.equals("AssociatedInstanceId", row.text("InstanceId"))
            return isWanted ? row : nil
        }
        return numberedPage(call, rows, "EipAddresses", "EipAddress")
    }

    // MARK: Bandwidth packages

    func requireBandwidthPackage(_ id: String) throws(CloudRefusal) {
        guard account.bandwidthPackages.contains(id) || store[.bandwidthPackage, id] != nil else {
            throw .notFound(.bandwidthPackage)
        }
    }

    func createCommonBandwidthPackage(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try resourceGroup(call)
        let id = newID(.bandwidthPackage)
        mainResource = id
        add(
            .bandwidthPackage,
            id,
            status: "Available",
            tags: try tags(call.parameters),
            [
                "BandwidthPackageId": .string(id), "Name": .string(call.text("Name")),
                "Description": .string(call.text("Description")), "RegionId": .string(account.region),
                "Bandwidth": .string(String(call.parameters.number("Bandwidth") ?? 1)),
                "InternetChargeType": call.parameters["InternetChargeType"] ?? "PayByBandwidth",
                "ISP": call.parameters["ISP"] ?? "BGP", "Ratio": call.parameters["Ratio"] ?? 100,
                "ResourceGroupId": .string(group), "BusinessStatus": "Normal",
                "InstanceChargeType": "PostPaid", "CreationTime": .string(call.now.rfc3339),
            ]
        )
        return ["BandwidthPackageId": .string(id), "ResourceGroupId": .string(group)]
    }

    func deleteCommonBandwidthPackage(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let package = store[.bandwidthPackage, call.text("BandwidthPackageId")] else {
            throw CloudRefusal(
                "InvalidBandwidthPackageId.NotFound",
                "The specified bandwidth package does not exist.",
                status: 404
            )
        }
        let isUsed = store.all(.loadBalancer).contains {
            $0.document.text("BandwidthPackageId") == package.id
        }
        if isUsed {
            throw CloudRefusal("OperationFailed.BandwidthPackageNotEmpty", "The bandwidth package is in use.")
        }
        store.remove(.bandwidthPackage, package.id)
        return [:]
    }

    func describeCommonBandwidthPackages(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let tags = call.tagFilters
        let rows = candidates(.bandwidthPackage, call, ids: "BandwidthPackageId", separatedBy: ",").filter {
            $0.matches(tags) && call.equals("Name", $0.document.text("Name"))
        }
        let shown = rows.map { package in
            var row = package.row
            row["Tags"] = ["Tag": .array(package.tagItems)]
            row["PublicIpAddresses"] = ["PublicIpAddresse": []]
            return row
        }
        return numberedPage(call, shown, "CommonBandwidthPackages", "CommonBandwidthPackage")
    }

    /// Rows by page number.
    func numberedPage(_ call: Call, _ rows: [JSONObject], _ outer: String, _ inner: String) -> JSONObject {
        let number = call.parameters.number("PageNumber") ?? 1
        let size = call.parameters.number("PageSize") ?? 10
        return [
            outer: [inner: .array(rows.page(number, size: size).map { .object($0) })],
            "TotalCount": .integer(Int64(rows.count)), "PageNumber": .integer(Int64(number)),
            "PageSize": .integer(Int64(size)),
        ]
    }

    /// The resources that a text of several ids names, or all.
    private func candidates(
        _ kind: ResourceKind,
        _ call: Call,
        ids: String,
        separatedBy separator: Character
    ) -> [Resource] {
        guard let text = call.optionalText(ids) else { return store.all(kind) }
        return resources(kind, text.split(separator: separator).map(String.init))
    }
}

extension Resource {
    /// The tags as lists show them.
    var tagItems: [JSONValue] {
        tags.map { ["Key": .string($0.key), "Value": .string($0.value)] }
    }
}
