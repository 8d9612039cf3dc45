// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// Deletes objects whose owners are gone, and finishes deletions in the foreground and with orphans.
///
/// Objects of custom resources count as owners, and are not collected themselves.
final class GarbageCollector: Sendable {
    private let client: KubernetesClient
    private let discovery: ResourceDiscovery
    private let caches: [ResourceType: ObjectCache]
    private let controller: Controller<ObjectIdentity>
    private let graph = Mutex(GarbageGraph())

    init(client: KubernetesClient, host: Host, caches: Caches, discovery: ResourceDiscovery) {
        self.client = client
        self.discovery = discovery
        self.caches = Dictionary(caches.collected.map { ($0.type, $0) }, uniquingKeysWith: { $1 })
        controller = Controller("garbage", host: host, workers: 4) { "\($0.type.plural)/\($0.key)" }
        for cache in caches.collected {
            cache.onChange { [weak self] change in self?.see(change, cache.type) }
        }
    }

    private func see(_ change: ObjectChange, _ type: ResourceType) {
        let suspects = graph.withLock { graph in
            if case .removed(let object) = change { return graph.remove(object) }
            return graph.update(change.object, type: type)
        }
        for suspect in suspects { controller.queue.add(suspect) }
    }

    func run() async {
        await controller.run { [self] identity, pass in try await look(at: identity, pass) }
    }

    private func look(at identity: ObjectIdentity, _ pass: Pass) async throws {
        guard let object = caches[identity.type]?[identity.key] else { return }
        for reference in graph.withLock({ $0.unknownOwners(of: object) }) {
            let exists = try await exists(reference, namespace: object.namespace)
            graph.withLock { $0.note(owner: reference["uid"]?.stringValue ?? "", exists: exists) }
        }
        let verdict = graph.withLock { $0.verdict(object) }
        try await carryOut(verdict, identity.type, object, pass)
    }

    /// Asks the API server whether an owner is there.
    private func exists(_ reference: JSONValue, namespace: String) async throws -> Bool {
        let (version, kind) = (
            reference["apiVersion"]?.stringValue ?? "", reference["kind"]?.stringValue ?? ""
        )
        // Of a kind that nobody serves nothing can be said: what it owns is left alone, as upstream does.
        guard let type = try await discovery.type(apiVersion: version, kind: kind) else { return true }
        do {
            let owner = try await client.get(
                type,
                namespace: type.isNamespaced ? namespace : nil,
                name: reference["name"]?.stringValue ?? ""
            )
            return owner.uid == reference["uid"]?.stringValue
        } catch {
            guard error.isNotFound else { throw error }
            return false
        }
    }

    private func carryOut(
        _ verdict: GarbageVerdict,
        _ type: ResourceType,
        _ object: KubernetesObject,
        _ pass: Pass
    ) async throws {
        switch verdict {
        case .keep: break
        case .delete(let policy):
            _ = try await client.remove(type, object, policy: policy)
            pass.wrote("delete")
        case .setOwners(let owners):
            try await patch(type, object, ["ownerReferences": .array(owners)])
            pass.wrote("owners")
        case .awaitDependents(let dependents):
            for dependent in dependents { controller.queue.add(dependent) }
        case .orphan(let dependents):
            for dependent in dependents {
                guard let child = caches[dependent.type]?[dependent.key] else { continue }
                caches[dependent.type]?.observe(
                    try await client.release(dependent.type, child, from: object.uid)
                )
                pass.wrote("orphan \(dependent.key)")
            }
            try await removeFinalizer(GarbageGraph.orphan, type, object, pass)
        case .removeFinalizer(let finalizer):
            try await removeFinalizer(finalizer, type, object, pass)
        }
    }

    private func removeFinalizer(
        _ finalizer: String,
        _ type: ResourceType,
        _ object: KubernetesObject,
        _ pass: Pass
    ) async throws {
        let rest = object.finalizers.filter { $0 != finalizer }
        try await patch(type, object, ["finalizers": .array(rest.map { .string($0) })])
        pass.wrote("finalizer \(finalizer)")
    }

    private func patch(_ type: ResourceType, _ object: KubernetesObject, _ metadata: JSONObject) async throws
    {
        var metadata = metadata
        metadata["uid"] = .string(object.uid)
        metadata["resourceVersion"] = .string(object.resourceVersion)
        _ = try await client.patch(type, object.key, ["metadata": .object(metadata)])
    }
}
