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
        wakeup: Wakeup
    ) {
        let changes = ChangeHandler(registry: registry, wakeup: wakeup)
        self.changes = changes
        func informer(_ type: ResourceType, _ handle: @escaping @Sendable (ObjectChange) -> Void) -> Informer
        {
            Informer(type, client: client, host: host, watchTimeout: watchTimeout, onChange: handle)
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

    /// The EndpointSlices of a Service, by name.
    func slices(ofService key: ObjectKey) -> [KubernetesObject] {
        changes.sliceKeys(key).compactMap { slices[$0] }
    }
}

/// Turns changes into keys.
private final class ChangeHandler: Sendable {
    struct Link {
        weak var watch: ClusterWatch?
        var isStarted = false
    }

    let watch = Mutex(Link())
    private let registry: GroupRegistry
    private let wakeup: Wakeup
    private let slicesByService = Mutex<[ObjectKey: Set<ObjectKey>]>([:])

    init(registry: GroupRegistry, wakeup: Wakeup) {
        self.registry = registry
        self.wakeup = wakeup
    }

    func sliceKeys(_ service: ObjectKey) -> [ObjectKey] {
        slicesByService.withLock { ($0[service] ?? []).sorted() }
    }

    private var started: ClusterWatch? { watch.withLock { $0.isStarted ? $0.watch : nil } }

    // MARK: What rules depend on

    func ingress(_ change: ObjectChange) {
        guard let watch = started else { return }
        var groups = [group(of: change.object, watch)]
        if case .updated(let old, let new) = change {
            guard ObjectDifference.inSpec(old, new) else { return }
            groups.append(group(of: old, watch))
        }
        // One that moves leaves its old load balancer and comes to its new one; most do not move.
        for name in Set(groups.compactMap(\.self)).sorted() { wakeup.group(name) }
    }

    func ingressClass(_ change: ObjectChange) {
        guard let watch = started else { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inSpec(old, new) { return }
        for albConfig in watch.albConfigs.all { wakeup.group(albConfig.name) }
    }

    func albConfig(_ change: ObjectChange) {
        guard started != nil else { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inSpec(old, new) { return }
        wakeup.group(change.object.name)
    }

    func secret(_ change: ObjectChange) {
        guard let watch = started else { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inData(old, new) { return }
        let key = change.object.key
        for ingress in watch.ingresses.all where IngressReferences.mentions(secret: key, ingress) {
            wake(ingress, watch)
        }
        for albConfig in watch.albConfigs.all
        where IngressReferences.mentions(secret: key, albConfig: albConfig) {
            wakeup.group(albConfig.name)
        }
    }

    func service(_ change: ObjectChange) {
        guard let watch = started else { return }
        let key = change.object.key
        if case .updated(let old, _) = change { forgetNamedGroup(old) }
        if case .removed(let old) = change { forgetNamedGroup(old) } else { noteNamedGroup(change.object) }
        wakeTargets(of: key)
        if case .updated(let old, let new) = change, !ObjectDifference.inPorts(old, new) { return }
        for ingress in watch.ingresses.all where IngressReferences.mentions(service: key, ingress) {
            wake(ingress, watch)
        }
    }

    private func wake(_ ingress: KubernetesObject, _ watch: ClusterWatch) {
        if let name = group(of: ingress, watch) { wakeup.group(name) }
    }

    private func group(of ingress: KubernetesObject, _ watch: ClusterWatch) -> String? {
        if case .group(let name) = Membership.of(ingress, classes: watch) { name } else { nil }
    }

    // MARK: What servers depend on

    func endpoints(_ change: ObjectChange) {
        guard let watch = started else { return }
        if case .updated(let old, let new) = change, old["subsets"] == new["subsets"] { return }
        // Slices say the same and more; Endpoints count only where there are none.
        let key = change.object.key
        if sliceKeys(key).isEmpty || watch.slices(ofService: key).isEmpty { wakeTargets(of: key) }
    }

    func slice(_ change: ObjectChange) {
        let slice = change.object
        let service = ObjectKey(
            namespace: slice.namespace,
            name: slice.labels["kubernetes.io/service-name"] ?? ""
        )
        slicesByService.withLock { index in
            if case .removed = change {
                index[service]?.remove(slice.key)
                if index[service]?.isEmpty ?? false { index[service] = nil }
            } else {
                index[service, default: []].insert(slice.key)
            }
        }
        guard started != nil else { return }
        if case .updated(let old, let new) = change,
            old["endpoints"] == new["endpoints"], old["ports"] == new["ports"]
        {
            return
        }
        wakeTargets(of: service)
    }

    func pod(_ change: ObjectChange) {
        guard let watch = started, ReadinessGate.isIn(change.object) else { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inReadiness(old, new) { return }
        if case .removed = change { return }
        let pod = change.object
        for key in registry.services(inNamespace: pod.namespace) {
            guard let service = watch.services[key] else { continue }
            let selector = LabelSelector(equal: service["spec"]?["selector"])
            if !selector.requirements.isEmpty, selector.matches(pod.labels) { wakeTargets(of: key) }
        }
    }

    func node(_ change: ObjectChange) {
        guard let watch = started else { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inServing(old, new) { return }
        for name in registry.allTargets() {
            guard let service = watch.services[name.key.serviceKey],
                service["spec"]?["type"]?.stringValue ?? "ClusterIP" != "ClusterIP"
            else { continue }
            wakeup.target(name)
        }
    }

    /// A Service with one port may name a server group that somebody else made.
    func noteNamedGroup(_ service: KubernetesObject) {
        guard let (name, id) = Self.namedGroup(service) else { return }
        registry.setTarget(
            name,
            Target(id: id, isHealthChecked: false, isReferenced: true, holdsAddresses: false)
        )
        wakeup.target(name)
    }

    private func forgetNamedGroup(_ service: KubernetesObject) {
        if let (name, _) = Self.namedGroup(service) { registry.removeTarget(name) }
    }

    private static func namedGroup(_ service: KubernetesObject) -> (TargetName, String)? {
        guard let id = service.annotations[TargetName.annotation], !id.isEmpty,
            let ports = service["spec"]?["ports"]?.arrayValue, ports.count == 1,
            let port = ports[0]["port"]?.intValue
        else { return nil }
        return (TargetName.named(by: service.key, port: String(port)), id)
    }

    private func wakeTargets(of service: ObjectKey) {
        for name in registry.targets(ofService: service) { wakeup.target(name) }
    }
}
