// SPDX-License-Identifier: Apache-2.0

/// The resources of an account in memory, with the look-ups that calls need, and a journal of what the present
/// call changed.
struct ResourceStore {
    /// What a call did to one resource.
    struct Change {
        let key: ResourceKey
        let before: Resource?
        let after: Resource?
    }

    /// The resources of one kind.
    fileprivate struct Table {
        var rows: [Int64: Resource] = [:]
        var serials: [String: Int64] = [:]
        /// Ascending, so in the order of creation.
        var order = SerialList()
        var children: [String: SerialList] = [:]
    }

    private var tables: [ResourceKind: Table] = [:]
    private var referrers: [String: [ResourceKey]] = [:]
    private var journal: [(key: ResourceKey, before: Resource?)] = []
    private(set) var nextSerial: Int64 = 1

    /// A number for a new resource, higher than all before.
    mutating func takeSerial() -> Int64 {
        defer { nextSerial += 1 }
        return nextSerial
    }

    // MARK: Reading

    subscript(_ kind: ResourceKind, _ id: String) -> Resource? {
        guard let table = tables[kind], let serial = table.serials[id] else { return nil }
        return table.rows[serial]
    }

    subscript(_ key: ResourceKey) -> Resource? { self[key.kind, key.id] }

    func count(_ kind: ResourceKind) -> Int { tables[kind]?.order.count ?? 0 }

    /// All of a kind, the oldest first.
    func all(_ kind: ResourceKind) -> [Resource] {
        guard let table = tables[kind] else { return [] }
        return table.order.compactMap { table.rows[$0] }
    }

    /// All of a kind that belong to a resource, the oldest first.
    func children(_ kind: ResourceKind, of parent: String) -> [Resource] {
        guard let table = tables[kind], let serials = table.children[parent] else { return [] }
        return serials.compactMap { table.rows[$0] }
    }

    func childCount(_ kind: ResourceKind, of parent: String) -> Int {
        tables[kind]?.children[parent]?.count ?? 0
    }

    /// Whose documents name this id, in the order in which they began to.
    func referrers(of id: String) -> [ResourceKey] { referrers[id] ?? [] }

    /// The oldest of a kind.
    func oldest(_ kind: ResourceKind) -> Resource? {
        guard let table = tables[kind], let serial = table.order.first else { return nil }
        return table.rows[serial]
    }

    // MARK: Writing

    mutating func insert(_ resource: Resource) {
        journal.append((resource.key, self[resource.key]))
        put(resource)
    }

    /// Changes a resource in place; nothing happens when it is not there.
    mutating func update(_ kind: ResourceKind, _ id: String, _ body: (inout Resource) -> Void) {
        guard let present = self[kind, id] else { return }
        var changed = present
        body(&changed)
        guard changed != present else { return }
        journal.append((changed.key, present))
        put(changed)
    }

    mutating func remove(_ kind: ResourceKind, _ id: String) {
        guard let present = self[kind, id] else { return }
        journal.append((present.key, present))
        drop(present)
    }

    // MARK: The journal

    /// What was changed since the journal was last closed, each resource once, in order.
    var changes: [Change] {
        var changes: [Change] = []
        if journal.count <= 8 {
            // Most calls change few things: looking through them is quicker than hashing their names.
            for entry in journal where !changes.contains(where: { $0.key == entry.key }) {
                changes.append(Change(key: entry.key, before: entry.before, after: self[entry.key]))
            }
            return changes
        }
        var seen: Set<ResourceKey> = []
        for entry in journal where seen.insert(entry.key).inserted {
            changes.append(Change(key: entry.key, before: entry.before, after: self[entry.key]))
        }
        return changes
    }

    /// Takes the changes for good.
    mutating func closeJournal() {
        journal.removeAll(keepingCapacity: true)
    }

    /// Puts everything back to how it was when the journal was last closed.
    mutating func undo() {
        for entry in journal.reversed() { restore(entry.key, entry.before) }
        journal.removeAll(keepingCapacity: true)
    }

    /// True when nothing was changed since the journal was last closed.
    var isUnchanged: Bool { journal.isEmpty }

    /// Puts one resource back to an image of it, nil meaning that there was none.
    mutating func revert(_ key: ResourceKey, to before: Resource?) {
        journal.append((key, self[key]))
        restore(key, before)
    }

    private mutating func restore(_ key: ResourceKey, _ before: Resource?) {
        if let before {
            put(before)
        } else if let present = self[key] {
            drop(present)
        }
    }

    /// Takes a resource from the database, without a note in the journal.
    mutating func load(_ resource: Resource) {
        put(resource)
        nextSerial = max(nextSerial, resource.serial + 1)
    }

    private mutating func put(_ resource: Resource) {
        let present = resource.kind.hasReferences ? self[resource.key] : nil
        tables[resource.kind, default: Table()].put(resource)
        // Most changes are of a status, and a server group may have a thousand referrers.
        guard resource.kind.hasReferences, present?.document != resource.document else { return }
        let old = present?.references ?? []
        let new = resource.references
        guard old != new else { return }
        unlink(old, of: resource.key)
        for id in new { referrers[id, default: []].append(resource.key) }
    }

    private mutating func drop(_ resource: Resource) {
        unlink(resource.references, of: resource.key)
        tables[resource.kind]?.drop(resource)
    }

    private mutating func unlink(_ references: [String], of key: ResourceKey) {
        for id in references {
            referrers[id]?.removeAll { $0 == key }
            if referrers[id]?.isEmpty == true { referrers[id] = nil }
        }
    }
}

extension ResourceStore.Table {
    fileprivate mutating func put(_ resource: Resource) {
        let serial = resource.serial
        if let old = rows[serial] {
            if old.parent != resource.parent {
                children[old.parent]?.remove(serial)
                children[resource.parent, default: SerialList()].insert(serial)
            }
        } else {
            serials[resource.id] = serial
            order.insert(serial)
            if !resource.parent.isEmpty { children[resource.parent, default: SerialList()].insert(serial) }
        }
        rows[serial] = resource
    }

    fileprivate mutating func drop(_ resource: Resource) {
        rows[resource.serial] = nil
        serials[resource.id] = nil
        order.remove(resource.serial)
        children[resource.parent]?.remove(resource.serial)
        if children[resource.parent]?.isEmpty == true { children[resource.parent] = nil }
    }
}
