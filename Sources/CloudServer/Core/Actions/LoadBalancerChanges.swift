// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension AccountState {
    /// Changes a load balancer's document and begins the work for it.
    private func change(
        _ call: Call,
        _ loadBalancer: Resource,
        departure: Work.Departure? = nil,
        _ body: (inout JSONObject) -> Void
    ) -> JSONObject {
        store.update(.loadBalancer, loadBalancer.id) { body(&$0.document) }
        return begin(call, [Step(.change, .loadBalancer, loadBalancer.id)], departure: departure)
    }

    private func active(_ call: Call) throws(CloudRefusal) -> Resource {
        try requireActiveLoadBalancer(call.text("LoadBalancerId"))
    }

    func updateLoadBalancerAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        var protection: JSONValue?
        let sent = call.parameters.object("ModificationProtectionConfig")
        if !sent.isEmpty {
            protection = try modificationProtection(
                sent,
                over: loadBalancer.document.object("ModificationProtectionConfig")
            )
        }
        return change(call, loadBalancer) { document in
            if let name = call.parameters["LoadBalancerName"] { document["LoadBalancerName"] = name }
            if let protection { document["ModificationProtectionConfig"] = protection }
        }
    }

    /// - Source: which changes are refused is documented; the way down from StandardWithWaf is left open there
    ///   and allowed here.
    func updateLoadBalancerEdition(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try require(.loadBalancer, call.text("LoadBalancerId"))
        let (present, wanted) = (
            loadBalancer.document.text("LoadBalancerEdition"), call.text("LoadBalancerEdition")
        )
        try checkBusiness(of: loadBalancer)
        if present == wanted {
            throw .denied("EditionNotChanged", "The load balancer has that edition already.")
        }
        if wanted == "Basic" { throw .denied("Downgrade", "The edition can not be lowered to Basic.") }
        try check(loadBalancer, allows: .change)
        return change(call, loadBalancer) { $0["LoadBalancerEdition"] = .string(wanted) }
    }

    func updateLoadBalancerAddressTypeConfig(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        let wanted = call.text("AddressType")
        guard loadBalancer.document.text("AddressType") != wanted else {
            throw .denied("AddressTypeNotChanged", "The load balancer has that address type already.")
        }
        let isDualStack = loadBalancer.document.text("AddressIpVersion") == "DualStack"
        var zones: [JSONValue] = []
        for zone in loadBalancer.document.objects("ZoneMappings") {
            let given = call.parameters.objects("ZoneMappings").first {
                $0.text("ZoneId") == zone.text("ZoneId")
            }
            if let given, given.text("VSwitchId") != zone.text("VSwitchId") {
                throw CloudRefusal(
                    "Mismatch.ZoneIdAndVSwitchId",
                    "A switch is not in the zone that it is given for."
                )
            }
            let present = zone.objects("LoadBalancerAddresses").first ?? [:]
            var changed = zone
            changed["LoadBalancerAddresses"] = .array([
                .object(
                    shownAddress(
                        served: loadBalancer.servedAddress(in: zone),
                        own: present.text("IntranetAddress"),
                        given: given ?? [:],
                        isInternet: wanted == "Internet",
                        isDualStack: isDualStack
                    )
                )
            ])
            zones.append(.object(changed))
        }
        return change(call, loadBalancer) { document in
            document["AddressType"] = .string(wanted)
            document["ZoneMappings"] = .array(zones)
        }
    }

    func updateLoadBalancerZones(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        let wanted = call.parameters.objects("ZoneMappings")
        let present = loadBalancer.document.objects("ZoneMappings")
        try check(zones: wanted, vpc: loadBalancer.document.text("VpcId"))
        var zones: [JSONValue] = []
        var isSame = wanted.count == present.count
        let isInternet = loadBalancer.document.text("AddressType") == "Internet"
        let isDualStack = loadBalancer.document.text("AddressIpVersion") == "DualStack"
        var served = loadBalancer.hidden.object("Served")
        for mapping in wanted {
            guard let kept = present.first(where: { $0.text("ZoneId") == mapping.text("ZoneId") }) else {
                isSame = false
                let place = try newZone(mapping, isInternet: isInternet, isDualStack: isDualStack)
                zones.append(.object(place.mapping))
                served[mapping.text("ZoneId")] = .string(place.served)
                continue
            }
            guard kept.text("VSwitchId") == mapping.text("VSwitchId") else {
                throw .denied("ZoneVSwitchChanged", "The switch of a zone that stays can not be changed.")
            }
            zones.append(.object(kept))
        }
        if isSame { throw .denied("ZoneMappingsNotChanged", "The load balancer has these zones already.") }
        let left = present.map { $0.text("ZoneId") }.filter { zone in
            !wanted.contains { $0.text("ZoneId") == zone }
        }
        let departure = left.isEmpty ? nil : Work.Departure(loadBalancer: loadBalancer.id, zones: left)
        store.update(.loadBalancer, loadBalancer.id) { $0.hidden["Served"] = .object(served) }
        return change(call, loadBalancer, departure: departure) { $0["ZoneMappings"] = .array(zones) }
    }

    func startShiftLoadBalancerZones(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try shift(call, from: "Active", to: "Shifted")
    }

    func cancelShiftLoadBalancerZones(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try shift(call, from: "Shifted", to: "Active")
    }

    private func shift(_ call: Call, from old: String, to new: String) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        guard loadBalancer.document.text("AddressAllocatedMode") == "Fixed" else {
            throw .denied("OnlyFixedAddressAllocatedModeSupported", "Zones shift only with fixed addresses.")
        }
        var zones = loadBalancer.document.objects("ZoneMappings")
        let mapping = call.parameters.objects("ZoneMappings").first ?? [:]
        guard let place = zones.firstIndex(where: { $0.text("ZoneId") == mapping.text("ZoneId") }) else {
            throw .denied("ZoneVSwitchNotExist", "The load balancer is not in that zone.")
        }
        guard zones[place].text("VSwitchId") == mapping.text("VSwitchId") else {
            throw .denied("ZoneVSwitchChanged", "The load balancer has another switch in that zone.")
        }
        guard zones[place].text("Status") == old else {
            throw .denied("ZoneMappingsNotChanged", "The zone is in that state already.")
        }
        if new == "Shifted", zones.count(where: { $0.text("Status") == "Active" }) < 2 {
            throw .denied("ConfigLastActiveZoneNotSupport", "The last active zone can not be taken out.")
        }
        zones[place]["Status"] = .string(new)
        let changed = zones
        return change(call, loadBalancer) { $0["ZoneMappings"] = .array(changed.map { .object($0) }) }
    }

    // MARK: Switches

    func enableDeletionProtection(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try setDeletionProtection(call, true)
    }

    func disableDeletionProtection(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try setDeletionProtection(call, false)
    }

    private func setDeletionProtection(_ call: Call, _ isOn: Bool) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try require(.loadBalancer, call.text("ResourceId"))
        try checkBusiness(of: loadBalancer)
        let isOnNow = loadBalancer.document.object("DeletionProtectionConfig").flag("Enabled")
        guard isOnNow != isOn else { return [:] }
        store.update(.loadBalancer, loadBalancer.id) {
            $0.document["DeletionProtectionConfig"] = deletionProtection(isOn, now: call.now)
        }
        return [:]
    }

    func enableLoadBalancerAccessLog(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        guard (4...63).contains(call.text("LogProject").count) else { throw .illegal("LogProject") }
        guard (2...64).contains(call.text("LogStore").count) else { throw .illegal("LogStore") }
        if loadBalancer.document["AccessLogConfig"] != nil {
            throw .denied("AccessLogEnabled", "The access log is on already.")
        }
        return change(call, loadBalancer) { document in
            document["AccessLogConfig"] = .object(call.parameters.keeping(["LogProject", "LogStore"]))
        }
    }

    func disableLoadBalancerAccessLog(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try require(.loadBalancer, call.text("LoadBalancerId"))
        if loadBalancer.status == "Configuring" {
            throw CloudRefusal("ResourceInConfiguring.LoadBalancer", "The load balancer is being changed.")
        }
        guard loadBalancer.document["AccessLogConfig"] != nil else {
            throw .denied("AccessLogDisabled", "The access log is off already.")
        }
        store.update(.loadBalancer, loadBalancer.id) { $0.document["AccessLogConfig"] = nil }
        publish(loadBalancer.id, cause: call.action.name)
        return [:]
    }

    func enableLoadBalancerIpv6Internet(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try setIPv6(call, "Internet", same: "Ipv6InternetInstance")
    }

    func disableLoadBalancerIpv6Internet(_ call: Call) throws(CloudRefusal) -> JSONObject {
        try setIPv6(call, "Intranet", same: "Ipv6IntranetInstance")
    }

    private func setIPv6(_ call: Call, _ wanted: String, same: String) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        guard loadBalancer.document.text("AddressIpVersion") == "DualStack" else {
            throw .denied("NonDualStackInstance", "The load balancer has no addresses of version 6.")
        }
        if loadBalancer.document.text("Ipv6AddressType") == wanted {
            throw .denied(same, "The load balancer has that address type already.")
        }
        return change(call, loadBalancer) { $0["Ipv6AddressType"] = .string(wanted) }
    }

    func attachCommonBandwidthPackageToLoadBalancer(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        try requireBandwidthPackage(call.text("BandwidthPackageId"))
        if loadBalancer.document["BandwidthPackageId"] != nil {
            throw CloudRefusal(
                "IncorrectStatus.CommonBandwidthPackage",
                "The load balancer has a bandwidth package."
            )
        }
        return change(call, loadBalancer) { $0["BandwidthPackageId"] = call.parameters["BandwidthPackageId"] }
    }

    func detachCommonBandwidthPackageFromLoadBalancer(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        guard loadBalancer.document.text("BandwidthPackageId") == call.text("BandwidthPackageId") else {
            throw CloudRefusal(
                "IncorrectStatus.CommonBandwidthPackage",
                "The load balancer has no such bandwidth package."
            )
        }
        return change(call, loadBalancer) { $0["BandwidthPackageId"] = nil }
    }

    func loadBalancerJoinSecurityGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        let present = loadBalancer.document.texts("SecurityGroupIds")
        let wanted = call.parameters.texts("SecurityGroupIds")
        try checkSecurityGroups(wanted)
        if wanted.contains(where: present.contains) {
            throw CloudRefusal(
                "ResourceAlreadyAssociated.SecurityGroup",
                "The load balancer is in that group already."
            )
        }
        for listener in store.children(.listener, of: loadBalancer.id)
        where store.childCount(.aclRelation, of: listener.id) > 0 {
            throw .denied("LbAssociatedAclCanNotJoinSecurityGroup", "A listener has an access control list.")
        }
        guard present.count + wanted.count <= account.quotas.securityGroupsPerLoadBalancer else {
            throw CloudRefusal(
                "ResourceQuotaExceeded.SecurityGroupNum",
                "The load balancer would be in too many groups."
            )
        }
        return change(call, loadBalancer) { document in
            document["SecurityGroupIds"] = .array((present + wanted).map { .string($0) })
        }
    }

    func loadBalancerLeaveSecurityGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let loadBalancer = try active(call)
        let present = loadBalancer.document.texts("SecurityGroupIds")
        let unwanted = call.parameters.texts("SecurityGroupIds")
        guard unwanted.allSatisfy(present.contains) else {
            throw CloudRefusal(
                "ResourceNotAssociated.SecurityGroup",
                "The load balancer is not in that group."
            )
        }
        let left = present.filter { !unwanted.contains($0) }
        return change(call, loadBalancer) { document in
            document["SecurityGroupIds"] = left.isEmpty ? nil : .array(left.map { .string($0) })
        }
    }
}
