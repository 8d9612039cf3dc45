// SPDX-License-Identifier: Apache-2.0

/// Finds what somebody meant to write.
enum NearMiss {
    /// The candidate that is most like `word`; nil when none is near.
    ///
    /// Of equals the first wins.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        let typed = Array(word.lowercased().unicodeScalars)
        guard !typed.isEmpty else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let known = Array(candidate.lowercased().unicodeScalars)
            var distance = distance(typed, known)
            let shorter = min(typed.count, known.count)
            let limit = max(1, min(3, max(typed.count, known.count) / 3))
            if distance > limit {
                // A word that was cut short, or one with something after it.
                guard shorter >= 3, known.starts(with: typed) || typed.starts(with: known) else { continue }
                distance = limit + 1
            }
            if shorter == 1, distance > 0, max(typed.count, known.count) < 3 { continue }
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// What to say about a word that is not among the allowed ones.
    static func help(for word: String, among allowed: [String]) -> String? {
        if let nearest = nearest(to: word, in: allowed) { return "did you mean \"\(nearest)\"?" }
        if allowed.isEmpty { return nil }
        if allowed.count == 1 { return "only \"\(allowed[0])\" is allowed here" }
        return "allowed: \(allowed.joined(separator: ", "))"
    }

    /// How many letters must be inserted, left out, replaced or swapped with their neighbour.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                var best = min(
                    last[column + 1] + 1,
                    current[column] + 1,
                    last[column] + (left[row] == right[column] ? 0 : 1)
                )
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
