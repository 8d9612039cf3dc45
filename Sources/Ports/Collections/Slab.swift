// SPDX-License-Identifier: Apache-2.0

/// Names an entry of a `Slab`; the name of an entry that is gone never names a later one.
public struct SlotID: Sendable, Hashable {
    /// The entry's place in the slab's array.
    public let place: Int32
    @usableFromInline let generation: UInt32

    @inlinable init(place: Int32, generation: UInt32) {
        self.place = place
        self.generation = generation
    }

    /// Names nothing.
    public static let none = SlotID(place: -1, generation: 0)
}

/// Many entries in one array, used again without allocating.
public struct Slab<Entry> {
    @usableFromInline struct Slot {
        /// Rises when the entry goes: no name of a free slot has been given out.
        @usableFromInline var generation: UInt32 = 0
        @usableFromInline var entry: Entry?
        /// The next free slot; only of a free one.
        @usableFromInline var nextFree: Int32 = -1

        @inlinable init(entry: Entry) {
            self.entry = entry
        }
    }

    @usableFromInline var slots: ContiguousArray<Slot> = []
    @usableFromInline var firstFree: Int32 = -1
    @usableFromInline var taken = 0

    /// Makes an empty slab.
    @inlinable public init() {}

    /// How many entries there are.
    @inlinable public var count: Int { taken }

    /// Adds an entry.
    @inlinable public mutating func insert(_ entry: Entry) -> SlotID {
        taken += 1
        if firstFree >= 0 {
            let place = firstFree
            firstFree = slots[Int(place)].nextFree
            slots[Int(place)].entry = entry
            return SlotID(place: place, generation: slots[Int(place)].generation)
        }
        slots.append(Slot(entry: entry))
        return SlotID(place: Int32(slots.count - 1), generation: 0)
    }

    /// True when the entry is there.
    @inlinable
    @inline(__always)
    public func contains(_ id: SlotID) -> Bool {
        let place = Int(id.place)
        return place >= 0 && place < slots.count && slots[place].generation == id.generation
    }

    /// The entry; nil when it is gone; setting through it changes it in place.
    @inlinable
    @inline(__always)
    public subscript(id: SlotID) -> Entry? {
        _read {
            if contains(id) {
                yield slots[Int(id.place)].entry
            } else {
                yield nil
            }
        }
        _modify {
            if contains(id) {
                yield &slots[Int(id.place)].entry
            } else {
                var nothing: Entry?
                yield &nothing
            }
        }
    }

    /// Changes an entry where it is; nil when it is gone.
    @inlinable
    @inline(__always)
    @discardableResult
    public mutating func update<Result>(_ id: SlotID, _ change: (inout Entry) -> Result) -> Result? {
        guard contains(id) else { return nil }
        // swift-format-ignore: NeverForceUnwrap
        return change(&slots[Int(id.place)].entry!)
    }

    /// Takes an entry out; nil when it is gone already.
    @inlinable
    @discardableResult
    public mutating func remove(_ id: SlotID) -> Entry? {
        guard contains(id) else { return nil }
        let place = Int(id.place)
        let entry = slots[place].entry.take()
        slots[place].generation &+= 1
        slots[place].nextFree = firstFree
        firstFree = id.place
        taken -= 1
        return entry
    }

    /// The names of all entries, in the order of their places.
    @inlinable public var ids: [SlotID] {
        slots.indices.compactMap { place in
            guard slots[place].entry != nil else { return nil }
            return SlotID(place: Int32(place), generation: slots[place].generation)
        }
    }
}

extension Slab: Sendable where Entry: Sendable {}
extension Slab.Slot: Sendable where Entry: Sendable {}
