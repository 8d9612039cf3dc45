// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a Service may be, in the real server's order.
///
/// - Source: `ValidateService` of Kubernetes 1.36 (seen upstream, and in a real server's answers).
enum ServiceChecks {
    private static let path = FieldPath("spec")
    private static let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
    private static let onlyForBalancers = "may only be used when `type` is 'LoadBalancer'"

    @Sendable static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        checkTopology(object, &errors)
        let spec = object.content["spec"] ?? [:]
        let type = spec["type"]?.stringValue ?? ""
        let ports = ServiceRules.ports(object)
        let isHeadless = ServiceRules.isHeadless(object)
        if ports.isEmpty, !isHeadless, type != "ExternalName" { errors.required(path["ports"]) }
        if isHeadless, type == "LoadBalancer" || type == "NodePort" {
            errors.invalid(path["clusterIPs"][0], "None", "may not be set to 'None' for \(type) services")
        }
        if type == "ExternalName" { checkExternalName(spec, &errors) }
        var names: [String] = []
        for (index, port) in ports.enumerated() {
            checkPort(port, needsName: ports.count > 1, &names, path["ports"][index], &errors)
        }
        if let selector = spec["selector"]?.objectValue {
            MetadataValidation.checkLabels(selector, path["selector"], &errors)
        }
        checkAffinity(spec, &errors)
        if type != "ExternalName" { ServiceAddressRules.check(spec, &errors) }
        for (index, ip) in (spec["externalIPs"]?.arrayValue ?? []).enumerated() {
            let text = ip.stringValue ?? ""
            if let address = errors.checkIP(text, path["externalIPs"][index]) {
                errors.checkEndpointIP(address, text, path["externalIPs"][index])
            }
        }
        errors.choice(spec["type"], types, path["type"])
        checkTwins(ports, isInside: type == "ClusterIP", &errors)
        checkBalancer(object, spec, isBalancer: type == "LoadBalancer", &errors)
        checkTraffic(object, spec, &errors)
    }

    private static func checkTopology(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let annotations = object.metadata.annotations
        if annotations.isEmpty { return }
        let hints = "service.kubernetes.io/topology-aware-hints"
        let mode = "service.kubernetes.io/topology-mode"
        if let value = annotations[mode], let other = annotations[hints], value != other {
            errors.invalid(
                FieldPath("metadata")["annotations"].key(mode),
                value,
                "must match annotations[\(hints)] when both are specified"
            )
        }
    }

    private static func checkExternalName(_ spec: JSONValue, _ errors: inout FieldErrors) {
        for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] where spec[field] != nil {
            errors.forbidden(path[field], "may not be set for ExternalName services")
        }
        let name = spec["externalName"]?.stringValue ?? ""
        let trimmed = name.hasSuffix(".") ? String(name.dropLast()) : name
        if trimmed.isEmpty { return errors.required(path["externalName"]) }
        for message in NameRules.dnsSubdomain(trimmed) {
            errors.invalid(path["externalName"], .string(trimmed), message)
        }
    }

    private static func checkPort(
        _ port: JSONValue,
        needsName: Bool,
        _ names: inout [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let name = port["name"]?.stringValue ?? ""
        if name.isEmpty {
            if needsName { errors.required(path["name"]) }
        } else {
            errors.check(name, NameRules.dnsLabel, path["name"])
            if names.contains(name) { errors.duplicate(path["name"], .string(name)) }
            names.append(name)
        }
        errors.checkPort(port["port"] ?? 0, path["port"])
        errors.choice(port["protocol"], ["SCTP", "TCP", "UDP"], path["protocol"])
        errors.checkPort(port["targetPort"], path["targetPort"])
        if let text = port["appProtocol"]?.stringValue {
            errors.check(text, NameRules.qualifiedName, path["appProtocol"])
        }
    }

    private static func checkAffinity(_ spec: JSONValue, _ errors: inout FieldErrors) {
        let affinity = spec["sessionAffinity"]
        errors.choice(affinity, ["ClientIP", "None"], path["sessionAffinity"])
        let config = spec["sessionAffinityConfig"]
        if affinity == "None", config != nil {
            let message = "must not be set when session affinity is None"
            errors.forbidden(path["sessionAffinityConfig"], message)
        }
        guard affinity == "ClientIP" else { return }
        let seconds = config?["clientIP"]?["timeoutSeconds"]?.intValue ?? 0
        if !(1...86_400).contains(seconds) {
            errors.invalid(
                path["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"],
                .integer(Int64(seconds)),
                "must be greater than 0 and less than 86400"
            )
        }
    }

    private static func checkTwins(_ ports: [JSONValue], isInside: Bool, _ errors: inout FieldErrors) {
        func hasTwin(_ index: Int, _ field: String) -> Bool {
            ports[..<index].contains {
                $0[field] == ports[index][field] && $0["protocol"] == ports[index]["protocol"]
            }
        }
        for (index, port) in ports.enumerated() where isInside && port["nodePort"] != nil {
            let message = "may not be used when `type` is 'ClusterIP'"
            errors.forbidden(path["ports"][index]["nodePort"], message)
        }
        for (index, port) in ports.enumerated() {
            guard let number = port["nodePort"], hasTwin(index, "nodePort") else { continue }
            errors.duplicate(path["ports"][index]["nodePort"], number)
        }
        for (index, port) in ports.enumerated() where hasTwin(index, "port") {
            let twin: JSONValue = [
                "Name": "", "Protocol": port["protocol"] ?? "", "AppProtocol": nil, "Port": port["port"] ?? 0,
                "TargetPort": 0, "NodePort": 0,
            ]
            errors.duplicate(path["ports"][index], twin)
        }
    }

    private static func checkBalancer(
        _ object: ResourceObject,
        _ spec: JSONValue,
        isBalancer: Bool,
        _ errors: inout FieldErrors
    ) {
        let annotation = "service.beta.kubernetes.io/load-balancer-source-ranges"
        if let ranges = spec["loadBalancerSourceRanges"]?.arrayValue {
            let place = path["LoadBalancerSourceRanges"]
            if !isBalancer { errors.forbidden(place, onlyForBalancers) }
            for (index, range) in ranges.enumerated() {
                errors.checkNetwork(trimmed(range.stringValue ?? ""), place[index])
            }
        } else if let ranges = object.metadata.annotations[annotation]?.stringValue {
            let place = FieldPath("metadata")["annotations"].key(annotation)
            if !isBalancer { errors.forbidden(place, onlyForBalancers) }
            for range in trimmed(ranges).split(separator: ",", omittingEmptySubsequences: false)
            where !trimmed(ranges).isEmpty {
                errors.checkNetwork(trimmed(String(range)), place)
            }
        }
        if spec["allocateLoadBalancerNodePorts"] != nil, !isBalancer {
            errors.forbidden(path["allocateLoadBalancerNodePorts"], onlyForBalancers)
        }
        checkClass(spec, isBalancer: isBalancer, &errors)
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func checkClass(_ spec: JSONValue, isBalancer: Bool, _ errors: inout FieldErrors) {
        guard let name = spec["loadBalancerClass"]?.stringValue else { return }
        if isBalancer {
            errors.check(name, NameRules.qualifiedName, path["loadBalancerClass"])
        } else {
            errors.forbidden(path["loadBalancerClass"], onlyForBalancers)
        }
    }

    private static let distributions = ["PreferClose", "PreferSameNode", "PreferSameZone"]

    private static func checkTraffic(
        _ object: ResourceObject,
        _ spec: JSONValue,
        _ errors: inout FieldErrors
    ) {
        let type = spec["type"]?.stringValue ?? ""
        let isExternal =
            type == "NodePort" || type == "LoadBalancer"
            || type == "ClusterIP" && spec["externalIPs"] != nil
        let policy = spec["externalTrafficPolicy"]
        if isExternal {
            errors.choice(policy, ["Cluster", "Local"], path["externalTrafficPolicy"])
        } else if let policy {
            let message = "may only be set for externally-accessible services"
            errors.invalid(path["externalTrafficPolicy"], policy, message)
        }
        if let port = spec["healthCheckNodePort"] {
            if ServiceRules.needsHealthCheck(object) {
                errors.checkPort(port, path["healthCheckNodePort"])
            } else {
                errors.invalid(
                    path["healthCheckNodePort"],
                    port,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
                )
            }
        }
        errors.option(
            spec["internalTrafficPolicy"],
            ["Cluster", "Local"],
            path["internalTrafficPolicy"]
        )
        errors.option(spec["trafficDistribution"], distributions, path["trafficDistribution"])
    }

    // MARK: Changes

    @Sendable static func checkUpdate(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        ServiceAddressRules.checkUpdate(new, old, &errors)
        let isBalancer = ServiceRules.type(new) == "LoadBalancer"
        let name = new["spec", "loadBalancerClass"]
        if isBalancer, ServiceRules.type(old) == "LoadBalancer", name != old["spec", "loadBalancerClass"] {
            errors.invalid(path["loadBalancerClass"], name ?? .null, "may not change once set")
        }
        checkClass(new.content["spec"] ?? [:], isBalancer: isBalancer, &errors)
        if ServiceRules.needsHealthCheck(new), ServiceRules.needsHealthCheck(old),
            new["spec", "healthCheckNodePort"] != old["spec", "healthCheckNodePort"]
        {
            errors.forbidden(path["healthCheckNodePort"], "field is immutable")
        }
    }

    @Sendable static func checkStatus(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let place = FieldPath("status")["loadBalancer"]["ingress"]
        let entries = new["status", "loadBalancer", "ingress"]?.arrayValue ?? []
        if entries.isEmpty { return }
        if ServiceRules.type(new) != "LoadBalancer" {
            let message = "may only be used when `spec.type` is 'LoadBalancer'"
            return errors.forbidden(place, message)
        }
        for (index, entry) in entries.enumerated() {
            let ip = entry["ip"]?.stringValue ?? ""
            if !ip.isEmpty { _ = errors.checkIP(ip, place[index]["ip"]) }
            if ip.isEmpty, entry["ipMode"] != nil {
                let message = "may not be specified when `ip` is not set"
                errors.forbidden(place[index]["ipMode"], message)
            } else {
                errors.option(entry["ipMode"], ["Proxy", "VIP"], place[index]["ipMode"])
            }
            guard let host = entry["hostname"]?.stringValue, !host.isEmpty else { continue }
            errors.check(host, NameRules.dnsSubdomain, place[index]["hostname"])
            if IPAddress(host) != nil {
                let message = "must be a DNS name, not an IP address"
                errors.invalid(place[index]["hostname"], .string(host), message)
            }
        }
    }
}
