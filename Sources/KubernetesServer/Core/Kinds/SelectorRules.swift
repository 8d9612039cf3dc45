// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Label selectors, wherever they stand.
///
/// - Source: `ValidateLabelSelector` of the Kubernetes API machinery (seen upstream).
enum SelectorRules {
    /// Checks a selector's form.
    static func check(
        _ selector: JSONValue?,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let selector else { return }
        if let labels = selector["matchLabels"]?.objectValue {
            MetadataValidation.checkLabels(labels, path()["matchLabels"], &errors)
        }
        for (index, expression) in (selector["matchExpressions"]?.arrayValue ?? []).enumerated() {
            checkExpression(expression, path()["matchExpressions"][index], &errors)
        }
    }

    /// Checks that an operator of sets has values, and one of existence has none.
    ///
    /// - Returns: False for any other operator.
    static func checkCount(
        _ values: [JSONValue],
        _ selection: String,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) -> Bool {
        switch selection {
        case "In", "NotIn":
            if values.isEmpty {
                errors.required(path(), "must be specified when `operator` is 'In' or 'NotIn'")
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                errors.forbidden(
                    path(),
                    "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
                )
            }
        default: return false
        }
        return true
    }

    private static func checkExpression(
        _ expression: JSONValue,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let values = expression["values"]?.arrayValue ?? []
        if !checkCount(values, expression["operator"]?.stringValue ?? "", path["values"], &errors) {
            errors.invalid(path["operator"], expression["operator"] ?? "", "not a valid selector operator")
        }
        errors.check(expression["key"]?.stringValue ?? "", NameRules.qualifiedName, path["key"])
        for (index, value) in values.enumerated() {
            errors.check(value.stringValue ?? "", NameRules.labelValue, path["values"][index])
        }
    }

    /// True without labels and expressions.
    static func isEmpty(_ selector: JSONValue?) -> Bool {
        (selector?["matchLabels"]?.objectValue ?? [:]).isEmpty
            && (selector?["matchExpressions"]?.arrayValue ?? []).isEmpty
    }

    /// What a selector says of some labels.
    enum Verdict {
        case matches
        case differs
        /// The selector is none that could be asked.
        case isInvalid
    }

    /// Asks a selector about labels; a missing one matches nothing.
    static func verdict(_ selector: JSONValue?, _ labels: JSONValue?) -> Verdict {
        guard let selector else { return .differs }
        for expression in selector["matchExpressions"]?.arrayValue ?? [] {
            let count = expression["values"]?.arrayValue?.count ?? 0
            let key = expression["key"]?.stringValue ?? ""
            let isSet = ["In", "NotIn"].contains(expression["operator"]?.stringValue ?? "")
            if isSet != (count > 0) || !NameRules.qualifiedName(key).isEmpty { return .isInvalid }
        }
        for label in selector["matchLabels"]?.objectValue ?? [:]
        where !NameRules.qualifiedName(label.key).isEmpty
            || !NameRules.labelValue(label.value.stringValue ?? "").isEmpty
        {
            return .isInvalid
        }
        guard let parsed = LabelSelector(object: selector) else { return .isInvalid }
        var texts: [String: String] = [:]
        for label in labels?.objectValue ?? [:] { texts[label.key] = label.value.stringValue ?? "" }
        return parsed.matches(texts) ? .matches : .differs
    }
}
