// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a container or a pod asks for and is limited to.
///
/// - Source: `validateResourceRequirements` and the helpers for names of resources of Kubernetes 1.36 (seen
///   upstream). The real server goes through a map, in no sure order; here it is the object's.
enum ResourceRules {
    /// The names without a domain that stand for something at all.
    private static let standard: Set<String> = [
        "cpu", "memory", "ephemeral-storage", "storage", "pods", "resourcequotas", "services",
        "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports",
        "services.loadbalancers", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
        "requests.storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage",
    ]
    /// Those that are counted.
    private static let counted: Set<String> = [
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
        "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
    ]

    private static func isPages(_ name: String) -> Bool { name.hasPrefix("hugepages-") }

    private static func isNative(_ name: String) -> Bool {
        !name.utf8.contains(UInt8(ascii: "/")) || name.contains("kubernetes.io/")
    }

    private static func isExtended(_ name: String) -> Bool {
        !isNative(name) && !name.hasPrefix("requests.") && NameRules.qualifiedName("requests.\(name)").isEmpty
    }

    /// Checks the requests and limits of a container, or of a pod as a whole.
    static func check(
        _ resources: JSONValue,
        claims: [String],
        isPod: Bool = false,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let limits = resources["limits"]?.objectValue ?? [:]
        let requests = resources["requests"]?.objectValue ?? [:]
        if limits.isEmpty, requests.isEmpty, resources["claims"] == nil { return }
        for limit in limits {
            checkAmount(limit.key, limit.value, isPod: isPod, path["limits"].key(limit.key), &errors)
        }
        for request in requests {
            let place = path["requests"]
            checkAmount(request.key, request.value, isPod: isPod, place.key(request.key), &errors)
            checkLimit(request, limits, path, &errors)
        }
        let names = limits.members.map(\.key) + requests.members.map(\.key)
        if names.contains(where: isPages), !names.contains(where: { $0 == "cpu" || $0 == "memory" }) {
            errors.forbidden(path, "HugePages require cpu or memory")
        }
        checkClaims(resources["claims"]?.arrayValue ?? [], claims, path["claims"], &errors)
    }

    private static func checkAmount(
        _ name: String,
        _ value: JSONValue,
        isPod: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        checkName(name, isPod: isPod, path, &errors)
        checkQuantity(name, value, path, &errors)
        guard isPages(name), let amount = Quantity(value.stringValue ?? "") else { return }
        let page = Quantity(String(name.dropFirst("hugepages-".count)))?.thousandths ?? 0
        if page <= 0 || amount.thousandths % page != 0 {
            errors.invalid(path, value, "\(amount) is not positive integer multiple of \(name)")
        }
    }

    /// Checks an amount of something.
    static func checkQuantity(
        _ name: String,
        _ value: JSONValue,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let amount = Quantity(value.stringValue ?? "") else { return }
        if amount.thousandths < 0 { errors.invalid(path(), value, "must be greater than or equal to 0") }
        if amount.thousandths % 1000 != 0, counted.contains(name) || isExtended(name) {
            errors.invalid(path(), value, "must be an integer")
        }
    }

    private static func checkName(
        _ name: String,
        isPod: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        if name == "cpu" || name == "memory" { return }
        let value = JSONValue.string(name)
        let messages = NameRules.qualifiedName(name)
        for message in messages { errors.invalid(path, value, message) }
        let isBare = !name.utf8.contains(UInt8(ascii: "/"))
        let isUnknown =
            isBare && !isPages(name) && !name.hasPrefix("requests.hugepages-") && !standard.contains(name)
        if messages.isEmpty, isUnknown {
            errors.invalid(path, value, "must be a standard resource type or fully qualified")
        }
        if isPod {
            if messages.isEmpty, !isUnknown, !isPages(name) {
                errors.unsupported(path, value, ["cpu", "memory"])
            }
        } else if isBare {
            if name != "ephemeral-storage", !isPages(name) {
                errors.invalid(path, value, "must be a standard resource for containers")
            }
        } else if !isNative(name), !isExtended(name) {
            errors.invalid(path, value, "doesn't follow extended resource name standard")
        }
    }

    private static func checkLimit(
        _ request: JSONObject.Member,
        _ limits: JSONObject,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let mayDiffer = isNative(request.key) && !isPages(request.key)
        guard let limit = limits[request.key] else {
            if !mayDiffer {
                errors.required(path["limits"], "Limit must be set for non overcommitable resources")
            }
            return
        }
        guard let amount = Quantity(request.value.stringValue ?? ""),
            let bound = Quantity(limit.stringValue ?? "")
        else { return }
        if !mayDiffer, amount.thousandths != bound.thousandths {
            let message = "must be equal to \(request.key) limit of \(bound)"
            errors.invalid(path["requests"], request.value, message)
        } else if amount.thousandths > bound.thousandths {
            let message = "must be less than or equal to \(request.key) limit of \(bound)"
            errors.invalid(path["requests"], request.value, message)
        }
    }

    private static func checkClaims(
        _ claims: [JSONValue],
        _ known: [String],
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        var seen: [String] = []
        for (index, claim) in claims.enumerated() {
            let name = claim["name"]?.stringValue ?? ""
            if name.isEmpty {
                errors.required(path[index])
                continue
            }
            let request = claim["request"]?.stringValue ?? ""
            errors.checkGiven(claim["request"], NameRules.dnsLabel, path[index]["request"])
            let key = request.isEmpty ? name : "\(name)/\(request)"
            let isTwin =
                seen.contains(name) || seen.contains(key)
                || request.isEmpty && seen.contains { $0.hasPrefix("\(name)/") }
            if isTwin { errors.duplicate(path[index], .string(seen.contains(name) ? name : key)) }
            seen.append(key)
            if !known.contains(name) {
                let list = known.isEmpty ? " which is empty" : ": \(known.sorted().joined(separator: ", "))"
                errors.add(
                    "NotFound",
                    path[index],
                    "Not found: \(FieldErrors.show(.string(name))): must be one of the names in "
                        + "pod.spec.resourceClaims\(list)"
                )
            }
        }
    }
}
