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
        check: ServiceChecks.check,
        checkUpdate: ServiceChecks.checkUpdate,
        checksChangeFirst: true,
        checkStatusUpdate: ServiceChecks.checkStatus
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
        if spec["type"] != "ExternalName" {
            if spec["ipFamilyPolicy"] == nil {
                let isDual = [spec["ipFamilies"], spec["clusterIPs"]].contains { $0?.arrayValue?.count == 2 }
                let policy: JSONValue = isDual ? "RequireDualStack" : "SingleStack"
                DefaultRules.insert("ipFamilyPolicy", policy, into: &spec)
            }
            if spec["ipFamilies"] == nil { DefaultRules.insert("ipFamilies", ["IPv4"], into: &spec) }
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
        ("clusterIP", inside), ("clusterIPs", inside), ("ipFamilies", inside), ("ipFamilyPolicy", inside),
        ("externalTrafficPolicy", ["NodePort", "LoadBalancer"]),
        ("allocateLoadBalancerNodePorts", ["LoadBalancer"]), ("externalName", ["ExternalName"]),
        ("healthCheckNodePort", ["LoadBalancer"]), ("loadBalancerClass", ["LoadBalancer"]),
    ]

    /// The types that have an address in the cluster.
    private static let inside = ["ClusterIP", "NodePort", "LoadBalancer"]

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

    /// True when the nodes answer for whether they have pods of the Service.
    static func needsHealthCheck(_ object: ResourceObject) -> Bool {
        type(object) == "LoadBalancer" && object["spec", "externalTrafficPolicy"] == "Local"
    }
}
