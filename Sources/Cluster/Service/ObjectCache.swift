// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// A local copy of all objects of one type, with an index, that is also told what its own side wrote.
///
/// A watch tells of a write a little later than its answer does. A controller that looked at the copy in
/// between would do the same again; so it hands the answer over, and the copy is never behind one's own
/// writes.
final class ObjectCache: Sendable {
    let type: ResourceType
    private let informer: Informer
    private let store: Store

    /// Makes a cache; it works while `run` does.
    ///
    /// - Parameters:
    ///   - type: What to keep.
    ///   - client: The API server.
    ///   - host: Whose clock measures back-off.
    ///   - query: Selectors.
    ///   - index: The words that an object is found by.
    init(
        _ type: ResourceType,
        client: KubernetesClient,
        host: Host,
        query: [(String, String)] = [],
        index: @escaping @Sendable (KubernetesObject) -> [String] = { ["namespace \($0.namespace)"] }
    ) {
        self.type = type
        let store = Store(index: index)
        self.store = store
        informer = Informer(type, client: client, host: host, query: query) { store.apply($0) }
    }

    /// Lists and watches until the task is cancelled.
    func run() async { await informer.run() }

    /// Waits until the first list is in.
    func waitUntilSynced() async { await informer.waitUntilSynced() }

    /// The object of a key; nil when there is none.
    subscript(_ key: ObjectKey) -> KubernetesObject? { store.state.withLock { $0.objects[key] } }

    /// The objects found by a word, in the order of their keys.
    func objects(_ word: String) -> [KubernetesObject] {
        store.state.withLock { state in
            if let known = state.found[word] { return known }
            let found = (state.index[word] ?? []).sorted().compactMap { state.objects[$0] }
            state.found[word] = found
            return found
        }
    }

    /// How many objects are found by a word.
    func count(_ word: String) -> Int { store.state.withLock { $0.index[word]?.count ?? 0 } }

    /// All objects in the order of their keys.
    var all: [KubernetesObject] {
        store.state.withLock { state in
            if let known = state.sorted { return known }
            let sorted = state.objects.sorted { $0.key < $1.key }.map(\.value)
            state.sorted = sorted
            return sorted
        }
    }

    /// Calls `handler` after each change that the API server tells; to be set before `run`.
    func onChange(_ handler: @escaping @Sendable (ObjectChange) -> Void) {
        store.state.withLock { $0.handlers.append(handler) }
    }

    /// Takes the answer to a write in.
    func observe(_ object: KubernetesObject) { store.observe(object) }

    private final class Store: Sendable {
        struct State {
            var objects: [ObjectKey: KubernetesObject] = [:]
            var index: [String: Set<ObjectKey>] = [:]
            /// The words that an object is found by now.
            var words: [ObjectKey: [String]] = [:]
            /// What was asked for by a word since one of those objects changed, in the order of their keys.
            var found: [String: [KubernetesObject]] = [:]
            /// All objects in the order of their keys; nil after a change, until somebody asks.
            var sorted: [KubernetesObject]?
            /// The newest resourceVersion that the API server told.
            var seen: Int64 = 0
            /// Objects that only an answer told of so far, by the resourceVersion of it.
            var unconfirmed: [ObjectKey: Int64] = [:]
            var handlers: [@Sendable (ObjectChange) -> Void] = []
        }

        let index: @Sendable (KubernetesObject) -> [String]
        let state = Mutex(State())

        init(index: @escaping @Sendable (KubernetesObject) -> [String]) {
            self.index = index
        }

        private static func version(_ object: KubernetesObject) -> Int64 {
            Int64(object.resourceVersion) ?? 0
        }

        func apply(_ change: ObjectChange) {
            let object = change.object
            let version = Self.version(object)
            let handlers = state.withLock { state in
                state.seen = max(state.seen, version)
                if case .removed = change {
                    if state.objects[object.key]?.uid == object.uid { put(nil, object.key, &state) }
                } else if version >= state.objects[object.key].map(Self.version) ?? 0 {
                    put(object, object.key, &state)
                }
                confirm(object.key, version, &state)
                return state.handlers
            }
            for handler in handlers { handler(change) }
        }

        /// What an answer told is known to be old news once the API server has told of something newer.
        private func confirm(_ key: ObjectKey, _ version: Int64, _ state: inout State) {
            if state.unconfirmed.isEmpty { return }
            if let own = state.unconfirmed[key], own <= version { state.unconfirmed[key] = nil }
            for (other, own) in state.unconfirmed where own < state.seen {
                // The API server has passed it by: whatever it told of it, or did not, counts.
                state.unconfirmed[other] = nil
                if state.objects[other].map(Self.version) == own, other != key { put(nil, other, &state) }
            }
        }

        func observe(_ object: KubernetesObject) {
            state.withLock { state in
                let version = Self.version(object)
                guard version > state.seen, version > state.objects[object.key].map(Self.version) ?? 0 else {
                    return
                }
                // Only a new object may turn out not to be there; a changed one is there in some state.
                if state.objects[object.key] == nil { state.unconfirmed[object.key] = version }
                put(object, object.key, &state)
            }
        }

        private func put(_ object: KubernetesObject?, _ key: ObjectKey, _ state: inout State) {
            state.objects[key] = object
            state.sorted = nil
            let (old, new) = (state.words[key] ?? [], object.map(index) ?? [])
            for word in old { state.found[word] = nil }
            if old == new { return }
            for word in new { state.found[word] = nil }
            state.words[key] = object == nil ? nil : new
            for word in old where !new.contains(word) {
                state.index[word]?.remove(key)
                if state.index[word]?.isEmpty == true { state.index[word] = nil }
            }
            for word in new where !old.contains(word) { state.index[word, default: []].insert(key) }
        }
    }
}
