// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

extension DeploymentPlanner {
    /// Sees to it that the new set exists, where it may be made, and carries the newest revision.
    mutating func syncRevision(mayCreate: Bool) {
        let revision = (oldSets.map(\.revision).max() ?? 0) + 1
        if var set = newSet {
            let before = set.object
            inherit(&set.object, revision: revision)
            set.revision = ReplicaSetState.number(set.object, DeploymentAnnotation.revision) ?? revision
            let wanted = deployment["spec", "minReadySeconds"]
            if set.object["spec", "minReadySeconds"]?.intValue ?? 0 != wanted?.intValue ?? 0 {
                set.object.json.set(["spec", "minReadySeconds"], wanted)
            }
            if set.object != before { plan.changes.append(.update(set.object, event: nil)) }
            newSet = set
            outcome.setAnnotation(DeploymentAnnotation.revision, String(set.revision))
            if tracksProgress, condition("Progressing") == nil {
                setCondition(
                    "Progressing",
                    "True",
                    "FoundNewReplicaSet",
                    "Found new replica set \"\(set.name)\""
                )
            }
        } else if mayCreate {
            let made = makeSet(revision: revision)
            newSet = made
            plan.changes.append(.create(made.object))
            outcome.setAnnotation(DeploymentAnnotation.revision, String(revision))
            if tracksProgress {
                setCondition(
                    "Progressing",
                    "True",
                    "NewReplicaSetCreated",
                    "Created new replica set \"\(made.name)\""
                )
            }
        }
    }

    /// True unless the progress deadline is switched off by the largest number.
    var tracksProgress: Bool {
        deployment["spec", "progressDeadlineSeconds"]?.intValue.map { $0 != 2_147_483_647 } ?? false
    }

    private func makeSet(revision: Int64) -> ReplicaSetState {
        var template = deployment["spec", "template"] ?? .object([:])
        let hash = TemplateHash.hash(template, collisions: deployment["status", "collisionCount"]?.intValue)
        template.set(["metadata", "labels", TemplateHash.label], .string(hash))
        var selector = deployment["spec", "selector"] ?? .object([:])
        selector.set(["matchLabels", TemplateHash.label], .string(hash))
        var spec: JSONObject = ["replicas": 0, "selector": selector, "template": template]
        if let ready = deployment["spec", "minReadySeconds"] { spec["minReadySeconds"] = ready }
        var object = KubernetesObject(
            .replicaSets,
            namespace: deployment.namespace,
            name: "\(deployment.name)-\(hash)",
            [
                "metadata": [
                    "labels": template["metadata", "labels"] ?? .object([:]),
                    "ownerReferences": [deployment.ownerReference()],
                ],
                "spec": .object(spec),
            ]
        )
        inherit(&object, revision: revision)
        var set = ReplicaSetState(object)
        let count = newSetReplicas(0)
        object.json.set(["spec", "replicas"], .integer(Int64(count)))
        object.setAnnotation(DeploymentAnnotation.desiredReplicas, String(replicas))
        object.setAnnotation(DeploymentAnnotation.maxReplicas, String(replicas + bounds.surge))
        set = ReplicaSetState(object)
        return set
    }

    /// Gives a set the Deployment's annotations and the revision; revisions it had are remembered.
    private func inherit(_ object: inout KubernetesObject, revision: Int64) {
        for member in deployment["metadata", "annotations"]?.objectValue ?? [:]
        where !DeploymentAnnotation.notInherited.contains(member.key) {
            object.setAnnotation(member.key, member.value.stringValue)
        }
        let present = ReplicaSetState.number(object, DeploymentAnnotation.revision)
        guard present ?? 0 < revision else { return }
        object.setAnnotation(DeploymentAnnotation.revision, String(revision))
        guard let present else { return }
        let history = object.annotations[DeploymentAnnotation.revisionHistory] ?? ""
        object.setAnnotation(
            DeploymentAnnotation.revisionHistory,
            history.isEmpty ? String(present) : "\(history),\(present)"
        )
    }

    /// Removes old sets beyond the revision history limit, the oldest revisions first.
    mutating func cleanUp() {
        guard let limit = deployment["spec", "revisionHistoryLimit"]?.intValue else { return }
        let kept = oldSets.filter { !$0.object.isTerminating }
            .sorted { ($0.revision, $0.creation, $0.name) < ($1.revision, $1.creation, $1.name) }
        guard kept.count > limit else { return }
        for set in kept.prefix(kept.count - limit) {
            let isQuiet =
                set.object.statusCount("replicas") == 0 && set.replicas == 0
                && set.object.generation <= set.object.statusCount("observedGeneration")
            if isQuiet { plan.changes.append(.delete(set.object)) }
        }
    }
}
