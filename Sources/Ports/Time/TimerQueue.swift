// SPDX-License-Identifier: Apache-2.0
/// Actions that wait for a time; those of one time keep the order in which they came.
public struct TimerQueue<Action> {
    @usableFromInline struct Slot {
        @usableFromInline var action: Action?
        /// Told apart from earlier users of the slot, so that an old name cancels nothing new.
        @usableFromInline var sequence: UInt64

        @inlinable init(action: Action, sequence: UInt64) {
            self.action = action
            self.sequence = sequence
        }
    }

    /// A binary heap, the earliest first: a simulation lives by it, and a heap for both ends costs twice as much.
    @usableFromInline var heap: ContiguousArray<DueTime> = []
    @usableFromInline var slots: ContiguousArray<Slot> = []
    @usableFromInline var freeSlots: ContiguousArray<Int> = []
    /// The place of each sequence number's slot is in its name: slot in the low bits, sequence above.
    @usableFromInline var nextSequence: UInt64 = 1
    @usableFromInline var waiting = 0

    /// How many actions wait.
    @inlinable public var count: Int { waiting }

    /// Makes an empty queue.
    @inlinable public init() {}

    /// Adds an action; the name cancels it.
    @inlinable
    public mutating func add(at instant: Int64, _ action: consuming Action) -> TimerID {
        let sequence = takeSequence()
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            slots[slot] = Slot(action: action, sequence: sequence)
        } else {
            slot = slots.count
            slots.append(Slot(action: action, sequence: sequence))
            precondition(slot < 1 << DueTime.slotBits, "more timers wait than a simulation can hold")
        }
        let due = DueTime(at: instant, sequence: sequence, slot: slot)
        push(due)
        waiting += 1
        return TimerID(number: due.name)
    }

    /// When something is due that waits elsewhere, in one order with the actions.
    @inlinable
    public mutating func due(at instant: Int64) -> DueTime {
        DueTime(at: instant, sequence: takeSequence(), slot: 0)
    }

    @inlinable
    mutating func takeSequence() -> UInt64 {
        defer { nextSequence += 1 }
        return nextSequence
    }

    @inlinable
    mutating func push(_ due: DueTime) {
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

    @inlinable
    mutating func dropFirst() {
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
    @inlinable
    public mutating func cancel(_ timer: TimerID) {
        let (slot, sequence) = DueTime.parts(ofName: timer.number)
        guard slots.indices.contains(slot), slots[slot].sequence == sequence, slots[slot].action != nil else {
            return
        }
        // The heap's entry stays and is skipped when its time comes.
        slots[slot].action = nil
        waiting -= 1
    }

    /// When the next action is due, and after what; nil when none waits.
    @inlinable
    public mutating func nextDue() -> DueTime? {
        while let due = heap.first {
            if slots[due.slot].action != nil { return due }
            dropFirst()
            freeSlots.append(due.slot)
        }
        return nil
    }

    /// Takes the next action; nil when none waits.
    @inlinable
    public mutating func popNext() -> (at: Int64, action: Action)? {
        guard let due = nextDue(), let action = slots[due.slot].action.take() else { return nil }
        dropFirst()
        freeSlots.append(due.slot)
        waiting -= 1
        return (due.at, action)
    }
}

extension TimerQueue: Sendable where Action: Sendable {}
extension TimerQueue.Slot: Sendable where Action: Sendable {}

/// When something is due, and below it in which order it came: one number, so that a comparison is one too, without
/// branches that nobody can foresee.
public struct DueTime: Sendable, Comparable {
    @usableFromInline let number: UInt128
    @usableFromInline static let sign: UInt64 = 1 << 63
    /// The bits of a name that are its slot's; the sequence number is above them.
    @usableFromInline static let slotBits: UInt64 = 24

    @inlinable init(at: Int64, sequence: UInt64, slot: Int) {
        let name = sequence << Self.slotBits | UInt64(truncatingIfNeeded: slot)
        number = UInt128(UInt64(bitPattern: at) ^ Self.sign) << 64 | UInt128(name)
    }

    /// In nanoseconds since the Unix epoch.
    @inlinable public var at: Int64 {
        Int64(bitPattern: UInt64(truncatingIfNeeded: number >> 64) ^ Self.sign)
    }

    @inlinable var name: UInt64 { UInt64(truncatingIfNeeded: number) }

    @inlinable var slot: Int { Self.parts(ofName: name).slot }

    @inlinable
    static func parts(ofName name: UInt64) -> (slot: Int, sequence: UInt64) {
        (Int(name & (1 << slotBits - 1)), name >> slotBits)
    }

    /// Orders by time, and at one time by which came first.
    @inlinable
    public static func < (left: DueTime, right: DueTime) -> Bool { left.number < right.number }
}
