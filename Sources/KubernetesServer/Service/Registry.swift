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
    var services: ServiceAllocator
    var hub: WatchHub
    /// Called when a timer is due; the server comes back with the lock held.
    var onTimer: (@Sendable (TimerPurpose) -> Void)?
    /// The tokens of ServiceAccounts that are still good, and some that are over.
    var issuedTokens: [String: IssuedToken] = [:]
    private var timeouts: RandomStream
    private var identifiers: RandomStream
    private var suffixes: RandomStream
    /// Objects whose parsed form is kept; the oldest makes room.
    private var recent: [StoredObject?] = Array(repeating: nil, count: 256)
    private var nextRecent = 0

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
    var now: String { host.clock.now.rfc3339 }

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
            stored.parsed = object
            keep(stored)
            return object
        } catch {
            throw Refusal.internalError("the stored object \(stored.key) can not be read: \(error)")
        }
    }

    private func keep(_ stored: StoredObject) {
        recent[nextRecent]?.parsed = nil
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
        _ object: ResourceObject
    ) throws(KubernetesStatus) -> StoredObject {
        let next = revision + 1
        let tail = change == .delete ? old?.tail ?? object.tail : object.tail
        let fields = change == .delete ? old?.fields ?? [] : resource.fieldValues(object)
        let stored = StoredObject(object, revision: next, tail: tail, fields: fields)
        try insert(resource, change, old: old, stored)
        revision = next
        if change == .delete {
            stores[resource.storage]?.remove(stored.key)
        } else {
            stores[resource.storage, default: ObjectStore()].put(stored)
            keep(stored)
        }
        if resource.storage == ResourceType.services.qualifiedName {
            if let old, let before = try? old.object() { services.release(before) }
            if change != .delete { services.take(object) }
        }
        hub.tell(resource.storage, change, old: old, stored, revision: next)
        armBookmarks()
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

    private func insert(
        _ resource: ServedResource,
        _ change: Change,
        old: StoredObject?,
        _ stored: StoredObject
    ) throws(KubernetesStatus) {
        let body = Encoding.whole(storageView(resource), stored.revision, stored.tail)
        let arguments: [SQLValue] = [
            .integer(stored.revision), .text(resource.storage), .text(stored.namespace), .text(stored.name),
            .text(change.rawValue), .integer(old?.revision ?? 0), .integer(host.clock.now.nanoseconds),
            .text(String(decoding: body, as: UTF8.self)),
        ]
        do {
            try database.write { transaction in
                _ = try transaction.run(RevisionTable.insert, arguments)
            }
        } catch {
            throw Refusal.internalError("the store refused the change: \(error)")
        }
    }

    /// The resource under whose name objects of a store are written down.
    func storageView(_ resource: ServedResource) -> ServedResource {
        guard resource.isNewEvents else { return resource }
        return resources[ResourcePath.key("", "v1", "events")] ?? resource
    }

    // MARK: History

    /// Forgets all history but the present state.
    func compact() throws(KubernetesStatus) {
        let bound = revision
        do {
            try database.write { transaction in
                _ = try transaction.run(RevisionTable.compact, [.integer(bound)])
                _ = try transaction.run(RevisionTable.compactEnds, [.integer(bound)])
                _ = try transaction.run(RevisionTable.set, ["compacted", .integer(bound)])
                _ = try transaction.run(RevisionTable.set, ["newest", .integer(bound)])
            }
        } catch {
            throw Refusal.internalError("the store refused to forget: \(error)")
        }
        compacted = bound
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
            fields: resource.fieldValues(object)
        )
        stored.parsed = nil
        stores[resource.storage, default: ObjectStore()].put(stored)
        if resource.storage == ResourceType.services.qualifiedName { services.take(object) }
        if resource.storage == ResourceType.customResourceDefinitions.qualifiedName,
            DefinitionRules.isTrue(object, "Established")
        {
            for custom in ServedResource.custom(object) { serve(custom) }
        }
    }
}

/// What happened to an object.
enum Change: String, Sendable {
    case create, update, delete
}
