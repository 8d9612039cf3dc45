// SPDX-License-Identifier: Apache-2.0

/// Bytes packed by DEFLATE (RFC 1951): repeats by a greedy search, codes from the fixed table.
///
/// Each piece ends on a byte and can be unpacked as soon as it arrives. The same bytes always give the same
/// packed bytes, on every machine, which a library of the system does not promise.
struct Deflate: Sendable {
    private static let hashBits = 13
    private static let longest = 258
    private static let reach = 32_768
    /// How many earlier places are compared; more pack better and take longer.
    private static let depth = 16

    private var bits: UInt64 = 0
    private var bitCount = 0
    private var packed: [UInt8] = []

    /// Packs a piece.
    mutating func pack(_ bytes: [UInt8]) -> [UInt8] {
        packed.reserveCapacity(bytes.count / 2 + 16)
        if !bytes.isEmpty {
            put(0b010, 3)  // not the last block, fixed codes
            bytes.withUnsafeBufferPointer { packBlock($0) }
            putLiteral(256)
        }
        put(0, 3)  // an empty stored block, which begins on a byte
        align()
        packed += [0, 0, 0xff, 0xff]
        return take()
    }

    /// The end of the packed bytes.
    mutating func finish() -> [UInt8] {
        put(0b011, 3)
        putLiteral(256)
        align()
        return take()
    }

    private mutating func take() -> [UInt8] {
        defer { packed = [] }
        return packed
    }

    private mutating func packBlock(_ bytes: UnsafeBufferPointer<UInt8>) {
        var heads = [Int32](repeating: -1, count: 1 << Self.hashBits)
        var previous = [Int32](repeating: -1, count: bytes.count)
        func hash(at index: Int) -> Int {
            let value = UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
            return Int((value &* 0x9e37_79b1) >> UInt32(32 - Self.hashBits))
        }
        func note(_ index: Int) {
            guard index + 2 < bytes.count else { return }
            let hash = hash(at: index)
            previous[index] = heads[hash]
            heads[hash] = Int32(index)
        }
        var index = 0
        while index < bytes.count {
            var (length, distance) = (0, 0)
            if index + 2 < bytes.count {
                var candidate = Int(heads[hash(at: index)])
                var tries = Self.depth
                let limit = min(Self.longest, bytes.count - index)
                while candidate >= 0, index - candidate <= Self.reach, tries > 0 {
                    var same = 0
                    while same < limit, bytes[candidate + same] == bytes[index + same] { same += 1 }
                    if same > length { (length, distance) = (same, index - candidate) }
                    if same == limit { break }
                    candidate = Int(previous[candidate])
                    tries -= 1
                }
            }
            if length >= 3 {
                putRepeat(length, distance)
                for step in 0..<length { note(index + step) }
                index += length
            } else {
                putLiteral(Int(bytes[index]))
                note(index)
                index += 1
            }
        }
    }

    // MARK: Codes

    private static let lengths: [(base: Int, extra: Int)] = [
        (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1),
        (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4),
        (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
    ]

    private static let distances: [(base: Int, extra: Int)] = [
        (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3), (33, 4), (49, 4),
        (65, 5), (97, 5), (129, 6), (193, 6), (257, 7), (385, 7), (513, 8), (769, 8), (1025, 9), (1537, 9),
        (2049, 10), (3073, 10), (4097, 11), (6145, 11), (8193, 12), (12_289, 12), (16_385, 13), (24_577, 13),
    ]

    /// The last row whose base is not above `value`.
    private static func row(_ table: [(base: Int, extra: Int)], _ value: Int) -> Int {
        var (low, high) = (0, table.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if table[middle].base <= value { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private mutating func putRepeat(_ length: Int, _ distance: Int) {
        let lengthRow = Self.row(Self.lengths, length)
        putLiteral(257 + lengthRow)
        put(UInt64(length - Self.lengths[lengthRow].base), Self.lengths[lengthRow].extra)
        let distanceRow = Self.row(Self.distances, distance)
        putReversed(distanceRow, 5)
        put(UInt64(distance - Self.distances[distanceRow].base), Self.distances[distanceRow].extra)
    }

    private mutating func putLiteral(_ symbol: Int) {
        switch symbol {
        case ..<144: putReversed(0x30 + symbol, 8)
        case ..<256: putReversed(0x190 + symbol - 144, 9)
        case ..<280: putReversed(symbol - 256, 7)
        default: putReversed(0xc0 + symbol - 280, 8)
        }
    }

    /// Huffman codes are packed from their highest bit on.
    private mutating func putReversed(_ code: Int, _ count: Int) {
        var (rest, reversed) = (UInt64(code), UInt64(0))
        for _ in 0..<count {
            reversed = reversed << 1 | rest & 1
            rest >>= 1
        }
        put(reversed, count)
    }

    private mutating func put(_ value: UInt64, _ count: Int) {
        bits |= value << UInt64(bitCount)
        bitCount += count
        while bitCount >= 8 {
            packed.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            bitCount -= 8
        }
    }

    private mutating func align() {
        if bitCount > 0 { put(0, 8 - bitCount) }
    }
}
