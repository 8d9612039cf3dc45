// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What a text without quotes stands for.
///
/// Words follow YAML 1.1: `yes`, `on` and `y` are true, `0644` is octal, a time stays a text.
///
/// - Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go; seen upstream.
public enum PlainScalar {
    /// The texts that stand for nothing.
    public static let nulls = ["", "~", "null", "Null", "NULL"]

    /// The value; nil for infinities and the like, which JSON cannot hold.
    public static func json(_ text: String) -> JSONValue? {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "y"), UInt8(ascii: "Y"),
            UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"),
            UInt8(ascii: "O"):
            return words[text] ?? .string(text)
        case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), 0x30...0x39:
            if unwritable.contains(text) { return nil }
            return YAMLNumber.json(text) ?? .string(text)
        default: return .string(text)
        }
    }

    /// True when a text means itself without quotes.
    static func isText(_ text: String) -> Bool {
        guard json(text) == .string(text), text != "<<" else { return false }
        guard let first = text.utf8.first, (0x30...0x39).contains(first) || "+-.".utf8.contains(first) else {
            return true
        }
        return !isTime(text) && !isBaseSixty(text)
    }

    /// `2026-01-31`, or that and a time.
    private static func isTime(_ text: String) -> Bool {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { "Tt ".contains($0) }
        let day = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard day.count == 3, day[0].utf8.count == 4, (1...2).contains(day[1].utf8.count),
            (1...2).contains(day[2].utf8.count), day.allSatisfy(isDigits)
        else { return false }
        guard parts.count == 2 else { return true }
        let clock = parts[1].prefix { $0.isNumber || $0 == ":" }.split(separator: ":")
        return clock.count == 3 && clock.allSatisfy(isDigits)
    }

    /// `1:30`, which older readers take for a number to the base of sixty.
    private static func isBaseSixty(_ text: String) -> Bool {
        var parts = text.drop { "+-".contains($0) }.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.popLast(), let first = parts.first else { return false }
        return isDigits(first) && parts.dropFirst().allSatisfy(isDigits)
            && last.allSatisfy { $0.isNumber || $0 == "." || $0 == "_" } && !last.isEmpty
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private static let words: [String: JSONValue] = {
        var words: [String: JSONValue] = [:]
        for word in nulls { words[word] = .null }
        for word in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
            words[word] = true
        }
        for word in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
            words[word] = false
        }
        return words
    }()

    private static let unwritable = [
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
    ]
}
