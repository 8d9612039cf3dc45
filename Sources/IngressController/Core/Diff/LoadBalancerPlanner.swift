// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON

/// Plans the load balancer itself.
struct LoadBalancerPlanner {
    let stack: Stack
    let profile: Profile
    let region: String

    struct Choice {
        var steps: [Step]
        var loadBalancer: CloudLoadBalancer
        var problems: [Problem] = []
    }

    func plan(_ wanted: LoadBalancer, zones: [LoadBalancer.Zone], present: CloudLoadBalancer?) -> Choice {
        guard let present else { return create(wanted, zones) }
        var choice = Choice(steps: [], loadBalancer: present)
        let isAdopted = wanted.isReused && present.tag(ResourceNames.albConfigTag) == nil
        if isAdopted { tag(&choice) }
        if !wanted.isReused || wanted.overridesAttributes { update(wanted, &choice) }
        return choice
    }

    // MARK: Creation

    private func create(_ wanted: LoadBalancer, _ zones: [LoadBalancer.Zone]) -> Choice {
        var billing: JSONObject = ["PayType": "PostPay"]
        if !wanted.bandwidthPackage.isEmpty {
            billing["BandwidthPackageId"] = .string(wanted.bandwidthPackage)
        }
        let tags = stack.loadBalancerTags + wanted.tags
        var parameters: JSONObject = [
            "VpcId": .string(stack.vpc), "LoadBalancerName": .string(wanted.name),
            "AddressType": .string(wanted.addressType),
            "AddressAllocatedMode": .string(wanted.addressAllocatedMode),
            "AddressIpVersion": .string(wanted.addressIPVersion),
            "LoadBalancerEdition": .string(wanted.edition),
            "DeletionProtectionEnabled": true,
            "ModificationProtectionConfig": ["Status": "ConsoleProtection"],
            "LoadBalancerBillingConfig": .object(billing), "ZoneMappings": .array(zones.map(Self.zone)),
        ]
        let isTaggedLater = profile.has(.createThenTagLeavesOrphans)
        if !isTaggedLater { parameters["Tag"] = .array(tags.map(\.json)) }
        if !wanted.resourceGroup.isEmpty { parameters["ResourceGroupId"] = .string(wanted.resourceGroup) }
        var step = Step(action: "CreateLoadBalancer", parameters: parameters)
        step.binding = .member("LoadBalancerId", .loadBalancer)
        step.settling = .loadBalancer
        let id = Reference.loadBalancer.text
        var choice = Choice(
            steps: [step],
            loadBalancer: CloudLoadBalancer(
                id: id,
                attributes: [
                    "LoadBalancerName": .string(wanted.name), "LoadBalancerEdition": .string(wanted.edition),
                    "ModificationProtectionConfig": ["Status": "ConsoleProtection"],
                    "DeletionProtectionConfig": ["Enabled": true], "Tags": .array(tags.map(\.json)),
                    "AddressIpVersion": .string(wanted.addressIPVersion), "Ipv6AddressType": "Intranet",
                    "BandwidthPackageId": .string(wanted.bandwidthPackage),
                    "ResourceGroupId": .string(wanted.resourceGroup),
                ]
            )
        )
        if isTaggedLater {
            var step = self.tags("TagResources", tags, id)
            step.undo = [
                ("DisableDeletionProtection", ["ResourceId": .string(id)]),
                ("DeleteLoadBalancer", ["LoadBalancerId": .string(id)]),
            ]
            choice.steps.append(step)
        }
        if wanted.addressIPVersion == "DualStack", wanted.ipv6AddressType == "Internet" {
            choice.steps.append(call("EnableLoadBalancerIpv6Internet", id))
            choice.loadBalancer.attributes["Ipv6AddressType"] = "Internet"
        }
        accessLog(wanted, &choice)
        return choice
    }

    private static func zone(_ zone: LoadBalancer.Zone) -> JSONValue {
        var mapping: JSONObject = ["VSwitchId": .string(zone.vSwitch), "ZoneId": .string(zone.zone)]
        if !zone.allocation.isEmpty { mapping["AllocationId"] = .string(zone.allocation) }
        if !zone.allocation.isEmpty, !zone.eipType.isEmpty { mapping["EipType"] = .string(zone.eipType) }
        return .object(mapping)
    }

    // MARK: Update

    /// In this order: names, protection, IPv6, log, edition, bandwidth, tags, resource group.
    private func update(_ wanted: LoadBalancer, _ choice: inout Choice) {
        let id = choice.loadBalancer.id
        let changes = AttributeComparison.changes(
            wanted: [
                "LoadBalancerName": .string(wanted.name),
                "ModificationProtectionConfig": ["Status": "ConsoleProtection"],
            ],
            present: choice.loadBalancer.attributes
        )
        if !changes.isEmpty {
            for change in changes { choice.loadBalancer.attributes[change.key] = change.value }
            choice.steps.append(call("UpdateLoadBalancerAttribute", id, changes))
        }
        if !(choice.loadBalancer.attributes["DeletionProtectionConfig", "Enabled"]?.truth ?? false) {
            choice.steps.append(
                Step(
                    action: "EnableDeletionProtection",
                    parameters: ["ResourceId": .string(id)],
                    settling: .none
                )
            )
            choice.loadBalancer.attributes["DeletionProtectionConfig"] = ["Enabled": true]
        }
        ipv6(wanted, &choice)
        accessLog(wanted, &choice)
        edition(wanted, &choice)
        bandwidth(wanted, &choice)
        if !wanted.tags.isEmpty { userTags(wanted, &choice) }
        resourceGroup(wanted, &choice)
    }

    private func ipv6(_ wanted: LoadBalancer, _ choice: inout Choice) {
        let attributes = choice.loadBalancer.attributes
        guard attributes["AddressIpVersion"]?.stringValue == "DualStack" else { return }
        let present = attributes["Ipv6AddressType"]?.stringValue ?? "Intranet"
        guard present != wanted.ipv6AddressType else { return }
        let action = wanted.ipv6AddressType == "Internet" ? "Enable" : "Disable"
        choice.steps.append(call("\(action)LoadBalancerIpv6Internet", choice.loadBalancer.id))
        choice.loadBalancer.attributes["Ipv6AddressType"] = .string(wanted.ipv6AddressType)
    }

    private func accessLog(_ wanted: LoadBalancer, _ choice: inout Choice) {
        let config = choice.loadBalancer.attributes["AccessLogConfig"]
        let project = config?["LogProject"]?.stringValue ?? "", store = config?["LogStore"]?.stringValue ?? ""
        guard project != wanted.accessLog?.project ?? "" || store != wanted.accessLog?.store ?? "" else {
            return
        }
        let id = choice.loadBalancer.id
        if !project.isEmpty {
            var step = call("DisableLoadBalancerAccessLog", id)
            step.settling = .none
            choice.steps.append(step)
        }
        choice.loadBalancer.attributes["AccessLogConfig"] = nil
        guard let log = wanted.accessLog else { return }
        let place: JSONObject = ["LogProject": .string(log.project), "LogStore": .string(log.store)]
        choice.steps.append(
            Step(
                product: .sls,
                action: "OpenProductDataCollection",
                parameters: [
                    "DataType": "alb.access_log", "InstanceRegion": .string(region),
                    "InstanceId": .string(id),
                    "TargetSLSRegion": .string(region), "TargetProject": .string(log.project),
                    "TargetStore": .string(log.store),
                ],
                settling: .none
            )
        )
        choice.steps.append(call("EnableLoadBalancerAccessLog", id, place))
        choice.loadBalancer.attributes["AccessLogConfig"] = .object(place)
    }

    private func edition(_ wanted: LoadBalancer, _ choice: inout Choice) {
        let present = choice.loadBalancer.attributes["LoadBalancerEdition"]?.stringValue ?? ""
        guard !present.isEmpty, present != wanted.edition else { return }
        guard wanted.edition != "Basic" else {
            choice.problems.append(
                Problem(
                    .albConfig(stack.albConfig),
                    .listenerFails,
                    "the edition of a load balancer cannot go from \(present) down to Basic"
                )
            )
            return
        }
        choice.steps.append(
            call(
                "UpdateLoadBalancerEdition",
                choice.loadBalancer.id,
                ["LoadBalancerEdition": .string(wanted.edition)]
            )
        )
        choice.steps[choice.steps.count - 1].settling = .loadBalancer
        choice.loadBalancer.attributes["LoadBalancerEdition"] = .string(wanted.edition)
    }

    private func bandwidth(_ wanted: LoadBalancer, _ choice: inout Choice) {
        let present = choice.loadBalancer.attributes["BandwidthPackageId"]?.stringValue ?? ""
        guard present != wanted.bandwidthPackage else { return }
        if wanted.bandwidthPackage.isEmpty, profile.has(.removedAccessListStays) { return }
        func change(_ verb: String, _ package: String) -> Step {
            call(
                "\(verb)LoadBalancer",
                choice.loadBalancer.id,
                ["BandwidthPackageId": .string(package), "RegionId": .string(region)]
            )
        }
        if !present.isEmpty { choice.steps.append(change("DetachCommonBandwidthPackageFrom", present)) }
        if !wanted.bandwidthPackage.isEmpty {
            choice.steps.append(change("AttachCommonBandwidthPackageTo", wanted.bandwidthPackage))
        }
        choice.loadBalancer.attributes["BandwidthPackageId"] = .string(wanted.bandwidthPackage)
    }

    /// Tags are kept equal only where the user lists some; then those of others go.
    private func userTags(_ wanted: LoadBalancer, _ choice: inout Choice) {
        let all = stack.loadBalancerTags + wanted.tags
        let present = (choice.loadBalancer.attributes["Tags"]?.arrayValue ?? [])
            .map { Tag(key: CloudTags.key($0), value: CloudTags.value($0)) }
            .filter { !$0.key.hasPrefix("acs:") && !$0.key.hasPrefix("aliyun") }
        let surplus = present.filter { tag in !all.contains { $0.key == tag.key } }
        let missing = all.filter { !present.contains($0) }
        if !surplus.isEmpty { choice.steps.append(tags("UnTagResources", surplus, choice.loadBalancer.id)) }
        if !missing.isEmpty { choice.steps.append(tags("TagResources", missing, choice.loadBalancer.id)) }
        choice.loadBalancer.attributes["Tags"] = .array(all.map(\.json))
    }

    private func tag(_ choice: inout Choice) {
        choice.steps.append(tags("TagResources", stack.loadBalancerTags, choice.loadBalancer.id))
        let present = choice.loadBalancer.attributes["Tags"]?.arrayValue ?? []
        choice.loadBalancer.attributes["Tags"] = .array(present + stack.loadBalancerTags.map(\.json))
    }

    private func tags(_ action: String, _ tags: [Tag], _ id: String) -> Step {
        var parameters: JSONObject = ["ResourceType": "LoadBalancer", "ResourceId": [.string(id)]]
        if action == "UnTagResources" {
            parameters["TagKey"] = .array(tags.map { .string($0.key) })
        } else {
            parameters["Tag"] = .array(tags.map(\.json))
        }
        return Step(action: action, parameters: parameters, settling: .none)
    }

    private func resourceGroup(_ wanted: LoadBalancer, _ choice: inout Choice) {
        let present = choice.loadBalancer.attributes["ResourceGroupId"]?.stringValue ?? ""
        guard !wanted.resourceGroup.isEmpty, present != wanted.resourceGroup else { return }
        choice.steps.append(
            Step(
                action: "MoveResourceGroup",
                parameters: [
                    "ResourceId": .string(choice.loadBalancer.id), "ResourceType": "loadbalancer",
                    "NewResourceGroupId": .string(wanted.resourceGroup),
                ],
                settling: .none
            )
        )
        choice.loadBalancer.attributes["ResourceGroupId"] = .string(wanted.resourceGroup)
    }

    private func call(_ action: String, _ id: String, _ more: JSONObject = [:]) -> Step {
        Step(
            action: action,
            parameters: JSONObject(
                [("LoadBalancerId", .string(id))] + more.members.map { ($0.key, $0.value) }
            )
        )
    }
}
