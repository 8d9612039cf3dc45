// SPDX-License-Identifier: Apache-2.0
import JSON

/// Bounds that are a number or a share in percent, such as `maxUnavailable`.
///
/// - Source: the apps validation of Kubernetes 1.36 (seen upstream).
enum BoundRules {
    /// Checks a bound's form.
    static func check(
        _ bound: JSONValue?,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let text = bound?.stringValue else { return errors.notNegative(bound, path()) }
        if percentage(text) == nil {
            errors.invalid(
                path(),
                .string(text),
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', "
                    + "regex used for validation is '[0-9]+%')"
            )
        }
    }

    /// Checks that a share is at most all.
    static func checkShare(
        _ bound: JSONValue?,
        _ path: @autoclosure () -> FieldPath,
        _ errors: inout FieldErrors
    ) {
        guard let text = bound?.stringValue, let share = percentage(text), share > 100 else { return }
        errors.invalid(path(), .string(text), "must not be greater than 100%")
    }

    /// The number of a share such as `25%`; nil when the text is none.
    static func percentage(_ text: String) -> Int? {
        guard text.hasSuffix("%") else { return nil }
        let digits = text.utf8.dropLast()
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text.dropLast()) ?? .max
    }

    /// True when a bound allows nothing; a text that is no share counts by the number that it is, if any.
    static func isZero(_ bound: JSONValue?) -> Bool {
        switch bound {
        case .integer(let number)?: number == 0
        case .string(let text)?: (percentage(text) ?? Int(text) ?? 0) == 0
        default: true
        }
    }
}
