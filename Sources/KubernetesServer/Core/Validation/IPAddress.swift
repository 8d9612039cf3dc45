// SPDX-License-Identifier: Apache-2.0
import JSON

/// An IP address by its bytes: four or sixteen.
struct IPAddress: Equatable, CustomStringConvertible {
    let bytes: [UInt8]

    /// Reads an address as Go does: no leading zeros, no zone.
    init?(_ text: String) {
        if text.contains(":") {
            guard let bytes = Self.version6(text) else { return nil }
            self.bytes = bytes
        } else {
            guard let bytes = Self.version4(text[...]) else { return nil }
            self.bytes = bytes
        }
    }

    var isVersion4: Bool { bytes.count == 4 }

    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    var isLoopback: Bool {
        isVersion4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    var isLinkLocal: Bool {
        isVersion4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
    }

    var isLinkLocalMulticast: Bool {
        isVersion4 ? bytes.starts(with: [224, 0, 0]) : bytes[0] == 0xff && bytes[1] & 0x0f == 2
    }

    /// The address as a number; nil for version 6.
    var number: UInt32? {
        isVersion4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }

    init(number: UInt32) {
        bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    var description: String {
        if isVersion4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), part == "0" || part.first != "0",
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: String) -> [UInt8]? {
        var halves: [[UInt8]] = [[]]
        var rest = text[...]
        if rest.hasPrefix("::") {
            halves.append([])
            rest = rest.dropFirst(2)
            if rest.isEmpty { return [UInt8](repeating: 0, count: 16) }
        }
        var parts = rest.split(separator: ":", omittingEmptySubsequences: false)[...]
        while let part = parts.popFirst() {
            if part.isEmpty {
                guard halves.count == 1 else { return nil }
                halves.append([])
                if parts.first?.isEmpty == true, parts.count == 1 { parts = [] }
                continue
            }
            if parts.isEmpty, part.contains(".") {
                guard let tail = version4(part) else { return nil }
                halves[halves.count - 1] += tail
                continue
            }
            guard part.utf8.count <= 4, let group = UInt16(part, radix: 16), part.first != "+" else {
                return nil
            }
            halves[halves.count - 1] += [UInt8(group >> 8), UInt8(group & 0xff)]
        }
        let count = halves.reduce(0) { $0 + $1.count }
        if halves.count == 1 { return count == 16 ? halves[0] : nil }
        guard count < 16 else { return nil }
        return halves[0] + [UInt8](repeating: 0, count: 16 - count) + halves[1]
    }
}

/// A range of version 4 addresses, such as `10.96.0.0/12`.
struct AddressRange: Equatable, Sendable {
    let first: UInt32
    let last: UInt32

    /// Reads `address/bits`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = IPAddress(String(parts[0]))?.number, let bits = Int(parts[1]),
            (0...32).contains(bits)
        else { return nil }
        let mask: UInt32 = bits == 0 ? 0 : ~UInt32(0) << UInt32(32 - bits)
        first = base & mask
        last = first | ~mask
    }

    func contains(_ number: UInt32) -> Bool { (first...last).contains(number) }
}

extension IPAddress {
    /// True for a version 4 address in the clothes of version 6.
    var isMapped: Bool {
        !isVersion4 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
    }

    /// Reads an address of version 4 whose numbers have leading zeros.
    init?(padded text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        self.init(
            parts.map { part in
                let digits = part.drop { $0 == "0" }
                return digits.isEmpty ? "0" : String(digits)
            }.joined(separator: ".")
        )
    }

    /// True when no bit is set behind the first ones.
    func isNetwork(_ length: Int) -> Bool {
        bytes.enumerated().allSatisfy { place, byte in
            let kept = min(max(length - place * 8, 0), 8)
            return byte << UInt8(kept) == 0 || kept == 8
        }
    }

    /// True when the first bits are those of another address.
    func isInNetwork(_ other: IPAddress, _ length: Int) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        return zip(bytes, other.bytes).enumerated().allSatisfy { place, pair in
            let kept = min(max(length - place * 8, 0), 8)
            return kept == 0 || (pair.0 ^ pair.1) >> UInt8(8 - kept) == 0
        }
    }
}

extension FieldErrors {
    /// Checks that a text is an IP address.
    mutating func checkIP(_ text: String, _ path: @autoclosure () -> FieldPath) -> IPAddress? {
        if let address = IPAddress(text) {
            if address.isMapped {
                invalid(path(), .string(text), "must not be an IPv4-mapped IPv6 address")
            }
            return address
        }
        if let address = IPAddress(padded: text) {
            invalid(path(), .string(text), "must not have leading 0s")
            return address
        }
        invalid(path(), .string(text), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
        return nil
    }

    /// Checks that a text is a network such as `10.0.0.0/8`; gives its address and how many bits it fixes.
    @discardableResult
    mutating func checkNetwork(_ text: String, _ path: @autoclosure () -> FieldPath) -> (IPAddress, Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPadded =
            parts.count == 2
            && (parts[1].count > 1 && parts[1].hasPrefix("0") || IPAddress(String(parts[0])) == nil)
        guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let address = IPAddress(String(parts[0])) ?? IPAddress(padded: String(parts[0])),
            let length = Int(parts[1]), length <= address.bytes.count * 8
        else {
            let message = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
            invalid(path(), .string(text), message)
            return nil
        }
        if isPadded {
            invalid(path(), .string(text), "must not have leading 0s in IP or prefix length")
        } else if address.isMapped {
            invalid(path(), .string(text), "must not have an IPv4-mapped IPv6 address")
        } else if !address.isNetwork(length) {
            invalid(path(), .string(text), "must not have bits set beyond the prefix length")
        }
        return (address, length)
    }

    /// Checks that an address may belong to an endpoint.
    mutating func checkEndpointIP(_ address: IPAddress, _ text: String, _ path: FieldPath) {
        let value = JSONValue.string(text)
        if address.isUnspecified { invalid(path, value, "may not be unspecified (\(text))") }
        if address.isLoopback {
            invalid(path, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
        }
        if address.isLinkLocal {
            invalid(path, value, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
        }
        if address.isLinkLocalMulticast {
            invalid(path, value, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        }
    }
}
