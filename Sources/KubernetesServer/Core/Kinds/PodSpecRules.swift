// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks the spec of a pod, on its own or in a template, in the real server's order.
///
/// - Source: `ValidatePodSpec` of Kubernetes 1.36 (seen upstream); pods for Windows are looked into little.
enum PodSpecRules {
    private static let restartPolicies = ["Always", "OnFailure", "Never"]
    private static let dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]

    static func check(
        _ spec: JSONValue,
        _ path: FieldPath,
        isTemplate: Bool = false,
        _ errors: inout FieldErrors
    ) {
        if spec["terminationGracePeriodSeconds"] == nil {
            errors.required(path["terminationGracePeriodSeconds"])
        }
        let pod = context(spec, isPod: !isTemplate, path, &errors)
        ContainerListRules.check(spec, pod, path, &errors)
        if let resources = spec["resources"], resources != [:] {
            PodResourceRules.check(spec, resources, path["resources"], &errors)
        }
        if spec["hostNetwork"] == true { checkHostPorts(spec, pod, path["containers"], &errors) }
        errors.choice(spec["restartPolicy"], restartPolicies, path["restartPolicy"])
        errors.choice(spec["dnsPolicy"], dnsPolicies, path["dnsPolicy"])
        if let selector = spec["nodeSelector"]?.objectValue {
            MetadataValidation.checkLabels(selector, path["nodeSelector"], &errors)
        }
        PodSecurityRules.check(spec, path, &errors)
        checkPlacing(spec, path, &errors)
        PodSecurityRules.checkUsers(spec, path, &errors)
        checkNames(spec, path, &errors)
        checkRest(spec, path, &errors)
    }

    /// Checks volumes and claims, and gathers what containers need to know.
    private static func context(
        _ spec: JSONValue,
        isPod: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) -> PodContext {
        var pod = PodContext()
        pod.isPod = isPod
        if let volumes = spec["volumes"]?.arrayValue {
            pod.volumes = VolumeRules.check(volumes, isPod: isPod, path["volumes"], &errors)
        }
        pod.grace = spec["terminationGracePeriodSeconds"]?.intValue
        pod.restartPolicy = spec["restartPolicy"]?.stringValue ?? ""
        pod.sharesUsers = spec["hostUsers"] != false
        for (index, claim) in (spec["resourceClaims"]?.arrayValue ?? []).enumerated() {
            PodResourceRules.checkClaim(claim, pod.claims, path["resourceClaims"][index], &errors)
            pod.claims.append(claim["name"]?.stringValue ?? "")
        }
        return pod
    }

    private static func checkHostPorts(
        _ spec: JSONValue,
        _ pod: PodContext,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        for (index, container) in (spec["containers"]?.arrayValue ?? []).enumerated() {
            for (place, port) in (container["ports"]?.arrayValue ?? []).enumerated() {
                let host = port["hostPort"]?.intValue ?? 0
                if !pod.isPod && host == 0 || host == port["containerPort"]?.intValue ?? 0 { continue }
                errors.invalid(
                    path[index]["ports"][place]["hostPort"],
                    .integer(Int64(host)),
                    "must match `containerPort` when `hostNetwork` is true"
                )
            }
        }
    }

    private static func checkPlacing(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        if let affinity = spec["affinity"] { AffinityRules.check(affinity, path["affinity"], &errors) }
        if spec["dnsConfig"] != nil || spec["dnsPolicy"] == "None" {
            ResolverRules.check(spec, path["dnsConfig"], &errors)
        }
        for (index, gate) in (spec["readinessGates"]?.arrayValue ?? []).enumerated() {
            errors.check(
                gate["conditionType"]?.stringValue ?? "",
                NameRules.qualifiedName,
                path["readinessGates"][index]["conditionType"]
            )
        }
        let gates = (spec["schedulingGates"]?.arrayValue ?? []).map { $0["name"]?.stringValue ?? "" }
        for (index, gate) in gates.enumerated() {
            errors.check(gate, NameRules.qualifiedName, path["schedulingGates"][index])
            if gates[..<index].contains(gate) {
                errors.duplicate(path["schedulingGates"][index], .string(gate))
            }
        }
        if let constraints = spec["topologySpreadConstraints"]?.arrayValue {
            SpreadRules.check(constraints, path["topologySpreadConstraints"], &errors)
        }
    }

    private static func checkNames(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        errors.checkGiven(
            spec["serviceAccountName"],
            NameRules.dnsSubdomain,
            path["serviceAccountName"]
        )
        errors.checkGiven(spec["nodeName"], NameRules.dnsSubdomain, path["nodeName"])
        if let seconds = spec["activeDeadlineSeconds"]?.intValue, !(1...2_147_483_647).contains(seconds) {
            errors.invalid(
                path["activeDeadlineSeconds"],
                .integer(Int64(seconds)),
                "must be between 1 and 2147483647, inclusive"
            )
        }
        errors.checkGiven(spec["hostname"], NameRules.dnsLabel, path["hostname"])
        errors.checkGiven(spec["subdomain"], NameRules.dnsLabel, path["subdomain"])
    }

    private static func checkRest(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        if let tolerations = spec["tolerations"]?.arrayValue {
            TolerationRules.check(tolerations, path["tolerations"], &errors)
        }
        for (index, alias) in (spec["hostAliases"]?.arrayValue ?? []).enumerated() {
            let place = path["hostAliases"][index]
            _ = errors.checkIP(alias["ip"]?.stringValue ?? "", place["ip"])
            for (slot, name) in (alias["hostnames"]?.arrayValue ?? []).enumerated() {
                errors.check(name.stringValue ?? "", NameRules.dnsSubdomain, place["hostnames"][slot])
            }
        }
        errors.checkGiven(spec["priorityClassName"], NameRules.dnsSubdomain, path["priorityClassName"])
        if let name = spec["runtimeClassName"]?.stringValue {
            errors.check(name, NameRules.dnsSubdomain, path["runtimeClassName"])
        }
        if let policy = spec["preemptionPolicy"] {
            errors.choice(policy, ["PreemptLowerPriority", "Never"], path["preemptionPolicy"])
        }
        if let overhead = spec["overhead"] {
            ResourceRules.check(["limits": overhead], claims: [], path["overhead"], &errors)
        }
        guard let system = spec["os"] else { return }
        if (system["name"]?.stringValue ?? "").isEmpty {
            errors.required(path["os"]["name"], "cannot be empty")
        } else {
            errors.option(system["name"], ["linux", "windows"], path["os"])
        }
    }

    /// Checks what a pod has to hold to, and a template not yet.
    static func checkPod(_ spec: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        if (spec["serviceAccountName"]?.stringValue ?? "").isEmpty {
            for (index, volume) in (spec["volumes"]?.arrayValue ?? []).enumerated() {
                for (slot, source) in (volume["projected"]?["sources"]?.arrayValue ?? []).enumerated()
                where source["serviceAccountToken"] != nil {
                    errors.forbidden(
                        path["volumes"][index]["projected"]["sources"][slot]["serviceAccountToken"],
                        "must not be specified when serviceAccountName is not set"
                    )
                }
            }
        }
        for list in ["containers", "initContainers"] {
            for (index, container) in (spec[list]?.arrayValue ?? []).enumerated() {
                ContainerListRules.checkImage(container, path[list][index], &errors)
            }
        }
    }

    /// What is allowed but probably not meant.
    static func warnings(_ spec: JSONValue, _ path: FieldPath) -> [String] {
        var warnings: [String] = []
        for list in ["initContainers", "containers"] {
            for (index, container) in (spec[list]?.arrayValue ?? []).enumerated() {
                var names: [String] = []
                for (place, variable) in (container["env"]?.arrayValue ?? []).enumerated() {
                    let name = variable["name"]?.stringValue ?? ""
                    if names.contains(name) {
                        warnings.append(
                            "\(path[list][index]["env"][place]): hides previous definition of \"\(name)\", "
                                + "which may be dropped when using apply"
                        )
                    }
                    names.append(name)
                }
            }
        }
        return warnings
    }
}
