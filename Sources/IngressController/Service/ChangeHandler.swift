// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// Turns changes into keys.
final class ChangeHandler: Sendable {
    struct Link {
        weak var watch: ClusterWatch?
        var isStarted = false
    }

    let watch = Mutex(Link())
    let registry: GroupRegistry
    let wakeup: Wakeup
    let profile: Profile
    let process: ProcessLife
    private let slicesByService = Mutex<[ObjectKey: Set<ObjectKey>]>([:])

    init(registry: GroupRegistry, wakeup: Wakeup, profile: Profile, process: ProcessLife) {
        self.registry = registry
        self.wakeup = wakeup
        self.profile = profile
        self.process = process
    }

    func sliceKeys(_ service: ObjectKey) -> [ObjectKey] {
        slicesByService.withLock { ($0[service] ?? []).sorted() }
    }

    var started: ClusterWatch? { watch.withLock { $0.isStarted ? $0.watch : nil } }

    // MARK: What rules depend on

    func ingress(_ change: ObjectChange) {
        guard let watch = started else { return }
        if isPoison(change, watch) { return }
        if profile.hasIngressQueue { return notice(of: change, watch) }
        var groups = [group(of: change.object, watch)]
        if case .updated(let old, let new) = change {
            guard ObjectDifference.inSpec(old, new) else { return }
            if !profile.has(.movedIngressLeavesCopy) || !Self.movesByAnnotation(old, new) {
                groups.append(group(of: old, watch))
            }
        }
        if ObjectHash.isApplied(change.object, profile: profile), !Self.isRemoval(change) { return }
        // One that moves leaves its old load balancer and comes to its new one; most do not move.
        for name in Set(groups.compactMap(\.self)).sorted() { wakeup.group(name) }
    }

    func ingressClass(_ change: ObjectChange) {
        guard let watch = started else { return }
        if profile.hasIngressQueue {
            noticeOfClass(change, watch)
            guard Self.isRemoval(change), !profile.has(.classDeletionDropsRules) else { return }
        }
        if Self.isRemoval(change), profile.has(.classDeletionDropsRules) { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inSpec(old, new) { return }
        for albConfig in watch.albConfigs.all { wakeup.group(albConfig.name) }
    }

    func albConfig(_ change: ObjectChange) {
        guard started != nil else { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inSpec(old, new) { return }
        if profile.isOpenSource, Self.isRemoval(change) { return }
        if ObjectHash.isApplied(change.object, profile: profile) { return }
        wakeup.group(change.object.name)
    }

    func secret(_ change: ObjectChange) {
        guard let watch = started else { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inData(old, new) { return }
        let key = change.object.key
        if profile.has(.secretDeletionUnnoticed), Self.isRemoval(change) { return }
        if profile.hasIngressQueue { noticeOfSecret(key, watch) }
        for ingress in watch.ingresses.all where isMentioned(key, ingress) {
            if !profile.hasIngressQueue { wake(ingress, watch) }
        }
        if profile.isOpenSource { return }
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
        if profile.isOpenSource { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inPorts(old, new) { return }
        for ingress in watch.ingresses.all where IngressReferences.mentions(service: key, ingress) {
            wake(ingress, watch)
        }
    }

    private func wake(_ ingress: KubernetesObject, _ watch: ClusterWatch) {
        if let name = group(of: ingress, watch) { wakeup.group(name) }
    }

    func group(of ingress: KubernetesObject, _ watch: ClusterWatch) -> String? {
        if case .group(let name) = Membership.of(ingress, classes: watch) { name } else { nil }
    }

    // MARK: What servers depend on

    func endpoints(_ change: ObjectChange) {
        guard let watch = started else { return }
        if case .updated(let old, let new) = change, old["subsets"] == new["subsets"] { return }
        // Slices say the same and more; Endpoints count only where there are none.
        let key = change.object.key
        if profile.isOpenSource {
            if watch.services[key] != nil { wakeTargets(of: key) }
            return
        }
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
        guard started != nil, !profile.isOpenSource else { return }
        if case .updated(let old, let new) = change,
            old["endpoints"] == new["endpoints"], old["ports"] == new["ports"]
        {
            return
        }
        wakeTargets(of: service)
    }

    func pod(_ change: ObjectChange) {
        guard let watch = started, ReadinessGate.isIn(change.object) else { return }
        // Upstream hears nothing of pods: one that becomes ready for its gate waits for the back-off.
        if profile.has(.gatedPodsWaitForBackoff) { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inReadiness(old, new) { return }
        if case .removed = change { return }
        let pod = change.object
        let services =
            profile.syncsServersByService
            ? watch.services.all.map(\.key).filter { $0.namespace == pod.namespace }
            : registry.services(inNamespace: pod.namespace)
        for key in services {
            guard let service = watch.services[key] else { continue }
            let selector = LabelSelector(equal: service["spec", "selector"])
            if !selector.requirements.isEmpty, selector.matches(pod) { wakeTargets(of: key) }
        }
    }

    func node(_ change: ObjectChange) {
        guard let watch = started else { return }
        if case .updated(let old, let new) = change, !ObjectDifference.inServing(old, new) { return }
        if profile.syncsServersByService { return wakeNodeServices(watch) }
        for name in registry.allTargets() {
            guard let service = watch.services[name.key.serviceKey],
                service["spec", "type"]?.stringValue ?? "ClusterIP" != "ClusterIP"
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
            let ports = service["spec", "ports"]?.arrayValue, ports.count == 1,
            let port = ports[0]["port"]?.intValue
        else { return nil }
        return (TargetName.named(by: service.key, port: String(port)), id)
    }

    /// Services that are reached through all nodes.
    private func wakeNodeServices(_ watch: ClusterWatch) {
        for service in watch.services.all {
            let spec = service["spec"]
            guard spec?["type"]?.stringValue ?? "ClusterIP" != "ClusterIP",
                spec?["externalTrafficPolicy"]?.stringValue != "Local" || !profile.isOpenSource
            else { continue }
            wakeTargets(of: service.key)
        }
    }

    func wakeTargets(of service: ObjectKey) {
        if profile.syncsServersByService {
            guard let watch = started, isReferenced(service, watch) else { return }
            return wakeup.service(service)
        }
        for name in registry.targets(ofService: service) { wakeup.target(name) }
    }
}
