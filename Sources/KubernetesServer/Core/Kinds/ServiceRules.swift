// SPDX-License-Identifier: Apache-2.0
import JSON

/// Services: all but their addresses and node ports, which `ServiceAllocator` gives out.
///
/// - Source: `ValidateService` of Kubernetes 1.36 (seen upstream, and in a real server's answers).
enum ServiceRules {
    static let service = KindRules(
        nameRule: NameRules.dnsLabel,
        hasStatus: true,
        returnsDeleted: true,
        prepareForCreate: { object in normalise(&object) },
        prepareForUpdate: { new, old in carryOver(&new, old) },
        check: check,
        checkUpdate: checkUpdate
    )

    /// The type of a Service.
    static func type(_ object: ResourceObject) -> String { object["spec", "type"]?.stringValue ?? "" }

    /// The ports of a Service.
    static func ports(_ object: ResourceObject) -> [JSONValue] { object["spec", "ports"]?.arrayValue ?? [] }

    /// Keeps `clusterIP` and `clusterIPs` alike, and the address families with them.
    static func normalise(_ object: inout ResourceObject) {
        guard var spec = object.content["spec"]?.objectValue else { return }
        if let ip = spec["clusterIP"] {
            if spec["clusterIPs"] == nil { DefaultRules.insert("clusterIPs", [ip], into: &spec) }
        } else if let first = spec["clusterIPs"]?[0] {
            DefaultRules.insert("clusterIP", first, into: &spec)
        }
        if spec["type"] == "ExternalName" {
            spec["ipFamilies"] = nil
            spec["ipFamilyPolicy"] = nil
        } else {
            if spec["ipFamilies"] == nil { DefaultRules.insert("ipFamilies", ["IPv4"], into: &spec) }
            if spec["ipFamilyPolicy"] == nil {
                DefaultRules.insert("ipFamilyPolicy", "SingleStack", into: &spec)
            }
        }
        object.content["spec"] = .object(spec)
    }

    /// Lets `clusterIPs` follow a client that knows `clusterIP` alone.
    ///
    /// - Source: `normalizeClusterIPs` of kube-apiserver (seen upstream).
    private static func linkAddresses(_ new: inout ResourceObject, _ old: ResourceObject) {
        let (one, all) = (new["spec", "clusterIP"], new["spec", "clusterIPs"])
        let isSame = one == old["spec", "clusterIP"]
        if all == nil, isSame, one != nil {
            new.set(["spec", "clusterIPs"], old["spec", "clusterIPs"])
        } else if !isSame, all != nil, all == old["spec", "clusterIPs"] {
            new.set(["spec", "clusterIPs"], one.map { [$0] })
        }
    }

    /// Gives an update what was given out before and what the client left open.
    private static func carryOver(_ new: inout ResourceObject, _ old: ResourceObject) {
        linkAddresses(&new, old)
        let needsAddress = type(new) != "ExternalName"
        if needsAddress, type(old) != "ExternalName", new["spec", "clusterIP"] == nil,
            new["spec", "clusterIPs"] == nil, let ip = old["spec", "clusterIP"]
        {
            new.set(["spec", "clusterIP"], ip)
            new.set(["spec", "clusterIPs"], old["spec", "clusterIPs"])
        }
        if usesNodePorts(new), usesNodePorts(old) {
            let known = ports(old)
            let carried = ports(new).map { port -> JSONValue in
                guard port["nodePort"] == nil,
                    let twin = known.first(where: {
                        $0["port"] == port["port"] && $0["protocol"] == port["protocol"]
                    }),
                    let number = twin["nodePort"], var object = port.objectValue
                else { return port }
                DefaultRules.insert("nodePort", number, into: &object)
                return .object(object)
            }
            if !carried.isEmpty { new.set(["spec", "ports"], .array(carried)) }
        } else if usesNodePorts(old), !usesNodePorts(new) {
            dropNodePorts(&new, ports(old))
        }
        // Fields that belong to another type go with it, unless the client set them itself.
        for (field, types) in fieldsOfTypes
        where !types.contains(type(new)) && types.contains(type(old))
            && new["spec", field] == old["spec", field]
        {
            new.set(["spec", field], nil)
        }
        normalise(&new)
    }

    private static let fieldsOfTypes: [(String, [String])] = [
        ("externalTrafficPolicy", ["NodePort", "LoadBalancer"]),
        ("allocateLoadBalancerNodePorts", ["LoadBalancer"]), ("externalName", ["ExternalName"]),
        ("healthCheckNodePort", ["LoadBalancer"]), ("loadBalancerClass", ["LoadBalancer"]),
    ]

    private static func dropNodePorts(_ new: inout ResourceObject, _ old: [JSONValue]) {
        let kept = ports(new).map { port -> JSONValue in
            guard let number = port["nodePort"], old.contains(where: { $0["nodePort"] == number }) else {
                return port
            }
            var port = port
            port["nodePort"] = nil
            return port
        }
        if !kept.isEmpty { new.set(["spec", "ports"], .array(kept)) }
    }

    /// True for the types whose ports open on every node.
    static func usesNodePorts(_ object: ResourceObject) -> Bool {
        switch type(object) {
        case "NodePort": true
        case "LoadBalancer": object["spec", "allocateLoadBalancerNodePorts"] != false
        default: false
        }
    }

    static func isHeadless(_ object: ResourceObject) -> Bool { object["spec", "clusterIP"] == "None" }

    private static let path = FieldPath("spec")

    private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let type = type(object)
        let ports = ports(object)
        if ports.isEmpty, !isHeadless(object), type != "ExternalName" { errors.required(path["ports"]) }
        switch type {
        case "LoadBalancer" where isHeadless(object), "NodePort" where isHeadless(object):
            errors.invalid(path["clusterIPs"][0], "None", "may not be set to 'None' for \(type) services")
        case "ExternalName": checkExternalName(object, &errors)
        default: break
        }
        var names: [String] = []
        for (index, port) in ports.enumerated() {
            checkPort(port, needsName: ports.count > 1, &names, path["ports"][index], &errors)
        }
        if let selector = object["spec", "selector"]?.objectValue {
            MetadataValidation.checkLabels(selector, path["selector"], &errors)
        }
        checkAffinity(object, &errors)
        checkAddresses(object, &errors)
        if !["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"].contains(type) {
            errors.unsupported(
                path["type"],
                .string(type),
                ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
            )
        }
        checkTwins(ports, &errors)
        if type == "ClusterIP" {
            for (index, port) in ports.enumerated() where port["nodePort"] != nil {
                errors.forbidden(
                    path["ports"][index]["nodePort"],
                    "may not be used when `type` is 'ClusterIP'"
                )
            }
        }
        checkTraffic(object, &errors)
    }

    private static func checkExternalName(_ object: ResourceObject, _ errors: inout FieldErrors) {
        for (index, ip) in (object["spec", "clusterIPs"]?.arrayValue ?? []).enumerated() {
            errors.forbidden(
                path["clusterIPs"][index],
                "may not be set when `type` is 'ExternalName' (\(ip.stringValue ?? ""))"
            )
        }
        let name = object["spec", "externalName"]?.stringValue ?? ""
        if name.isEmpty { return errors.required(path["externalName"]) }
        let trimmed = name.hasSuffix(".") ? String(name.dropLast()) : name
        for message in NameRules.dnsSubdomain(trimmed) {
            errors.invalid(path["externalName"], .string(name), message)
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
            for message in NameRules.dnsLabel(name) { errors.invalid(path["name"], .string(name), message) }
            if names.contains(name) { errors.duplicate(path["name"], .string(name)) }
            names.append(name)
        }
        let number = port["port"]?.intValue ?? 0
        for message in NameRules.portNumber(number) {
            errors.invalid(path["port"], .integer(Int64(number)), message)
        }
        let kind = port["protocol"]?.stringValue ?? ""
        if kind.isEmpty {
            errors.required(path["protocol"])
        } else if !["SCTP", "TCP", "UDP"].contains(kind) {
            errors.unsupported(path["protocol"], .string(kind), ["SCTP", "TCP", "UDP"])
        }
        switch port["targetPort"] {
        case .integer(let number)?:
            for message in NameRules.portNumber(Int(number)) {
                errors.invalid(path["targetPort"], .integer(number), message)
            }
        case .string(let name)?:
            for message in NameRules.portName(name) {
                errors.invalid(path["targetPort"], .string(name), message)
            }
        default: break
        }
        if let text = port["appProtocol"]?.stringValue {
            for message in NameRules.qualifiedName(text) {
                errors.invalid(path["appProtocol"], .string(text), message)
            }
        }
    }

    private static func checkAffinity(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let affinity = object["spec", "sessionAffinity"]?.stringValue ?? ""
        if affinity.isEmpty {
            errors.required(path["sessionAffinity"])
        } else if affinity != "ClientIP", affinity != "None" {
            errors.unsupported(path["sessionAffinity"], .string(affinity), ["ClientIP", "None"])
        }
        guard affinity == "ClientIP" else { return }
        let seconds = object["spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"]?.intValue ?? 0
        if !(1...86_400).contains(seconds) {
            errors.invalid(
                path["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"],
                .integer(Int64(seconds)),
                "must be greater than 0 and less than 86400"
            )
        }
    }

    private static func checkAddresses(_ object: ResourceObject, _ errors: inout FieldErrors) {
        if !isHeadless(object), type(object) != "ExternalName" {
            for (index, ip) in (object["spec", "clusterIPs"]?.arrayValue ?? []).enumerated() {
                _ = errors.checkIP(ip.stringValue ?? "", path["clusterIPs"][index])
            }
        }
        for (index, ip) in (object["spec", "externalIPs"]?.arrayValue ?? []).enumerated() {
            let text = ip.stringValue ?? ""
            if let address = errors.checkIP(text, path["externalIPs"][index]) {
                errors.checkEndpointIP(address, text, path["externalIPs"][index])
            }
        }
    }

    private static func checkTwins(_ ports: [JSONValue], _ errors: inout FieldErrors) {
        for (index, port) in ports.enumerated()
        where ports[..<index].contains(where: {
            $0["port"] == port["port"] && $0["protocol"] == port["protocol"]
        }) {
            let twin: JSONValue = [
                "Name": "", "Protocol": port["protocol"] ?? "", "AppProtocol": nil, "Port": port["port"] ?? 0,
                "TargetPort": 0, "NodePort": 0,
            ]
            errors.duplicate(path["ports"][index], twin)
        }
        for (index, port) in ports.enumerated() {
            guard let number = port["nodePort"] else { continue }
            if ports[..<index].contains(where: {
                $0["nodePort"] == number && $0["protocol"] == port["protocol"]
            }) {
                errors.duplicate(path["ports"][index]["nodePort"], number)
            }
        }
    }

    private static func checkTraffic(_ object: ResourceObject, _ errors: inout FieldErrors) {
        if let policy = object["spec", "externalTrafficPolicy"] {
            let isExternal =
                ["NodePort", "LoadBalancer"].contains(type(object)) || object["spec", "externalIPs"] != nil
            if !isExternal {
                errors.invalid(
                    path["externalTrafficPolicy"],
                    policy,
                    "may only be set for externally-accessible services"
                )
            } else if policy != "Cluster", policy != "Local" {
                errors.unsupported(path["externalTrafficPolicy"], policy, ["Cluster", "Local"])
            }
        }
        if let policy = object["spec", "internalTrafficPolicy"], policy != "Cluster", policy != "Local" {
            errors.unsupported(path["internalTrafficPolicy"], policy, ["Cluster", "Local"])
        }
    }

    private static func checkUpdate(_ new: ResourceObject, _ old: ResourceObject, _ errors: inout FieldErrors)
    {
        guard type(old) != "ExternalName", type(new) != "ExternalName" else { return }
        let before = old["spec", "clusterIPs"]?.arrayValue ?? []
        let after = new["spec", "clusterIPs"]?.arrayValue ?? []
        for (index, ip) in before.enumerated() where index >= after.count || after[index] != ip {
            let shown: JSONValue = index < after.count ? .array(after) : .null
            errors.invalid(path["clusterIPs"][index], shown, "may not change once set")
        }
    }
}
