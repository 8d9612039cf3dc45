// SPDX-License-Identifier: Apache-2.0
import _StringProcessing

/// A regular expression of a rule, searched anywhere in the text.
///
/// - Source: documented for the `~` and `~*` prefixes; that the search is not anchored is assumed.
final class Expression: Sendable {
    /// As the rule spells it, without the prefix.
    let text: String
    /// `Regex` is not marked as sendable because patterns in code may carry closures; one that is read from
    /// text holds none and is never changed.
    nonisolated(unsafe) private let regex: Regex<AnyRegexOutput>

    /// Reads an expression; nil when it is not one.
    init?(_ text: String, isCaseIgnored: Bool) {
        guard let regex = try? Regex(text) else { return nil }
        self.text = text
        self.regex = regex.ignoresCase(isCaseIgnored).matchingSemantics(.unicodeScalar)
    }

    /// True when the expression is found in `text`.
    func matches(_ text: String) -> Bool {
        ((try? regex.firstMatch(in: text)) ?? nil) != nil
    }

    /// The first three groups of the first find, empty where a group took no part; nil when nothing is found.
    func captures(in text: String) -> [String]? {
        guard let match = (try? regex.firstMatch(in: text)) ?? nil else { return nil }
        return (1...3).map { number in
            guard number < match.output.count else { return "" }
            return match.output[number].substring.map(String.init) ?? ""
        }
    }
}
