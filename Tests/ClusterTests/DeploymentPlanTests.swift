// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import Cluster

@Suite struct DeploymentPlanTests {
    private func plan(
        _ deployment: KubernetesObject,
        _ sets: [KubernetesObject],
        pods: [String] = [],
        after: Duration = .zero
    ) -> DeploymentPlan {
        DeploymentPlanner.plan(
            deployment,
            replicaSets: sets,
            livePodOwners: pods,
            at: Manifest.start.advanced(by: after)
        )
    }

    /// Sets by image with the replicas that the plan gives them.
    private func scaled(_ plan: DeploymentPlan) -> [String: Int] {
        var result: [String: Int] = [:]
        for change in plan.changes {
            switch change {
            case .create(let set), .update(let set, _): result[set.name] = set.specReplicas
            case .delete(let set): result[set.name] = -1
            }
        }
        return result
    }

    @Test(arguments: [
        ("25%" as JSONValue, "25%" as JSONValue, 10, 3, 2), ("25%", "25%", 1, 1, 0), (0, 0, 4, 0, 1),
        (1, 0, 4, 1, 0),
        ("0%", "0%", 4, 0, 1), (2, "100%", 3, 2, 3), ("x", "y", 3, 0, 1), (1, 9, 3, 1, 3),
    ]) func `surge rounds up and unavailability down`(
        surge: JSONValue,
        unavailable: JSONValue,
        replicas: Int,
        up: Int,
        down: Int
    ) {
        let bounds = RolloutBounds(
            Manifest.deployment(replicas: replicas, surge: surge, unavailable: unavailable)
        )
        #expect(bounds.surge == up)
        #expect(bounds.unavailable == down)
    }

    @Test func `a new Deployment gets a ReplicaSet named by its template`() throws {
        let deployment = Manifest.deployment()
        let plan = plan(deployment, [])
        guard case .create(let set)? = plan.changes.first else {
            Issue.record("no set is made")
            return
        }
        let hash = try #require(set.labels["pod-template-hash"])
        #expect(set.name == "web-\(hash)")
        #expect(set["spec"]?["selector"]?["matchLabels"]?["pod-template-hash"]?.stringValue == hash)
        #expect(set.specReplicas == 3)
        #expect(set.annotations["deployment.kubernetes.io/revision"] == "1")
        #expect(set.annotations["deployment.kubernetes.io/desired-replicas"] == "3")
        #expect(set.annotations["deployment.kubernetes.io/max-replicas"] == "4")
        #expect(set.controllerReference?["uid"]?.stringValue == deployment.uid)
        #expect(plan.status?.annotations["deployment.kubernetes.io/revision"] == "1")
    }

    @Test func `the hash depends on the template and on nothing else`() {
        let one = Manifest.deployment()["spec"]?["template"] ?? .null
        var swapped = one
        swapped["metadata"] = nil
        swapped["metadata"] = one["metadata"]
        #expect(TemplateHash.hash(one, collisions: nil) == TemplateHash.hash(swapped, collisions: nil))
        #expect(TemplateHash.hash(one, collisions: nil) != TemplateHash.hash(one, collisions: 1))
        let other = Manifest.deployment(image: "web:2")["spec"]?["template"] ?? .null
        #expect(TemplateHash.hash(one, collisions: nil) != TemplateHash.hash(other, collisions: nil))
    }

    @Test func `a rollout begins with the surge and what may be unavailable`() {
        let deployment = Manifest.deployment(replicas: 10, image: "web:2")
        let old = Manifest.replicaSet(of: deployment, image: "web:1", replicas: 10)
        let result = scaled(plan(deployment, [old]))
        // 10 pods, 3 more allowed, 2 may be missing.
        #expect(result.values.sorted() == [3, 8])
        #expect(result["web-web-1"] == 8)
    }

    @Test func `old pods stay while new ones are not available`() {
        let deployment = Manifest.deployment(replicas: 4, image: "web:2", surge: 1, unavailable: 0)
        let old = Manifest.replicaSet(of: deployment, image: "web:1", replicas: 4)
        let new = Manifest.replicaSet(
            of: deployment,
            image: "web:2",
            replicas: 1,
            available: 0,
            revision: 2,
            age: .seconds(5)
        )
        #expect(scaled(plan(deployment, [old, new])).isEmpty)
        let ready = Manifest.replicaSet(
            of: deployment,
            image: "web:2",
            replicas: 1,
            available: 1,
            revision: 2,
            age: .seconds(5)
        )
        #expect(scaled(plan(deployment, [old, ready])) == ["web-web-1": 3])
    }

    @Test func `old pods that are not available go first`() {
        let deployment = Manifest.deployment(replicas: 4, image: "web:2", surge: 1, unavailable: 1)
        let old = Manifest.replicaSet(of: deployment, image: "web:1", replicas: 4, available: 2)
        let new = Manifest.replicaSet(
            of: deployment,
            image: "web:2",
            replicas: 1,
            available: 0,
            revision: 2,
            age: .seconds(5)
        )
        #expect(scaled(plan(deployment, [old, new])) == ["web-web-1": 3])
    }

    /// Runs a rollout as the controllers and nodes would, one change after the other, and keeps the bounds.
    @Test(arguments: [
        (10, "25%" as JSONValue, "25%" as JSONValue), (3, 1, 0), (1, "25%", "25%"), (5, 0, 2),
        (7, "100%", "0%"),
    ])
    func `a rollout ends within its bounds`(replicas: Int, surge: JSONValue, unavailable: JSONValue) {
        var deployment = Manifest.deployment(
            replicas: replicas,
            image: "web:2",
            surge: surge,
            unavailable: unavailable
        )
        let bounds = RolloutBounds(deployment)
        var sets = [Manifest.replicaSet(of: deployment, image: "web:1", replicas: replicas)]
        for _ in 0..<200 {
            let plan = plan(deployment, sets)
            if let status = plan.status { deployment = status }
            for change in plan.changes {
                switch change {
                case .create(var set):
                    set.json.set(["metadata", "uid"], "new")
                    set.json.set(["metadata", "creationTimestamp"], .string(Manifest.start.rfc3339))
                    sets.append(set)
                case .update(let set, _): sets = sets.map { $0.name == set.name ? set : $0 }
                case .delete(let set): sets.removeAll { $0.name == set.name }
                }
            }
            // One pod of any set goes or becomes available at a time.
            for place in sets.indices {
                let wanted = sets[place].specReplicas
                let present = sets[place].statusCount("availableReplicas")
                if present == wanted, sets[place].statusCount("replicas") == wanted { continue }
                let next = present < wanted ? present + 1 : wanted
                sets[place].json.set(["status", "availableReplicas"], .integer(Int64(next)))
                sets[place].json.set(["status", "replicas"], .integer(Int64(wanted)))
                break
            }
            #expect(sets.reduce(0) { $0 + $1.specReplicas } <= replicas + bounds.surge)
            let available = sets.reduce(0) { $0 + min($1.statusCount("availableReplicas"), $1.specReplicas) }
            #expect(available >= replicas - bounds.unavailable)
        }
        #expect(sets.first { $0.labels["pod-template-hash"] == "web-1" }?.specReplicas == 0)
        #expect(deployment.condition("Progressing")?["reason"]?.stringValue == "NewReplicaSetAvailable")
        #expect(deployment.annotations["deployment.kubernetes.io/revision"] == "2")
    }

    @Test func `Recreate makes no pod while an old one lives`() {
        let deployment = Manifest.deployment(image: "web:2", strategy: "Recreate")
        let running = Manifest.replicaSet(of: deployment, image: "web:1", replicas: 3)
        #expect(scaled(plan(deployment, [running], pods: ["uid-web-web-1"])) == ["web-web-1": 0])
        let stopped = Manifest.replicaSet(of: deployment, image: "web:1", replicas: 0)
        #expect(scaled(plan(deployment, [stopped], pods: ["uid-web-web-1"])).isEmpty)
        #expect(scaled(plan(deployment, [stopped])).values.sorted() == [3])
    }

    @Test func `scaling does not go on with a rollout`() {
        let deployment = Manifest.deployment(replicas: 6)
        var set = Manifest.replicaSet(of: deployment, replicas: 3)
        set.setAnnotation("deployment.kubernetes.io/desired-replicas", "3")
        #expect(scaled(plan(deployment, [set])) == [set.name: 6])
    }

    @Test func `scaling in the middle of a rollout is shared by size`() {
        let deployment = Manifest.deployment(replicas: 20, image: "web:2", surge: 0, unavailable: 5)
        var sets = [
            Manifest.replicaSet(of: deployment, image: "web:1", replicas: 8),
            Manifest.replicaSet(of: deployment, image: "web:2", replicas: 2, revision: 2, age: .seconds(5)),
        ]
        for place in sets.indices {
            sets[place].setAnnotation("deployment.kubernetes.io/desired-replicas", "10")
            sets[place].setAnnotation("deployment.kubernetes.io/max-replicas", "10")
        }
        #expect(scaled(plan(deployment, sets)) == ["web-web-1": 16, "web-web-2": 4])
    }

    @Test func `a paused Deployment scales and does not roll`() {
        var deployment = Manifest.deployment(replicas: 5, image: "web:2")
        deployment.json.set(["spec", "paused"], true)
        var old = Manifest.replicaSet(of: deployment, image: "web:1", replicas: 3)
        old.setAnnotation("deployment.kubernetes.io/desired-replicas", "3")
        let plan = plan(deployment, [old])
        #expect(scaled(plan) == ["web-web-1": 5])
        #expect(plan.status?.condition("Progressing")?["reason"]?.stringValue == "DeploymentPaused")
    }

    @Test func `going back to an old template gives its set the newest revision`() throws {
        let deployment = Manifest.deployment(image: "web:1")
        let sets = [
            Manifest.replicaSet(of: deployment, image: "web:1", replicas: 0, revision: 1),
            Manifest.replicaSet(of: deployment, image: "web:2", replicas: 3, revision: 2, age: .seconds(5)),
        ]
        let plan = plan(deployment, sets)
        guard case .update(let set, _)? = plan.changes.first else {
            Issue.record("the old set is not used")
            return
        }
        #expect(set.name == "web-web-1")
        #expect(set.annotations["deployment.kubernetes.io/revision"] == "3")
        #expect(set.annotations["deployment.kubernetes.io/revision-history"] == "1")
        #expect(plan.status?.annotations["deployment.kubernetes.io/revision"] == "3")
    }

    @Test func `old sets beyond the limit are removed when the rollout is complete`() {
        var deployment = Manifest.deployment(image: "web:9")
        deployment.json.set(["status", "observedGeneration"], 1)
        let old = (1...4).map {
            Manifest.replicaSet(
                of: deployment,
                image: "web:\($0)",
                replicas: 0,
                revision: $0,
                age: .seconds(200 - $0)
            )
        }
        let new = Manifest.replicaSet(
            of: deployment,
            image: "web:9",
            replicas: 3,
            revision: 5,
            age: .seconds(5)
        )
        #expect(scaled(plan(deployment, old + [new])) == ["web-web-1": -1, "web-web-2": -1])
    }

    @Test func `a complete rollout says so and changes nothing more`() {
        let deployment = Manifest.deployment()
        let set = Manifest.replicaSet(of: deployment, replicas: 3)
        let first = plan(deployment, [set])
        #expect(first.status?.condition("Available")?["reason"]?.stringValue == "MinimumReplicasAvailable")
        #expect(first.status?.condition("Progressing")?["reason"]?.stringValue == "NewReplicaSetAvailable")
        #expect(first.status?["status"]?["unavailableReplicas"] == nil)
        let second = plan(first.status ?? deployment, [set], after: .seconds(60))
        #expect(second.status == nil)
        #expect(second.changes.isEmpty)
        #expect(second.lookAgainAfter == nil)
    }

    @Test func `a rollout that gets stuck times out`() {
        let deployment = Manifest.deployment()
        let set = Manifest.replicaSet(of: deployment, replicas: 3, available: 0)
        let first = plan(deployment, [set])
        #expect(first.status?.condition("Progressing")?["status"]?.stringValue == "True")
        #expect(first.lookAgainAfter == .seconds(601))
        let late = plan(first.status ?? deployment, [set], after: .seconds(601))
        #expect(late.status?.condition("Progressing")?["reason"]?.stringValue == "ProgressDeadlineExceeded")
        #expect(late.lookAgainAfter == nil)
    }
}
