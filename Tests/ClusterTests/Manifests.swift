// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

@testable import Cluster

/// Objects for tests, as an API server would hand them out.
enum Manifest {
    static let start = Instant(seconds: 1_767_225_600)

    static func deployment(
        _ name: String = "web",
        replicas: Int = 3,
        image: String = "web:1",
        surge: JSONValue = "25%",
        unavailable: JSONValue = "25%",
        strategy: String = "RollingUpdate"
    ) -> KubernetesObject {
        var how: JSONValue = ["type": .string(strategy)]
        if strategy == "RollingUpdate" {
            how["rollingUpdate"] = ["maxSurge": surge, "maxUnavailable": unavailable]
        }
        return KubernetesObject([
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": [
                "name": .string(name), "namespace": "default", "uid": .string("uid-\(name)"), "generation": 1,
                "resourceVersion": "1", "creationTimestamp": .string(start.rfc3339),
            ],
            "spec": [
                "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "web", "image": .string(image)]]],
                ],
                "strategy": how, "revisionHistoryLimit": 2, "progressDeadlineSeconds": 600,
            ],
            "status": [:],
        ])
    }

    /// A ReplicaSet as the Deployment controller would have made it, with a status that fits.
    static func replicaSet(
        of deployment: KubernetesObject,
        image: String = "web:1",
        replicas: Int,
        available: Int? = nil,
        revision: Int = 1,
        age: Duration = .seconds(100)
    ) -> KubernetesObject {
        var template = deployment["spec"]?["template"] ?? .null
        template.set(["spec", "containers"], [["name": "web", "image": .string(image)]])
        let hash = image.replacing(":", with: "-")
        template.set(["metadata", "labels", "pod-template-hash"], .string(hash))
        let name = "\(deployment.name)-\(hash)"
        let available = available ?? replicas
        var object = KubernetesObject([
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": [
                "name": .string(name), "namespace": "default", "uid": .string("uid-\(name)"), "generation": 1,
                "resourceVersion": "2", "creationTimestamp": .string(start.advanced(by: .zero - age).rfc3339),
                "labels": template["metadata"]?["labels"] ?? .null,
                "annotations": [
                    "deployment.kubernetes.io/revision": .string("\(revision)"),
                    "deployment.kubernetes.io/desired-replicas": .string("\(deployment.specReplicas)"),
                    "deployment.kubernetes.io/max-replicas": .string("\(deployment.specReplicas + 1)"),
                ],
                "ownerReferences": [deployment.ownerReference()],
            ],
            "spec": [
                "replicas": .integer(Int64(replicas)), "template": template,
                "selector": ["matchLabels": ["app": "web", "pod-template-hash": .string(hash)]],
            ],
            "status": ["observedGeneration": 1],
        ])
        for (key, count) in [
            ("replicas", replicas), ("readyReplicas", available), ("availableReplicas", available),
        ] {
            object.json.set(["status", key], .integer(Int64(count)))
        }
        return object
    }

    static func pod(
        _ name: String,
        labels: JSONValue = ["app": "web"],
        owner: KubernetesObject? = nil,
        node: String = "node-1",
        ip: String = "10.0.1.2",
        ready: Bool = true,
        phase: String = "Running",
        spec: JSONObject = [:],
        terminating: Bool = false,
        annotations: JSONObject = [:]
    ) -> KubernetesObject {
        var full: JSONObject = [
            "containers": [
                ["name": "web", "image": "web:1", "ports": [["name": "http", "containerPort": 8080]]]
            ],
            "nodeName": .string(node), "terminationGracePeriodSeconds": 30, "restartPolicy": "Always",
        ]
        for member in spec { full[member.key] = member.value }
        var pod = KubernetesObject([
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": .string(name), "namespace": "default", "uid": .string("uid-\(name)"),
                "labels": labels,
                "resourceVersion": "5", "generation": 1, "creationTimestamp": .string(start.rfc3339),
            ],
            "spec": .object(full),
            "status": [
                "phase": .string(phase), "podIP": .string(ip),
                "conditions": [
                    [
                        "type": "Ready", "status": ready ? "True" : "False",
                        "lastTransitionTime": .string(start.rfc3339),
                    ]
                ],
            ],
        ])
        if let owner { pod.json.set(["metadata", "ownerReferences"], [owner.ownerReference()]) }
        if !annotations.isEmpty { pod.json.set(["metadata", "annotations"], .object(annotations)) }
        if terminating { terminate(&pod) }
        return pod
    }

    static func terminate(_ pod: inout KubernetesObject, grace: Int = 30) {
        pod.json.set(["metadata", "deletionTimestamp"], .string(start.rfc3339))
        pod.json.set(["metadata", "deletionGracePeriodSeconds"], .integer(Int64(grace)))
    }

    static func service(
        _ name: String = "web",
        port: JSONValue = ["port": 80, "targetPort": 8080],
        spec: JSONObject = [:]
    ) -> KubernetesObject {
        var full: JSONObject = ["selector": ["app": "web"], "ports": [port], "clusterIP": "172.16.0.9"]
        for member in spec { full[member.key] = member.value }
        return KubernetesObject([
            "apiVersion": "v1", "kind": "Service",
            "metadata": [
                "name": .string(name), "namespace": "default", "uid": .string("uid-\(name)"),
                "creationTimestamp": .string(start.rfc3339),
            ],
            "spec": .object(full),
        ])
    }

    static func node(
        _ name: String,
        zone: String = "z1",
        ready: String = "True",
        spec: JSONObject = [:]
    ) -> KubernetesObject {
        KubernetesObject([
            "apiVersion": "v1", "kind": "Node",
            "metadata": ["name": .string(name), "labels": ["topology.kubernetes.io/zone": .string(zone)]],
            "spec": .object(spec),
            "status": [
                "allocatable": ["pods": "110"],
                "conditions": [
                    ["type": "Ready", "status": .string(ready), "lastTransitionTime": .string(start.rfc3339)]
                ],
            ],
        ])
    }
}
