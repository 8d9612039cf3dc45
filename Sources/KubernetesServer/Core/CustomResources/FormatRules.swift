// SPDX-License-Identifier: Apache-2.0
import Ports

/// The formats of texts in the schemas of custom resources that are checked.
///
/// - Source: the formats listed for apiextensions.k8s.io/v1 (documented); those not listed here are not checked.
enum FormatRules {
    static func matches(_ text: String, _ format: String) -> Bool {
        switch format {
        case "date-time": Instant(rfc3339: text) != nil
        case "date": Instant(rfc3339: text + "T00:00:00Z") != nil
        case "ipv4": IPAddress(text)?.isVersion4 ?? false
        case "ipv6": IPAddress(text).map { !$0.isVersion4 } ?? false
        case "byte": (try? Base64.decode(text)) != nil
        case "hostname": NameRules.dnsSubdomain(text.lowercased()).isEmpty
        case "uuid": isUUID(text)
        default: true
        }
    }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let digits = parts.joined().utf8
        return digits.count == 32 && digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
            && (parts.count == 1 || parts.map(\.count) == [8, 4, 4, 4, 12])
    }
}
