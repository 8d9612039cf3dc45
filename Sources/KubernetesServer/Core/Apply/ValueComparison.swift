// SPDX-License-Identifier: Apache-2.0
import JSON

/// The fields in which two values of one type differ.
struct ValueComparison {
    /// What a node adds to the three sets; nil for nothing.
    struct Difference {
        var added: JSONObject?
        var modified: JSONObject?
        var removed: JSONObject?
    }

    let schema: MergeSchema

    /// Compares two objects.
    ///
    /// - Throws: `MergeMistake` when one of them does not fit its type.
    func compare(
        _ old: JSONValue,
        _ new: JSONValue,
        _ type: Int
    ) throws(MergeMistake) -> (added: FieldSet, modified: FieldSet, removed: FieldSet) {
        let found = try difference(old, new, type)
        return (
            FieldSet(found.added ?? [:]), FieldSet(found.modified ?? [:]), FieldSet(found.removed ?? [:])
        )
    }

    private func leaf(_ old: JSONValue?, _ new: JSONValue?) -> Difference {
        guard let new else { return Difference(removed: [:]) }
        guard let old else { return Difference(added: [:]) }
        return old == new ? Difference() : Difference(modified: [:])
    }

    private func difference(
        _ old: JSONValue?,
        _ new: JSONValue?,
        _ type: Int
    ) throws(MergeMistake) -> Difference {
        switch schema.nodes[type] {
        case .scalar, .atomic: return leaf(old, new)
        case .deduced:
            let isMap = (old ?? new)?.objectValue != nil && (new ?? old)?.objectValue != nil
            return isMap ? try members(old, new) { _ in ("", type) } : leaf(old, new)
        case .map(let element): return try members(old, new) { _ in ("", element) }
        case .structure(let structure):
            return try members(old, new) { name in
                if let place = structure.places[name] {
                    return (structure.labels[place], structure.nodes[place])
                }
                return ("", structure.others ?? MergeSchema.deducedPlace)
            }
        case .set: return try items(old, new, nil) { item throws(MergeMistake) in "v:\(item.text)" }
        case .keyed(let keys, let element):
            return try items(old, new, element) { item throws(MergeMistake) in
                try FieldStep.item(item, keys: keys)
            }
        }
    }

    /// Compares members; `describe` says how a set writes a member (empty for its plain name) and its type.
    private func members(
        _ old: JSONValue?,
        _ new: JSONValue?,
        _ describe: (String) -> (label: String, type: Int)
    ) throws(MergeMistake) -> Difference {
        let before = old?.objectValue
        let after = new?.objectValue
        if before?.isEmpty ?? true, after?.isEmpty ?? true { return leaf(old, new) }
        var collected = Collected()
        for (place, member) in (after?.members ?? []).enumerated() {
            let twin: JSONValue?
            if let before, place < before.count, before.members[place].key == member.key {
                twin = before.members[place].value
            } else {
                twin = before?[member.key]
            }
            if let twin, twin == member.value { continue }
            let (label, type) = describe(member.key)
            try collected.add(label.isEmpty ? "f:\(member.key)" : label) { () throws(MergeMistake) in
                try difference(twin, member.value, type)
            }
        }
        for member in before?.members ?? [] where after?[member.key] == nil {
            let (label, type) = describe(member.key)
            try collected.add(label.isEmpty ? "f:\(member.key)" : label) { () throws(MergeMistake) in
                try difference(member.value, nil, type)
            }
        }
        return collected.difference(isAdded: old == nil, isRemoved: new == nil)
    }

    private func items(
        _ old: JSONValue?,
        _ new: JSONValue?,
        _ element: Int?,
        _ step: (JSONValue) throws(MergeMistake) -> String
    ) throws(MergeMistake) -> Difference {
        let before = old?.arrayValue ?? []
        let after = new?.arrayValue ?? []
        if before.isEmpty, after.isEmpty { return leaf(old, new) }
        let earlier = try ItemIndex(before, step)
        let later = try ItemIndex(after, step)
        var collected = Collected()
        for (place, key) in later.keys.enumerated() {
            let here = later.groups[place]
            let there = earlier.places[key].map { earlier.groups[$0] } ?? []
            if here == there { continue }
            if here.count == 1, there.count <= 1, let element {
                try collected.add(key) { () throws(MergeMistake) in
                    try difference(there.first, here[0], element)
                }
            } else {
                collected.put(key, there.isEmpty ? Difference(added: [:]) : Difference(modified: [:]))
            }
        }
        for (place, key) in earlier.keys.enumerated() where later.places[key] == nil {
            let there = earlier.groups[place]
            if there.count == 1, let element {
                try collected.add(key) { () throws(MergeMistake) in
                    try difference(there[0], nil, element)
                }
            } else {
                collected.put(key, Difference(removed: [:]))
            }
        }
        return collected.difference(isAdded: old == nil, isRemoved: new == nil)
    }

    /// The items of a list by their keys.
    private struct ItemIndex {
        var keys: [String] = []
        var groups: [[JSONValue]] = []
        var places: [String: Int] = [:]

        init(_ items: [JSONValue], _ step: (JSONValue) throws(MergeMistake) -> String) throws(MergeMistake) {
            for item in items {
                let key = try step(item)
                if let place = places[key] {
                    groups[place].append(item)
                } else {
                    places[key] = keys.count
                    keys.append(key)
                    groups.append([item])
                }
            }
        }
    }

    /// What the steps of a node add up to.
    private struct Collected {
        private var added: [JSONObject.Member] = []
        private var modified: [JSONObject.Member] = []
        private var removed: [JSONObject.Member] = []

        mutating func add(
            _ step: String,
            _ found: () throws(MergeMistake) -> Difference
        ) throws(MergeMistake) {
            do {
                put(step, try found())
            } catch {
                throw error.below(FieldStep.describe(step))
            }
        }

        mutating func put(_ step: String, _ found: Difference) {
            if let node = found.added { added.append(.init(key: step, value: .object(node))) }
            if let node = found.modified { modified.append(.init(key: step, value: .object(node))) }
            if let node = found.removed { removed.append(.init(key: step, value: .object(node))) }
        }

        func difference(isAdded: Bool, isRemoved: Bool) -> Difference {
            Difference(
                added: FieldSet.node(isMember: isAdded, added),
                modified: FieldSet.node(isMember: false, modified),
                removed: FieldSet.node(isMember: isRemoved, removed)
            )
        }
    }
}
