// SPDX-License-Identifier: Apache-2.0

/// Serial numbers in ascending order; the oldest is taken out as quickly as a new one is put in.
struct SerialList: Sequence {
    private var numbers: [Int64] = []
    /// Where the list begins: what was taken out in front of it is dropped now and then.
    private var start = 0

    var count: Int { numbers.count - start }
    var isEmpty: Bool { count == 0 }
    var first: Int64? { isEmpty ? nil : numbers[start] }

    func makeIterator() -> IndexingIterator<ArraySlice<Int64>> { numbers[start...].makeIterator() }

    mutating func insert(_ number: Int64) {
        guard let last = numbers.last, last >= number, !isEmpty else { return numbers.append(number) }
        numbers.insert(number, at: place(of: number))
    }

    mutating func remove(_ number: Int64) {
        let place = place(of: number)
        guard place < numbers.count, numbers[place] == number else { return }
        guard place == start else {
            numbers.remove(at: place)
            return
        }
        start += 1
        if start * 2 > numbers.count {
            numbers.removeFirst(start)
            start = 0
        }
    }

    /// Where a number is, or would be.
    private func place(of number: Int64) -> Int {
        var (low, high) = (start, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
