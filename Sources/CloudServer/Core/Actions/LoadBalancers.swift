// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension AccountState {
    /// - Source: required fields, defaults and codes of the API description; the code for a single zone is
    ///   assumed.
    func createLoadBalancer(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard store[.vpc, call.text("VpcId")] != nil else { throw .notFound(.vpc) }
        let group = try resourceGroup(call)
        let mappings = call.parameters.objects("ZoneMappings")
        try check(zones: mappings, vpc: call.text("VpcId"))
        let package = call.parameters.object("LoadBalancerBillingConfig").optionalText("BandwidthPackageId")
        if let package { try requireBandwidthPackage(package) }
        let tags = try tags(call.parameters)
        if account.isInArrears {
            throw CloudRefusal("InvalidAccountStatus.NotEnoughBalance", "The account owes money.")
        }
        guard store.count(.loadBalancer) < account.quotas.loadBalancers else {
            throw CloudRefusal("QuotaExceeded.LoadBalancersNum", "The region has too many load balancers.")
        }
        let id = newID(.loadBalancer)
        mainResource = id
        let isInternet = call.text("AddressType") == "Internet"
        let isDualStack = call.text("AddressIpVersion") == "DualStack"
        var zones: [JSONValue] = []
        var served: JSONObject = [:]
        for mapping in mappings {
            let place = try newZone(mapping, isInternet: isInternet, isDualStack: isDualStack)
            zones.append(.object(place.mapping))
            served[mapping.text("ZoneId")] = .string(place.served)
        }
        var document = call.parameters.without(
            "ZoneMappings",
            "Tag",
            "SecurityGroupIds",
            "DeletionProtectionEnabled",
            "ModificationProtectionConfig",
            "ResourceGroupId",
            "LoadBalancerBillingConfig"
        )
        document["LoadBalancerId"] = .string(id)
        if document["LoadBalancerName"] == nil { document["LoadBalancerName"] = .string(id) }
        if document["AddressIpVersion"] == nil { document["AddressIpVersion"] = "IPv4" }
        let billing = call.parameters.object("LoadBalancerBillingConfig")
        document["LoadBalancerBillingConfig"] = .object(billing.keeping(["PayType"]))
        document["BandwidthPackageId"] = package.map { .string($0) }
        document["DNSName"] = .string("\(id).\(account.region).alb.aliyuncsslb.com")
        document["CreateTime"] = .string(call.now.rfc3339)
        document["RegionId"] = .string(account.region)
        document["ResourceGroupId"] = .string(group)
        document["LoadBalancerBussinessStatus"] = "Normal"
        if document.text("AddressIpVersion") == "DualStack" { document["Ipv6AddressType"] = "Intranet" }
        document["ModificationProtectionConfig"] = try modificationProtection(
            call.parameters.object("ModificationProtectionConfig"),
            over: [:]
        )
        document["DeletionProtectionConfig"] = deletionProtection(
            call.parameters.flag("DeletionProtectionEnabled"),
            now: call.now
        )
        document["ZoneMappings"] = .array(zones)
        let securityGroups = call.parameters.objects("SecurityGroupIds").compactMap { $0["SecurityGroupId"] }
        try checkSecurityGroups(securityGroups.compactMap(\.stringValue))
        if !securityGroups.isEmpty { document["SecurityGroupIds"] = .array(securityGroups) }
        add(.loadBalancer, id, hidden: ["Served": .object(served)], tags: tags, document)
        begin(call, [Step(.create, .loadBalancer, id)])
        return ["LoadBalancerId": .string(id)]
    }

    /// Both members are always there: clients compare them one by one.
    func modificationProtection(
        _ sent: JSONObject,
        over present: JSONObject
    ) throws(CloudRefusal) -> JSONValue {
        let status = sent.optionalText("Status") ?? present.optionalText("Status") ?? "NonProtection"
        if status == "NonProtection", sent["Reason"] != nil {
            throw .illegal("Reason", "A reason is given for protection only.")
        }
        let reason = sent.optionalText("Reason") ?? (status == "NonProtection" ? "" : present.text("Reason"))
        return ["Reason": .string(reason), "Status": .string(status)]
    }

    func deletionProtection(_ isOn: Bool, now: Instant) -> JSONValue {
        isOn ? ["Enabled": true, "EnabledTime": .string(now.rfc3339)] : ["Enabled": false]
    }

    /// Checks that zones and vSwitches fit each other and the VPC.
    func check(zones mappings: [JSONObject], vpc: String) throws(CloudRefusal) {
        var zones: Set<String> = []
        for mapping in mappings where !zones.insert(mapping.text("ZoneId")).inserted {
            throw CloudRefusal("DuplicatedParam.ZoneId", "A zone is given twice.")
        }
        for mapping in mappings {
            guard let vSwitch = store[.vSwitch, mapping.text("VSwitchId")], vSwitch.parent == vpc else {
                throw .notFound(.vSwitch)
            }
            guard vSwitch.document.text("ZoneId") == mapping.text("ZoneId") else {
                throw CloudRefusal(
                    "Mismatch.ZoneIdAndVSwitchId",
                    "A switch is not in the zone that it is given for."
                )
            }
        }
        if mappings.count < 2, !account.mayUseOneZone {
            throw .illegal("ZoneMappings", "A load balancer needs two zones in a region that has several.")
        }
    }

    func deleteLoadBalancer(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try require(.loadBalancer, call.text("LoadBalancerId"))
        try checkBusiness(of: loadBalancer)
        if loadBalancer.document.object("DeletionProtectionConfig").flag("Enabled") {
            throw .denied(
                "DeletionProtectionEnabled",
                "Deletion protection is enabled for the load balancer."
            )
        }
        try check(loadBalancer, allows: .delete)
        // Callers see neither it nor its listeners from now on; the zones serve it until the work is done.
        let zones = loadBalancer.document.objects("ZoneMappings").map { $0.text("ZoneId") }
        let answer = begin(
            call,
            [Step(.delete, .loadBalancer, loadBalancer.id)],
            departure: Work.Departure(loadBalancer: loadBalancer.id, zones: zones)
        )
        removeWithChildren(loadBalancer)
        return answer
    }

    func getLoadBalancerAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try require(.loadBalancer, call.text("LoadBalancerId"))
        shown.append(loadBalancer.key)
        var row = loadBalancer.taggedRow
        if ["Provisioning", "CreateFailed"].contains(loadBalancer.status) {
            row["ZoneMappings"] = .array(
                row.objects("ZoneMappings").map { .object($0.without("LoadBalancerAddresses")) }
            )
        }
        return row
    }

    func listLoadBalancers(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let tags = call.tagFilters
        let rows = candidates(.loadBalancer, call, ids: "LoadBalancerIds").filter { row in
            let document = row.document
            return row.matches(tags) && call.passes("LoadBalancerNames", document.text("LoadBalancerName"))
                && call.passes("VpcIds", document.text("VpcId"))
                && call.passes("LoadBalancerEditions", document.text("LoadBalancerEdition"))
                && call.equals("LoadBalancerStatus", row.status)
                && [
                    "AddressIpVersion", "AddressType", "DNSName", "Ipv6AddressType",
                    "LoadBalancerBussinessStatus", "ResourceGroupId",
                ]
                .allSatisfy { call.equals($0, document.text($0)) }
                && (call.parameters["Address"] == nil
                    || document.objects("ZoneMappings").contains { zone in
                        zone.objects("LoadBalancerAddresses").contains {
                            $0.text("Address") == call.text("Address")
                        }
                    })
                && (call.parameters["ZoneId"] == nil
                    || document.objects("ZoneMappings").contains { $0.text("ZoneId") == call.text("ZoneId") })
        }
        return try page(call, rows, "LoadBalancers") { $0.taggedRow.without("ZoneMappings", "RegionId") }
    }
}
