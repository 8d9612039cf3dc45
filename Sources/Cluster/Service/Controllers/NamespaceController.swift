// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports

/// Empties namespaces that are being deleted, and then lets them go; gives new ones what every namespace has, where
/// the cluster has an authority whose certificate to hand out.
///
/// - Source: kube-controller-manager's namespace controller; seen upstream.
struct NamespaceController: Sendable {
    private static let finalizer = "kubernetes"
    /// When to look again at contents that nothing tells the end of.
    private static let pause = Duration.seconds(5)

    private let client: KubernetesClient
    private let host: Host
    private let caches: Caches
    private let discovery: ResourceDiscovery
    private let controller: Controller<ObjectKey>
    /// The authority's certificate as PEM.
    private let authority: String?

    init(
        client: KubernetesClient,
        host: Host,
        caches: Caches,
        discovery: ResourceDiscovery,
        authority: String?
    ) {
        self.authority = authority
        self.host = host
        self.client = client
        self.caches = caches
        self.discovery = discovery
        let controller = Controller<ObjectKey>("namespace", host: host)
        self.controller = controller
        caches.namespaces.onChange { change in
            if change.object.isTerminating {
                controller.queue.add(change.object.key)
            } else if authority != nil, case .added = change {
                controller.queue.add(change.object.key)
            }
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
        guard let namespace = caches.namespaces[key] else { return }
        guard namespace.isTerminating else { return try await furnish(key.name, pass) }
        let finalizers = (namespace["spec", "finalizers"]?.arrayValue ?? []).compactMap(\.stringValue)
        guard finalizers.contains(Self.finalizer) else { return }
        var remains = NamespaceRemains()
        for type in try await discovery.namespacedTypes() {
            try await empty(type, key.name, &remains, pass)
        }
        let released = try await tell(remains, namespace, pass)
        guard remains.count == 0 else { return controller.queue.add(key, after: Self.pause) }
        try await release(released, finalizers, pass)
    }

    /// Writes down what is left.
    private func tell(
        _ remains: NamespaceRemains,
        _ namespace: KubernetesObject,
        _ pass: Pass
    ) async throws -> KubernetesObject {
        let present = namespace["status", "conditions"]?.arrayValue ?? []
        guard let conditions = remains.conditions(present, now: host.clock.now.rfc3339) else {
            return namespace
        }
        var told = namespace
        told.json.set(["status", "conditions"], .array(conditions))
        told = try await client.update(.namespaces, told, subresource: "status")
        pass.wrote("status")
        return told
    }

    private func release(
        _ namespace: KubernetesObject,
        _ finalizers: [String],
        _ pass: Pass
    ) async throws {
        var released = namespace
        released.json.set(
            ["spec", "finalizers"],
            .array(finalizers.filter { $0 != Self.finalizer }.map { .string($0) })
        )
        _ = try await client.call(
            .put,
            ResourceType.namespaces.path(name: namespace.name, subresource: "finalize"),
            body: released.json
        )
        pass.wrote("finalize")
    }

    /// Makes the ServiceAccount and the authority's certificate that every namespace has.
    ///
    /// - Source: the controllers for ServiceAccounts and for the root authority; seen upstream.
    private func furnish(_ name: String, _ pass: Pass) async throws {
        guard let authority else { return }
        let note: JSONValue = [
            "kubernetes.io/description":
                "The certificate of the authority that the API server's own certificate comes from."
        ]
        let objects: [(ResourceType, String, JSONObject)] = [
            (.serviceAccounts, "default", [:]),
            (
                .configMaps, "kube-root-ca.crt",
                ["metadata": ["annotations": note], "data": ["ca.crt": .string(authority)]]
            ),
        ]
        for (type, object, members) in objects {
            do {
                _ = try await client.create(
                    type,
                    KubernetesObject(type, namespace: name, name: object, members)
                )
                pass.wrote("create \(type.singular) \(object)")
            } catch {
                // It is there already, or its namespace is not any more.
                guard error.isAlreadyExists || error.isNotFound || error.status?.code == 403 else {
                    throw error
                }
            }
        }
    }

    /// Deletes all objects of a type, and counts those that are still there afterwards.
    private func empty(
        _ type: ResourceType,
        _ namespace: String,
        _ remains: inout NamespaceRemains,
        _ pass: Pass
    ) async throws {
        let items: [KubernetesObject]
        do {
            items = try await client.list(type, namespace: namespace).items
        } catch {
            guard error.isNotFound || error.status?.code == 405 else { throw error }
            return  // a type that is not served has no objects
        }
        for item in items {
            guard !item.isTerminating else {
                remains.add(type, item)
                continue
            }
            do {
                let last = try await client.remove(type, item, policy: "Background")
                pass.wrote("delete \(type.singular) \(item.name)")
                let isPod = type.plural == ResourceType.pods.plural && type.group.isEmpty
                let stays = isPod ? last["metadata", "deletionGracePeriodSeconds"]?.intValue ?? 0 > 0 : false
                if stays || !item.finalizers.isEmpty { remains.add(type, item) }
            } catch {
                guard error.isNotFound else { throw error }
            }
        }
    }
}
