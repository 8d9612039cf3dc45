// SPDX-License-Identifier: Apache-2.0
import JSON

/// Which nodes a pod wants, and near which pods.
///
/// - Source: `validateAffinity` of Kubernetes 1.36 (seen upstream).
enum AffinityRules {
    private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
    private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

    static func check(_ affinity: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        if let node = affinity["nodeAffinity"] { checkNode(node, path["nodeAffinity"], &errors) }
        for kind in ["podAffinity", "podAntiAffinity"] {
            guard let terms = affinity[kind] else { continue }
            for (index, term) in (terms[required]?.arrayValue ?? []).enumerated() {
                checkTerm(term, path[kind][required][index], &errors)
            }
            for (index, weighted) in (terms[preferred]?.arrayValue ?? []).enumerated() {
                let place = path[kind][preferred][index]
                checkWeight(weighted, place, &errors)
                checkTerm(weighted["podAffinityTerm"] ?? [:], place["podAffinityTerm"], &errors)
            }
        }
    }

    private static func checkWeight(_ term: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let weight = term["weight"]?.intValue ?? 0
        if !(1...100).contains(weight) {
            errors.invalid(path["weight"], .integer(Int64(weight)), "must be in the range 1-100")
        }
    }

    // MARK: Nodes

    private static func checkNode(_ affinity: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        if let selector = affinity[required] {
            let terms = selector["nodeSelectorTerms"]?.arrayValue ?? []
            let place = path[required]["nodeSelectorTerms"]
            if terms.isEmpty { errors.required(place, "must have at least one node selector term") }
            for (index, term) in terms.enumerated() {
                checkNodeTerm(term, checksValues: true, place[index], &errors)
            }
        }
        for (index, term) in (affinity[preferred]?.arrayValue ?? []).enumerated() {
            let place = path[preferred][index]
            checkWeight(term, place, &errors)
            checkNodeTerm(term["preference"] ?? [:], checksValues: false, place["preference"], &errors)
        }
    }

    private static func checkNodeTerm(
        _ term: JSONValue,
        checksValues: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        for (index, expression) in (term["matchExpressions"]?.arrayValue ?? []).enumerated() {
            let place = path["matchExpressions"][index]
            checkNodeLabel(expression, checksValues: checksValues, place, &errors)
        }
        for (index, field) in (term["matchFields"]?.arrayValue ?? []).enumerated() {
            checkNodeField(field, path["matchFields"][index], &errors)
        }
    }

    private static func checkNodeLabel(
        _ expression: JSONValue,
        checksValues: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let values = expression["values"]?.arrayValue ?? []
        let selection = expression["operator"]?.stringValue ?? ""
        if ["Gt", "Lt"].contains(selection) {
            if values.count != 1 {
                let message = "must be specified single value when `operator` is 'Lt' or 'Gt'"
                errors.required(path["values"], message)
            }
        } else if !SelectorRules.checkCount(values, selection, path["values"], &errors) {
            errors.invalid(path["operator"], expression["operator"] ?? "", "not a valid selector operator")
        }
        errors.check(expression["key"]?.stringValue ?? "", NameRules.qualifiedName, path["key"])
        for (index, value) in values.enumerated() where checksValues {
            errors.check(value.stringValue ?? "", NameRules.labelValue, path["values"][index])
        }
    }

    private static func checkNodeField(_ field: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let values = field["values"]?.arrayValue ?? []
        if ["In", "NotIn"].contains(field["operator"]?.stringValue ?? "") {
            if values.count != 1 {
                errors.required(
                    path["values"],
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
                )
            }
        } else {
            errors.invalid(path["operator"], field["operator"] ?? "", "not a valid selector operator")
        }
        guard field["key"] == "metadata.name" else {
            let message = "not a valid field selector key"
            return errors.invalid(path["key"], field["key"] ?? "", message)
        }
        for (index, value) in values.enumerated() {
            errors.check(value.stringValue ?? "", NameRules.dnsSubdomain, path["values"][index])
        }
    }

    // MARK: Pods

    private static func checkTerm(_ term: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        SelectorRules.check(term["labelSelector"], path["labelSelector"], &errors)
        SelectorRules.check(term["namespaceSelector"], path["namespaceSelector"], &errors)
        for name in term["namespaces"]?.arrayValue ?? [] {
            errors.check(name.stringValue ?? "", NameRules.dnsLabel, path["namespace"])
        }
        checkKeys(term, path, &errors)
        let key = term["topologyKey"]?.stringValue ?? ""
        if key.isEmpty { errors.required(path["topologyKey"], "can not be empty") }
        errors.check(key, NameRules.qualifiedName, path["topologyKey"])
    }

    private static func checkKeys(_ term: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let selector = term["labelSelector"]
        for list in ["matchLabelKeys", "mismatchLabelKeys"] {
            let keys = term[list]?.arrayValue ?? []
            if keys.isEmpty { continue }
            if selector == nil {
                errors.forbidden(path[list], "must not be specified when labelSelector is not set")
                continue
            }
            for (index, key) in keys.enumerated() {
                errors.check(key.stringValue ?? "", NameRules.qualifiedName, path[list][index])
            }
        }
        let wanted = term["matchLabelKeys"]?.arrayValue ?? []
        let unwanted = term["mismatchLabelKeys"]?.arrayValue ?? []
        for (index, key) in wanted.enumerated() where unwanted.contains(key) {
            errors.invalid(
                path["matchLabelKeys"][index],
                key,
                "exists in both matchLabelKeys and mismatchLabelKeys"
            )
        }
    }
}
