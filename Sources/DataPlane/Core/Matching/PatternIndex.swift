// SPDX-License-Identifier: Apache-2.0

/// For one subject, host or path: which rules does a text satisfy, as a set of bits, a bit for each rule.
///
/// Exact values and values with one star at the end (at the beginning for hosts, which are read backwards)
/// are found by one pass over the text; only other wildcards and expressions are tried one by one, each once
/// however many rules share it. The set stored for a literal already holds all that its shorter prefixes
/// hold, so the longest prefix and the exact find are all that is joined.
struct PatternIndex: Sendable {
    /// Words of a set.
    let words: Int
    private let isReversed: Bool
    /// Rules that any text satisfies.
    private var always: [UInt64]
    private var exacts = LiteralTable()
    private var exactSets: [UInt64] = []
    private var prefixes = LiteralTable()
    private var prefixSets: [UInt64] = []
    private var others: [(pattern: TextPattern, set: [UInt64])] = []

    /// Builds the index; element i are rule i's values, nil where it has no such condition.
    init(values: [[String]?], subject: TextPattern.Subject, settings: DataPlaneSettings) {
        words = (values.count + 63) / 64
        isReversed = subject == .host
        always = [UInt64](repeating: 0, count: words)
        var otherNumbers: [String: Int] = [:]
        var literals: [(isExact: Bool, number: Int, text: [UInt8])] = []
        for (rule, values) in values.enumerated() {
            guard let values else {
                always[rule / 64] |= 1 << UInt64(rule % 64)
                continue
            }
            for value in values {
                switch (TextPattern(value, subject: subject, settings: settings), isReversed) {
                case (.exact(let literal), _):
                    add(rule, exact: literal, to: &literals)
                case (.prefix(let literal), false), (.suffix(let literal), true):
                    add(rule, prefix: literal, to: &literals)
                case (.prefix(""), true):
                    always[rule / 64] |= 1 << UInt64(rule % 64)
                case (.never, _):
                    break
                case (let pattern, _):
                    let number = otherNumbers[value] ?? others.count
                    otherNumbers[value] = number
                    if number == others.count {
                        others.append((pattern, [UInt64](repeating: 0, count: words)))
                    }
                    others[number].set[rule / 64] |= 1 << UInt64(rule % 64)
                }
            }
        }
        inheritPrefixes(literals)
    }

    private func ordered(_ literal: String) -> [UInt8] {
        isReversed ? literal.utf8.reversed() : Array(literal.utf8)
    }

    private mutating func add(
        _ rule: Int,
        exact literal: String,
        to literals: inout [(isExact: Bool, number: Int, text: [UInt8])]
    ) {
        let text = ordered(literal)
        let number = exacts.insert(text)
        if exactSets.count == number * words {
            exactSets += [UInt64](repeating: 0, count: words)
            literals.append((true, number, text))
        }
        exactSets[number * words + rule / 64] |= 1 << UInt64(rule % 64)
    }

    private mutating func add(
        _ rule: Int,
        prefix literal: String,
        to literals: inout [(isExact: Bool, number: Int, text: [UInt8])]
    ) {
        let text = ordered(literal)
        let number = prefixes.insert(text)
        if prefixSets.count == number * words {
            prefixSets += [UInt64](repeating: 0, count: words)
            literals.append((false, number, text))
        }
        prefixSets[number * words + rule / 64] |= 1 << UInt64(rule % 64)
    }

    /// Gives each literal what its longest prefix holds; the shortest first, and a prefix before the exact text
    /// of its length, so that it adds up.
    private mutating func inheritPrefixes(_ literals: [(isExact: Bool, number: Int, text: [UInt8])]) {
        let ordered = literals.sorted {
            ($0.text.count, $0.isExact ? 1 : 0) < ($1.text.count, $1.isExact ? 1 : 0)
        }
        for literal in ordered {
            let limit = literal.isExact ? literal.text.count : literal.text.count - 1
            let found = literal.text.withUnsafeBufferPointer {
                longestPrefix(of: $0, upTo: limit, isReversed: false)
            }
            for word in 0..<words {
                let inherited = found.prefix.map { prefixSets[$0 * words + word] } ?? always[word]
                if literal.isExact {
                    exactSets[literal.number * words + word] |= inherited
                } else {
                    prefixSets[literal.number * words + word] |= inherited
                }
            }
        }
    }

    /// The longest known prefix of at most `limit` bytes, and the hash of the whole text.
    @inline(__always)
    private func longestPrefix(
        of text: Bytes,
        upTo limit: Int,
        isReversed: Bool
    ) -> (prefix: Int?, hash: RollingHash) {
        var hash = RollingHash()
        var best: Int?
        var length = 0
        for wanted in prefixes.lengths {
            if wanted > text.count || wanted > limit { break }
            hash.add(text, from: length, to: wanted, isReversed: isReversed)
            length = wanted
            if let found = prefixes.number(of: text, length: wanted, hash: hash, isReversed: isReversed) {
                best = found
            }
        }
        hash.add(text, from: length, to: text.count, isReversed: isReversed)
        return (best, hash)
    }

    /// Writes the rules that `text` satisfies into `set`, which has room for `words` words.
    func find(_ text: String, into set: UnsafeMutableBufferPointer<UInt64>) {
        text.withBytes { bytes in
            let found = longestPrefix(of: bytes, upTo: bytes.count, isReversed: isReversed)
            if let exact = exacts.number(
                of: bytes,
                length: bytes.count,
                hash: found.hash,
                isReversed: isReversed
            ) {
                for word in 0..<words { set[word] = exactSets[exact * words + word] }
            } else if let prefix = found.prefix {
                for word in 0..<words { set[word] = prefixSets[prefix * words + word] }
            } else {
                for word in 0..<words { set[word] = always[word] }
            }
        }
        for other in others where other.pattern.matches(text) {
            for word in 0..<words { set[word] |= other.set[word] }
        }
    }
}
