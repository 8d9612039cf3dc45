// SPDX-License-Identifier: Apache-2.0
import JSON

/// The addresses of a Service in the cluster, and their families.
///
/// - Source: `ValidateServiceClusterIPsRelatedFields` of Kubernetes 1.36 (seen upstream).
enum ServiceAddressRules {
    private static let path = FieldPath("spec")

    static func check(_ spec: JSONValue, _ errors: inout FieldErrors) {
        let all = spec["clusterIPs"]?.arrayValue ?? []
        let place = path["clusterIPs"]
        if let one = spec["clusterIP"], one != "" {
            if all.isEmpty {
                errors.required(place)
            } else if all[0] != one {
                errors.invalid(place, .array(all), "first value must match `clusterIP`")
            }
        } else if !all.isEmpty {
            errors.invalid(place, .array(all), "must be empty when `clusterIP` is not specified")
        }
        let families = spec["ipFamilies"]?.arrayValue ?? []
        for (index, family) in families.enumerated() {
            errors.option(family, ["IPv4", "IPv6"], path["ipFamilies"][index])
            if families[..<index].contains(family) { errors.duplicate(path["ipFamilies"][index], family) }
        }
        errors.option(
            spec["ipFamilyPolicy"],
            ["PreferDualStack", "RequireDualStack", "SingleStack"],
            path["ipFamilyPolicy"]
        )
        checkAll(all, families, &errors)
    }

    private static func checkAll(
        _ all: [JSONValue],
        _ families: [JSONValue],
        _ errors: inout FieldErrors
    ) {
        let place = path["clusterIPs"]
        let before = errors.causes.count
        var addresses: [IPAddress] = []
        for (index, ip) in all.enumerated() {
            if index == 0, ip == "None" {
                if all.count > 1 {
                    errors.invalid(place, .array(all), "'None' must be the first and only value")
                }
                continue
            }
            if let address = errors.checkIP(ip.stringValue ?? "", place[index]) { addresses.append(address) }
        }
        let areValid = errors.causes.count == before
        if all.count > 2 { errors.invalid(place, .array(all), "may only hold up to 2 values") }
        guard areValid else { return }
        if addresses.count > 1, addresses[0].isVersion4 == addresses[1].isVersion4 {
            let message = "may specify no more than one IP for each IP family"
            errors.invalid(place, .array(all), message)
        }
        for (index, (address, family)) in zip(addresses, families).enumerated()
        where family == (address.isVersion4 ? "IPv6" : "IPv4") {
            let wanted = family.stringValue ?? ""
            let message = "expected an \(wanted) value as indicated by `ipFamilies[\(index)]`"
            errors.invalid(place[index], all[index], message)
        }
    }

    // MARK: Changes

    static func checkUpdate(_ new: ResourceObject, _ old: ResourceObject, _ errors: inout FieldErrors) {
        if ServiceRules.type(old) == "ExternalName" || ServiceRules.type(new) == "ExternalName" { return }
        let (wasHeadless, isHeadless) = (ServiceRules.isHeadless(old), ServiceRules.isHeadless(new))
        let before = old["spec", "clusterIPs"]?.arrayValue ?? []
        let after = new["spec", "clusterIPs"]?.arrayValue ?? []
        if !(wasHeadless && isHeadless) { checkLists(before, after, "clusterIPs", "clusterIP", new, &errors) }
        if wasHeadless || isHeadless { return }
        let families = old["spec", "ipFamilies"]?.arrayValue ?? []
        let wanted = new["spec", "ipFamilies"]?.arrayValue ?? []
        checkLists(families, wanted, "ipFamilies", "ipFamily", new, &errors)
    }

    private static func checkLists(
        _ before: [JSONValue],
        _ after: [JSONValue],
        _ field: String,
        _ name: String,
        _ new: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        let shown: JSONValue = after.isEmpty ? .null : .array(after)
        if before.count == after.count {
            for (index, pair) in zip(before, after).enumerated() where pair.0 != pair.1 {
                let place = field == "clusterIPs" ? index : 0
                errors.invalid(path[field][place], shown, "may not change once set")
            }
            return
        }
        if after.isEmpty {
            return errors.invalid(path[field][0], shown, "primary \(name) can not be unset")
        }
        if let first = before.first, first != after[0] {
            errors.invalid(path[field][0], shown, "may not change once set")
        }
        let policy = new["spec", "ipFamilyPolicy"]
        if before.count > after.count, after.count == 1, policy != "SingleStack" {
            let message = "must be set to 'SingleStack' when releasing the secondary \(name)"
            errors.invalid(path["ipFamilyPolicy"], policy ?? .null, message)
        }
    }
}
