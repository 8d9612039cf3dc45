// SPDX-License-Identifier: Apache-2.0

/// Gives rules their numbers: rising in the wanted order, with gaps, changing as few as possible.
///
/// A new rule between two others takes a number of the gap between them. Only when a gap is full do
/// neighbours move, the fewer the better.
enum RulePriorities {
    /// The numbers that the cloud takes.
    static let range = 1...10_000
    /// The distance between fresh rules.
    private static let stride = 50

    /// A number for each place.
    ///
    /// - Parameters:
    ///   - present: The number that the rule at each wanted place has now; nil for a new one.
    ///   - taken: Numbers of rules that are about to go.
    /// - Returns: The numbers, rising; nil when there are more rules than numbers.
    static func assign(present: [Int?], taken: Set<Int> = []) -> [Int]? {
        guard present.count <= range.count else { return nil }
        var kept = longestRise(present)
        var occupied = taken
        for case let number? in present { occupied.insert(number) }
        while true {
            if let numbers = fill(present, kept: kept, occupied: occupied) { return numbers }
            guard widen(&kept, present) else { break }
        }
        // More than half of all numbers are in use: numbers are taken over from other rules.
        return spread(present.count, after: 0, before: range.upperBound + 1, avoiding: [])
    }

    /// Marks the longest rising choice of present numbers: those rules stay as they are.
    static func longestRise(_ present: [Int?]) -> [Bool] {
        var tails: [Int] = []  // places of the smallest last number of a rise of each length
        var before = [Int](repeating: -1, count: present.count)
        for (place, number) in present.enumerated() {
            guard let number else { continue }
            var low = 0, high = tails.count
            while low < high {
                let middle = (low + high) / 2
                if (present[tails[middle]] ?? 0) < number { low = middle + 1 } else { high = middle }
            }
            if low > 0 { before[place] = tails[low - 1] }
            if low == tails.count { tails.append(place) } else { tails[low] = place }
        }
        var kept = [Bool](repeating: false, count: present.count)
        var place = tails.last ?? -1
        while place >= 0 {
            kept[place] = true
            place = before[place]
        }
        return kept
    }

    /// Numbers for all that are not kept, each run of them spread over the gap that it stands in.
    private static func fill(_ present: [Int?], kept: [Bool], occupied: Set<Int>) -> [Int]? {
        var numbers = present.map { $0 ?? 0 }
        var place = 0
        while place < present.count {
            guard !kept[place] else {
                place += 1
                continue
            }
            let start = place
            while place < present.count, !kept[place] { place += 1 }
            let low = start > 0 ? numbers[start - 1] : 0
            let high = place < present.count ? numbers[place] : range.upperBound + 1
            guard let fresh = spread(place - start, after: low, before: high, avoiding: occupied) else {
                return nil
            }
            numbers.replaceSubrange(start..<place, with: fresh)
        }
        return numbers
    }

    /// `count` rising free numbers between two others.
    static func spread(_ count: Int, after low: Int, before high: Int, avoiding occupied: Set<Int>) -> [Int]?
    {
        let isOpenEnded = high > range.upperBound
        let room = high - low - 1
        guard count <= room else { return nil }
        // At the end rules follow one another at the usual distance; between others they share the gap.
        let step = isOpenEnded && (count + 1) * stride <= room ? stride : max(1, (room + 1) / (count + 1))
        var numbers: [Int] = []
        var next = low
        for index in 0..<count {
            var number = max(low + step * (index + 1), next + 1)
            while occupied.contains(number) { number += 1 }
            guard number + (count - index - 1) < high else { return tight(count, low, high, occupied) }
            numbers.append(number)
            next = number
        }
        return numbers
    }

    /// The last free numbers below `high`, for gaps that are nearly full.
    private static func tight(_ count: Int, _ low: Int, _ high: Int, _ occupied: Set<Int>) -> [Int]? {
        var numbers: [Int] = []
        var number = high - 1
        while numbers.count < count, number > low {
            if !occupied.contains(number) { numbers.append(number) }
            number -= 1
        }
        return numbers.count == count ? numbers.reversed() : nil
    }

    /// Lets the neighbours of every run that moves move too; false when all move already.
    private static func widen(_ kept: inout [Bool], _ present: [Int?]) -> Bool {
        let moving = kept.indices.filter { !kept[$0] }
        guard moving.count < kept.count else { return false }
        let reach = max(1, moving.count)
        for place in moving {
            for near in max(0, place - reach)...min(kept.count - 1, place + reach) { kept[near] = false }
        }
        return true
    }
}
