// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Simulation
import Testing

@testable import Cluster

@Suite struct ClusterFaultTests {
    private let app = LabelSelector(equal: ["app": "web"])

    @Test func `a node that is lost loses its pods, and others take their place`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 3)
            try await world.expose()
            try await world.eventually("not ready") { try await world.readyPods().count == 3 }
            let lost = try await world.pods().filter { $0.nodeName == "node-2" }.map(\.name)
            #expect(lost.count == 1)
            let start = world.host.clock.now
            world.simulation.crash("node-2", machine: true)
            world.cluster.nodeDown("node-2")
            try await world.sleep(.seconds(45))
            #expect(
                try await world.get(.endpoints, "web")["subsets"]?[0]?["addresses"]?.arrayValue?.count == 3
            )
            try await world.eventually("its pods stay ready") { try await world.readyPods().count == 2 }
            #expect(start.duration(to: world.host.clock.now) < .seconds(55))
            try await world.eventually(within: .seconds(400), "nobody takes its place") {
                try await world.readyPods().count == 3
            }
            #expect(start.duration(to: world.host.clock.now) > .seconds(345))
            #expect(try await world.readyPods().allSatisfy { $0.nodeName != "node-2" })
            // Back again: the kubelet ends what was to be ended, and the node takes pods.
            world.simulation.restore("node-2")
            world.cluster.nodeUp("node-2")
            try await world.eventually("the lost pod stays") {
                try await !world.pods().contains { lost.contains($0.name) }
            }
            try await world.eventually("the node stays tainted") {
                try await world.get(.nodes, "node-2")["spec"]?["taints"] == nil
            }
        }
    }

    @Test func `a node that comes back soon starts its pods again`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 3)
            try await world.eventually("not ready") { try await world.readyPods().count == 3 }
            let names = try await world.pods().map(\.name)
            world.simulation.crash("node-1", machine: true)
            world.cluster.nodeDown("node-1")
            try await world.sleep(.seconds(10))
            world.simulation.restore("node-1")
            world.cluster.nodeUp("node-1")
            try await world.eventually("nothing starts again") {
                try await world.pods().contains { $0.restartCount == 1 && $0.isTrue("Ready") }
            }
            #expect(try await world.pods().map(\.name) == names)
            for pod in try await world.pods() {
                try await world.sleep(.seconds(1))
                #expect(try await world.ask(pod.podIP).status == 200)
                #expect(pod["status"]?["podIPs"] == [["ip": .string(pod.podIP)]])
            }
        }
    }

    @Test func `pods of a node behind a partition run on and are ready again after it`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 3)
            try await world.eventually("not ready") { try await world.readyPods().count == 3 }
            world.simulation.fabric.cut("node-3", "kubernetes")
            world.cluster.setReachable(false, node: "node-3")
            try await world.eventually("its pod stays ready") { try await world.readyPods().count == 2 }
            let pods = try await world.pods()
            #expect(pods.count == 3)
            for pod in pods { #expect(try await world.ask(pod.podIP).status == 200) }
            world.simulation.fabric.heal("node-3", "kubernetes")
            world.cluster.setReachable(true, node: "node-3")
            try await world.eventually("not ready again") { try await world.readyPods().count == 3 }
            #expect(try await world.pods().map(\.name) == pods.map(\.name))
            #expect(try await world.pods().allSatisfy { $0.restartCount == 0 })
        }
    }

    @Test func `a script that cannot be read is told of, and the default followed`() throws {
        try ClusterWorld.run { world in
            try await world.apply(
                .pods,
                "a",
                [
                    "metadata": ["annotations": ["albedo.dev/script": "{\"latancy\": \"1s\"}"]],
                    "spec": ["containers": [["name": "c", "image": "c:1"]]],
                ]
            )
            try await world.eventually("not ready") { try await world.get(.pods, "a").isTrue("Ready") }
            try await world.sleep(.seconds(2))
            let event = try await world.events("InvalidScript").first
            #expect(event?["message"] == "unknown member \"latancy\" of a script")
            let pod = try await world.get(.pods, "a")
            #expect(try await world.ask(pod.podIP, port: 80).status == 200)
        }
    }

    @Test func `a pod that somebody made becomes a ReplicaSet's own`() throws {
        try ClusterWorld.run { world in
            try await world.apply(
                .pods,
                "mine",
                [
                    "metadata": ["labels": ["app": "web"]],
                    "spec": ["containers": [["name": "web", "image": "web:1"]]],
                ]
            )
            try await world.apply(
                .replicaSets,
                "set",
                [
                    "spec": [
                        "replicas": 2, "selector": ["matchLabels": ["app": "web"]],
                        "template": [
                            "metadata": ["labels": ["app": "web"]],
                            "spec": ["containers": [["name": "web", "image": "web:1"]]],
                        ],
                    ]
                ]
            )
            try await world.eventually("not ready") { try await world.readyPods().count == 2 }
            let pods = try await world.pods()
            #expect(pods.count == 2)
            #expect(pods.allSatisfy { $0.controllerReference?["name"] == "set" })
            // Without the label it is let go, and another takes its place.
            try await world.patch(.pods, "mine", ["metadata": ["labels": ["app": "other"]]])
            try await world.eventually("nobody takes its place") { try await world.readyPods().count == 2 }
            #expect(try await world.get(.pods, "mine").ownerReferences.isEmpty)
        }
    }

    @Test func `a process that crashes is restarted and counted`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 2)
            try await world.eventually("not ready") { try await world.readyPods().count == 2 }
            let victim = try await world.pods()[0]
            #expect(world.cluster.crash(pod: victim.key) == 1)
            await #expect(throws: NetworkFailure.refused) { try await world.ask(victim.podIP) }
            try await world.eventually("it does not come back") {
                let pod = try await world.get(.pods, victim.name)
                return pod.restartCount == 1 && pod.isTrue("Ready") && pod.podIP == victim.podIP
            }
            #expect(world.stages.contains { $0.name == victim.name && $0.stage == "crashed" })
        }
    }

    @Test func `scripts change at run time, for pods that come too, and back`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(
                replicas: 1,
                container: [
                    "readinessProbe": [
                        "httpGet": ["path": "/", "port": 8080], "periodSeconds": 1, "failureThreshold": 1,
                    ]
                ]
            )
            try await world.eventually("not ready") { try await world.readyPods().count == 1 }
            let change = try world.cluster.changeScripts(
                namespace: "default",
                selector: LabelSelector(equal: ["app": "web"]),
                ["ready": false, "status": 503]
            )
            try await world.eventually("still ready") { try await world.readyPods().isEmpty }
            let pod = try await world.pods()[0]
            #expect(try await world.ask(pod.podIP).status == 503)
            try await world.patch(.deployments, "web", ["spec": ["replicas": 2]])
            try await world.sleep(.seconds(20))
            #expect(try await world.pods().count == 2)
            #expect(try await world.readyPods().isEmpty)
            world.cluster.restoreScripts(change)
            try await world.eventually("not ready again") { try await world.readyPods().count == 2 }
            #expect(throws: PodScriptError.self) {
                try world.cluster.changeScripts(namespace: "", selector: app, ["nonsense": 1])
            }
        }
    }

    @Test func `a readiness gate is somebody else's word`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(
                replicas: 1,
                pod: ["readinessGates": [["conditionType": "example.com/target"]]]
            )
            try await world.expose()
            try await world.eventually("containers are not ready") {
                try await world.pods().first?.isTrue("ContainersReady") ?? false
            }
            try await world.sleep(.seconds(5))
            let pod = try await world.pods()[0]
            #expect(pod.condition("Ready")?["reason"] == "ReadinessGatesNotReady")
            #expect(
                try await world.get(.endpoints, "web")["subsets"]?[0]?["notReadyAddresses"]?.arrayValue?.count
                    == 1
            )
            _ = try await world.client.patch(
                .pods,
                pod.key,
                ["status": ["conditions": [["type": "example.com/target", "status": "True"]]]],
                form: .strategicMerge,
                subresource: "status"
            )
            try await world.eventually("not ready") { try await world.readyPods().count == 1 }
            #expect(try await world.pods()[0].isTrue("example.com/target"))
        }
    }

    @Test func `a hook and a drain let requests end`() throws {
        let scripts = PodScripts(images: ["web": ["latency": "8s", "onTerm": "drain"]])
        try ClusterWorld.run(scripts: scripts) { world in
            try await world.deploy(
                replicas: 1,
                container: ["lifecycle": ["preStop": ["exec": ["command": ["sleep", "5"]]]]]
            )
            try await world.eventually("not ready") { try await world.readyPods().count == 1 }
            try await world.sleep(.seconds(2))
            let pod = try await world.pods()[0]
            try await world.delete(.pods, pod.name)
            // Taken during the hook; it ends after SIGTERM.
            try await world.sleep(.seconds(4))
            async let late = world.ask(pod.podIP)
            try await world.sleep(.seconds(3))
            await #expect(throws: NetworkFailure.refused) { try await world.ask(pod.podIP) }
            #expect(try await late.status == 200)
            try await world.eventually("the pod stays") {
                try await !world.pods().contains { $0.name == pod.name }
            }
        }
    }

    @Test func `cordon keeps pods away and drain moves them`() throws {
        try ClusterWorld.run(nodes: 2) { world in
            try await world.deploy(replicas: 2)
            try await world.eventually("not ready") { try await world.readyPods().count == 2 }
            _ = try await world.cluster.drain(node: "node-1")
            try await world.eventually("pods stay") {
                let pods = try await world.readyPods()
                return pods.count == 2 && pods.allSatisfy { $0.nodeName == "node-2" }
            }
            try await world.cluster.setCordoned(true, node: "node-2")
            try await world.patch(.deployments, "web", ["spec": ["replicas": 3]])
            try await world.sleep(.seconds(10))
            let waiting = try await world.pods().first { $0.nodeName.isEmpty }
            #expect(waiting?.condition("PodScheduled")?["reason"] == "Unschedulable")
            #expect(try await world.events("FailedScheduling").count == 1)
            try await world.cluster.setCordoned(false, node: "node-1")
            try await world.eventually("it waits for ever") { try await world.readyPods().count == 3 }
        }
    }

    @Test func `watches that break change nothing`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 3)
            for _ in 0..<20 {
                try await world.sleep(.milliseconds(300))
                world.cutWatches()
            }
            try await world.eventually("not ready") { try await world.readyPods().count == 3 }
            try await world.sleep(.seconds(60))
            #expect(try await world.pods().count == 3)
        }
    }

    @Test func `a cluster without the API server goes on when it is back`() throws {
        try ClusterWorld.run { world in
            try await world.deploy(replicas: 3)
            try await world.sleep(.milliseconds(900))
            world.simulation.fabric.cut("kubernetes", "cluster")
            try await world.sleep(.seconds(150))
            world.simulation.fabric.heal("kubernetes", "cluster")
            try await world.eventually(within: .seconds(300), "not ready") {
                try await world.readyPods().count == 3
            }
            #expect(try await world.pods().count == 3)
        }
    }

    @Test func `a range without free addresses makes pods wait`() throws {
        try ClusterWorld.run(nodes: 1) { world in
            // The range of the node has 254 places, two of them left out, and an interface takes one for ten pods.
            try await world.deploy(replicas: 105)
            try await world.eventually("not ready") { try await world.readyPods().count == 105 }
            let interfaces = world.cluster.networkInterfaces()
            let pods = try await world.pods()
            #expect(interfaces.first?.addresses == ["10.0.0.11"])
            let known = Set(interfaces.flatMap(\.addresses))
            #expect(pods.allSatisfy { known.contains($0.podIP) })
            #expect(interfaces.allSatisfy { $0.instanceID == world.cluster.instances[0].instanceID })
        }
    }
    @Test func `a node that is down gives its place to another one with its address`() throws {
        try ClusterWorld.run(nodes: 2, addresses: 1) { world in
            world.cluster.nodeDown("node-2")
            #expect(world.cluster.instances.map(\.node) == ["node-1"])
            world.cluster.nodeDown("node-1")
            world.cluster.nodeUp("node-2")
            #expect(world.cluster.instances.map(\.node) == ["node-2"])
            #expect(world.cluster.networkInterfaces().map(\.node) == ["node-2"])
        }
        try ClusterWorld.run(nodes: 2) { world in
            world.cluster.nodeDown("node-1")
            #expect(world.cluster.instances.map(\.node) == ["node-1", "node-2"])
        }
    }
}
