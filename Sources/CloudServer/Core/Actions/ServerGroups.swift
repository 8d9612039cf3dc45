// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension AccountState {
    func createServerGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let type = call.text("ServerGroupType")
        let vpc = call.optionalText("VpcId")
        if type == "Fc" {
            if vpc != nil { throw .illegal("VpcId", "A group of functions has no network.") }
        } else {
            guard let vpc else { throw .missing("VpcId") }
            guard let network = store[.vpc, vpc] else { throw .notFound(.vpc) }
            if call.parameters.flag("Ipv6Enabled"), network.document.text("Ipv6CidrBlock").isEmpty {
                throw .denied("VpcNotSupportIpv6", "The network has no addresses of version 6.")
            }
        }
        let group = try resourceGroup(call)
        let tags = try tags(call.parameters)
        var document = call.parameters.without("Tag")
        if type == "Fc" { document["Protocol"] = nil }
        document["HealthCheckConfig"] = .object(
            Self.shownHealthCheck(call.parameters.object("HealthCheckConfig"))
        )
        document["StickySessionConfig"] = .object(
            Self.shownStickiness(call.parameters.object("StickySessionConfig"))
        )
        Self.completeTimers(&document)
        if document["CrossZoneEnabled"] == nil { document["CrossZoneEnabled"] = true }
        if document["Ipv6Enabled"] == nil { document["Ipv6Enabled"] = false }
        try ServerGroupChecks.check(document)
        guard store.count(.serverGroup) < account.quotas.serverGroups else {
            throw CloudRefusal("QuotaExceeded.ServerGroupsNum", "The region has too many server groups.")
        }
        let id = newID(.serverGroup)
        mainResource = id
        document["ServerGroupId"] = .string(id)
        document["ResourceGroupId"] = .string(group)
        document["CreateTime"] = .string(call.now.rfc3339)
        add(.serverGroup, id, tags: tags, document)
        var answer = begin(call, [Step(.create, .serverGroup, id)])
        answer["ServerGroupId"] = .string(id)
        return answer
    }

    /// A health check as it is shown: filled with the defaults when it is on.
    ///
    /// Both names of the codes carry
    /// them, since old clients read the other one.
    static func shownHealthCheck(_ config: JSONObject) -> JSONObject {
        guard config.flag("HealthCheckEnabled") else { return config }
        var shown = healthCheckBlock.filled(config)
        if shown["HealthCheckPath"] == nil,
            ["HTTP", "HTTPS", "gRPC"].contains(shown.text("HealthCheckProtocol"))
        {
            shown["HealthCheckPath"] = "/"
        }
        let usual: JSONValue = shown.text("HealthCheckProtocol") == "gRPC" ? ["0"] : ["http_2xx"]
        let codes = shown["HealthCheckCodes"] ?? shown["HealthCheckHttpCodes"] ?? usual
        shown["HealthCheckCodes"] = codes
        shown["HealthCheckHttpCodes"] = codes
        return shown
    }

    private static let healthCheckBlock: ParameterBlock =
        (try? ActionTable.shared.find(version: CloudService.alb.version, action: "CreateServerGroup"))?
        .block["HealthCheckConfig"]?.block ?? .empty

    private static func shownStickiness(_ config: JSONObject) -> JSONObject {
        guard config.flag("StickySessionEnabled") else { return ["StickySessionEnabled": false] }
        var shown = config
        if shown["StickySessionType"] == nil { shown["StickySessionType"] = "Insert" }
        if shown.text("StickySessionType") == "Insert", shown["CookieTimeout"] == nil {
            shown["CookieTimeout"] = 1000
        }
        return shown
    }

    /// Gives slow start and connection drain their usual times when they are on.
    private static func completeTimers(_ document: inout JSONObject) {
        let timers: [(config: String, enabled: String, values: JSONObject)] = [
            ("SlowStartConfig", "SlowStartEnabled", ["SlowStartDuration": 30]),
            ("ConnectionDrainConfig", "ConnectionDrainEnabled", ["ConnectionDrainTimeout": 300]),
        ]
        for (name, enabled, values) in timers {
            guard let config = document[name]?.objectValue, config.flag(enabled) else { continue }
            document[name] = .object(config.completed(with: values))
        }
    }

    /// Changes with equal values are accepted: the ingress controller sends them in every round.
    func updateServerGroupAttribute(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try require(.serverGroup, call.text("ServerGroupId"))
        try check(group, allows: .change)
        var document = group.document
        let nested = [
            "HealthCheckConfig", "StickySessionConfig", "ConnectionDrainConfig", "SlowStartConfig",
            "UchConfig",
        ]
        for member in call.parameters.members where member.key != "ServerGroupId" {
            if nested.contains(member.key) {
                document[member.key] = .object(
                    document.object(member.key).merged(with: call.parameters.object(member.key))
                )
            } else {
                document[member.key] = member.value
            }
        }
        let sentCheck = call.parameters.object("HealthCheckConfig")
        if !sentCheck.isEmpty {
            var check = document.object("HealthCheckConfig")
            if let codes = sentCheck["HealthCheckCodes"] ?? sentCheck["HealthCheckHttpCodes"] {
                check["HealthCheckCodes"] = codes
            }
            document["HealthCheckConfig"] = .object(Self.shownHealthCheck(check))
        }
        if call.parameters["StickySessionConfig"] != nil {
            document["StickySessionConfig"] = .object(
                Self.shownStickiness(document.object("StickySessionConfig"))
            )
        }
        Self.completeTimers(&document)
        try ServerGroupChecks.check(document)
        try checkEditions(of: document, group: group.id)
        store.update(.serverGroup, group.id) { $0.document = document }
        return begin(call, [Step(.change, .serverGroup, group.id)])
    }

    private func checkEditions(of document: JSONObject, group: String) throws(CloudRefusal) {
        let slow = document.object("SlowStartConfig").flag("SlowStartEnabled")
        let drain = document.object("ConnectionDrainConfig").flag("ConnectionDrainEnabled")
        guard slow || drain else { return }
        for id in loadBalancers(using: group)
        where store[.loadBalancer, id]?.document.text("LoadBalancerEdition") == "Basic" {
            throw CloudRefusal(
                slow
                    ? "Mismatch.LoadBalancerEditionAndSlowStartEnable"
                    : "Mismatch.LoadBalancerEditionAndConnectionDrain",
                "A load balancer that uses the group has an edition without this."
            )
        }
    }

    func deleteServerGroup(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try require(.serverGroup, call.text("ServerGroupId"))
        if !store.referrers(of: group.id).isEmpty { throw .inUse(.serverGroup) }
        try check(group, allows: .delete)
        return begin(call, [Step(.delete, .serverGroup, group.id)])
    }

    func listServerGroups(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let tags = call.tagFilters
        let rows = candidates(.serverGroup, call, ids: "ServerGroupIds").filter { row in
            row.matches(tags) && call.passes("ServerGroupNames", row.document.text("ServerGroupName"))
                && ["ServerGroupType", "VpcId", "ResourceGroupId"].allSatisfy {
                    call.equals($0, row.document.text($0))
                }
        }
        return try page(call, rows, "ServerGroups") { group in
            var row = group.taggedRow
            row["ServerCount"] = .integer(Int64(store.childCount(.server, of: group.id)))
            let users = store.referrers(of: group.id)
            row["RelatedLoadBalancerIds"] = .array(loadBalancers(using: group.id).map { .string($0) })
            row["RelatedListenerIds"] = .array(users.filter { $0.kind == .listener }.map { .string($0.id) })
            row["RelatedRuleIds"] = .array(users.filter { $0.kind == .rule }.map { .string($0.id) })
            return row
        }
    }

    /// Copies a template's values; later changes of the template don't reach the group.
    func applyHealthCheckTemplate(_ call: Call) throws(CloudRefusal) -> JSONObject {
        let group = try require(.serverGroup, call.text("ServerGroupId"))
        guard let template = store[.healthCheckTemplate, call.text("HealthCheckTemplateId")] else {
            throw .notFound(.healthCheckTemplate)
        }
        try check(group, allows: .change)
        store.update(.serverGroup, group.id) { group in
            var config = group.document.object("HealthCheckConfig")
            for member in template.document.members where Self.healthCheckBlock[member.key] != nil {
                config[member.key] = member.value
            }
            config["HealthCheckEnabled"] = true
            group.document["HealthCheckConfig"] = .object(Self.shownHealthCheck(config))
        }
        return begin(call, [Step(.change, .serverGroup, group.id)])
    }
}
