// SPDX-License-Identifier: Apache-2.0

/// Bytes packed by DEFLATE (RFC 1951): repeats by a greedy search, codes from the fixed table.
///
/// Each piece ends on a byte and can be unpacked as soon as it arrives. The same bytes always give the same
/// packed bytes, on every machine, which a library of the system does not promise.
struct Deflate: Sendable {
    private static let longest = 258

    private var writer = BitWriter()

    /// Packs a piece.
    mutating func pack(_ bytes: [UInt8]) -> [UInt8] {
        writer.reserve(bytes.count / 2 + 16)
        if !bytes.isEmpty {
            writer.put(0b010, 3)  // not the last block, fixed codes
            bytes.withUnsafeBufferPointer { packBlock($0) }
            putLiteral(256)
        }
        writer.put(0, 3)  // an empty stored block, which begins on a byte
        writer.align()
        writer.append([0, 0, 0xff, 0xff])
        return writer.take()
    }

    /// The end of the packed bytes.
    mutating func finish() -> [UInt8] {
        writer.put(0b011, 3)
        putLiteral(256)
        writer.align()
        return writer.take()
    }

    private mutating func packBlock(_ bytes: UnsafeBufferPointer<UInt8>) {
        var search = RepeatSearch(bytes, longest: Self.longest)
        var index = 0
        while index < bytes.count {
            let (length, distance) = search.best(at: index)
            if length >= 3 {
                putRepeat(length, distance)
                for step in 0..<length { search.note(index + step) }
                index += length
            } else {
                putLiteral(Int(bytes[index]))
                search.note(index)
                index += 1
            }
        }
    }

    // MARK: Codes

    private static let lengths: [CodeRange] = [
        (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1),
        (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4),
        (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
    ]

    private static let distances: [CodeRange] = [
        (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3), (33, 4), (49, 4),
        (65, 5), (97, 5), (129, 6), (193, 6), (257, 7), (385, 7), (513, 8), (769, 8), (1025, 9), (1537, 9),
        (2049, 10), (3073, 10), (4097, 11), (6145, 11), (8193, 12), (12_289, 12), (16_385, 13), (24_577, 13),
    ]

    private mutating func putRepeat(_ length: Int, _ distance: Int) {
        let lengthRow = Self.lengths.row(for: length)
        putLiteral(257 + lengthRow)
        writer.put(UInt64(length - Self.lengths[lengthRow].base), Self.lengths[lengthRow].extra)
        let distanceRow = Self.distances.row(for: distance)
        writer.putReversed(distanceRow, 5)
        writer.put(UInt64(distance - Self.distances[distanceRow].base), Self.distances[distanceRow].extra)
    }

    private mutating func putLiteral(_ symbol: Int) {
        switch symbol {
        case ..<144: writer.putReversed(0x30 + symbol, 8)
        case ..<256: writer.putReversed(0x190 + symbol - 144, 9)
        case ..<280: writer.putReversed(symbol - 256, 7)
        default: writer.putReversed(0xc0 + symbol - 280, 8)
        }
    }
}
