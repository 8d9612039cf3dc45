// SPDX-License-Identifier: Apache-2.0

/// Smooth weighted round robin: each server gets its share, and the turns of a heavy one are spread out.
///
/// - Source: documented as smooth, for each node by itself; the arithmetic is the well-known one.
struct SmoothWheel: Sendable {
    /// How far each server is behind its share.
    var turns: [Int]

    init(count: Int) {
        turns = [Int](repeating: 0, count: count)
    }

    /// Gives the next place among `places`, which is not empty.
    mutating func next(among places: [Int], weights: [Int]) -> Int {
        var (best, total) = (places[0], 0)
        for place in places {
            turns[place] += weights[place]
            total += weights[place]
            if turns[place] > turns[best] { best = place }
        }
        turns[best] -= total
        return best
    }
}
