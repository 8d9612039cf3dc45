// SPDX-License-Identifier: Apache-2.0

/// A rule on the characters of a text, beyond its length.
///
/// - Source: the alphabets that the API description gives for each field; documented, and where texts differ
///   the wider one is taken.
enum ValueRule: String, Sendable {
    case name
    case description
    case hostPattern = "host-pattern"
    case pathPattern = "path-pattern"
    case checkPath = "check-path"
    case headerKey = "header-key"
    case insertedHeader = "inserted-header"
    case finalStatus = "final-status"
    case redirectPort = "redirect-port"
    case cidr

    /// True when the text keeps the rule.
    func allows(_ text: String) -> Bool {
        switch self {
        case .name:
            guard let first = text.unicodeScalars.first, first.isWordScalar else { return false }
            return text.unicodeScalars.allSatisfy { $0.isWordScalar || ".-_ ".unicodeScalars.contains($0) }
        case .description:
            return text.unicodeScalars.allSatisfy { $0.isWordScalar || ".,;/@_-".unicodeScalars.contains($0) }
        case .hostPattern: return Self.isHostPattern(text)
        case .pathPattern: return Self.isPathPattern(text)
        case .checkPath:
            return text.first == "/" && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        case .headerKey:
            return Self.isHeaderKey(text) && !["host", "cookie"].contains(text.lowercased())
        case .insertedHeader:
            return Self.isHeaderKey(text) && !Self.reservedHeaders.contains(text.lowercased())
        case .finalStatus:
            return text.utf8.count == 3 && Int(text) != nil && "245".contains(text.prefix(1))
        case .redirectPort:
            return text == "${port}" || (Int(text).map { (1...63_335).contains($0) } ?? false)
        case .cidr: return IPv4Block(text) != nil || Self.isIPv6Block(text)
        }
    }

    private static func isHeaderKey(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0.isASCIIWord || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isHostPattern(_ text: String) -> Bool {
        if text.first == "~" {
            return text.dropFirst().utf8.allSatisfy {
                $0.isASCIIWord || "-.*?_=+/^!$&()[]|\\{},:~".utf8.contains($0)
            }
        }
        return text.utf8.allSatisfy { $0.isASCIIWord || "-.*?".utf8.contains($0) }
    }

    private static func isPathPattern(_ text: String) -> Bool {
        if text.first == "~" { return text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } }
        return text.first == "/"
            && text.utf8.allSatisfy { $0.isASCIIWord || "$-_.+/&~@:*?%!,;=()'".utf8.contains($0) }
    }

    private static func isIPv6Block(_ text: String) -> Bool {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2, halves[0].contains(":"), halves[0].utf8.count <= 39 else { return false }
        if halves.count == 2 {
            guard let length = Int(halves[1]), (0...128).contains(length) else { return false }
        }
        return halves[0].utf8.allSatisfy {
            $0 == UInt8(ascii: ":") || Character(UnicodeScalar($0)).isHexDigit
        }
    }

    /// Header fields that belong to the load balancer itself.
    private static let reservedHeaders: Set<String> = [
        "slb-id", "slb-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-eip", "x-forwarded-port",
        "x-forwarded-client-srcport", "connection", "upgrade", "content-length", "transfer-encoding",
        "keep-alive",
        "te", "host", "cookie", "remoteip", "authority", "x-forwarded-host",
    ]
}

extension UnicodeScalar {
    /// A letter or a digit of any script.
    fileprivate var isWordScalar: Bool { properties.isAlphabetic || properties.numericType != nil }
}

extension UInt8 {
    /// An ASCII letter or digit.
    fileprivate var isASCIIWord: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: false
        }
    }
}
