// SPDX-License-Identifier: Apache-2.0
import JSON

/// Keeps the owners of an object's fields, and applies what clients want owned.
///
/// - Source: the field manager and the structured merge of a kube-apiserver 1.36 (seen upstream, and in its answers).
struct FieldManager {
    /// Fields that others own, and that an apply would change.
    struct Conflict: Equatable {
        /// Who owns the field, as messages say it.
        let manager: String
        /// Where the field is, as `.spec.rules`.
        let path: String
    }

    /// Why nothing was applied.
    enum Failure: Error, Equatable {
        case mistake(MergeMistake)
        case conflicts([Conflict])
    }

    /// What a client applies.
    struct Application {
        let config: JSONValue
        let writer: FieldWriter
        let force: Bool
    }

    /// How many managers that update an object keeps apart.
    static let updaterLimit = 10

    let schema: MergeSchema
    /// The type of whole objects.
    let root: Int
    let apiVersion: String
    let now: String
    /// True for fields, by their first step, that a write through this way leaves alone.
    let ignores: @Sendable (String) -> Bool

    private func kept(_ fields: FieldSet) -> FieldSet {
        var result = fields.root
        if result.members.contains(where: { ignores($0.key) }) { result.filter { !ignores($0.key) } }
        return FieldSet(result)
    }

    // MARK: Writes that apply nothing

    /// The owners after a write that applied nothing.
    func update(
        _ old: JSONValue,
        _ new: JSONValue,
        _ managed: [ManagedFieldsEntry],
        by writer: FieldWriter
    ) -> [ManagedFieldsEntry] {
        // The real server passes over objects that do not fit their type, too.
        guard let found = try? ValueComparison(schema: schema).compare(old, new, root) else { return managed }
        let taken = kept(found.added).union(kept(found.modified))
        let removed = kept(found.removed)
        if taken.isEmpty, removed.isEmpty { return managed }
        if removed.isEmpty, let result = retimed(managed, taken, by: writer) { return result }
        var result = Self.take(taken.union(removed), from: managed)
        guard !taken.isEmpty else { return result }
        let mine = ManagedFieldsEntry(
            manager: writer.manager,
            isApplied: false,
            apiVersion: apiVersion,
            // The real server does not time what comes through a scale.
            time: writer.subresource == "scale" ? nil : now,
            fields: taken,
            subresource: writer.subresource
        )
        if let place = result.firstIndex(where: { $0.isSameManager(as: mine) }) {
            result[place].fields = result[place].fields.union(taken)
            result[place].time = mine.time
        } else {
            result.append(mine)
        }
        Self.limit(&result)
        ManagedFieldsEntry.sort(&result)
        return result
    }

    /// The owners when a writer changes what is its own already, and nobody else's: only the time is another.
    private func retimed(
        _ managed: [ManagedFieldsEntry],
        _ taken: FieldSet,
        by writer: FieldWriter
    ) -> [ManagedFieldsEntry]? {
        guard managed.count <= Self.updaterLimit else { return nil }
        let mine = managed.firstIndex { entry in
            !entry.isApplied && entry.manager == writer.manager && entry.subresource == writer.subresource
                && entry.apiVersion == apiVersion
        }
        guard let mine, managed[mine].fields.covers(taken) else { return nil }
        for (place, entry) in managed.enumerated() where place != mine {
            guard entry.fields.isApart(from: taken) else { return nil }
        }
        var result = managed
        result[mine].time = writer.subresource == "scale" ? nil : now
        ManagedFieldsEntry.sort(&result)
        return result
    }

    /// Takes fields away from everybody; who has none left goes.
    private static func take(
        _ fields: FieldSet,
        from managed: [ManagedFieldsEntry],
        but place: Int? = nil
    ) -> [ManagedFieldsEntry] {
        var result: [ManagedFieldsEntry] = []
        result.reserveCapacity(managed.count + 1)
        for (index, var entry) in managed.enumerated() {
            if index != place { entry.fields = entry.fields.subtracting(fields) }
            if !entry.fields.isEmpty { result.append(entry) }
        }
        return result
    }

    /// Puts the oldest of too many updaters together.
    private static func limit(_ entries: inout [ManagedFieldsEntry]) {
        var updaters = entries.filter { !$0.isApplied }
        guard updaters.count > updaterLimit else { return }
        updaters.sort { ($0.time ?? "", $0.manager) < ($1.time ?? "", $1.manager) }
        var count = updaters.count
        var first: [String: ManagedFieldsEntry] = [:]
        for entry in updaters where count > updaterLimit {
            guard let earlier = first[entry.apiVersion] else {
                first[entry.apiVersion] = entry
                continue
            }
            var bucket = ManagedFieldsEntry(
                manager: "ancient-changes",
                isApplied: false,
                apiVersion: entry.apiVersion,
                time: entry.time,
                fields: entry.fields.union(earlier.fields)
            )
            if let place = entries.firstIndex(where: { $0.isSameManager(as: bucket) }) {
                bucket.fields = bucket.fields.union(entries[place].fields)
            }
            entries.removeAll {
                $0.isSameManager(as: bucket) || $0.isSameManager(as: entry) || $0.isSameManager(as: earlier)
            }
            entries.append(bucket)
            first[entry.apiVersion] = bucket
            count -= 1
        }
    }

    // MARK: Applying

    /// Applies a configuration to an object.
    ///
    /// - Returns: The object, nil when it stays as it is, and its owners.
    /// - Throws: `Failure` when the configuration does not fit its type, or others own what it would change.
    func apply(
        _ application: Application,
        to live: JSONValue,
        _ managed: [ManagedFieldsEntry]
    ) throws(Failure) -> (object: JSONValue?, managed: [ManagedFieldsEntry]) {
        do {
            return try applied(application, live, managed)
        } catch let failure as Failure {
            throw failure
        } catch let mistake as MergeMistake {
            throw .mistake(mistake)
        } catch {
            preconditionFailure("nothing else is thrown: \(error)")
        }
    }

    private func applied(
        _ application: Application,
        _ live: JSONValue,
        _ managed: [ManagedFieldsEntry]
    ) throws -> (JSONValue?, [ManagedFieldsEntry]) {
        let merging = ValueMerge(schema: schema)
        let fields = kept(try merging.fields(application.config, root))
        var mine = ManagedFieldsEntry(
            manager: application.writer.manager,
            isApplied: true,
            apiVersion: apiVersion,
            time: nil,
            fields: fields,
            subresource: application.writer.subresource
        )
        var all = managed
        var last = FieldSet()
        let place: Int
        if let known = all.firstIndex(where: { $0.isSameManager(as: mine) }) {
            last = all[known].fields
            mine.time = all[known].time
            all[known] = mine
            place = known
        } else {
            place = all.count
            all.append(mine)
        }
        let merged = try merging.merge(live, application.config, root) ?? [:]
        let new = try prune(merged, last, all)
        let found = try ValueComparison(schema: schema).compare(live, new, root)
        let changed = kept(found.added).union(kept(found.modified))
        if !application.force {
            let conflicts = Self.conflicts(changed, all, but: place)
            if !conflicts.isEmpty { throw Failure.conflicts(conflicts) }
        }
        let isSame = live == new
        if !isSame { all[place].time = now }
        var result = Self.take(changed, from: all, but: place)
        let removed = kept(found.removed)
        if !removed.isEmpty { result = Self.take(removed, from: result) }
        Self.limit(&result)
        ManagedFieldsEntry.sort(&result)
        return (isSame ? Optional<JSONValue>.none : new, result)
    }

    private static func conflicts(
        _ changed: FieldSet,
        _ managed: [ManagedFieldsEntry],
        but place: Int
    ) -> [Conflict] {
        if changed.isEmpty { return [] }
        var found: [Conflict] = []
        for (index, entry) in managed.enumerated() where index != place {
            for path in entry.fields.intersection(changed).paths {
                found.append(Conflict(manager: entry.title, path: path))
            }
        }
        return found
    }

    /// Takes away what the manager applied before and does not any more, unless somebody else owns it.
    private func prune(
        _ merged: JSONValue,
        _ last: FieldSet,
        _ managed: [ManagedFieldsEntry]
    ) throws(MergeMistake) -> JSONValue {
        if last.isEmpty { return merged }
        let merging = ValueMerge(schema: schema)
        let earlier = last.withNamedParents()
        let owned = managed.reduce(FieldSet()) { $0.union($1.fields) }.withNamedParents()
        if earlier.subtracting(owned).isEmpty { return merged }
        let all = try merging.fields(merged, root).withNamedParents()
        var pruned = try merging.removing(earlier.root, from: merged, root) ?? [:]
        // What others own comes back, and with it what lay beside it and was nobody's.
        for isLast in [false, true] {
            let present = try merging.fields(pruned, root).withNamedParents()
            let gone = all.subtracting(present)
            let goes = isLast ? gone.intersection(earlier) : gone.subtracting(owned)
            pruned = try merging.removing(goes.root, from: merged, root) ?? [:]
        }
        return pruned
    }
}
