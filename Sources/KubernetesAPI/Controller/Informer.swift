// SPDX-License-Identifier: Apache-2.0
public import Ports
import Synchronization

/// A change that an informer saw.
public enum ObjectChange: Sendable {
    /// The object is new to the cache.
    case added(KubernetesObject)
    /// The object changed: before, after.
    case updated(KubernetesObject, KubernetesObject)
    /// The object is gone: its last known state.
    case removed(KubernetesObject)

    /// The object's present or last state.
    public var object: KubernetesObject {
        switch self {
        case .added(let object), .updated(_, let object), .removed(let object): object
        }
    }
}

/// A local copy of all objects of one type, kept up to date by list and watch.
///
/// It lists, then watches; a lost watch is opened again from where it ended, and after a 410 it lists again
/// and tells the differences. Changes are told one at a time, in the server's order.
public final class Informer: Sendable {
    private struct State {
        var objects: [ObjectKey: KubernetesObject] = [:]
        /// All of them in the order of their keys; nil after a change, until somebody asks.
        var sorted: [KubernetesObject]?
        var isSynced = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// What is watched.
    public let type: ResourceType
    private let client: KubernetesClient
    private let host: Host
    private let query: [(String, String)]
    private let watchTimeout: Duration?
    private let onLoss: @Sendable (KubernetesObject) -> Void
    private let onChange: @Sendable (ObjectChange) -> Void
    private let state = Mutex(State())

    /// Makes an informer; it works while `run` does.
    ///
    /// - Parameters:
    ///   - type: What to watch, in all namespaces.
    ///   - client: The API server.
    ///   - host: Whose clock measures back-off.
    ///   - query: Selectors.
    ///   - watchTimeout: After how long the server ends a watch; nil leaves it to the server.
    ///   - onChange: Called after the cache has changed; must be quick.
    ///   - onLoss: Called before `onChange` for an object whose deletion was missed and is learnt from a list.
    public init(
        _ type: ResourceType,
        client: KubernetesClient,
        host: Host,
        query: [(String, String)] = [],
        watchTimeout: Duration? = nil,
        onChange: @escaping @Sendable (ObjectChange) -> Void = { _ in },
        onLoss: @escaping @Sendable (KubernetesObject) -> Void = { _ in }
    ) {
        self.type = type
        self.client = client
        self.host = host
        self.query = query
        self.watchTimeout = watchTimeout
        self.onLoss = onLoss
        self.onChange = onChange
    }

    /// The cached object; nil when there is none.
    public subscript(_ key: ObjectKey) -> KubernetesObject? {
        state.withLock { $0.objects[key] }
    }

    /// All cached objects in the order of their keys.
    public var all: [KubernetesObject] {
        state.withLock { state in
            if let sorted = state.sorted { return sorted }
            let sorted = state.objects.sorted { $0.key < $1.key }.map(\.value)
            state.sorted = sorted
            return sorted
        }
    }

    /// True once the first list is in the cache.
    public var isSynced: Bool { state.withLock { $0.isSynced } }

    /// Waits until the first list is in the cache.
    public func waitUntilSynced() async {
        await withCheckedContinuation { continuation in
            let isSynced = state.withLock { state in
                if !state.isSynced { state.waiters.append(continuation) }
                return state.isSynced
            }
            if isSynced { continuation.resume() }
        }
    }

    /// Lists and watches until the task is cancelled.
    public func run() async {
        defer { becomeSynced() }  // nobody may wait for ever for an informer that has stopped
        var backoff = Duration.milliseconds(800)
        while !Task.isCancelled {
            do {
                var version = try await relist()
                backoff = .milliseconds(800)
                while !Task.isCancelled {
                    version = try await watch(from: version)
                }
            } catch {
                // Refused, lost or out of date: list again after a pause, as reflectors do.
                guard (try? await host.clock.sleep(for: backoff)) != nil else { return }
                backoff = min(backoff.scaled(by: 2), .seconds(30))
            }
        }
    }

    private func relist() async throws(KubernetesError) -> String {
        let (items, version) = try await client.list(type, query: query)
        let fresh = Dictionary(items.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
        let gone = state.withLock { state in
            state.objects.filter { fresh[$0.key] == nil }.sorted { $0.key < $1.key }.map(\.value)
        }
        for object in gone {
            onLoss(object)
            apply(.deleted(object))
        }
        for object in items { apply(.modified(object)) }
        becomeSynced()
        return version
    }

    /// Watches until the server ends the watch; gives the resourceVersion to go on from.
    private func watch(from version: String) async throws -> String {
        var version = version
        var query = query + [("resourceVersion", version), ("allowWatchBookmarks", "true")]
        if let watchTimeout { query.append(("timeoutSeconds", String(watchTimeout.components.seconds))) }
        let wait = host.waits.begin("changes of \(type.qualifiedName)", at: host.clock.now)
        defer { host.waits.end(wait) }
        var hasSeenOne = false
        do {
            for try await event in try await client.watch(type, query: query) {
                hasSeenOne = true
                version = event.object.resourceVersion
                apply(event)
            }
        } catch let error as KubernetesError {
            // A connection that broke is opened again from here; only a refusal makes a new list needed.
            guard case .lost = error else { throw error }
            if !hasSeenOne { try await host.clock.sleep(for: .milliseconds(800)) }
        }
        return version
    }

    private func apply(_ event: WatchEvent) {
        let change: ObjectChange? = state.withLock { state in
            let object = event.object
            if case .bookmark = event { return nil }
            state.sorted = nil
            switch event {
            case .bookmark: return nil
            case .deleted:
                return state.objects.removeValue(forKey: object.key) == nil ? nil : .removed(object)
            case .added, .modified:
                let known = state.objects.updateValue(object, forKey: object.key)
                guard let known else { return .added(object) }
                return known.resourceVersion == object.resourceVersion ? nil : .updated(known, object)
            }
        }
        guard let change else { return }
        // Whoever is woken by a change does what it does for this revision.
        let revision = Int64(change.object.resourceVersion).map(host.trace.entry(ofRevision:)) ?? .none
        Origin.$current.withValue(revision) { onChange(change) }
    }

    private func becomeSynced() {
        let waiters = state.withLock { state in
            state.isSynced = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
