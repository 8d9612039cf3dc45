// SPDX-License-Identifier: Apache-2.0
import JSON

/// What holds for every container of a pod, in the real server's order.
///
/// - Source: `validateContainerCommon` of Kubernetes 1.36 (seen upstream).
enum ContainerRules {
    private static let pullPolicies = ["Always", "IfNotPresent", "Never"]
    private static let messagePolicies = ["File", "FallbackToLogsOnError"]
    private static let protocols = ["SCTP", "TCP", "UDP"]

    static func check(
        _ container: JSONValue,
        _ pod: PodContext,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let name = container["name"]?.stringValue ?? ""
        if name.isEmpty {
            errors.required(path["name"])
        } else {
            errors.check(name, NameRules.dnsLabel, path["name"])
        }
        errors.needs(container["image"], path["image"])
        errors.choice(
            container["terminationMessagePolicy"],
            messagePolicies,
            path["terminationMessagePolicy"]
        )
        if let ports = container["ports"]?.arrayValue { checkPorts(ports, path["ports"], &errors) }
        if let env = container["env"]?.arrayValue { EnvironmentRules.check(env, path["env"], &errors) }
        if let sources = container["envFrom"]?.arrayValue {
            EnvironmentRules.checkBulk(sources, path["envFrom"], &errors)
        }
        MountRules.check(container, pod.volumes, path, &errors)
        errors.choice(container["imagePullPolicy"], pullPolicies, path["imagePullPolicy"])
        if let resources = container["resources"], resources != [:] {
            ResourceRules.check(resources, claims: pod.claims, path["resources"], &errors)
        }
        if let policies = container["resizePolicy"]?.arrayValue {
            checkResizing(policies, pod.restartPolicy, path["resizePolicy"], &errors)
        }
        if let context = container["securityContext"] {
            let place = path["securityContext"]
            PodSecurityRules.checkContainer(context, sharesUsers: pod.sharesUsers, place, &errors)
        }
    }

    private static func checkPorts(_ ports: [JSONValue], _ path: FieldPath, _ errors: inout FieldErrors) {
        var names: [String] = []
        for (index, port) in ports.enumerated() {
            if let name = port["name"]?.stringValue, !name.isEmpty {
                let messages = NameRules.portName(name)
                for message in messages { errors.invalid(path[index]["name"], .string(name), message) }
                if messages.isEmpty {
                    if names.contains(name) { errors.duplicate(path[index]["name"], .string(name)) }
                    names.append(name)
                }
            }
            if port["containerPort"]?.intValue ?? 0 == 0 {
                errors.required(path[index]["containerPort"])
            } else {
                errors.checkPort(port["containerPort"], path[index]["containerPort"])
            }
            if port["hostPort"]?.intValue ?? 0 != 0 {
                errors.checkPort(port["hostPort"], path[index]["hostPort"])
            }
            errors.choice(port["protocol"], protocols, path[index]["protocol"])
        }
    }

    private static func checkResizing(
        _ policies: [JSONValue],
        _ restartPolicy: String,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        var names: [JSONValue] = []
        for (index, policy) in policies.enumerated() {
            let name = policy["resourceName"] ?? ""
            if names.contains(name) { errors.duplicate(path[index], name) }
            names.append(name)
            errors.choice(name, ["cpu", "memory"], path)
            errors.choice(policy["restartPolicy"], ["NotRequired", "RestartContainer"], path)
            if restartPolicy == "Never", policy["restartPolicy"] != "NotRequired" {
                errors.invalid(
                    path,
                    policy["restartPolicy"] ?? "",
                    "must be 'NotRequired' when `restartPolicy` is 'Never'"
                )
            }
        }
    }

    /// Checks how a container is started again when that differs from its pod.
    ///
    /// - Source: the feature ContainerRestartRules of Kubernetes 1.36 (documented; the words are assumed).
    static func checkRestarts(_ container: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let policy = container["restartPolicy"]
        let rules = container["restartPolicyRules"]?.arrayValue ?? []
        errors.option(policy, ["Always", "Never", "OnFailure"], path["restartPolicy"])
        if policy == nil, !rules.isEmpty {
            errors.required(path["restartPolicy"], "must specify restartPolicy when restart rules are used")
        }
        if rules.count > 20 { errors.tooMany(path["restartPolicyRules"], rules.count, limit: 20) }
        for (index, rule) in rules.enumerated() {
            let place = path["restartPolicyRules"][index]
            errors.option(rule["action"] ?? "", ["Restart"], place["action"])
            guard let codes = rule["exitCodes"] else {
                errors.required(place["exitCodes"], "must be specified")
                continue
            }
            errors.option(codes["operator"] ?? "", ["In", "NotIn"], place["exitCodes"]["operator"])
            let count = codes["values"]?.arrayValue?.count ?? 0
            if count > 255 { errors.tooMany(place["exitCodes"]["values"], count, limit: 255) }
        }
    }
}
