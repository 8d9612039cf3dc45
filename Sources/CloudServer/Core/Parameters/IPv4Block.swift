// SPDX-License-Identifier: Apache-2.0

/// A block of IPv4 addresses as `10.0.0.0/16`; a bare address is a block of one.
struct IPv4Block: Sendable, Hashable {
    /// The address before the slash, host bits included.
    let address: UInt32
    /// 0 to 32.
    let prefixLength: Int

    init?(_ text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2, let address = Self.address(halves[0]) else { return nil }
        self.address = address
        guard halves.count == 2 else {
            prefixLength = 32
            return
        }
        guard halves[1].utf8.count <= 2, let length = Int(halves[1]), (0...32).contains(length) else {
            return nil
        }
        prefixLength = length
    }

    /// How many addresses there are in it.
    var count: UInt64 { 1 << UInt64(32 - prefixLength) }

    /// Its lowest address.
    var first: UInt32 { prefixLength == 0 ? 0 : address & (UInt32.max << UInt32(32 - prefixLength)) }

    func contains(_ other: UInt32) -> Bool { other &- first < count || count == 1 << 32 }

    /// True when an address is in both.
    func overlaps(_ other: IPv4Block) -> Bool { contains(other.first) || other.contains(first) }

    /// Reads four decimal numbers with dots.
    static func address(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let byte = UInt8(part)
            else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }

    /// Writes an address with dots.
    static func text(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    }
}
