// SPDX-License-Identifier: Apache-2.0
/// Actions that wait for a time; those of one time keep the order in which they came.
package struct TimerQueue {
    /// When an action is due, and below it the sequence number and the slot: one number, so that a comparison is one
    /// too, without branches that nobody can foresee.
    private struct Due {
        private let number: UInt128
        private static let sign: UInt64 = 1 << 63

        init(at: Int64, name: UInt64) {
            number = UInt128(UInt64(bitPattern: at) ^ Self.sign) << 64 | UInt128(name)
        }

        var at: Int64 { Int64(bitPattern: UInt64(truncatingIfNeeded: number >> 64) ^ Self.sign) }
        var name: UInt64 { UInt64(truncatingIfNeeded: number) }

        static func < (left: Due, right: Due) -> Bool { left.number < right.number }
    }

    private struct Slot {
        var action: (@Sendable () -> Void)?
        /// Told apart from earlier users of the slot, so that an old name cancels nothing new.
        var sequence: UInt64 = 0
    }

    /// A binary heap, the earliest first: a simulation lives by it, and a heap for both ends costs twice as much.
    private var heap: ContiguousArray<Due> = []
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    /// The place of each sequence number's slot is in its name: slot in the low bits, sequence above.
    private var nextSequence: UInt64 = 1
    private static let slotBits: UInt64 = 24

    /// How many actions wait.
    package private(set) var count = 0

    /// Makes an empty queue.
    package init() {}

    /// Adds an action; the name cancels it.
    package mutating func add(at instant: Int64, _ action: @escaping @Sendable () -> Void) -> TimerID {
        let slot = freeSlots.popLast() ?? slots.count
        if slot == slots.count { slots.append(Slot()) }
        precondition(slot < 1 << Self.slotBits, "more timers wait than a simulation can hold")
        let sequence = nextSequence
        nextSequence += 1
        slots[slot] = Slot(action: action, sequence: sequence)
        let name = sequence << Self.slotBits | UInt64(slot)
        push(Due(at: instant, name: name))
        count += 1
        return TimerID(number: name)
    }

    private static func slot(_ name: UInt64) -> Int { Int(name & (1 << slotBits - 1)) }

    private mutating func push(_ due: Due) {
        heap.append(due)
        heap.withUnsafeMutableBufferPointer { heap in
            var place = heap.count - 1
            while place > 0 {
                let parent = (place - 1) / 2
                guard due < heap[parent] else { break }
                heap[place] = heap[parent]
                place = parent
            }
            heap[place] = due
        }
    }

    private mutating func dropFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap.withUnsafeMutableBufferPointer { heap in
            var place = 0
            while true {
                var child = 2 * place + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count { child += heap[child + 1] < heap[child] ? 1 : 0 }
                guard heap[child] < last else { break }
                heap[place] = heap[child]
                place = child
            }
            heap[place] = last
        }
    }

    /// Takes an action back; no effect when it has run.
    package mutating func cancel(_ timer: TimerID) {
        let slot = Self.slot(timer.number)
        guard slots.indices.contains(slot), slots[slot].sequence == timer.number >> Self.slotBits,
            slots[slot].action != nil
        else { return }
        // The heap's entry stays and is skipped when its time comes.
        slots[slot].action = nil
        count -= 1
    }

    /// When the next action is due; nil when none waits.
    package mutating func nextTime() -> Int64? {
        while let due = heap.first {
            let slot = Self.slot(due.name)
            if slots[slot].action != nil { return due.at }
            dropFirst()
            freeSlots.append(slot)
        }
        return nil
    }

    /// Takes the next action.
    package mutating func popNext() -> (at: Int64, action: @Sendable () -> Void)? {
        popNext(until: .max)
    }

    /// Takes the next action unless it is due later; nil then, and when none waits.
    package mutating func popNext(until limit: Int64) -> (at: Int64, action: @Sendable () -> Void)? {
        while let due = heap.first {
            let slot = Self.slot(due.name)
            if let action = slots[slot].action.take() {
                if due.at > limit {
                    slots[slot].action = action
                    return nil
                }
                dropFirst()
                freeSlots.append(slot)
                count -= 1
                return (due.at, action)
            }
            dropFirst()
            freeSlots.append(slot)
        }
        return nil
    }
}
