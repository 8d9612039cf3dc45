// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Testing

@testable import Cluster

@Suite struct GarbageGraphTests {
    private let deployment = Manifest.deployment()
    private func pod(_ owner: KubernetesObject) -> KubernetesObject { Manifest.pod("p", owner: owner) }

    private func terminating(_ object: KubernetesObject, _ finalizer: String) -> KubernetesObject {
        var object = object
        object.json.set(["metadata", "deletionTimestamp"], "2026-01-01T00:00:00Z")
        object.finalizers = [finalizer]
        return object
    }

    @Test func `an object whose owner is there stays`() {
        var graph = GarbageGraph()
        let set = Manifest.replicaSet(of: deployment, replicas: 1)
        _ = graph.update(set, type: .replicaSets)
        #expect(graph.update(pod(set), type: .pods).isEmpty)
        #expect(graph.verdict(pod(set)) == .keep)
        #expect(graph.unknownOwners(of: pod(set)).isEmpty)
    }

    @Test func `an object goes after its owner`() {
        var graph = GarbageGraph()
        let set = Manifest.replicaSet(of: deployment, replicas: 1)
        _ = graph.update(set, type: .replicaSets)
        _ = graph.update(pod(set), type: .pods)
        let suspects = graph.remove(set)
        #expect(suspects.map(\.key.name) == ["p"])
        #expect(graph.verdict(pod(set)) == .delete(policy: "Background"))
    }

    @Test func `an owner that nobody has seen is asked for before anything is deleted`() {
        var graph = GarbageGraph()
        let set = Manifest.replicaSet(of: deployment, replicas: 1)
        #expect(graph.update(pod(set), type: .pods).map(\.key.name) == ["p"])
        #expect(graph.unknownOwners(of: pod(set)).count == 1)
        graph.note(owner: set.uid, exists: true)
        #expect(graph.verdict(pod(set)) == .keep)
        graph.note(owner: set.uid, exists: false)
        #expect(graph.verdict(pod(set)) == .delete(policy: "Background"))
    }

    @Test func `an owner that is gone is taken off while another is there`() {
        var graph = GarbageGraph()
        let set = Manifest.replicaSet(of: deployment, replicas: 1)
        _ = graph.update(set, type: .replicaSets)
        var shared = pod(set)
        shared.json.set(
            ["metadata", "ownerReferences"],
            [set.ownerReference(), deployment.ownerReference()]
        )
        graph.note(owner: deployment.uid, exists: false)
        _ = graph.update(shared, type: .pods)
        #expect(graph.verdict(shared) == .setOwners([set.ownerReference()]))
    }

    @Test func `deletion in the foreground waits for the dependents`() {
        var graph = GarbageGraph()
        let set = terminating(Manifest.replicaSet(of: deployment, replicas: 1), "foregroundDeletion")
        _ = graph.update(pod(set), type: .pods)
        #expect(graph.update(set, type: .replicaSets).map(\.key) == [set.key])
        guard case .awaitDependents(let dependents) = graph.verdict(set) else {
            Issue.record("it does not wait")
            return
        }
        #expect(dependents.map(\.key.name) == ["p"])
        #expect(graph.verdict(pod(set)) == .delete(policy: "Background"))
        #expect(graph.remove(pod(set)).map(\.key) == [set.key])
        #expect(graph.verdict(set) == .removeFinalizer("foregroundDeletion"))
    }

    @Test func `orphans live on`() {
        var graph = GarbageGraph()
        let set = terminating(Manifest.replicaSet(of: deployment, replicas: 1), "orphan")
        _ = graph.update(pod(set), type: .pods)
        _ = graph.update(set, type: .replicaSets)
        guard case .orphan(let dependents) = graph.verdict(set) else {
            Issue.record("nobody is orphaned")
            return
        }
        #expect(dependents.map(\.key.name) == ["p"])
        var free = pod(set)
        free.json.set(["metadata", "ownerReferences"], nil)
        _ = graph.update(free, type: .pods)
        #expect(graph.verdict(set) == .removeFinalizer("orphan"))
    }
}
