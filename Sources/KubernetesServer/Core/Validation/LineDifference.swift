// SPDX-License-Identifier: Apache-2.0

/// What differs between two texts, line by line.
enum LineDifference {
    private static let context = 3

    /// A stretch of lines: the same on both sides, or other ones in their place.
    private struct Change {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// The changes with three lines before and behind them, as `diff -U3` writes them, without the heads of files.
    static func unified(_ old: [String], _ new: [String]) -> String {
        var hunks: [[Change]] = []
        for change in changes(old, new) {
            if let last = hunks.last?.last, change.old.lowerBound - last.old.upperBound <= 2 * context {
                hunks[hunks.count - 1].append(change)
            } else {
                hunks.append([change])
            }
        }
        return hunks.map { hunk($0, old, new) }.joined()
    }

    private static func hunk(_ changes: [Change], _ old: [String], _ new: [String]) -> String {
        guard let first = changes.first, let last = changes.last else { return "" }
        let before = min(context, first.old.lowerBound)
        let behind = min(context, old.count - last.old.upperBound)
        let oldRange = first.old.lowerBound - before..<last.old.upperBound + behind
        let newRange = first.new.lowerBound - before..<last.new.upperBound + behind
        var text = "@@ -\(place(oldRange)) +\(place(newRange)) @@\n"
        var next = oldRange.lowerBound
        for change in changes {
            for line in old[next..<change.old.lowerBound] { text += " \(line)\n" }
            for line in old[change.old] { text += "-\(line)\n" }
            for line in new[change.new] { text += "+\(line)\n" }
            next = change.old.upperBound
        }
        for line in old[next..<oldRange.upperBound] { text += " \(line)\n" }
        return text
    }

    private static func place(_ range: Range<Int>) -> String {
        switch range.count {
        case 0: "\(range.lowerBound),0"
        case 1: "\(range.lowerBound + 1)"
        default: "\(range.lowerBound + 1),\(range.count)"
        }
    }

    /// The stretches that differ, by the longest lines in common.
    private static func changes(_ old: [String], _ new: [String]) -> [Change] {
        var start = 0
        while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
        var end = 0
        while end < min(old.count, new.count) - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
            end += 1
        }
        let (left, right) = (Array(old[start..<old.count - end]), Array(new[start..<new.count - end]))
        // Very large differences are told as one: nobody reads them line by line.
        if left.count * right.count > 1_000_000 {
            return [Change(old: start..<old.count - end, new: start..<new.count - end)]
        }
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
        for row in left.indices.reversed() {
            for column in right.indices.reversed() {
                lengths[row][column] =
                    left[row] == right[column]
                    ? lengths[row + 1][column + 1] + 1
                    : max(lengths[row + 1][column], lengths[row][column + 1])
            }
        }
        var found: [Change] = []
        var (row, column) = (0, 0)
        while row < left.count || column < right.count {
            if row < left.count, column < right.count, left[row] == right[column] {
                row += 1
                column += 1
                continue
            }
            var change = Change(old: start + row..<start + row, new: start + column..<start + column)
            while row < left.count || column < right.count {
                if row < left.count, column < right.count, left[row] == right[column] { break }
                let dropsOld =
                    column >= right.count
                    || row < left.count && lengths[row + 1][column] >= lengths[row][column + 1]
                if dropsOld { row += 1 } else { column += 1 }
            }
            change.old = change.old.lowerBound..<start + row
            change.new = change.new.lowerBound..<start + column
            found.append(change)
        }
        return found
    }
}
