// SPDX-License-Identifier: Apache-2.0
import JSON

/// How evenly pods are spread over nodes.
///
/// - Source: `validateTopologySpreadConstraints` of Kubernetes 1.36 (seen upstream).
enum SpreadRules {
    static func check(_ constraints: [JSONValue], _ path: FieldPath, _ errors: inout FieldErrors) {
        for (index, constraint) in constraints.enumerated() {
            let place = path[index]
            checkAmounts(constraint, place, &errors)
            let key = constraint["topologyKey"]
            let action = constraint["whenUnsatisfiable"]
            let hasTwin = constraints[(index + 1)...].contains {
                $0["topologyKey"] == key && $0["whenUnsatisfiable"] == action
            }
            if hasTwin {
                errors.duplicate(
                    place["{topologyKey, whenUnsatisfiable}"],
                    .string("{\(key?.stringValue ?? ""), \(action?.stringValue ?? "")}")
                )
            }
            checkDomains(constraint, place["minDomains"], &errors)
            for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
                errors.option(constraint[field], ["Honor", "Ignore"], place[field])
            }
            checkKeys(constraint, place["matchLabelKeys"], &errors)
            SelectorRules.check(constraint["labelSelector"], place["labelSelector"], &errors)
        }
    }

    private static func checkAmounts(
        _ constraint: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let skew = constraint["maxSkew"]?.intValue ?? 0
        if skew <= 0 {
            errors.invalid(path["maxSkew"], .integer(Int64(skew)), "must be greater than zero")
        }
        if (constraint["topologyKey"]?.stringValue ?? "").isEmpty {
            errors.required(path["topologyKey"], "can not be empty")
        }
        let actions = ["DoNotSchedule", "ScheduleAnyway"]
        errors.option(constraint["whenUnsatisfiable"] ?? "", actions, path["whenUnsatisfiable"])
    }

    private static func checkDomains(
        _ constraint: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let count = constraint["minDomains"] else { return }
        if count.intValue ?? 0 <= 0 { errors.invalid(path, count, "must be greater than zero") }
        let action = constraint["whenUnsatisfiable"]?.stringValue ?? ""
        if action != "DoNotSchedule" {
            let message = "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action)"
            errors.invalid(path, count, message)
        }
    }

    private static func checkKeys(
        _ constraint: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let keys = constraint["matchLabelKeys"]?.arrayValue ?? []
        if keys.isEmpty { return }
        let selector = constraint["labelSelector"]
        if selector == nil {
            errors.forbidden(path, "must not be specified when labelSelector is not set")
        }
        for (index, key) in keys.enumerated() {
            let text = key.stringValue ?? ""
            errors.check(text, NameRules.qualifiedName, path[index])
            let isSelected =
                selector?["matchLabels"]?[text] != nil
                || (selector?["matchExpressions"]?.arrayValue ?? []).contains { $0["key"] == key }
            if isSelected {
                errors.invalid(path[index], key, "exists in both matchLabelKeys and labelSelector")
            }
        }
    }
}
