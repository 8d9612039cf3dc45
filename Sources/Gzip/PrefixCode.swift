// SPDX-License-Identifier: Apache-2.0

/// A prefix code for an alphabet: short codes for symbols that come often (Huffman's, with a longest code).
struct PrefixCode: Sendable {
    /// By symbol; 0 for those that do not come.
    let lengths: [Int]
    private let codes: [Int]
    /// The symbols that come, in order.
    let symbols: [Int]

    /// Makes a code.
    ///
    /// - Parameters:
    ///   - frequencies: How often each symbol comes.
    ///   - longest: How many bits a code may have.
    init(frequencies: [Int], longest: Int) {
        symbols = frequencies.indices.filter { frequencies[$0] > 0 }
        var floor = 1
        var lengths = Self.lengths(frequencies, symbols, floor: floor)
        // Codes that are too long get shorter when rare symbols count for more.
        while lengths.contains(where: { $0 > longest }) {
            floor *= 2
            lengths = Self.lengths(frequencies, symbols, floor: floor)
        }
        self.lengths = lengths
        codes = Self.codes(lengths)
    }

    private static func lengths(_ frequencies: [Int], _ symbols: [Int], floor: Int) -> [Int] {
        var lengths = [Int](repeating: 0, count: frequencies.count)
        guard symbols.count > 1 else {
            if let only = symbols.first { lengths[only] = 1 }
            return lengths
        }
        // Leaves in order of weight, and the nodes above them, which come in that order by themselves.
        let leaves = symbols.map { (weight: max(frequencies[$0], floor), symbol: $0) }
            .sorted { ($0.weight, $0.symbol) < ($1.weight, $1.symbol) }
        var weights = leaves.map(\.weight)
        var parents = [Int](repeating: 0, count: leaves.count)
        var (leaf, node) = (0, leaves.count)
        func lightest() -> Int {
            if leaf < leaves.count, node >= weights.count || weights[leaf] <= weights[node] {
                leaf += 1
                return leaf - 1
            }
            node += 1
            return node - 1
        }
        for _ in 1..<leaves.count {
            let (first, second) = (lightest(), lightest())
            parents[first] = weights.count
            parents[second] = weights.count
            weights.append(weights[first] + weights[second])
            parents.append(0)
        }
        var depths = [Int](repeating: 0, count: weights.count)
        for index in (0..<(weights.count - 1)).reversed() {
            depths[index] = depths[parents[index]] + 1
            if index < leaves.count { lengths[leaves[index].symbol] = depths[index] }
        }
        return lengths
    }

    /// Shorter codes first, and among those of one length in the order of their symbols.
    private static func codes(_ lengths: [Int]) -> [Int] {
        var counts = [Int](repeating: 0, count: (lengths.max() ?? 0) + 2)
        for length in lengths where length > 0 { counts[length + 1] += 1 }
        var next = [Int](repeating: 0, count: counts.count)
        for length in 1..<max(counts.count - 1, 1) {
            next[length] = (next[length - 1] + (length > 1 ? counts[length] : 0)) << 1
        }
        return lengths.map { length in
            guard length > 0 else { return 0 }
            defer { next[length] += 1 }
            return next[length]
        }
    }

    /// Writes a symbol; a code of one symbol takes no bits.
    func put(_ symbol: Int, to writer: inout BitWriter) {
        guard symbols.count > 1 else { return }
        writer.putReversed(codes[symbol], lengths[symbol])
    }
}
