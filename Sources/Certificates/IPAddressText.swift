// SPDX-License-Identifier: Apache-2.0

/// IP addresses as bytes and as text.
enum IPAddressText {
    /// `10.0.0.7` of four bytes, the full eight groups of sixteen; nil of anything else.
    static func text(_ bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4: bytes.map { String($0) }.joined(separator: ".")
        case 16:
            stride(from: 0, to: 16, by: 2)
                .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(
                    separator: ":"
                )
        default: nil
        }
    }

    /// The text in the form that `text` writes; nil when it is no IP address.
    static func canonical(_ text: String) -> String? {
        text.contains(":") ? version6(text) : version4(text)
    }

    /// The bytes of an address in text form; nil when it is none.
    static func bytes(_ text: String) -> [UInt8]? {
        guard let canonical = canonical(text) else { return nil }
        if !canonical.contains(":") { return canonical.split(separator: ".").compactMap { UInt8($0) } }
        return canonical.split(separator: ":").compactMap { UInt16($0, radix: 16) }
            .flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
    }

    private static func version4(_ text: String) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let bytes = parts.compactMap { UInt8($0) }
        return bytes.count == 4 ? Self.text(bytes) : nil
    }

    private static func version6(_ text: String) -> String? {
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let groups = halves.map { half in
            half.isEmpty
                ? []
                : half.split(separator: ":", omittingEmptySubsequences: false).map { UInt16($0, radix: 16) }
        }
        let known = groups.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? known < 8 : known == 8 else { return nil }
        let zeros = [UInt16?](repeating: 0, count: 8 - known)
        let all = (groups.first ?? []) + zeros + (groups.count == 2 ? groups[1] : [])
        let numbers = all.compactMap { $0 }
        return numbers.count == 8 ? numbers.map { String($0, radix: 16) }.joined(separator: ":") : nil
    }
}
