// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports

/// Empties namespaces that are being deleted, and then lets them go.
///
/// - Source: kube-controller-manager's namespace controller; seen upstream. The conditions that tell what is
///   left are not written.
struct NamespaceController: Sendable {
    private static let finalizer = "kubernetes"
    /// When to look again at contents that nothing tells the end of.
    private static let pause = Duration.seconds(5)

    private let client: KubernetesClient
    private let caches: Caches
    private let discovery: ResourceDiscovery
    private let controller: Controller<ObjectKey>

    init(client: KubernetesClient, host: Host, caches: Caches, discovery: ResourceDiscovery) {
        self.client = client
        self.caches = caches
        self.discovery = discovery
        let controller = Controller<ObjectKey>("namespace", host: host)
        self.controller = controller
        caches.namespaces.onChange { change in
            if change.object.isTerminating { controller.queue.add(change.object.key) }
        }
        for cache in caches.collected {
            cache.onChange { change in
                guard case .removed(let object) = change else { return }
                let key = ObjectKey(name: object.namespace)
                if caches.namespaces[key]?.isTerminating ?? false { controller.queue.add(key) }
            }
        }
    }

    func run() async {
        await controller.run { key, pass in try await reconcile(key, pass) }
    }

    private func reconcile(_ key: ObjectKey, _ pass: Pass) async throws {
        guard let namespace = caches.namespaces[key], namespace.isTerminating else { return }
        let finalizers = (namespace["spec"]?["finalizers"]?.arrayValue ?? []).compactMap(\.stringValue)
        guard finalizers.contains(Self.finalizer) else { return }
        var remaining = 0
        for type in try await discovery.namespacedTypes() {
            remaining += try await empty(type, key.name, pass)
        }
        guard remaining == 0 else { return controller.queue.add(key, after: Self.pause) }
        var released = namespace
        released.json.set(
            ["spec", "finalizers"],
            .array(finalizers.filter { $0 != Self.finalizer }.map { .string($0) })
        )
        _ = try await client.call(
            .put,
            ResourceType.namespaces.path(name: key.name, subresource: "finalize"),
            body: released.json
        )
        pass.wrote("finalize")
    }

    /// Deletes all objects of a type; gives how many are still there afterwards.
    private func empty(_ type: ResourceType, _ namespace: String, _ pass: Pass) async throws -> Int {
        var remaining = 0
        let items: [KubernetesObject]
        do {
            items = try await client.list(type, namespace: namespace).items
        } catch {
            guard error.isNotFound || error.status?.code == 405 else { throw error }
            return 0  // a type that is not served has no objects
        }
        for item in items {
            guard !item.isTerminating else {
                remaining += 1
                continue
            }
            do {
                let last = try await client.remove(type, item, policy: "Background")
                pass.wrote("delete \(type.singular) \(item.name)")
                let isPod = type.plural == ResourceType.pods.plural && type.group.isEmpty
                let stays = isPod ? last["metadata"]?["deletionGracePeriodSeconds"]?.intValue ?? 0 > 0 : false
                if stays || !item.finalizers.isEmpty { remaining += 1 }
            } catch {
                guard error.isNotFound else { throw error }
            }
        }
        return remaining
    }
}
