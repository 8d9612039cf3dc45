// SPDX-License-Identifier: Apache-2.0

/// What the value of an annotation must look like.
enum AnnotationForm: Sendable, Hashable {
    /// Any text that is not blank.
    case text
    /// `true` or `false`.
    case flag
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// One of some words; letters of either case.
    case word([String])
    /// Words separated by commas, each one of some; letters of either case.
    case words([String])
    /// Words separated by commas.
    case list
    /// Codes of a gRPC health check: numbers 0 to 99 and ranges; or the words of an HTTP one.
    case healthCodes
    /// JSON, looked at by its own reader.
    case json

    /// What is wrong with a value; nil when nothing is.
    func mistake(_ value: String) -> Mistake? {
        switch self {
        case .text, .list, .json: return nil
        case .flag:
            return value == "true" || value == "false" ? nil : .malformed("\"true\" or \"false\"")
        case .integer(let range):
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            guard let number = Int(value) else { return .malformed(expected) }
            return range.contains(number) ? nil : .outOfRange(expected)
        case .word(let words):
            return Self.isOne(value, of: words) ? nil : .malformed("one of \(words.joined(separator: ", "))")
        case .words(let words):
            let parts = Self.parts(value)
            return !parts.isEmpty && parts.allSatisfy { Self.isOne($0, of: words) }
                ? nil : .malformed("a list of \(words.joined(separator: ", "))")
        case .healthCodes:
            let parts = Self.parts(value)
            return !parts.isEmpty && parts.allSatisfy(Self.isHealthCode)
                ? nil : .malformed("http_2xx to http_5xx, or numbers from 0 to 99 and ranges of them")
        }
    }

    /// What is wrong, and what was expected instead.
    enum Mistake: Sendable, Hashable {
        case malformed(String)
        case outOfRange(String)

        var expected: String {
            switch self {
            case .malformed(let text), .outOfRange(let text): text
            }
        }
    }

    /// The parts of a comma-separated list without the blanks around them.
    static func parts(_ value: String) -> [String] {
        value.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    }

    /// A text without the white space around it.
    static func trimmed(_ text: some StringProtocol) -> String {
        let tail = text.drop { $0.isWhitespace }
        var end = tail.endIndex
        while end > tail.startIndex, tail[tail.index(before: end)].isWhitespace {
            end = tail.index(before: end)
        }
        return String(tail[..<end])
    }

    private static func isOne(_ value: String, of words: [String]) -> Bool {
        words.contains { $0.lowercased() == value.lowercased() }
    }

    private static func isHealthCode(_ code: String) -> Bool {
        if ["http_2xx", "http_3xx", "http_4xx", "http_5xx"].contains(code.lowercased()) { return true }
        let ends = code.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count) else { return false }
        let numbers = ends.compactMap(\.self)
        return numbers.count == ends.count && numbers.allSatisfy { (0...99).contains($0) }
            && numbers[0] <= numbers[numbers.count - 1]
    }
}
