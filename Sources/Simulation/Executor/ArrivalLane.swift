// SPDX-License-Identifier: Apache-2.0
import Ports

/// The ends of connections at which something arrives, in the order in which it does.
///
/// Nearly everything that is sent arrives after all that was sent before it: then a list costs much less than a heap.
struct ArrivalLane {
    private struct Entry {
        let due: DueTime
        /// Held until the entry is taken.
        let end: Unmanaged<SimulatedConnection>
    }

    /// Those before `first` are over.
    private var entries: ContiguousArray<Entry> = []
    private var first = 0
    /// How many entries a new one may pass.
    private static let reach = 64

    /// When the next thing arrives; nil when nothing is on its way.
    var next: DueTime? { first < entries.count ? entries[first].due : nil }

    /// False when an arrival would have to pass too many others.
    func accepts(_ due: DueTime) -> Bool {
        entries.count - first <= Self.reach || entries[entries.count - Self.reach].due < due
    }

    /// Adds an arrival.
    mutating func insert(_ due: DueTime, at end: consuming SimulatedConnection) {
        if first > Self.reach, first * 2 > entries.count {
            entries.removeSubrange(..<first)
            first = 0
        }
        let entry = Entry(due: due, end: .passRetained(end))
        entries.append(entry)
        entries.withUnsafeMutableBufferPointer { entries in
            var place = entries.count - 1
            while place > first, due < entries[place - 1].due {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
        }
    }

    /// Takes the next arrival; there must be one.
    mutating func popFirst() -> SimulatedConnection {
        let end = entries[first].end
        first += 1
        if first == entries.count {
            entries.removeAll(keepingCapacity: true)
            first = 0
        }
        return end.takeRetainedValue()
    }

    /// Lets go of everything.
    mutating func removeAll() {
        while first < entries.count { _ = popFirst() }
    }
}
