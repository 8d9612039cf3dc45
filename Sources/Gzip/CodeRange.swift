// SPDX-License-Identifier: Apache-2.0

/// A row of the tables by which formats write numbers: a symbol stands for all from `base` on, and so many extra bits
/// tell which of them is meant.
typealias CodeRange = (base: Int, extra: Int)

extension [CodeRange] {
    /// The last row whose base is not above `value`.
    func row(for value: Int) -> Int {
        var (low, high) = (0, count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if self[middle].base <= value { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
