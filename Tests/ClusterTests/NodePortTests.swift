// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Testing

@testable import Cluster

@Suite struct NodePortTests {
    private func service(_ spec: JSONValue) -> KubernetesObject {
        KubernetesObject(.services, namespace: "default", name: "web", ["spec": spec])
    }

    private func slice(_ endpoints: JSONValue) -> KubernetesObject {
        KubernetesObject(
            .endpointSlices,
            namespace: "default",
            name: "web-1",
            ["endpoints": endpoints, "ports": [["name": "http", "port": 8080]]]
        )
    }

    private let ports: JSONValue = [["name": "http", "port": 80, "nodePort": 30080]]
    private let pods: JSONValue = [
        ["addresses": ["10.1.1.3"], "nodeName": "b", "conditions": ["ready": true]],
        ["addresses": ["10.1.1.2"], "nodeName": "a"],
        ["addresses": ["10.1.1.4"], "nodeName": "a", "conditions": ["ready": false]],
    ]

    @Test func `a node port leads to the ready pods of all nodes`() {
        let plan = NodePortPlan(service(["type": "NodePort", "ports": ports]), slices: [slice(pods)])
        #expect(plan.targets(port: 30080, node: "c").map(\.ip) == ["10.1.1.2", "10.1.1.3"])
        #expect(plan.targets(port: 30080, node: "c").allSatisfy { $0.port == 8080 })
        #expect(plan.targets(port: 30081, node: "c").isEmpty)
    }

    @Test func `with the policy Local a node leads to its own pods only`() {
        let spec: JSONValue = ["type": "LoadBalancer", "externalTrafficPolicy": "Local", "ports": ports]
        let plan = NodePortPlan(service(spec), slices: [slice(pods)])
        #expect(plan.targets(port: 30080, node: "a").map(\.ip) == ["10.1.1.2"])
        #expect(plan.targets(port: 30080, node: "c").isEmpty)
    }

    @Test func `a Service of another type has no node ports`() {
        let plan = NodePortPlan(service(["type": "ClusterIP", "ports": ports]), slices: [slice(pods)])
        #expect(plan.ports.isEmpty)
    }
}
