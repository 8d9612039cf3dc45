// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Storage

/// All objects, and the one way to change them.
///
/// Not safe to share: the server holds it behind a lock, and every change is made between two of the caller's
/// awaits.
final class Registry {
    let host: Host
    let configuration: KubernetesServerConfiguration
    let database: Database
    private(set) var stores: [String: ObjectStore] = [:]
    private(set) var resources: [String: ServedResource] = [:]
    /// Changes with the table of resources.
    private(set) var resourcesVersion = 0
    /// The newest revision.
    private(set) var revision: Int64 = 0
    /// History up to here is gone.
    private(set) var compacted: Int64 = 0
    /// Up to where history goes when the next compaction is due; and its timer, when there is something to forget.
    private var compactionMark: Int64 = 0
    private var compactionTimer: TimerID?
    /// How many revisions are forgotten in one go.
    private static let compactionSlice: Int64 = 1000
    var services: ServiceAllocator
    var hub: WatchHub
    /// Called when a timer is due; the server comes back with the lock held.
    var onTimer: (@Sendable (TimerPurpose) -> Void)?
    /// The tokens of ServiceAccounts that are still good, and some that are over.
    var issuedTokens: [String: IssuedToken] = [:]
    private var timeouts: RandomStream
    private var identifiers: RandomStream
    private var suffixes: RandomStream
    private var words = SharedWords()
    /// The last second that was written as text; many objects are made in one.
    private var written: (second: Int64, text: String) = (.min, "")
    /// Objects whose parsed form is kept; the oldest makes room.
    private var recent: [StoredObject?] = Array(repeating: nil, count: 256)
    private var nextRecent = 0
    /// True while changes are not written down at once but with others, by `settle`.
    var defersChanges = false
    private var unsettled: [StoredChange] = []

    init(host: Host, database: Database, configuration: KubernetesServerConfiguration, range: AddressRange) {
        self.host = host
        self.database = database
        self.configuration = configuration
        services = ServiceAllocator(range: range)
        hub = WatchHub(buffer: configuration.watchBuffer)
        identifiers = host.random.stream("kubernetes.uid")
        suffixes = host.random.stream("kubernetes.name")
        timeouts = host.random.stream("kubernetes.watch")
        for resource in BuiltInResources.all { resources[resource.key] = resource }
    }

    /// The present time as objects write it.
    var now: String {
        let instant = host.clock.now
        if instant.seconds != written.second { written = (instant.seconds, instant.rfc3339) }
        return written.text
    }

    func makeUID() -> String { identifiers.uuid() }

    /// Makes a name of a beginning: cut to what fits, and five letters.
    func makeName(_ beginning: String) -> String {
        String(beginning.prefix(58)) + suffixes.letters(5, from: "bcdfghjklmnpqrstvwxz2456789")
    }

    func watchTimeout(_ range: ClosedRange<Duration>) -> Duration { timeouts.duration(in: range) }

    // MARK: The table of resources

    func resource(_ path: ResourcePath) -> ServedResource? { resources[path.key] }

    /// All resources in the order of their names.
    var allResources: [ServedResource] {
        resources.values.sorted { left, right in
            let (first, second) = (left.type, right.type)
            if first.group != second.group { return first.group < second.group }
            if first.plural != second.plural { return first.plural < second.plural }
            return VersionOrder.precedes(first.version, second.version)
        }
    }

    func serve(_ resource: ServedResource) {
        resources[resource.key] = resource
        resourcesVersion += 1
    }

    func stopServing(_ key: String) {
        resources[key] = nil
        resourcesVersion += 1
    }

    // MARK: Reading

    func find(_ resource: ServedResource, _ namespace: String, _ name: String) -> StoredObject? {
        stores[resource.storage]?[StoredObject.key(namespace, name)]
    }

    func store(_ resource: ServedResource) -> ObjectStore { stores[resource.storage] ?? ObjectStore() }

    /// Takes a stored object apart, and keeps the result for a while.
    ///
    /// - Throws: `KubernetesStatus` when the stored bytes are broken.
    func object(_ stored: StoredObject) throws(KubernetesStatus) -> ResourceObject {
        if let parsed = stored.parsed { return parsed }
        do {
            let object = try stored.object()
            stored.keep(object)
            keep(stored)
            return object
        } catch {
            throw Refusal.internalError("the stored object \(stored.key) can not be read: \(error)")
        }
    }

    private func keep(_ stored: StoredObject) {
        recent[nextRecent]?.forgetParsed()
        recent[nextRecent] = stored
        nextRecent = (nextRecent + 1) % recent.count
    }

    // MARK: Changing

    /// Stores a new state of an object, or its end, in one transaction, and tells the watches.
    ///
    /// - Returns: The stored state; of an end the last state with the end's revision.
    /// - Throws: `KubernetesStatus` when the database refuses.
    @discardableResult
    func commit(
        _ resource: ServedResource,
        _ change: Change,
        old: StoredObject?,
        _ object: ResourceObject,
        tail known: [UInt8]? = nil
    ) throws(KubernetesStatus) -> StoredObject {
        let next = revision + 1
        let tail = (change == .delete ? old?.tail : known) ?? object.tail
        let fields = change == .delete ? old?.fields ?? [] : words.shared(resource.fieldValues(object))
        let stored = StoredObject(object, revision: next, tail: tail, fields: fields)
        let made = StoredChange(
            storage: resource.storage,
            change: change,
            old: old,
            new: stored,
            row: row(resource, change, old: old, stored)
        )
        if defersChanges {
            unsettled.append(made)
        } else {
            try settle()
            try write([made])
        }
        revision = next
        if change == .delete {
            stores[resource.storage]?.remove(stored.key)
        } else {
            stores[resource.storage, default: ObjectStore()].put(stored)
            keep(stored)
        }
        armCompaction()
        if resource.type == .services {
            if let old, let before = try? old.object() { services.release(before) }
            if change != .delete { services.take(object) }
        }
        if !defersChanges { tell(made) }
        host.trace.record(
            .object(
                ObjectRevision(
                    verb: change.rawValue,
                    resource: resource.storage,
                    namespace: stored.namespace,
                    name: stored.name,
                    revision: next,
                    bodyDigest: Digest.of(tail)
                )
            )
        )
        return stored
    }

    private func row(
        _ resource: ServedResource,
        _ change: Change,
        old: StoredObject?,
        _ stored: StoredObject
    ) -> [SQLValue] {
        let body = Encoding.whole(storageView(resource), stored.revision, stored.tail)
        return [
            .integer(stored.revision), .text(resource.storage), .text(stored.namespace), .text(stored.name),
            .text(change.rawValue), .integer(old?.revision ?? 0), .integer(host.clock.now.nanoseconds),
            .text(String(decoding: body, as: UTF8.self)),
        ]
    }

    private func write(_ changes: [StoredChange]) throws(KubernetesStatus) {
        do {
            try database.write { transaction in
                for change in changes { _ = try transaction.run(RevisionTable.insert, change.row) }
            }
        } catch {
            throw Refusal.internalError("the store refused the change: \(error)")
        }
    }

    private func tell(_ made: StoredChange) {
        hub.tell(made.storage, made.change, old: made.old, made.new, revision: made.new.revision)
        armBookmarks()
    }

    /// Writes down in one transaction what has waited for it, and tells the watches; nobody has heard of it before.
    ///
    /// - Throws: `KubernetesStatus` when the database refuses; then none of it has happened.
    func settle() throws(KubernetesStatus) {
        guard !unsettled.isEmpty else { return }
        let changes = unsettled
        unsettled = []
        do throws(KubernetesStatus) {
            try write(changes)
        } catch {
            forget()
            throw error
        }
        for change in changes { tell(change) }
    }

    /// Takes the state over again that the database holds.
    private func forget() {
        stores = [:]
        resources = [:]
        for resource in BuiltInResources.all { serve(resource) }
        if let range = AddressRange(configuration.serviceRange) { services = ServiceAllocator(range: range) }
        // A database that can not be read either has nothing to tell: whoever asks finds nothing.
        _ = try? load()
    }

    /// The resource under whose name objects of a store are written down.
    func storageView(_ resource: ServedResource) -> ServedResource {
        guard resource.isNewEvents else { return resource }
        return resources[ResourcePath.key("", "v1", "events")] ?? resource
    }

    // MARK: History

    /// Forgets history up to a revision, but for the state at that revision.
    func compact(upTo bound: Int64) throws(KubernetesStatus) {
        try settle()
        do {
            try database.write { transaction in
                let range: [SQLValue] = [.integer(compacted), .integer(bound)]
                _ = try transaction.run(RevisionTable.compact, range)
                _ = try transaction.run(RevisionTable.compactEnds, range)
                _ = try transaction.run(RevisionTable.set, ["compacted", .integer(bound)])
                _ = try transaction.run(RevisionTable.set, ["newest", .integer(revision)])
            }
        } catch {
            throw Refusal.internalError("the store refused to forget: \(error)")
        }
        compacted = bound
    }

    /// Lets history be forgotten after a while; an idle server has no timer.
    private func armCompaction() {
        guard let interval = configuration.compactionInterval, compactionTimer == nil, onTimer != nil else {
            return
        }
        compactionTimer = schedule(after: interval, .compaction)
    }

    /// Forgets what was history already when the last compaction was due.
    ///
    /// - Source: the compactor of k8s.io/apiserver's etcd3 store: what is forgotten is one to two intervals old (seen
    ///   upstream).
    func compactionIsDue() {
        compactionTimer = nil
        if compactionMark > compacted {
            let bound = min(compactionMark, compacted + Self.compactionSlice)
            // What can not be forgotten now is forgotten with the next.
            let isDone = (try? compact(upTo: bound)) != nil
            if isDone, bound < compactionMark {
                // Others are served in between.
                compactionTimer = schedule(after: .milliseconds(5), .compaction)
                return
            }
        }
        compactionMark = revision
        if compacted < revision { armCompaction() }
    }

    /// Takes the state over that a file holds.
    ///
    /// - Returns: False when there is none yet.
    func load() throws -> Bool {
        var found: [(revision: Int64, resource: String, body: String)] = []
        var newest: Int64 = 0
        try database.read { transaction in
            newest = try transaction.row(RevisionTable.newest)?.int64(0) ?? 0
            newest = max(newest, try transaction.row(RevisionTable.setting, ["newest"])?.int64(0) ?? 0)
            compacted = try transaction.row(RevisionTable.setting, ["compacted"])?.int64(0) ?? 0
            try transaction.each(RevisionTable.current) { row in
                found.append((row.int64(0), row.text(1), row.text(4)))
                return true
            }
        }
        revision = newest
        let byStorage = Dictionary(
            BuiltInResources.all.filter { !$0.isNewEvents }.map { ($0.storage, $0) },
            uniquingKeysWith: { $1 }
        )
        // Definitions first: they say how the objects of custom resources are read.
        let definitions = ResourceType.customResourceDefinitions.qualifiedName
        for entry in found.filter({ $0.resource == definitions })
            + found.filter({ $0.resource != definitions })
        {
            let custom = allResources.first { $0.storage == entry.resource }
            guard let resource = byStorage[entry.resource] ?? custom else { continue }
            try put(resource, entry.revision, entry.body)
        }
        return newest > 0
    }

    private func put(_ resource: ServedResource, _ revision: Int64, _ body: String) throws {
        let tail = Encoding.tail(Array(body.utf8), of: resource, revision)
        let object = try StoredObject.parse(tail)
        let stored = StoredObject(
            object,
            revision: revision,
            tail: tail,
            fields: words.shared(resource.fieldValues(object))
        )
        stored.forgetParsed()
        stores[resource.storage, default: ObjectStore()].put(stored)
        if resource.storage == ResourceType.services.qualifiedName { services.take(object) }
        if resource.storage == ResourceType.customResourceDefinitions.qualifiedName,
            DefinitionRules.isTrue(object, "Established")
        {
            for custom in ServedResource.custom(object) { serve(custom) }
        }
    }
}

/// A change that is in the stores already, on its way into the database and to the watches.
private struct StoredChange {
    let storage: String
    let change: Change
    let old: StoredObject?
    let new: StoredObject
    let row: [SQLValue]
}

/// What happened to an object.
enum Change: String, Sendable {
    case create, update, delete
}
