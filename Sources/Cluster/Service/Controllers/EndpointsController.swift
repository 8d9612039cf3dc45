// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// Keeps the Endpoints object and the EndpointSlices of Services with selectors.
///
/// The two are separate controllers with one shape, as upstream: each has its own queue and its own memory.
final class EndpointsController: Sendable {
    /// Which of the two this is.
    enum Kind: String, Sendable {
        case endpoints, endpointslice
    }

    private let kind: Kind
    private let client: KubernetesClient
    private let caches: Caches
    private let controller: Controller<ObjectKey>
    private let triggers = Mutex(TriggerTimes())

    init(_ kind: Kind, client: KubernetesClient, host: Host, caches: Caches) {
        self.kind = kind
        self.client = client
        self.caches = caches
        let controller = Controller<ObjectKey>(kind.rawValue, host: host)
        self.controller = controller
        let queue = controller.queue
        caches.services.onChange { queue.add($0.object.key) }
        caches.pods.onChange { Self.enqueueServices(of: $0, caches, queue) }
        switch kind {
        case .endpoints: caches.endpoints.onChange { queue.add($0.object.key) }
        case .endpointslice:
            caches.endpointSlices.onChange { change in
                guard let service = change.object.labels[EndpointSlicePlan.serviceLabel] else { return }
                queue.add(ObjectKey(namespace: change.object.namespace, name: service))
            }
        }
    }

    /// The Services whose endpoints a change of a pod may change.
    private static func enqueueServices(
        of change: ObjectChange,
        _ caches: Caches,
        _ queue: WorkQueue<ObjectKey>
    ) {
        var states = [change.object]
        if case .updated(let before, let after) = change {
            guard isRelevant(before, after) else { return }
            if before.labels != after.labels { states.append(before) }
        }
        for state in states {
            for service in Caches.labelWords(state).flatMap({ caches.services.objects($0) }) {
                guard let selection = ServiceSelection(service) else { continue }
                if selection.selector.matches(state) { queue.add(service.key) }
            }
        }
    }

    /// True when a pod changed in something that endpoints tell.
    private static func isRelevant(_ before: KubernetesObject, _ after: KubernetesObject) -> Bool {
        before.podIP != after.podIP || before.isTrue("Ready") != after.isTrue("Ready")
            || before.isTerminating != after.isTerminating || before.hasEnded != after.hasEnded
            || before.nodeName != after.nodeName || before.uid != after.uid || before.labels != after.labels
    }

    func run() async {
        await controller.run { [self] key, pass in
            switch kind {
            case .endpoints: try await syncEndpoints(key, pass)
            case .endpointslice: try await syncSlices(key, pass)
            }
        }
    }

    private func syncEndpoints(_ key: ObjectKey, _ pass: Pass) async throws {
        let present = caches.endpoints[key]
        guard let service = caches.services[key] else {
            triggers.withLock { $0.forget(key) }
            // What goes with a Service is what this controller made for it.
            guard let present, present.labels[EndpointsPlan.managedBy] != nil else { return }
            _ = try await client.remove(.endpoints, present)
            return pass.wrote("delete")
        }
        guard let selection = ServiceSelection(service) else { return }
        let pods = caches.candidates(of: service)
        let plan = EndpointsPlan(selection, pods: pods)
        if let present, plan.isSatisfied(by: present) { return }
        let mine = selection.pods(pods, includingTerminating: true)
        let trigger = triggers.withLock { $0.trigger(service, pods: mine) }
        let object = plan.object(service, present: present, trigger: trigger)
        if present == nil {
            caches.endpoints.observe(try await client.create(.endpoints, object))
            pass.wrote("create")
        } else {
            caches.endpoints.observe(try await client.update(.endpoints, object))
            pass.wrote("update")
        }
    }

    private func syncSlices(_ key: ObjectKey, _ pass: Pass) async throws {
        guard let service = caches.services[key], !service.isTerminating else {
            return triggers.withLock { $0.forget(key) }  // the slices go with their owner
        }
        guard let selection = ServiceSelection(service) else { return }
        let pods = caches.candidates(of: service)
        let mine = selection.pods(pods, includingTerminating: true)
        let present = caches.endpointSlices.objects("service \(key)").filter {
            $0.labels[EndpointSlicePlan.managedByLabel] == EndpointSlicePlan.manager && !$0.isTerminating
        }
        var zones: [String: String] = [:]
        for node in caches.nodes.all { zones[node.name] = node.labels["topology.kubernetes.io/zone"] }
        let trigger = triggers.withLock { $0.trigger(service, pods: mine) }
        let plan = EndpointSlicePlan(selection, pods: pods, zones: zones, present: present, trigger: trigger)
        for slice in plan.creates {
            caches.endpointSlices.observe(try await client.create(.endpointSlices, slice))
            pass.wrote("create")
        }
        for slice in plan.updates {
            caches.endpointSlices.observe(try await client.update(.endpointSlices, slice))
            pass.wrote("update \(slice.name)")
        }
        for slice in plan.deletes {
            _ = try await client.remove(.endpointSlices, slice)
            pass.wrote("delete \(slice.name)")
        }
    }
}
