// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension Registry {
    private static let budgetKey = ResourcePath.key("policy", "v1", "poddisruptionbudgets")

    /// Looks whether a pod may be taken away, and counts it when it may.
    ///
    /// - Source: the eviction of pods in the Kubernetes documentation (documented); the counts are taken from the pods at
    ///   that moment, where the real server asks what its disruption controller has written down.
    /// - Throws: `KubernetesStatus` 429 when a budget has nothing left.
    func meetBudget(of stored: StoredObject, isDryRun: Bool) throws(KubernetesStatus) {
        let pod = try object(stored)
        let phase = pod["status", "phase"]?.stringValue ?? ""
        if pod.metadata.deletionTimestamp != nil || ["Pending", "Succeeded", "Failed"].contains(phase) {
            return
        }
        guard let resource = resources[Self.budgetKey] else { return }
        var met: [StoredObject] = []
        for budget in store(resource).list(namespace: stored.namespace) {
            guard let selector = try object(budget)["spec", "selector"] else { continue }
            if LabelSelector(object: selector)?.matches(stored.labels) ?? false { met.append(budget) }
        }
        guard let first = met.first else { return }
        if met.count > 1 {
            throw Refusal.internalError(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            )
        }
        let budget = try object(first)
        let counts = try counts(budget)
        if !BudgetRules.isHealthy(pod) {
            let isFree = budget["spec", "unhealthyPodEvictionPolicy"] == "AlwaysAllow"
            if isFree || (counts.healthy >= counts.desired && counts.desired > 0) { return }
        }
        if counts.allowed == 0 {
            throw BudgetRules.refusal(budget, healthy: counts.healthy, desired: counts.desired)
        }
        if !isDryRun { try write(resource, first, counts, evicted: stored.name) }
    }

    /// Writes down what a new or changed budget allows.
    func budgetWasStored(_ stored: StoredObject) {
        guard let resource = resources[Self.budgetKey], let budget = try? object(stored),
            let counts = try? counts(budget)
        else { return }
        // Nobody waits for an answer to this write; a store that refuses it refuses the next call too.
        try? write(resource, stored, counts, evicted: nil)
    }

    private typealias Counts = (allowed: Int, healthy: Int, desired: Int, expected: Int)

    private func counts(_ budget: ResourceObject) throws(KubernetesStatus) -> Counts {
        let selector = budget["spec", "selector"].flatMap { LabelSelector(object: $0) }
        var pods: [ResourceObject] = []
        var owners: [String: String] = [:]
        let all = stores[ResourceType.pods.qualifiedName] ?? ObjectStore()
        for stored in all.list(namespace: budget.metadata.namespace) {
            guard selector?.matches(stored.labels) ?? false else { continue }
            let pod = try object(stored)
            pods.append(pod)
            let owner = pod.metadata.ownerReferences.first { $0["controller"] == true }
            if owner?["kind"] == "ReplicaSet", let name = owner?["name"]?.stringValue {
                owners[name] = owner?["uid"]?.stringValue ?? ""
            }
        }
        var wanted: Int?
        for (name, uid) in owners.sorted(by: { $0.key < $1.key }) {
            let key = StoredObject.key(budget.metadata.namespace, name)
            guard let set = stores[ResourceType.replicaSets.qualifiedName]?[key], set.uid == uid else {
                continue
            }
            wanted = (wanted ?? 0) + (try object(set)["spec", "replicas"]?.intValue ?? 1)
        }
        return BudgetRules.allowed(budget, pods, wanted: wanted)
    }

    private func write(
        _ resource: ServedResource,
        _ stored: StoredObject,
        _ counts: Counts,
        evicted: String?
    ) throws(KubernetesStatus) {
        let old = try object(stored)
        var new = old
        var status = new.content["status"]?.objectValue ?? [:]
        status["currentHealthy"] = .integer(Int64(counts.healthy))
        status["desiredHealthy"] = .integer(Int64(counts.desired))
        status["expectedPods"] = .integer(Int64(counts.expected))
        let left = evicted == nil ? counts.allowed : counts.allowed - 1
        status["disruptionsAllowed"] = .integer(Int64(left))
        status["observedGeneration"] = .integer(old.metadata.generation)
        status.sortKeys()
        new.content["status"] = .object(status)
        if new != old { try commit(resource, .update, old: stored, new) }
    }
}
