// SPDX-License-Identifier: Apache-2.0

/// Puts bits into bytes, from the lowest bit of each byte on.
struct BitWriter: Sendable {
    private var bits: UInt64 = 0
    private var bitCount = 0
    private var bytes: [UInt8] = []

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    /// Puts up to 32 bits.
    mutating func put(_ value: UInt64, _ count: Int) {
        bits |= value << UInt64(bitCount)
        bitCount += count
        while bitCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            bitCount -= 8
        }
    }

    /// Puts a prefix code, which is packed from its highest bit on.
    mutating func putReversed(_ code: Int, _ count: Int) {
        var (rest, reversed) = (UInt64(code), UInt64(0))
        for _ in 0..<count {
            reversed = reversed << 1 | rest & 1
            rest >>= 1
        }
        put(reversed, count)
    }

    /// Goes on at the next whole byte.
    mutating func align() {
        if bitCount > 0 { put(0, 8 - bitCount) }
    }

    /// Puts whole bytes; the last bit before them must have ended one.
    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// How many bits there are.
    var count: Int { bytes.count * 8 + bitCount }

    /// Takes out the whole bytes.
    mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}
