// SPDX-License-Identifier: Apache-2.0

/// A rolling hash over bytes, so that all prefixes of a text are hashed in one pass.
struct RollingHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    /// Adds some bytes of a text, counted from its end when it is read backwards.
    @inline(__always)
    mutating func add(_ text: Bytes, from start: Int, to end: Int, isReversed: Bool) {
        guard start < end else { return }
        if isReversed {
            for index in stride(from: text.count - 1 - start, to: text.count - 1 - end, by: -1) {
                add(text[index])
            }
        } else {
            for index in start..<end { add(text[index]) }
        }
    }
}

/// Texts with a number each, found by their rolling hash.
///
/// Open addressing over one array; a find is confirmed byte by byte.
struct LiteralTable: Sendable {
    private struct Slot {
        var hash: UInt64 = 0
        var start: Int32 = 0
        var length: Int32 = 0
        /// The text's number; negative in a free slot.
        var number: Int32 = -1
    }

    private var slots = [Slot](repeating: Slot(), count: 8)
    private var bytes: [UInt8] = []
    private(set) var count = 0
    /// The lengths that occur, ascending.
    private(set) var lengths: [Int] = []

    /// Adds a text, or gives the number that it has already; they count from 0.
    mutating func insert(_ text: [UInt8]) -> Int {
        var hash = RollingHash()
        for byte in text { hash.add(byte) }
        if let known = text.withUnsafeBufferPointer({ number(of: $0, length: $0.count, hash: hash) }) {
            return known
        }
        if count * 2 >= slots.count { grow() }
        let slot = Slot(
            hash: hash.value,
            start: Int32(bytes.count),
            length: Int32(text.count),
            number: Int32(count)
        )
        bytes += text
        place(slot)
        let place = lengths.firstIndex { $0 >= text.count } ?? lengths.count
        if place == lengths.count || lengths[place] != text.count { lengths.insert(text.count, at: place) }
        count += 1
        return count - 1
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.number >= 0 { place(slot) }
    }

    private mutating func place(_ slot: Slot) {
        var index = Int(truncatingIfNeeded: slot.hash ^ slot.hash >> 32) & (slots.count - 1)
        while slots[index].number >= 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    /// The number of the first `length` bytes of `text`, whose hash is `hash`; nil when they are not here.
    @inline(__always)
    func number(of text: Bytes, length: Int, hash: RollingHash, isReversed: Bool = false) -> Int? {
        var index = Int(truncatingIfNeeded: hash.value ^ hash.value >> 32) & (slots.count - 1)
        while true {
            let slot = slots[index]
            if slot.number < 0 { return nil }
            if slot.hash == hash.value, Int(slot.length) == length, isSame(slot, text, isReversed) {
                return Int(slot.number)
            }
            index = (index + 1) & (slots.count - 1)
        }
    }

    private func isSame(_ slot: Slot, _ text: Bytes, _ isReversed: Bool) -> Bool {
        let start = Int(slot.start)
        for offset in 0..<Int(slot.length)
        where bytes[start + offset] != text[isReversed ? text.count - 1 - offset : offset] {
            return false
        }
        return true
    }
}
