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
        services = cache(.services)
        endpoints = cache(.endpoints)
        endpointSlices = cache(.endpointSlices) { slice in
            ["service \(slice.namespace)/\(slice.labels[EndpointSlicePlan.serviceLabel] ?? "")"]
        }
        deployments = cache(.deployments)
        replicaSets = cache(.replicaSets)
        others = [ResourceType.configMaps, .secrets, .ingresses].map { cache($0) }
    }

    /// Pods are found by namespace, controller, node, and among those without a controller.
    private static func podIndex(_ pod: KubernetesObject) -> [String] {
        var words = ["namespace \(pod.namespace)"]
        if let owner = pod.controllerReference?["uid"]?.stringValue {
            words.append("owner \(owner)")
        } else {
            words.append("orphan \(pod.namespace)")
        }
        if !pod.nodeName.isEmpty {
            words.append("node \(pod.nodeName)")
            if !pod.hasEnded { words.append("load \(pod.nodeName)") }
        }
        return words
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
