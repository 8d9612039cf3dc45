// SPDX-License-Identifier: Apache-2.0
import HeapModule

/// Actions that wait for a time; those of one time keep the order in which they came.
package struct TimerQueue {
    private struct Due: Comparable {
        let at: Int64
        let sequence: UInt64
        let slot: Int

        static func < (left: Due, right: Due) -> Bool {
            (left.at, left.sequence) < (right.at, right.sequence)
        }
    }

    private struct Slot {
        var action: (@Sendable () -> Void)?
        /// Told apart from earlier users of the slot, so that an old name cancels nothing new.
        var sequence: UInt64 = 0
    }

    private var heap = Heap<Due>()
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
        heap.insert(Due(at: instant, sequence: sequence, slot: slot))
        count += 1
        return TimerID(number: sequence << Self.slotBits | UInt64(slot))
    }

    /// Takes an action back; no effect when it has run.
    package mutating func cancel(_ timer: TimerID) {
        let slot = Int(timer.number & (1 << Self.slotBits - 1))
        guard slots.indices.contains(slot), slots[slot].sequence == timer.number >> Self.slotBits,
            slots[slot].action != nil
        else { return }
        // The heap's entry stays and is skipped when its time comes.
        slots[slot].action = nil
        count -= 1
    }

    /// When the next action is due; nil when none waits.
    package mutating func nextTime() -> Int64? {
        while let due = heap.min {
            if slots[due.slot].action != nil { return due.at }
            heap.removeMin()
            freeSlots.append(due.slot)
        }
        return nil
    }

    /// Takes the next action.
    package mutating func popNext() -> (at: Int64, action: @Sendable () -> Void)? {
        guard nextTime() != nil, let due = heap.popMin() else { return nil }
        guard let action = slots[due.slot].action else { return nil }
        slots[due.slot].action = nil
        freeSlots.append(due.slot)
        count -= 1
        return (due.at, action)
    }
}
