// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// Keeps as many pods as ReplicaSets want, as `ReplicaSetPlan` says.
struct ReplicaSetController: Sendable {
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
        let controller = Controller<ObjectKey>("replicaset", host: host)
        self.controller = controller
        caches.replicaSets.onChange { controller.queue.add($0.object.key) }
        caches.pods.onChange { change in
            for pod in Self.states(change) { Self.enqueue(pod, caches, controller.queue) }
        }
    }

    /// The states that matter: an owner that was taken off has to look too.
    private static func states(_ change: ObjectChange) -> [KubernetesObject] {
        guard case .updated(let before, let after) = change else { return [change.object] }
        return before.controllerReference == after.controllerReference ? [after] : [before, after]
    }

    private static func enqueue(_ pod: KubernetesObject, _ caches: Caches, _ queue: WorkQueue<ObjectKey>) {
        if let owner = pod.controllerReference {
            guard owner["kind"]?.stringValue == "ReplicaSet" else { return }
            return queue.add(ObjectKey(namespace: pod.namespace, name: owner["name"]?.stringValue ?? ""))
        }
        for set in caches.replicaSets.objects("namespace \(pod.namespace)") {
            if LabelSelector(object: set["spec", "selector"])?.matches(pod.labels) ?? false {
                queue.add(set.key)
            }
        }
    }

    func run() async {
        await controller.run { key, pass in try await reconcile(key, pass) }
    }

    private func reconcile(_ key: ObjectKey, _ pass: Pass) async throws {
        guard let set = caches.replicaSets[key] else { return }
        let pods = caches.pods.objects("owner \(set.uid)") + caches.pods.objects("orphan \(set.namespace)")
        var plan = ReplicaSetPlan(set, pods: pods, at: host.clock.now)
        for pod in plan.adopted {
            caches.pods.observe(try await client.adopt(.pods, pod, by: set))
            pass.wrote("adopt \(pod.name)")
        }
        for pod in plan.released {
            caches.pods.observe(try await client.release(.pods, pod, from: set.uid))
            pass.wrote("release \(pod.name)")
        }
        var failure: KubernetesError?
        if plan.missing > 0 { failure = await makePods(plan.missing, set, pass) }
        if !plan.surplus.isEmpty { failure = await removePods(plan.surplus, set, pass) }
        if failure != nil {
            plan = ReplicaSetPlan(set, pods: pods, failure: failure?.description, at: host.clock.now)
        }
        if let status = plan.status {
            caches.replicaSets.observe(try await client.update(.replicaSets, status, subresource: "status"))
            pass.wrote("status")
        }
        if let delay = plan.lookAgainAfter { controller.queue.add(key, after: delay) }
        if let failure { throw failure }
    }

    /// Makes pods, one first and then twice as many each time, so that what can't work fails early.
    private func makePods(_ count: Int, _ set: KubernetesObject, _ pass: Pass) async -> KubernetesError? {
        let pod = ReplicaSetPlan.makePod(set)
        var (left, batch) = (count, 1)
        while left > 0 {
            let results = await inParallel(min(batch, left)) { client, _ async throws(KubernetesError) in
                try await client.create(.pods, pod)
            }
            for result in results {
                switch result {
                case .success(let made):
                    caches.pods.observe(made)
                    pass.wrote("create \(made.name)")
                    events.record(set, reason: "SuccessfulCreate", message: "Created pod: \(made.name)")
                case .failure(let error):
                    events.record(set, "Warning", reason: "FailedCreate", message: "Error creating: \(error)")
                    return error
                }
            }
            left -= results.count
            batch *= 2
        }
        return nil
    }

    private func removePods(
        _ pods: [KubernetesObject],
        _ set: KubernetesObject,
        _ pass: Pass
    ) async -> KubernetesError? {
        let results = await inParallel(pods.count) { client, place async throws(KubernetesError) in
            try await client.remove(.pods, pods[place])
        }
        var failure: KubernetesError?
        for (pod, result) in zip(pods, results) {
            switch result {
            case .success(let last):
                if last.kind == "Pod" { caches.pods.observe(last) }
                pass.wrote("delete \(pod.name)")
                events.record(set, reason: "SuccessfulDelete", message: "Deleted pod: \(pod.name)")
            case .failure(let error) where error.isNotFound: break
            case .failure(let error):
                events.record(set, "Warning", reason: "FailedDelete", message: "Error deleting: \(error)")
                failure = error
            }
        }
        return failure
    }

    /// Makes several calls at a time; the results in the order of the calls.
    private func inParallel(
        _ count: Int,
        _ call: @escaping @Sendable (KubernetesClient, Int) async throws(KubernetesError) -> KubernetesObject
    ) async -> [Result<KubernetesObject, KubernetesError>] {
        await withTaskGroup(of: (Int, Result<KubernetesObject, KubernetesError>).self) { group in
            for place in 0..<count {
                group.addTask { [client] in
                    // The pair is made after the call: made around it, Swift 6.3.1 loses the place when it optimizes.
                    let result: Result<KubernetesObject, KubernetesError>
                    do throws(KubernetesError) {
                        result = .success(try await call(client, place))
                    } catch {
                        result = .failure(error)
                    }
                    return (place, result)
                }
            }
            var results: [(Int, Result<KubernetesObject, KubernetesError>)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
