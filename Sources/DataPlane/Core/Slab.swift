// SPDX-License-Identifier: Apache-2.0

/// Names an entry of a `Slab`; the name of an entry that is gone never names a later one.
struct SlotID: Sendable, Hashable {
    fileprivate(set) var index: Int32
    fileprivate(set) var generation: UInt32

    /// Names nothing.
    static let none = SlotID(index: -1, generation: 0)
}

/// Many entries in one array, used again without allocating.
struct Slab<Entry> {
    private struct Slot {
        var generation: UInt32 = 0
        var entry: Entry?
    }

    private var slots: ContiguousArray<Slot> = []
    private var free: [Int32] = []

    /// How many entries there are.
    var count: Int { slots.count - free.count }

    /// Adds an entry.
    mutating func insert(_ entry: Entry) -> SlotID {
        if let index = free.popLast() {
            slots[Int(index)].entry = entry
            return SlotID(index: index, generation: slots[Int(index)].generation)
        }
        slots.append(Slot(entry: entry))
        return SlotID(index: Int32(slots.count - 1), generation: 0)
    }

    /// True when the entry is there.
    @inline(__always)
    func contains(_ id: SlotID) -> Bool {
        let index = Int(id.index)
        return index >= 0 && index < slots.count && slots[index].generation == id.generation
            && slots[index].entry != nil
    }

    /// The entry; nil when it is gone; setting through it changes it in place.
    @inline(__always)
    subscript(id: SlotID) -> Entry? {
        _read {
            if contains(id) {
                yield slots[Int(id.index)].entry
            } else {
                yield nil
            }
        }
        _modify {
            if contains(id) {
                yield &slots[Int(id.index)].entry
            } else {
                var nothing: Entry?
                yield &nothing
            }
        }
    }

    /// Takes an entry out; nil when it is gone already.
    @discardableResult
    mutating func remove(_ id: SlotID) -> Entry? {
        guard contains(id) else { return nil }
        let index = Int(id.index)
        let entry = slots[index].entry.take()
        slots[index].generation &+= 1
        free.append(id.index)
        return entry
    }

    /// The names of all entries, in the order of their places.
    var ids: [SlotID] {
        slots.indices.compactMap { index in
            guard slots[index].entry != nil else { return nil }
            return SlotID(index: Int32(index), generation: slots[index].generation)
        }
    }
}
