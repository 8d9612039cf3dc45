// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// Binds pods to nodes as `NodeChoice` says, one pod at a time.
final class Scheduler: Sendable {
    private struct State {
        /// Bound pods whose binding the watch has not told yet: uid to node.
        var assumed: [String: String] = [:]
        /// Pods that fitted nowhere, until something changes.
        var waiting: Set<ObjectKey> = []
    }

    private let client: KubernetesClient
    private let host: Host
    private let caches: Caches
    private let events: EventOutbox
    private let controller: Controller<ObjectKey>
    private let state = Mutex(State())

    init(client: KubernetesClient, host: Host, caches: Caches, events: EventOutbox) {
        self.client = client
        self.host = host
        self.caches = caches
        self.events = events
        controller = Controller("scheduler", host: host, workers: 1)
        caches.pods.onChange { [weak self] in self?.see($0) }
        caches.nodes.onChange { [weak self] _ in self?.retryWaiting() }
    }

    private func see(_ change: ObjectChange) {
        let pod = change.object
        if case .removed = change {
            state.withLock { state in
                state.assumed[pod.uid] = nil
                state.waiting.remove(pod.key)
            }
            return retryWaiting()
        }
        if !pod.nodeName.isEmpty {
            _ = state.withLock { $0.assumed.removeValue(forKey: pod.uid) }
        } else if case .added = change {
            controller.queue.add(pod.key)
        } else {
            let isWaiting = state.withLock { $0.waiting.contains(pod.key) }
            if !isWaiting { controller.queue.add(pod.key) }
        }
    }

    /// Something changed that may make room.
    private func retryWaiting() {
        let keys = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting.sorted()
        }
        for key in keys { controller.queue.add(key) }
    }

    func run() async {
        await controller.run { [self] key, pass in try await schedule(key, pass) }
    }

    private func schedule(_ key: ObjectKey, _ pass: Pass) async throws {
        guard let pod = caches.pods[key], pod.nodeName.isEmpty, !pod.isTerminating,
            pod["spec", "schedulerName"]?.stringValue ?? "default-scheduler" == "default-scheduler",
            state.withLock({ $0.assumed[pod.uid] }) == nil
        else { return }
        switch NodeChoice.choose(pod, nodes: caches.nodes.all, loads: loads(for: pod)) {
        case .node(let node): try await bind(pod, to: node, pass)
        case .none(let reason): try await refuse(pod, reason, pass)
        }
    }

    private func loads(for pod: KubernetesObject) -> [String: NodeChoice.Load] {
        var loads: [String: NodeChoice.Load] = [:]
        for node in caches.nodes.all {
            loads[node.name, default: NodeChoice.Load()].pods = caches.pods.count("load \(node.name)")
        }
        let assumed = state.withLock { $0.assumed }
        for (_, node) in assumed.sorted(by: { $0.key < $1.key }) { loads[node]?.pods += 1 }
        guard let owner = pod.controllerReference?["uid"]?.stringValue else { return loads }
        for sibling in caches.pods.objects("owner \(owner)") where !sibling.hasEnded && !sibling.isTerminating
        {
            let node = sibling.nodeName.isEmpty ? assumed[sibling.uid] ?? "" : sibling.nodeName
            loads[node]?.siblings += 1
        }
        return loads
    }

    private func bind(_ pod: KubernetesObject, to node: String, _ pass: Pass) async throws {
        state.withLock { $0.assumed[pod.uid] = node }
        do {
            try await client.post(
                .pods,
                pod.key,
                subresource: "binding",
                [
                    "apiVersion": "v1", "kind": "Binding",
                    "metadata": [
                        "name": .string(pod.name), "namespace": .string(pod.namespace),
                        "uid": .string(pod.uid),
                    ],
                    "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)],
                ]
            )
        } catch {
            _ = state.withLock { $0.assumed.removeValue(forKey: pod.uid) }
            throw error
        }
        pass.wrote("bind to \(node)")
        events.record(
            pod,
            reason: "Scheduled",
            message: "Successfully assigned \(pod.key) to \(node)"
        )
    }

    private func refuse(_ pod: KubernetesObject, _ reason: String, _ pass: Pass) async throws {
        _ = state.withLock { $0.waiting.insert(pod.key) }
        let known = pod.condition("PodScheduled")
        if known?["message"]?.stringValue == reason, known?["status"]?.stringValue == "False" { return }
        events.record(pod, "Warning", reason: "FailedScheduling", message: reason)
        let condition: JSONValue = [
            "type": "PodScheduled", "status": "False", "lastProbeTime": nil,
            "lastTransitionTime": known?["lastTransitionTime"] ?? .string(host.clock.now.rfc3339),
            "reason": "Unschedulable", "message": .string(reason),
        ]
        let patch: JSONValue = ["metadata": ["uid": .string(pod.uid)], "status": ["conditions": [condition]]]
        caches.pods.observe(
            try await client.patch(.pods, pod.key, patch, form: .strategicMerge, subresource: "status")
        )
        pass.wrote("condition PodScheduled")
    }
}
