// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension DeploymentPlanner {
    /// Brings the sets to a new number of pods without going on with a rollout.
    mutating func scale() {
        let active = allSets.filter { $0.replicas > 0 }
        if active.count <= 1 {
            // With one set, or none, it is simple: that one, or the newest, gets all.
            if let place = oldSets.firstIndex(where: { $0.replicas > 0 }) {
                setReplicas(old: place, replicas)
            } else if newSet != nil {
                setNewReplicas(replicas)
            } else if !oldSets.isEmpty {
                setReplicas(old: oldSets.count - 1, replicas)
            }
        } else if isSaturated {
            for place in oldSets.indices where oldSets[place].replicas > 0 { setReplicas(old: place, 0) }
        } else if isRolling {
            scaleInProportion(active)
        }
    }

    /// True when the new set alone has all the pods wanted, and they are available.
    private var isSaturated: Bool {
        guard let newSet else { return false }
        let told = ReplicaSetState.number(newSet.object, DeploymentAnnotation.desiredReplicas)
        return newSet.replicas == replicas && told == Int64(replicas) && newSet.available == replicas
    }

    /// Shares what is to be added or taken among the sets by their size.
    ///
    /// - Source: upstream `scale` and `GetReplicaSetProportion`; seen upstream.
    private mutating func scaleInProportion(_ active: [ReplicaSetState]) {
        let total = active.reduce(0) { $0 + $1.replicas }
        let toAdd = (replicas > 0 ? replicas + bounds.surge : 0) - total
        // Larger sets take more of it; among equals the newer when growing, the older when shrinking.
        let order = active.sorted { left, right in
            if left.replicas != right.replicas { return left.replicas > right.replicas }
            return toAdd > 0
                ? ReplicaSetState.isOlder(right, left) : ReplicaSetState.isOlder(left, right)
        }
        var targets = order.map(\.replicas)
        var added = 0
        for (place, set) in order.enumerated() where toAdd != 0 {
            let share = proportion(set, toAdd: toAdd, added: added)
            targets[place] = set.replicas + share
            added += share
        }
        if toAdd != 0, let first = targets.first { targets[0] = max(first + toAdd - added, 0) }
        for (set, target) in zip(order, targets) {
            if set.name == newSet?.name {
                setNewReplicas(target)
            } else if let place = oldSets.firstIndex(where: { $0.name == set.name }) {
                setReplicas(old: place, target)
            }
        }
    }

    private func proportion(_ set: ReplicaSetState, toAdd: Int, added: Int) -> Int {
        guard set.replicas > 0 else { return 0 }
        let before =
            ReplicaSetState.number(set.object, DeploymentAnnotation.maxReplicas)
            ?? Int64(max(deployment.statusCount("replicas"), 1))
        let scaled = Double(set.replicas * (replicas + bounds.surge)) / Double(max(before, 1))
        let target = replicas == 0 ? 0 : Int(scaled.rounded())
        let share = target - set.replicas
        let allowed = toAdd - added
        return toAdd > 0 ? min(share, allowed) : max(share, allowed)
    }

    // MARK: Changes to one set

    mutating func setReplicas(old place: Int, _ count: Int) {
        guard let object = resized(oldSets[place], count) else { return }
        note(oldSets[place], object, count)
        oldSets[place].object = object
        oldSets[place].replicas = count
    }

    mutating func setNewReplicas(_ count: Int) {
        guard let set = newSet, let object = resized(set, count) else { return }
        note(set, object, count)
        newSet?.object = object
        newSet?.replicas = count
    }

    private func resized(_ set: ReplicaSetState, _ count: Int) -> KubernetesObject? {
        var object = set.object
        object.json.set(["spec", "replicas"], .integer(Int64(count)))
        object.setAnnotation(DeploymentAnnotation.desiredReplicas, String(replicas))
        object.setAnnotation(DeploymentAnnotation.maxReplicas, String(replicas + bounds.surge))
        return object == set.object ? nil : object
    }

    private mutating func note(_ set: ReplicaSetState, _ object: KubernetesObject, _ count: Int) {
        let event =
            set.replicas == count
            ? nil
            : "Scaled \(count > set.replicas ? "up" : "down") replica set \(set.name)"
                + " from \(set.replicas) to \(count)"
        // A set is written once a pass: a later change goes on from an earlier one.
        let known = plan.changes.firstIndex { change in
            if case .update(let other, _) = change { return other.name == set.name }
            if case .create(let other) = change { return other.name == set.name }
            return false
        }
        guard let known else { return plan.changes.append(.update(object, event: event)) }
        switch plan.changes[known] {
        case .create: plan.changes[known] = .create(object)
        case .update(_, let earlier): plan.changes[known] = .update(object, event: event ?? earlier)
        case .delete: break
        }
    }
}
