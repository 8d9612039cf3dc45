// SPDX-License-Identifier: Apache-2.0

/// Values in numbered places that are used again; the name of a value that is gone finds nothing.
struct Slab<Value: Sendable>: Sendable {
    /// Names a value for as long as it is there.
    struct ID: Sendable, Hashable {
        let place: Int
        fileprivate let life: UInt32
    }

    /// The value of each place; what is gone stays until its place is used again.
    private var values: [Value] = []
    /// Rises with each value that comes to a place, or goes: odd while there is one.
    private var lives: [UInt32] = []
    private var free: [Int] = []

    /// How many values there are.
    var count: Int { values.count - free.count }

    mutating func insert(_ value: Value) -> ID {
        if let place = free.popLast() {
            values[place] = value
            lives[place] &+= 1
            return ID(place: place, life: lives[place])
        }
        values.append(value)
        lives.append(1)
        return ID(place: values.count - 1, life: 1)
    }

    @discardableResult
    mutating func remove(_ id: ID) -> Value? {
        guard contains(id) else { return nil }
        lives[id.place] &+= 1
        free.append(id.place)
        return values[id.place]
    }

    func contains(_ id: ID) -> Bool {
        id.place < lives.count && lives[id.place] == id.life
    }

    subscript(id: ID) -> Value? {
        contains(id) ? values[id.place] : nil
    }

    /// Changes a value where it is; nil when it is gone.
    @inline(__always)
    @discardableResult
    mutating func update<Result>(_ id: ID, _ change: (inout Value) -> Result) -> Result? {
        guard contains(id) else { return nil }
        return change(&values[id.place])
    }

    /// The names of all values, in the order of their places.
    var ids: [ID] {
        lives.indices.filter { lives[$0] & 1 == 1 }.map { ID(place: $0, life: lives[$0]) }
    }
}
