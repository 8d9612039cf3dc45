// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Ports
import Simulation
import Testing

@testable import Cluster

@Suite struct ClusterTests {
    @Test func `nodes register and lose the taint that keeps pods away`() throws {
        try ClusterWorld.run { world in
            let node = try await world.get(.nodes, "node-1")
            #expect(node["spec"]?["providerID"]?.stringValue?.hasPrefix("cn-hangzhou.i-bp1") == true)
            #expect(node["spec"]?["podCIDR"] == "10.1.1.0/24")
            #expect(node.isTrue("Ready"))
            try await world.eventually("taints stay") {
                try await (1...3).asyncAllSatisfy { number in
                    try await world.get(.nodes, "node-\(number)")["spec"]?["taints"] == nil
                }
            }
        }
    }

    @Test func `a Deployment leads to running pods with Endpoints`() throws {
        try ClusterWorld.run { world in
            try await world.deploy()
            try await world.expose()
            try await world.eventually("pods do not become ready") { try await world.readyPods().count == 3 }
            let pods = try await world.pods()
            #expect(Set(pods.map(\.nodeName)).count == 3)
            #expect(Set(pods.map(\.podIP)).count == 3)
            try await world.eventually("the Deployment is not available") {
                let status = try await world.get(.deployments, "web")["status"]
                return status?["availableReplicas"] == 3 && status?["observedGeneration"] == 1
            }
            try await world.eventually("Endpoints lack pods") {
                let subset = try await world.get(.endpoints, "web")["subsets"]?[0]
                return subset?["addresses"]?.arrayValue?.count == 3 && subset?["ports"]?[0]?["port"] == 8080
            }
            let slices = try await world.client.list(
                .endpointSlices,
                namespace: "default",
                query: [("labelSelector", "kubernetes.io/service-name=web")]
            )
            #expect(slices.items.map { $0["endpoints"]?.arrayValue?.count } == [3])
            for reason in [
                "ScalingReplicaSet", "SuccessfulCreate", "Scheduled", "Pulled", "Created", "Started",
            ] {
                #expect(try await !world.events(reason).isEmpty, "no event \(reason)")
            }
        }
    }

    @Test func `pods answer by their script and name themselves`() throws {
        let scripts = PodScripts(images: [
            "web": ["latency": "20ms", "paths": ["/tea": ["status": 418, "body": "tea"]]]
        ])
        try ClusterWorld.run(scripts: scripts) { world in
            try await world.deploy(replicas: 1)
            try await world.eventually("not ready") { try await world.readyPods().count == 1 }
            try await world.sleep(.seconds(1))
            let pod = try await world.pods()[0]
            let start = world.host.clock.now
            let reply = try await world.ask(pod.podIP, "/tea?x=1")
            let body = try await reply.collect()
            #expect(reply.status == 418)
            #expect(String(decoding: body, as: UTF8.self) == "tea")
            #expect(start.duration(to: world.host.clock.now) >= .milliseconds(20))
            let name = HTTPField.Name("x-served-by")
            #expect(name.flatMap { reply.head.headerFields[$0] } == pod.name)
            #expect(try await world.ask(pod.podIP).status == 200)
            await #expect(throws: NetworkFailure.refused) { try await world.ask(pod.podIP, port: 81) }
        }
    }

    @Test func `a rolling update keeps enough pods and ends with the new ones`() throws {
        try ClusterWorld.run { world in
            let probe: JSONObject = [
                "readinessProbe": ["httpGet": ["path": "/", "port": 8080], "periodSeconds": 1]
            ]
            try await world.deploy(replicas: 4, container: probe)
            try await world.eventually("not ready") { try await world.readyPods().count == 4 }
            try await world.patch(
                .deployments,
                "web",
                [
                    "spec": [
                        "strategy": ["rollingUpdate": ["maxSurge": 1, "maxUnavailable": 0]],
                        "template": [
                            "spec": [
                                "containers": [
                                    [
                                        "name": "web", "image": "web:2",
                                        "ports": [["name": "http", "containerPort": 8080]],
                                        "readinessProbe": [
                                            "httpGet": ["path": "/", "port": 8080], "periodSeconds": 1,
                                        ],
                                    ]
                                ]
                            ]
                        ],
                    ]
                ]
            )
            try await world.eventually(within: .seconds(120), "the rollout does not end") {
                let pods = try await world.pods()
                #expect(pods.count { $0.isTrue("Ready") && !$0.isTerminating } >= 4)
                #expect(pods.count { !$0.isTerminating } <= 5)
                let images = pods.map { $0["spec"]?["containers"]?[0]?["image"] }
                return images == ["web:2", "web:2", "web:2", "web:2"]
            }
            try await world.sleep(.seconds(5))
            let deployment = try await world.get(.deployments, "web")
            #expect(deployment.annotations["deployment.kubernetes.io/revision"] == "2")
            #expect(deployment.condition("Progressing")?["reason"] == "NewReplicaSetAvailable")
        }
    }

    @Test func `pods go on the way down to none and come back`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 2)
            try await world.expose()
            try await world.eventually("not ready") { try await world.readyPods().count == 2 }
            let before = try await world.pods().map(\.podIP)
            try await world.patch(.deployments, "web", ["spec": ["replicas": 0]])
            try await world.eventually("pods stay") { try await world.pods().isEmpty }
            try await world.eventually("Endpoints stay") {
                try await world.get(.endpoints, "web")["subsets"]?.arrayValue?.isEmpty ?? true
            }
            for ip in before { await #expect(throws: NetworkFailure.self) { try await world.ask(ip) } }
            try await world.patch(.deployments, "web", ["spec": ["replicas": 2]])
            try await world.eventually("no pods again") { try await world.readyPods().count == 2 }
            let after = try await world.pods().map(\.podIP)
            #expect(Set(before).isDisjoint(with: after))
        }
    }

    @Test func `without nodes pods wait and controllers work`() throws {
        try ClusterWorld.run(nodes: 0) { world in
            try await world.deploy(replicas: 2)
            try await world.sleep(.seconds(5))
            let pods = try await world.pods()
            #expect(pods.map(\.phase) == ["Pending", "Pending"])
            #expect(
                pods.first?.condition("PodScheduled")?["message"] == "no nodes available to schedule pods"
            )
            let status = try await world.get(.deployments, "web")["status"]
            #expect(status?["unavailableReplicas"] == 2)
        }
    }

    @Test func `a deleted pod is replaced`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 2)
            try await world.eventually("not ready") { try await world.readyPods().count == 2 }
            let victim = try await world.pods()[0].name
            try await world.delete(.pods, victim)
            try await world.eventually("it stays") { try await !world.pods().contains { $0.name == victim } }
            try await world.eventually("no other comes") { try await world.readyPods().count == 2 }
            #expect(try await world.pods().count == 2)
            #expect(try await world.events("Killing").count == 1)
        }
    }

    @Test func `what belongs to a Deployment goes with it`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 2)
            try await world.expose()
            try await world.eventually("not ready") { try await world.readyPods().count == 2 }
            try await world.delete(.deployments, "web", ["propagationPolicy": "Background"])
            try await world.delete(.services, "web")
            try await world.eventually("something stays") {
                let sets = try await world.client.list(.replicaSets, namespace: "default").items
                let slices = try await world.client.list(
                    .endpointSlices,
                    namespace: "default",
                    query: [("labelSelector", "kubernetes.io/service-name=web")]
                ).items
                let endpoints = try await world.client.list(.endpoints, namespace: "default").items
                let pods = try await world.pods()
                return sets.isEmpty && slices.isEmpty && pods.isEmpty
                    && !endpoints.contains { $0.name == "web" }
            }
        }
    }

    @Test func `deletion in the foreground ends with the owner, orphans live on`() throws {
        try ClusterWorld.run { world in
            try await world.deploy("one", replicas: 1)
            try await world.deploy("two", replicas: 1)
            try await world.eventually("not ready") {
                let (one, two) = (try await world.readyPods("one"), try await world.readyPods("two"))
                return one.count == 1 && two.count == 1
            }
            try await world.delete(.deployments, "one", ["propagationPolicy": "Foreground"])
            try await world.eventually("it stays") {
                let left = try await world.client.list(.deployments, namespace: "default").items.map(\.name)
                if left.contains("one") { return false }
                #expect(try await world.pods("one").isEmpty)
                return true
            }
            try await world.delete(.deployments, "two", ["propagationPolicy": "Orphan"])
            try await world.sleep(.seconds(30))
            #expect(try await world.readyPods("two").count == 1)
            let sets = try await world.client.list(.replicaSets, namespace: "default").items
            #expect(sets.count == 1)
            #expect(sets.first?.ownerReferences.isEmpty == true)
        }
    }

    @Test func `a namespace is emptied before it goes`() throws {
        try ClusterWorld.run { world in
            _ = try await world.client.create(.namespaces, KubernetesObject(.namespaces, name: "shop"))
            let pod = KubernetesObject(
                .pods,
                namespace: "shop",
                name: "a",
                [
                    "spec": ["containers": [["name": "c", "image": "c:1"]]]
                ]
            )
            _ = try await world.client.create(.pods, pod)
            _ = try await world.client.create(
                .configMaps,
                KubernetesObject(.configMaps, namespace: "shop", name: "m", ["data": [:]])
            )
            try await world.eventually("it does not run") {
                try await world.client.get(.pods, namespace: "shop", name: "a").isTrue("Ready")
            }
            try await world.delete(.namespaces, "shop")
            try await world.eventually("the namespace stays") {
                try await !world.client.list(.namespaces).items.contains { $0.name == "shop" }
            }
        }
    }

    @Test func `an idle cluster is silent`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(container: [
                "readinessProbe": ["httpGet": ["path": "/", "port": 8080], "periodSeconds": 1],
                "livenessProbe": ["httpGet": ["path": "/", "port": 8080], "periodSeconds": 1],
            ])
            try await world.expose()
            try await world.eventually("not ready") { try await world.readyPods().count == 3 }
            try await world.sleep(.seconds(900))
            let (entries, jobs) = (world.simulation.trace.count, world.simulation.jobCount)
            try await world.sleep(.seconds(7 * 86_400))
            #expect(world.simulation.trace.count == entries)
            #expect(world.simulation.jobCount - jobs < 20)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `the same seed gives the same run`(seed: UInt64) throws {
        let story: @Sendable (ClusterWorld) async throws -> Void = { world in
            try await world.deploy(replicas: 5)
            try await world.expose()
            try await world.eventually("not ready") { try await world.readyPods().count == 5 }
            world.cluster.crash(namespace: "default", selector: LabelSelector(equal: ["app": "web"]))
            try await world.patch(.deployments, "web", ["spec": ["replicas": 2]])
            try await world.sleep(.seconds(120))
        }
        let first = try ClusterWorld.run(seed: seed, story)
        #expect(try ClusterWorld.run(seed: seed, story) == first)
        #expect(try ClusterWorld.run(seed: seed + 10, story) != first)
    }
}

extension Sequence {
    /// True when all elements satisfy a condition that takes time to find out.
    func asyncAllSatisfy(_ holds: (Element) async throws -> Bool) async rethrows -> Bool {
        for element in self where try await !holds(element) { return false }
        return true
    }
}
