// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// Watches over nodes: taints by condition, pods of lost nodes unready and, later, removed.
///
/// Kubelets send no heartbeats here, since an idle cluster is to be silent. That a node was lost is told by
/// `lost`, and takes effect after the grace period that missing heartbeats would have had.
///
/// - Source: kube-controller-manager's node lifecycle and taint eviction controllers; seen upstream, the
///   missing leases are a declared difference.
final class NodeController: Sendable {
    /// How long a node may be silent.
    static let monitorGrace = Duration.seconds(50)

    private let client: KubernetesClient
    private let host: Host
    private let caches: Caches
    private let events: EventOutbox
    private let controller: Controller<ObjectKey>
    private let lost = Mutex<[String: Instant]>([:])

    init(client: KubernetesClient, host: Host, caches: Caches, events: EventOutbox) {
        self.client = client
        self.host = host
        self.caches = caches
        self.events = events
        let controller = Controller<ObjectKey>("node", host: host)
        self.controller = controller
        caches.nodes.onChange { controller.queue.add($0.object.key) }
        caches.pods.onChange { change in
            // A pod on a node with trouble has to be looked at; on others there is nothing to do.
            let node = change.object.nodeName
            guard !node.isEmpty, let object = caches.nodes[ObjectKey(name: node)], !object.isTrue("Ready")
            else { return }
            controller.queue.add(object.key)
        }
    }

    /// Nobody hears of a node from now on; nil takes it back.
    func setLost(_ isLost: Bool, _ node: String) {
        lost.withLock { $0[node] = isLost ? host.clock.now : nil }
        controller.queue.add(ObjectKey(name: node), after: isLost ? Self.monitorGrace : .zero)
    }

    func run() async {
        await controller.run { [self] key, pass in try await reconcile(key, pass) }
    }

    private func reconcile(_ key: ObjectKey, _ pass: Pass) async throws {
        guard var node = caches.nodes[key] else { return }
        let now = host.clock.now
        let since = lost.withLock { $0[key.name] }
        let isUnknown = node.condition("Ready")?["status"]?.stringValue == "Unknown"
        if let since, since.advanced(by: Self.monitorGrace) <= now, !isUnknown {
            let patch: JSONValue = ["status": ["conditions": .array(NodeCondition.unknown(at: now))]]
            node = try await client.patch(.nodes, key, patch, form: .strategicMerge, subresource: "status")
            caches.nodes.observe(node)
            pass.wrote("condition Ready")
            events.record(
                node,
                reason: "NodeNotReady",
                message: "Node \(key.name) status is now: NodeNotReady"
            )
        }
        if let taints = NodeTaints.wanted(node, at: now) {
            let patch: JSONValue = [
                "metadata": ["resourceVersion": .string(node.resourceVersion)],
                "spec": ["taints": taints.isEmpty ? nil : .array(taints)],
            ]
            node = try await client.patch(.nodes, key, patch)
            caches.nodes.observe(node)
            pass.wrote("taints")
        }
        if !node.isTrue("Ready") { try await lookAtPods(of: node, at: now, pass) }
    }

    private func lookAtPods(of node: KubernetesObject, at now: Instant, _ pass: Pass) async throws {
        let isSilent = node.condition("Ready")?["status"]?.stringValue == "Unknown"
        var next: Instant?
        for pod in caches.pods.objects("node \(node.name)") where !pod.hasEnded {
            if isSilent, pod.isTrue("Ready") { try await markNotReady(pod, at: now, pass) }
            guard !pod.isTerminating, let due = NodeTaints.eviction(of: pod, from: node) else { continue }
            guard due <= now else {
                next = min(next ?? due, due)
                continue
            }
            events.record(
                pod,
                reason: "TaintManagerEviction",
                message: "Marking for deletion Pod \(pod.key)"
            )
            let last = try await client.remove(.pods, pod)
            if last.kind == "Pod" { caches.pods.observe(last) }
            pass.wrote("evict \(pod.key)")
        }
        if let next { controller.queue.add(node.key, after: now.duration(to: next)) }
    }

    private func markNotReady(_ pod: KubernetesObject, at now: Instant, _ pass: Pass) async throws {
        let patch: JSONValue = [
            "metadata": ["uid": .string(pod.uid)],
            "status": [
                "conditions": [
                    ["type": "Ready", "status": "False", "lastTransitionTime": .string(now.rfc3339)]
                ]
            ],
        ]
        caches.pods.observe(
            try await client.patch(.pods, pod.key, patch, form: .strategicMerge, subresource: "status")
        )
        pass.wrote("\(pod.key) not ready")
        events.record(pod, "Warning", reason: "NodeNotReady", message: "Node is not ready")
    }
}
