// SPDX-License-Identifier: Apache-2.0
import Ports

/// The formats of texts in the schemas of custom resources that are checked.
///
/// - Source: the formats listed for apiextensions.k8s.io/v1 (documented); those not listed here are not checked.
enum FormatRules {
    static func matches(_ text: String, _ format: String) -> Bool {
        switch format {
        case "": true
        case "date-time", "datetime": Instant(rfc3339: text) != nil
        case "date": Instant(rfc3339: text + "T00:00:00Z") != nil
        case "duration": isDuration(text)
        case "ipv4": IPAddress(text)?.isVersion4 ?? false
        case "ipv6": IPAddress(text).map { !$0.isVersion4 } ?? false
        case "cidr": isRange(text)
        case "mac": isHardwareAddress(text)
        case "uri": isAddress(text)
        case "email": isMail(text)
        case "byte": (try? Base64.decode(text)) != nil
        case "hostname": NameRules.dnsSubdomain(text.lowercased()).isEmpty
        case "k8s-short-name": NameRules.dnsLabel(text).isEmpty
        case "k8s-long-name": NameRules.dnsSubdomain(text).isEmpty
        case "uuid": isUUID(text, nil)
        case "uuid3": isUUID(text, "3")
        case "uuid4": isUUID(text, "4")
        case "uuid5": isUUID(text, "5")
        case "bsonobjectid": text.utf8.count == 24 && text.allSatisfy(\.isHexDigit)
        case "hexcolor": isColor(text)
        default: true
        }
    }

    private static func isUUID(_ text: String, _ version: Character?) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let digits = Array(parts.joined())
        return digits.count == 32 && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
            && (parts.count == 1 || parts.map(\.count) == [8, 4, 4, 4, 12])
            && (version == nil || digits[12] == version)
    }

    private static func isColor(_ text: String) -> Bool {
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        return [3, 6].contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    private static func isRange(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]) else {
            return false
        }
        return (0...(address.isVersion4 ? 32 : 128)).contains(length)
    }

    private static func isHardwareAddress(_ text: String) -> Bool {
        let sign: Character = text.contains("-") ? "-" : text.contains(".") ? "." : ":"
        let parts = text.split(separator: sign, omittingEmptySubsequences: false)
        let size = sign == "." ? 4 : 2
        let bytes = parts.count * size / 2
        return [6, 8, 20].contains(bytes)
            && parts.allSatisfy { $0.count == size && $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
    }

    private static func isAddress(_ text: String) -> Bool {
        if text.isEmpty || text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) { return false }
        if text.hasPrefix("/") { return true }
        guard let colon = text.firstIndex(of: ":"), let first = text.utf8.first else { return false }
        let isLetter = (0x41...0x5a).contains(first) || (0x61...0x7a).contains(first)
        return isLetter
            && text[..<colon].utf8.allSatisfy { NameRules.isLetterOrDigit($0) || "+-.".utf8.contains($0) }
    }

    private static func isMail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".") && !part.hasSuffix(".") && !part.contains("..")
                    && part.utf8.allSatisfy { $0 > 0x20 && !"\"(),:;<>[]\\".utf8.contains($0) }
            }
    }

    private static let units = [
        "ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w", "nano", "micro", "milli", "sec", "min", "hr",
        "nanos", "micros", "millis", "secs", "mins", "hrs", "nanosecond", "microsecond", "millisecond",
        "second",
        "minute", "hour", "day", "week", "nanoseconds", "microseconds", "milliseconds", "seconds", "minutes",
        "hours", "days", "weeks",
    ]

    /// Go's own form, `1h30m`, or a number and a unit, `3 days`.
    private static func isDuration(_ text: String) -> Bool {
        var rest = text[...]
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        if rest == "0" { return true }
        if rest.isEmpty { return false }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            if number.isEmpty || Double(number) == nil { return false }
            rest = rest[number.endIndex...].drop { $0 == " " }
            let unit = rest.prefix { $0.isLetter }
            if !units.contains(unit.lowercased()) { return false }
            rest = rest[unit.endIndex...]
        }
        return true
    }
}
