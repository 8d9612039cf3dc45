// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// The copies that the cluster's controllers share.
struct Caches: Sendable {
    let namespaces: ObjectCache
    let nodes: ObjectCache
    let pods: ObjectCache
    let services: ObjectCache
    let endpoints: ObjectCache
    let endpointSlices: ObjectCache
    let deployments: ObjectCache
    let replicaSets: ObjectCache
    /// Types that only the garbage collector looks at.
    let others: [ObjectCache]

    init(client: KubernetesClient, host: Host) {
        func cache(
            _ type: ResourceType,
            _ index: @escaping @Sendable (KubernetesObject) -> [String] = { ["namespace \($0.namespace)"] }
        ) -> ObjectCache {
            ObjectCache(type, client: client, host: host, index: index)
        }
        namespaces = cache(.namespaces)
        nodes = cache(.nodes)
        pods = cache(.pods, Self.podIndex)
        services = cache(.services, Self.serviceIndex)
        endpoints = cache(.endpoints)
        endpointSlices = cache(.endpointSlices) { slice in
            ["service \(slice.namespace)/\(slice.labels[EndpointSlicePlan.serviceLabel] ?? "")"]
        }
        deployments = cache(.deployments)
        replicaSets = cache(.replicaSets, Self.ownedIndex)
        others = [ResourceType.configMaps, .secrets, .ingresses].map { cache($0) }
    }

    /// Dependents are found by controller, and among those without one.
    private static func ownedIndex(_ object: KubernetesObject) -> [String] {
        let owner = object.controllerReference?["uid"]?.stringValue
        return ["namespace \(object.namespace)", owner.map { "owner \($0)" } ?? "orphan \(object.namespace)"]
    }

    /// Pods are found by their labels and node too.
    private static func podIndex(_ pod: KubernetesObject) -> [String] {
        var words = ownedIndex(pod) + labelWords(pod)
        if !pod.nodeName.isEmpty {
            words.append("node \(pod.nodeName)")
            if !pod.hasEnded { words.append("load \(pod.nodeName)") }
        }
        return words
    }

    /// The words that a pod is found by through its labels.
    static func labelWords(_ pod: KubernetesObject) -> [String] {
        (pod["metadata", "labels"]?.objectValue ?? [:]).map { member in
            "label \(pod.namespace) \(member.key)=\(member.value.stringValue ?? "")"
        }
    }

    /// Services are found by one label that they ask for: a pod without it is not theirs.
    private static func serviceIndex(_ service: KubernetesObject) -> [String] {
        ["namespace \(service.namespace)"] + (selectorWord(service).map { [$0] } ?? [])
    }

    private static func selectorWord(_ service: KubernetesObject) -> String? {
        let selector = service["spec", "selector"]?.objectValue ?? [:]
        return selector.min { $0.key < $1.key }.map { member in
            "label \(service.namespace) \(member.key)=\(member.value.stringValue ?? "")"
        }
    }

    /// The pods that a Service may select.
    func candidates(of service: KubernetesObject) -> [KubernetesObject] {
        Self.selectorWord(service).map { pods.objects($0) } ?? []
    }

    /// All of them.
    var all: [ObjectCache] {
        [namespaces, nodes, pods, services, endpoints, endpointSlices, deployments, replicaSets] + others
    }

    /// What the garbage collector collects.
    var collected: [ObjectCache] {
        [pods, services, endpoints, endpointSlices, deployments, replicaSets] + others
    }
}
