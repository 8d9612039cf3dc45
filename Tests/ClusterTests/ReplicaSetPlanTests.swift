// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import Cluster

@Suite struct ReplicaSetPlanTests {
    private let now = Manifest.start.advanced(by: .seconds(60))
    private let deployment = Manifest.deployment()
    private func set(_ replicas: Int) -> KubernetesObject {
        Manifest.replicaSet(of: deployment, replicas: replicas)
    }
    private let labels: JSONValue = ["app": "web", "pod-template-hash": "web-1"]

    @Test func `missing pods are made and surplus ones removed`() {
        let owner = set(3)
        let pods = ["a", "b"].map { Manifest.pod($0, labels: labels, owner: owner) }
        #expect(ReplicaSetPlan(owner, pods: pods, at: now).missing == 1)
        let plan = ReplicaSetPlan(set(1), pods: pods, at: now)
        #expect(plan.missing == 0)
        #expect(plan.surplus.count == 1)
    }

    @Test func `pods that end or have ended do not count`() {
        let owner = set(2)
        let pods = [
            Manifest.pod("a", labels: labels, owner: owner, terminating: true),
            Manifest.pod("b", labels: labels, owner: owner, phase: "Failed"),
        ]
        let plan = ReplicaSetPlan(owner, pods: pods, at: now)
        #expect(plan.missing == 2)
        #expect(plan.status?["status"]?["terminatingReplicas"]?.intValue == 1)
        #expect(plan.status?["status"]?["replicas"]?.intValue == 0)
    }

    @Test func `pods without a controller are adopted, those that match no more let go`() {
        let owner = set(1)
        let orphan = Manifest.pod("orphan", labels: labels)
        let lost = Manifest.pod("lost", labels: ["app": "other"], owner: owner)
        let plan = ReplicaSetPlan(owner, pods: [orphan, lost], at: now)
        #expect(plan.adopted.map(\.name) == ["orphan"])
        #expect(plan.released.map(\.name) == ["lost"])
        #expect(plan.missing == 0)
    }

    @Test func `pods that would be missed least go first`() {
        let owner = set(0)
        let pods = [
            Manifest.pod("e-ready", labels: labels, owner: owner),
            Manifest.pod("d-unready", labels: labels, owner: owner, ready: false),
            Manifest.pod("c-pending", labels: labels, owner: owner, ready: false, phase: "Pending"),
            Manifest.pod("b-unbound", labels: labels, owner: owner, node: "", ready: false, phase: "Pending"),
            Manifest.pod(
                "a-cheap",
                labels: labels,
                owner: owner,
                annotations: ["controller.kubernetes.io/pod-deletion-cost": "-1"]
            ),
        ]
        let order = ReplicaSetPlan(owner, pods: pods, at: now).surplus.map(\.name)
        #expect(order == ["b-unbound", "c-pending", "d-unready", "a-cheap", "e-ready"])
    }

    @Test func `a crowded node loses a pod first`() {
        let owner = set(2)
        let pods = [("a", "node-1"), ("b", "node-2"), ("c", "node-2")].map {
            Manifest.pod($0.0, labels: labels, owner: owner, node: $0.1)
        }
        #expect(["b", "c"].contains(ReplicaSetPlan(owner, pods: pods, at: now).surplus.first?.name))
    }

    @Test func `a pod is available after the time that it has to be ready`() {
        var owner = set(1)
        owner.json.set(["spec", "minReadySeconds"], 90)
        let pods = [Manifest.pod("a", labels: labels, owner: owner)]
        let plan = ReplicaSetPlan(owner, pods: pods, at: now)
        #expect(plan.status?["status"]?["readyReplicas"]?.intValue == 1)
        #expect(plan.status?["status"]?["availableReplicas"] == nil)
        #expect(plan.lookAgainAfter == .seconds(30))
        let later = ReplicaSetPlan(owner, pods: pods, at: now.advanced(by: .seconds(30)))
        #expect(later.status?["status"]?["availableReplicas"]?.intValue == 1)
    }

    @Test func `what is as it should be is not written`() {
        let owner = set(1)
        let pods = [Manifest.pod("a", labels: labels, owner: owner)]
        let written = ReplicaSetPlan(owner, pods: pods, at: now).status ?? owner
        #expect(ReplicaSetPlan(written, pods: pods, at: now).status == nil)
    }

    @Test func `a failure to make pods becomes a condition and goes again`() {
        let owner = set(1)
        let failed = ReplicaSetPlan(owner, pods: [], failure: "forbidden", at: now).status
        #expect(failed?.isTrue("ReplicaFailure") == true)
        let pods = [Manifest.pod("a", labels: labels, owner: owner)]
        #expect(
            ReplicaSetPlan(failed ?? owner, pods: pods, at: now).status?.condition("ReplicaFailure") == nil
        )
    }

    @Test func `a pod is made from the template`() {
        let pod = ReplicaSetPlan.makePod(set(1))
        #expect(pod.generateName == "web-web-1-")
        #expect(pod.labels == ["app": "web", "pod-template-hash": "web-1"])
        #expect(pod.controllerReference?["kind"]?.stringValue == "ReplicaSet")
        #expect(pod["spec"]?["containers"]?[0]?["image"] == "web:1")
    }
}
