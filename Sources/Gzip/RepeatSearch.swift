// SPDX-License-Identifier: Apache-2.0

/// Finds what has been before in a piece of bytes, by a greedy search.
struct RepeatSearch {
    private static let hashBits = 13
    private static let reach = 32_768
    /// How many earlier places are compared; more pack better and take longer.
    private static let depth = 16

    private let bytes: UnsafeBufferPointer<UInt8>
    private let longest: Int
    private var heads = [Int32](repeating: -1, count: 1 << RepeatSearch.hashBits)
    private var previous: [Int32]

    /// Makes a search that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - bytes: The piece; it must live as long as the search.
    ///   - longest: How long a repeat may be.
    init(_ bytes: UnsafeBufferPointer<UInt8>, longest: Int) {
        self.bytes = bytes
        self.longest = longest
        previous = [Int32](repeating: -1, count: bytes.count)
    }

    private func hash(at index: Int) -> Int {
        let value = UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
        return Int((value &* 0x9e37_79b1) >> UInt32(32 - Self.hashBits))
    }

    /// The longest repeat at a place, and how far back it was; its length is 0 when there is none.
    func best(at index: Int) -> (length: Int, distance: Int) {
        var (length, distance) = (0, 0)
        guard index + 2 < bytes.count else { return (0, 0) }
        var candidate = Int(heads[hash(at: index)])
        var tries = Self.depth
        let limit = min(longest, bytes.count - index)
        while candidate >= 0, index - candidate <= Self.reach, tries > 0 {
            var same = 0
            while same < limit, bytes[candidate + same] == bytes[index + same] { same += 1 }
            if same > length { (length, distance) = (same, index - candidate) }
            if same == limit { break }
            candidate = Int(previous[candidate])
            tries -= 1
        }
        return (length, distance)
    }

    /// Remembers what begins at a place.
    mutating func note(_ index: Int) {
        guard index + 2 < bytes.count else { return }
        let hash = hash(at: index)
        previous[index] = heads[hash]
        heads[hash] = Int32(index)
    }
}
