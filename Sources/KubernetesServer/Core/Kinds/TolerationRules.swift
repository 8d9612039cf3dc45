// SPDX-License-Identifier: Apache-2.0
import JSON

/// Which taints of nodes a pod bears, and the taints themselves.
///
/// - Source: `ValidateTolerations` and `validateNodeTaints` of Kubernetes 1.36 (seen upstream).
enum TolerationRules {
    static let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

    static func check(_ tolerations: [JSONValue], _ path: FieldPath, _ errors: inout FieldErrors) {
        for (index, toleration) in tolerations.enumerated() {
            check(toleration, path[index], &errors)
        }
    }

    private static func check(_ toleration: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let key = toleration["key"]?.stringValue ?? ""
        let operation = toleration["operator"]?.stringValue ?? ""
        if !key.isEmpty {
            errors.check(key, NameRules.qualifiedName, path["key"])
        } else if operation != "Exists" {
            errors.invalid(
                path["operator"],
                .string(operation),
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\""
            )
        }
        let effect = toleration["effect"]
        if toleration["tolerationSeconds"] != nil, effect != "NoExecute" {
            errors.invalid(
                path["effect"],
                effect ?? "",
                "effect must be 'NoExecute' when `tolerationSeconds` is set"
            )
        }
        let value = toleration["value"]?.stringValue ?? ""
        switch operation {
        case "", "Equal":
            let messages = NameRules.labelValue(value)
            if !messages.isEmpty {
                errors.invalid(path["operator"], .string(value), messages.joined(separator: ";"))
            }
        case "Exists":
            if !value.isEmpty {
                let message = "value must be empty when `operator` is 'Exists'"
                errors.invalid(path["operator"], .string(value), message)
            }
        default: errors.unsupported(path["operator"], .string(operation), ["Equal", "Exists"])
        }
        errors.option(effect, effects, path["effect"])
    }
}
