// SPDX-License-Identifier: Apache-2.0

/// An IP address as bits; an IPv4 address is held as its IPv6-mapped form, so that both compare alike.
struct IPAddress: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    /// Reads `10.0.0.7` or `2001:db8::1`; nil when it is neither.
    init?(_ text: String) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            self.init(version6: text)
        } else {
            guard let bits = IPAddress.version4(Substring(text)) else { return nil }
            self.init(high: 0, low: 0xffff_0000_0000 | UInt64(bits))
        }
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private static func version4(_ text: Substring) -> UInt32? {
        var (bits, part, digits, dots): (UInt32, UInt32, Int, Int) = (0, 0, 0, 0)
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                bits = bits << 8 | part
                (part, digits, dots) = (0, 0, dots + 1)
            } else {
                guard byte &- 0x30 < 10, digits < 3 else { return nil }
                part = part * 10 + UInt32(byte &- 0x30)
                digits += 1
                guard part < 256 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? bits << 8 | part : nil
    }

    private init?(version6 text: String) {
        var (before, after): ([UInt16], [UInt16]) = ([], [])
        let halves = text.components(around: "::")
        guard halves.count <= 2, let head = IPAddress.groups(halves[0]) else { return nil }
        before = head
        if halves.count == 2 {
            guard let tail = IPAddress.groups(halves[1]), before.count + tail.count < 8 else { return nil }
            after = tail
        } else if before.count != 8 {
            return nil
        }
        let groups = before + Array(repeating: 0, count: 8 - before.count - after.count) + after
        self.init(
            high: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) },
            low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
        )
    }

    private static func groups(_ text: Substring) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains("."), let bits = version4(part) {
                groups += [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard part.utf8.count <= 4, let group = UInt16(part, radix: 16) else { return nil }
                groups.append(group)
            }
        }
        return groups.count <= 8 ? groups : nil
    }
}

extension String {
    /// The parts around each occurrence of a two-byte separator.
    fileprivate func components(around separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}

/// A block of addresses: `10.0.0.0/8`, or one address.
struct AddressBlock: Sendable, Hashable {
    private let base: IPAddress
    private let highMask: UInt64
    private let lowMask: UInt64

    /// Reads a block; nil when it is none.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let base = IPAddress(String(parts[0])) else { return nil }
        let size = text.utf8.contains(UInt8(ascii: ":")) ? 128 : 32
        var length = size
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...size).contains(given) else { return nil }
            length = given
        }
        let bits = 128 - size + length
        self.base = base
        highMask = bits == 0 ? 0 : UInt64.max << UInt64(max(0, 64 - bits))
        lowMask = bits <= 64 ? 0 : UInt64.max << UInt64(128 - bits)
    }

    /// True when `address` lies in the block.
    func contains(_ address: IPAddress) -> Bool {
        (address.high ^ base.high) & highMask == 0 && (address.low ^ base.low) & lowMask == 0
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address as text; an IPv6 address without any shortening.
    var description: String {
        if high == 0, low >> 32 == 0xffff {
            return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xff) }.joined(separator: ".")
        }
        return [high, low].flatMap { half in
            [48, 32, 16, 0].map { String(half >> UInt64($0) & 0xffff, radix: 16) }
        }.joined(separator: ":")
    }
}
