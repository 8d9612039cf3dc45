// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// Puts in the defaults of a type that depend on its other fields.
typealias DefaultRule = @Sendable (inout JSONObject) -> Void

/// The defaults that a table of values can not say.
///
/// - Source: the defaulting functions of Kubernetes 1.36 (seen upstream, and in the answers of a real server).
enum DefaultRules {
    /// The rules by the type's place in the built-in schema.
    static let builtIn: [Int: DefaultRule] = {
        var rules: [Int: DefaultRule] = [:]
        for (name, rule) in named {
            guard let place = Schema.builtIn.place(name) else { preconditionFailure("no type \(name)") }
            rules[place] = rule
        }
        return rules
    }()

    private static let named: [(String, DefaultRule)] = [
        ("Container", container), ("EphemeralContainer", container), ("Pod", pod), ("PodSpec", podSpec),
        ("PodStatus", podStatus),
        ("Volume", volume), ("ServiceSpec", serviceSpec), ("ServicePort", servicePort), ("Secret", secret),
        ("NodeSpec", nodeSpec), ("NodeStatus", nodeStatus),
        ("DeploymentStrategy", deploymentStrategy), ("StatefulSetUpdateStrategy", statefulSetStrategy),
        ("DaemonSetUpdateStrategy", daemonSetStrategy), ("StatefulSetSpec", statefulSetSpec),
        ("NetworkPolicySpec", networkPolicySpec), ("Job", job), ("Namespace", namespace),
        ("CustomResourceDefinitionNames", definitionNames),
    ]

    private static func container(_ container: inout JSONObject) {
        if container["imagePullPolicy"] != nil { return }
        let image = container["image"]?.stringValue ?? ""
        let name = image.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let last = name.first?.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let tag = last.firstIndex(of: ":").map { last[last.index(after: $0)...] }
        let isLatest = tag == "latest" || (tag == nil && name.count == 1)
        insert("imagePullPolicy", .string(isLatest ? "Always" : "IfNotPresent"), into: &container)
    }

    /// The defaults of a pod itself, which a pod template does not get.
    private static func pod(_ pod: inout JSONObject) {
        guard var spec = pod["spec"]?.objectValue else { return }
        if spec["enableServiceLinks"] == nil { insert("enableServiceLinks", true, into: &spec) }
        for list in ["containers", "initContainers"] {
            guard var items = spec[list]?.arrayValue else { continue }
            if items.contains(where: { $0["resources"]?["limits"] != nil }) {
                items = items.map(withRequestsFromLimits)
                spec[list] = .array(items)
            }
            if spec["hostNetwork"] == true { spec[list] = .array(items.map(withHostPorts)) }
        }
        pod["spec"] = .object(spec)
    }

    /// The account has a name of old, which always says the same.
    private static func podSpec(_ spec: inout JSONObject) {
        if let account = spec["serviceAccountName"] {
            if spec["serviceAccount"] != account { insert("serviceAccount", account, into: &spec) }
        } else if let account = spec["serviceAccount"] {
            insert("serviceAccountName", account, into: &spec)
        }
    }

    /// A port of a container on its node's network is the node's.
    private static func withHostPorts(_ container: JSONValue) -> JSONValue {
        guard let ports = container["ports"]?.arrayValue else { return container }
        var container = container
        container["ports"] = .array(
            ports.map { port in
                guard var object = port.objectValue, object["hostPort"] == nil,
                    let number = object["containerPort"]
                else { return port }
                insert("hostPort", number, into: &object)
                return .object(object)
            }
        )
        return container
    }

    private static func withRequestsFromLimits(_ container: JSONValue) -> JSONValue {
        var container = container
        guard let limits = container["resources"]?["limits"]?.objectValue else { return container }
        var requests = container["resources"]?["requests"]?.objectValue ?? [:]
        for limit in limits where requests[limit.key] == nil { requests[limit.key] = limit.value }
        requests.sortKeys()
        container.set(["resources", "requests"], .object(requests))
        return container
    }

    private static func podStatus(_ status: inout JSONObject) {
        if let ip = status["podIP"], status["podIPs"] == nil { insert("podIPs", [["ip": ip]], into: &status) }
    }

    private static func volume(_ volume: inout JSONObject) {
        if volume.count == 1, volume["name"] != nil { volume["emptyDir"] = [:] }
    }

    private static func servicePort(_ port: inout JSONObject) {
        let target = port["targetPort"]
        if target == nil || target == 0 || target == "" {
            insert("targetPort", port["port"] ?? 0, into: &port)
        }
    }

    private static func serviceSpec(_ spec: inout JSONObject) {
        if spec["sessionAffinity"] == "ClientIP" {
            if spec["sessionAffinityConfig"]?["clientIP"]?["timeoutSeconds"] == nil {
                spec["sessionAffinityConfig"] = ["clientIP": ["timeoutSeconds": 10800]]
            }
        } else {
            spec["sessionAffinityConfig"] = nil
        }
        let type = spec["type"]?.stringValue ?? ""
        if type == "NodePort" || type == "LoadBalancer", spec["externalTrafficPolicy"] == nil {
            insert("externalTrafficPolicy", "Cluster", into: &spec)
        }
        if type != "ExternalName", spec["internalTrafficPolicy"] == nil {
            insert("internalTrafficPolicy", "Cluster", into: &spec)
        }
        if type == "LoadBalancer", spec["allocateLoadBalancerNodePorts"] == nil {
            insert("allocateLoadBalancerNodePorts", true, into: &spec)
        }
    }

    /// `stringData` is for writing only: it goes into `data`.
    private static func secret(_ secret: inout JSONObject) {
        guard let texts = secret["stringData"]?.objectValue else { return }
        var data = secret["data"]?.objectValue ?? [:]
        for text in texts {
            data[text.key] = .string(Base64.encode(Array((text.value.stringValue ?? "").utf8)))
        }
        data.sortKeys()
        secret["stringData"] = nil
        if secret["data"] == nil {
            insert("data", .object(data), into: &secret)
        } else {
            secret["data"] = .object(data)
        }
    }

    private static func nodeSpec(_ spec: inout JSONObject) {
        if let range = spec["podCIDR"] {
            if spec["podCIDRs"] == nil { insert("podCIDRs", [range], into: &spec) }
        } else if let first = spec["podCIDRs"]?[0] {
            insert("podCIDR", first, into: &spec)
        }
    }

    private static func nodeStatus(_ status: inout JSONObject) {
        if let capacity = status["capacity"], status["allocatable"] == nil {
            insert("allocatable", capacity, into: &status)
        }
    }

    private static func deploymentStrategy(_ strategy: inout JSONObject) {
        if strategy["type"] == nil { strategy["type"] = "RollingUpdate" }
        guard strategy["type"] == "RollingUpdate" else { return }
        var update = strategy["rollingUpdate"]?.objectValue ?? [:]
        for bound in ["maxSurge", "maxUnavailable"] where update[bound] == nil {
            insert(bound, "25%", into: &update)
        }
        if strategy["rollingUpdate"] == nil { insert("rollingUpdate", .object(update), into: &strategy) }
        strategy["rollingUpdate"] = .object(update)
    }

    private static func statefulSetStrategy(_ strategy: inout JSONObject) {
        if strategy["type"] == nil { strategy["type"] = "RollingUpdate" }
        guard strategy["type"] == "RollingUpdate" else { return }
        if strategy["rollingUpdate"]?["partition"] == nil {
            var update = strategy["rollingUpdate"]?.objectValue ?? [:]
            insert("partition", 0, into: &update)
            if strategy["rollingUpdate"] == nil { insert("rollingUpdate", .object(update), into: &strategy) }
            strategy["rollingUpdate"] = .object(update)
        }
    }

    private static func daemonSetStrategy(_ strategy: inout JSONObject) {
        if strategy["type"] == nil { strategy["type"] = "RollingUpdate" }
        guard strategy["type"] == "RollingUpdate" else { return }
        var update = strategy["rollingUpdate"]?.objectValue ?? [:]
        if update["maxUnavailable"] == nil { update["maxUnavailable"] = 1 }
        if update["maxSurge"] == nil { insert("maxSurge", 0, into: &update) }
        if strategy["rollingUpdate"] == nil { insert("rollingUpdate", .object(update), into: &strategy) }
        strategy["rollingUpdate"] = .object(update)
    }

    private static func statefulSetSpec(_ spec: inout JSONObject) {
        if spec["persistentVolumeClaimRetentionPolicy"] == nil {
            insert(
                "persistentVolumeClaimRetentionPolicy",
                ["whenDeleted": "Retain", "whenScaled": "Retain"],
                into: &spec
            )
        }
    }

    /// The label with a namespace's own name; one whose name is still to be made gets it later.
    private static func namespace(_ namespace: inout JSONObject) {
        guard var metadata = namespace["metadata"]?.objectValue,
            let name = metadata["name"]?.stringValue, !name.isEmpty
        else { return }
        var labels = metadata["labels"]?.objectValue ?? [:]
        labels["kubernetes.io/metadata.name"] = .string(name)
        labels.sortKeys()
        if metadata["labels"] == nil { insert("labels", .object(labels), into: &metadata) }
        metadata["labels"] = .object(labels)
        namespace["metadata"] = .object(metadata)
    }

    /// The defaults of a job itself, which the template of a CronJob does not get.
    private static func job(_ job: inout JSONObject) {
        guard var spec = job["spec"]?.objectValue else { return }
        if spec["completions"] == nil, spec["parallelism"] == nil { insert("completions", 1, into: &spec) }
        let defaults: [(String, JSONValue)] = [
            ("parallelism", 1), ("backoffLimit", 6), ("completionMode", "NonIndexed"), ("suspend", false),
            ("podReplacementPolicy", spec["podFailurePolicy"] == nil ? "TerminatingOrFailed" : "Failed"),
        ]
        for (name, value) in defaults where spec[name] == nil { insert(name, value, into: &spec) }
        job["spec"] = .object(spec)
    }

    private static func networkPolicySpec(_ spec: inout JSONObject) {
        guard spec["policyTypes"] == nil else { return }
        spec["policyTypes"] = spec["egress"] == nil ? ["Ingress"] : ["Ingress", "Egress"]
    }

    private static func definitionNames(_ names: inout JSONObject) {
        let kind = names["kind"]?.stringValue ?? ""
        guard !kind.isEmpty else { return }
        if names["singular"] == nil { insert("singular", .string(kind.lowercased()), into: &names) }
        if names["listKind"] == nil { insert("listKind", .string(kind + "List"), into: &names) }
    }

    /// Adds a member at its place in the order of names, which is the schema's order within a type.
    static func insert(_ key: String, _ value: JSONValue, into object: inout JSONObject) {
        if object[key] != nil {
            object[key] = value
            return
        }
        var members = object.members
        // `kind`, `apiVersion` and `metadata` come first and out of order; search from the end.
        var place = members.count
        while place > 0, key.utf8.lexicographicallyPrecedes(members[place - 1].key.utf8),
            !["kind", "apiVersion", "metadata"].contains(members[place - 1].key)
        {
            place -= 1
        }
        members.insert(JSONObject.Member(key: key, value: value), at: place)
        object = JSONObject(distinct: members)
    }
}
