// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// Keeps the ReplicaSets of Deployments as `DeploymentPlanner` says.
struct DeploymentController: Sendable {
    private let client: KubernetesClient
    private let host: Host
    private let caches: Caches
    private let events: EventOutbox
    private let controller: Controller<ObjectKey>

    init(client: KubernetesClient, host: Host, caches: Caches, events: EventOutbox) {
        self.client = client
        self.host = host
        self.caches = caches
        self.events = events
        let controller = Controller<ObjectKey>("deployment", host: host)
        self.controller = controller
        caches.deployments.onChange { controller.queue.add($0.object.key) }
        caches.replicaSets.onChange { change in
            Self.enqueueOwner(of: change.object, controller.queue)
            // A set without a controller may be one to adopt.
            if change.object.controllerReference == nil {
                for deployment in caches.deployments.objects("namespace \(change.object.namespace)") {
                    controller.queue.add(deployment.key)
                }
            }
        }
        caches.pods.onChange { change in
            // A rollout of the strategy Recreate waits until the last old pod is gone.
            guard case .removed(let pod) = change, let set = Self.owner(of: pod, "ReplicaSet") else { return }
            if let set = caches.replicaSets[set] { Self.enqueueOwner(of: set, controller.queue) }
        }
    }

    private static func owner(of object: KubernetesObject, _ kind: String) -> ObjectKey? {
        guard let owner = object.controllerReference, owner["kind"]?.stringValue == kind else { return nil }
        return ObjectKey(namespace: object.namespace, name: owner["name"]?.stringValue ?? "")
    }

    private static func enqueueOwner(of set: KubernetesObject, _ queue: WorkQueue<ObjectKey>) {
        if let owner = owner(of: set, "Deployment") { queue.add(owner) }
    }

    func run() async {
        await controller.run { key, pass in try await reconcile(key, pass) }
    }

    private func reconcile(_ key: ObjectKey, _ pass: Pass) async throws {
        guard let deployment = caches.deployments[key] else { return }
        let sets = try await claim(deployment, pass)
        let owners = sets.flatMap { set in
            caches.pods.objects("owner \(set.uid)").filter { !$0.hasEnded }.map { _ in set.uid }
        }
        let plan = DeploymentPlanner.plan(
            deployment,
            replicaSets: sets,
            livePodOwners: owners,
            at: host.clock.now
        )
        for change in plan.changes { try await make(change, deployment, pass) }
        if let status = plan.status {
            let written = try await client.update(.deployments, status, subresource: "status")
            caches.deployments.observe(written)
            pass.wrote("status")
        }
        if let delay = plan.lookAgainAfter { controller.queue.add(key, after: delay) }
    }

    /// The ReplicaSets that the Deployment controls; those that nobody controls and it selects become its own.
    private func claim(
        _ deployment: KubernetesObject,
        _ pass: Pass
    ) async throws(KubernetesError) -> [KubernetesObject] {
        guard let selector = LabelSelector(object: deployment["spec", "selector"]),
            !selector.requirements.isEmpty
        else { return [] }
        var mine = caches.replicaSets.objects("owner \(deployment.uid)")
        for set in caches.replicaSets.objects("orphan \(deployment.namespace)")
        where selector.matches(set) && !deployment.isTerminating && !set.isTerminating {
            let adopted = try await client.adopt(.replicaSets, set, by: deployment)
            caches.replicaSets.observe(adopted)
            pass.wrote("adopt \(set.name)")
            mine.append(adopted)
        }
        return mine
    }

    private func make(
        _ change: DeploymentPlan.Change,
        _ deployment: KubernetesObject,
        _ pass: Pass
    ) async throws(KubernetesError) {
        switch change {
        case .create(let set):
            try await create(set, deployment, pass)
        case .update(let set, let event):
            caches.replicaSets.observe(try await client.update(.replicaSets, set))
            pass.wrote(event ?? "annotations of \(set.name)")
            if let event { events.record(deployment, reason: "ScalingReplicaSet", message: event) }
        case .delete(let set):
            _ = try await client.remove(.replicaSets, set, policy: "Background")
            pass.wrote("delete \(set.name)")
        }
    }

    private func create(
        _ set: KubernetesObject,
        _ deployment: KubernetesObject,
        _ pass: Pass
    ) async throws(KubernetesError) {
        do {
            caches.replicaSets.observe(try await client.create(.replicaSets, set))
            let event = "Scaled up replica set \(set.name) from 0 to \(set.specReplicas)"
            pass.wrote(event)
            if set.specReplicas > 0 { events.record(deployment, reason: "ScalingReplicaSet", message: event) }
        } catch {
            guard error.isAlreadyExists else { throw error }
            let present = try await client.get(.replicaSets, namespace: set.namespace, name: set.name)
            let isSame =
                TemplateHash.stripped(present["spec", "template"])
                == TemplateHash.stripped(set["spec", "template"])
            if isSame, present.controllerReference?["uid"]?.stringValue == deployment.uid {
                return caches.replicaSets.observe(present)
            }
            // Another template has the same hash: the count makes the next one differ.
            var changed = deployment
            changed.json.set(
                ["status", "collisionCount"],
                .integer(Int64(deployment.statusCount("collisionCount") + 1))
            )
            caches.deployments.observe(try await client.update(.deployments, changed, subresource: "status"))
            throw error
        }
    }
}
