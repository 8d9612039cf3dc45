// SPDX-License-Identifier: Apache-2.0

/// Which status codes are meant: `200`, `[200, 503]`, `2xx`, `not 5xx`.
public struct StatusPattern: Sendable, Hashable, CustomStringConvertible {
    /// The codes, any of which fits.
    public let codes: [ClosedRange<Int>]
    /// True when a code must be none of them; a request without answer fits then only if it says so itself.
    public let isNegated: Bool
    private let text: String

    /// True when the pattern takes a status.
    ///
    /// 0 stands for a request that got no answer: it fits no pattern, since `not 5xx` speaks of answers.
    public func matches(_ status: Int) -> Bool {
        guard status != 0 else { return false }
        return codes.contains { $0.contains(status) } != isNegated
    }

    /// The pattern as it was written.
    public var description: String { text }

    /// Reads one pattern.
    ///
    /// - Throws: what is wrong with it.
    init(parsing text: String) throws(ValueProblem) {
        let words = text.split(separator: " ")
        isNegated = words.first == "not"
        guard let last = words.last, words.count == (isNegated ? 2 : 1) else { throw Self.problem(text) }
        codes = [try Self.range(last, in: text)]
        self.text = words.joined(separator: " ")
    }

    /// Puts several patterns together, any of which fits.
    ///
    /// - Throws: when one of several is negated.
    init(anyOf patterns: [StatusPattern]) throws(ValueProblem) {
        if patterns.count > 1, let negated = patterns.first(where: \.isNegated) {
            throw ValueProblem("\"\(negated)\" may not stand in a list", "write it alone")
        }
        isNegated = patterns.first?.isNegated ?? false
        codes = patterns.flatMap(\.codes)
        text = patterns.map(\.text).joined(separator: " or ")
    }

    private static func range(_ text: Substring, in whole: String) throws(ValueProblem) -> ClosedRange<Int> {
        let lower = text.lowercased()
        if let class_ = lower.first?.wholeNumberValue, lower.count == 3, lower.hasSuffix("xx") {
            guard (1...5).contains(class_) else { throw problem(whole) }
            return class_ * 100...class_ * 100 + 99
        }
        guard let code = Int(text) else { throw problem(whole) }
        guard (100...599).contains(code) else {
            throw ValueProblem(
                "a status lies between 100 and 599, found \(code)",
                "write a status such as 200"
            )
        }
        return code...code
    }

    private static func problem(_ text: String) -> ValueProblem {
        ValueProblem("\"\(text)\" is no status", "write 200, 2xx, \"not 5xx\" or a list such as [200, 503]")
    }
}
