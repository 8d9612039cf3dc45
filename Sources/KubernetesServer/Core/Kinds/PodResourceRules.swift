// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a pod asks for as a whole, and its claims for devices.
///
/// - Source: `validatePodResources` and `validatePodResourceClaim` of Kubernetes 1.36 (seen upstream).
enum PodResourceRules {
    static func check(
        _ spec: JSONValue,
        _ resources: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if resources["claims"] != nil {
            errors.forbidden(path["claims"], "claims cannot be set for Resources at pod-level")
        }
        ResourceRules.check(resources, claims: [], isPod: true, path, &errors)
        let containers = spec["containers"]?.arrayValue ?? []
        for name in ["cpu", "memory"] {
            let total = asked(containers, spec["initContainers"]?.arrayValue ?? [], name)
            let own = resources["requests"]?[name]?.stringValue ?? "0"
            guard total > Quantity(own)?.thousandths ?? 0 else { continue }
            let shown = total % 1000 == 0 ? "\(total / 1000)" : "\(total)m"
            errors.invalid(
                path["requests"].key(name),
                .string(own),
                "must be greater than or equal to aggregate container requests of "
                    + (Quantity(shown)?.description ?? shown)
            )
        }
        for (index, container) in containers.enumerated() {
            for limit in container["resources"]?["limits"]?.objectValue ?? [:] {
                guard let bound = Quantity(resources["limits"]?[limit.key]?.stringValue ?? ""),
                    let amount = Quantity(limit.value.stringValue ?? ""),
                    amount.thousandths > bound.thousandths
                else { continue }
                errors.invalid(
                    path["containers"][index].key(limit.key)["limits"],
                    limit.value,
                    "must be less than or equal to pod limits of \(bound)"
                )
            }
        }
    }

    /// What the containers ask for together: those that run beside each other, or more while the pod begins.
    private static func asked(_ containers: [JSONValue], _ inits: [JSONValue], _ name: String) -> Int64 {
        func amount(_ container: JSONValue) -> Int64 {
            Quantity(container["resources"]?["requests"]?[name]?.stringValue ?? "0")?.thousandths ?? 0
        }
        var total = containers.reduce(0) { $0 + amount($1) }
        var beside: Int64 = 0
        var most: Int64 = 0
        for container in inits {
            if container["restartPolicy"] == "Always" {
                total += amount(container)
                beside += amount(container)
                most = max(most, beside)
            } else {
                most = max(most, beside + amount(container))
            }
        }
        return max(total, most)
    }

    static func checkClaim(
        _ claim: JSONValue,
        _ known: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let name = claim["name"]?.stringValue ?? ""
        if name.isEmpty {
            errors.required(path["name"])
        } else if known.contains(name) {
            errors.duplicate(path["name"], .string(name))
        } else {
            errors.check(name, NameRules.dnsLabel, path["name"])
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"]
        let shown = { GoView.structure(claim, ["name"] + sources) }
        switch sources.filter({ claim[$0] != nil }).count {
        case 0:
            let message = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            errors.invalid(path, shown(), message)
        case 2:
            errors.invalid(
                path,
                shown(),
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            )
        default: break
        }
        for source in sources {
            if let text = claim[source]?.stringValue {
                errors.check(text, NameRules.dnsSubdomain, path[source])
            }
        }
    }
}
