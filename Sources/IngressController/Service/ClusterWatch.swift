// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// What a change wakes.
struct Wakeup: Sendable {
    /// AlbConfigs to reconcile.
    let group: @Sendable (String) -> Void
    /// Server groups to reconcile.
    let target: @Sendable (TargetName) -> Void
    /// Notices about Ingresses, where each is an item of its own.
    var ingress: @Sendable (IngressNotice) -> Void = { _ in }
    /// Services whose servers are to be looked at, where that is done Service by Service.
    var service: @Sendable (ObjectKey) -> Void = { _ in }
}

/// The cluster as the controller sees it: a cache of each kind, and what a change of an object wakes.
///
/// Rules depend on Ingresses, classes, AlbConfigs, Secrets and the ports of Services; servers on Endpoints,
/// EndpointSlices, pods and nodes. So pod churn never makes a group pass.
final class ClusterWatch: ObjectSource {
    let ingresses: Informer
    let classes: Informer
    let albConfigs: Informer
    let services: Informer
    let endpoints: Informer
    let slices: Informer
    let secrets: Informer
    let pods: Informer
    let nodes: Informer
    private let changes: ChangeHandler

    init(
        host: Host,
        client: KubernetesClient,
        watchTimeout: Duration?,
        registry: GroupRegistry,
        wakeup: Wakeup,
        profile: Profile = .managed,
        process: ProcessLife = ProcessLife()
    ) {
        let changes = ChangeHandler(registry: registry, wakeup: wakeup, profile: profile, process: process)
        self.changes = changes
        func informer(_ type: ResourceType, _ handle: @escaping @Sendable (ObjectChange) -> Void) -> Informer
        {
            Informer(
                type,
                client: client,
                host: host,
                watchTimeout: watchTimeout,
                onChange: handle,
                onLoss: { changes.lost($0) }
            )
        }
        ingresses = informer(.ingresses) { changes.ingress($0) }
        classes = informer(.ingressClasses) { changes.ingressClass($0) }
        albConfigs = informer(.albConfigs) { changes.albConfig($0) }
        services = informer(.services) { changes.service($0) }
        endpoints = informer(.endpoints) { changes.endpoints($0) }
        slices = informer(.endpointSlices) { changes.slice($0) }
        secrets = informer(.secrets) { changes.secret($0) }
        pods = informer(.pods) { changes.pod($0) }
        nodes = informer(.nodes) { changes.node($0) }
        changes.watch.withLock { $0.watch = self }
    }

    var informers: [Informer] {
        [pods, endpoints, slices, services, secrets, nodes, classes, ingresses, albConfigs]
    }

    /// Changes wake somebody from now on: the first lists are in the caches.
    func start() {
        changes.watch.withLock { $0.isStarted = true }
        for service in services.all { changes.noteNamedGroup(service) }
        changes.tellFirstList(self)
    }

    func object(_ type: ResourceType, _ key: ObjectKey) -> KubernetesObject? {
        switch type.kind {
        case "Ingress": ingresses[key]
        case "IngressClass": classes[key]
        case "AlbConfig": albConfigs[key]
        case "Service": services[key]
        case "Endpoints": endpoints[key]
        case "EndpointSlice": slices[key]
        case "Secret": secrets[key]
        case "Pod": pods[key]
        case "Node": nodes[key]
        default: nil
        }
    }

    /// Has the servers of a Service looked at, if any Ingress uses it.
    func wakeServers(of service: ObjectKey) { changes.wakeTargets(of: service) }

    /// The EndpointSlices of a Service, by name.
    func slices(ofService key: ObjectKey) -> [KubernetesObject] {
        changes.sliceKeys(key).compactMap { slices[$0] }
    }
}
