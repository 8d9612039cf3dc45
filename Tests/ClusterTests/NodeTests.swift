// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import Cluster

@Suite struct NodeChoiceTests {
    private func choose(
        _ pod: KubernetesObject,
        _ nodes: [KubernetesObject],
        _ loads: [String: NodeChoice.Load] = [:]
    ) -> NodeChoice {
        NodeChoice.choose(pod, nodes: nodes, loads: loads)
    }

    @Test func `the least loaded node wins, and the first name among equals`() {
        let nodes = ["b", "a", "c"].map { Manifest.node($0) }
        #expect(choose(Manifest.pod("p"), nodes) == .node("a"))
        let loads = [
            "a": NodeChoice.Load(pods: 2), "b": NodeChoice.Load(pods: 1), "c": NodeChoice.Load(pods: 3),
        ]
        #expect(choose(Manifest.pod("p"), nodes, loads) == .node("b"))
    }

    @Test func `pods of one controller spread over zones before nodes`() {
        let nodes = [
            Manifest.node("a", zone: "z1"), Manifest.node("b", zone: "z1"), Manifest.node("c", zone: "z2"),
        ]
        let loads = ["a": NodeChoice.Load(pods: 1, siblings: 1), "c": NodeChoice.Load(pods: 50)]
        #expect(choose(Manifest.pod("p"), nodes, loads) == .node("c"))
    }

    @Test func `nodes that may not take a pod are told with the reason`() {
        let nodes = [
            Manifest.node("a", spec: ["unschedulable": true]),
            Manifest.node("b", spec: ["taints": [["key": "k", "value": "v", "effect": "NoSchedule"]]]),
            Manifest.node("c", ready: "False"), Manifest.node("d", zone: "z9"),
        ]
        var pod = Manifest.pod("p", spec: ["nodeSelector": ["topology.kubernetes.io/zone": "z2"]])
        guard case .none(let reason) = choose(pod, nodes) else {
            Issue.record("a node was chosen")
            return
        }
        #expect(
            reason.hasPrefix("0/4 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, ")
        )
        #expect(reason.contains("1 node(s) had untolerated taint(s)"))
        pod.json.set(["spec", "nodeSelector"], nil)
        pod.json.set(["spec", "tolerations"], [["key": "k", "operator": "Equal", "value": "v"]])
        #expect(choose(pod, [nodes[1]]) == .node("b"))
    }

    @Test func `one of the required affinity terms has to hold`() {
        let path = [
            "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms",
        ]
        var pod = Manifest.pod("p")
        pod.json.set(
            ["spec"] + path,
            [
                [
                    "matchExpressions": [
                        ["key": "topology.kubernetes.io/zone", "operator": "In", "values": ["z2"]]
                    ]
                ]
            ]
        )
        #expect(choose(pod, [Manifest.node("a"), Manifest.node("b", zone: "z2")]) == .node("b"))
    }
}

@Suite struct NodeTaintsTests {
    private let now = Manifest.start

    @Test func `a node that works has none of the controller's taints`() {
        let tainted = Manifest.node(
            "a",
            spec: [
                "taints": [
                    ["key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"],
                    ["key": "mine", "effect": "NoSchedule"],
                ]
            ]
        )
        #expect(NodeTaints.wanted(tainted, at: now) == [["key": "mine", "effect": "NoSchedule"]])
        #expect(NodeTaints.wanted(Manifest.node("a"), at: now) == nil)
    }

    @Test func `a silent node is tainted, and its pods leave after their patience`() {
        var node = Manifest.node("a", ready: "Unknown")
        let taints = NodeTaints.wanted(node, at: now) ?? []
        #expect(taints.map { $0["effect"] } == ["NoSchedule", "NoExecute"])
        node.json.set(["spec", "taints"], .array(taints))
        #expect(NodeTaints.wanted(node, at: now) == nil)
        let usual: JSONValue = [
            [
                "key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute",
                "tolerationSeconds": 300,
            ]
        ]
        let pod = Manifest.pod("p", spec: ["tolerations": usual])
        #expect(NodeTaints.eviction(of: pod, from: node) == now.advanced(by: .seconds(300)))
        #expect(NodeTaints.eviction(of: Manifest.pod("q"), from: node) == now)
        let patient = Manifest.pod("r", spec: ["tolerations": [["operator": "Exists"]]])
        #expect(NodeTaints.eviction(of: patient, from: node) == nil)
    }
}

@Suite struct AddressPoolTests {
    @Test func `an address that came back is given out last`() throws {
        var pool = try #require(AddressPool("10.0.1.0/29"))
        #expect(pool.take() == "10.0.1.2")
        pool.give(back: "10.0.1.2")
        #expect(
            ["10.0.1.3", "10.0.1.4", "10.0.1.5", "10.0.1.6", "10.0.1.2"].allSatisfy { pool.take() == $0 }
        )
        #expect(pool.take() == nil)
        pool.give(back: "10.0.1.4")
        #expect(pool.take() == "10.0.1.4")
    }

    @Test(arguments: ["10.0.1.0", "10.0.1.0/33", "10.0.1/24", "x/24", "10.0.1.300/24", "10.0.1.0/31", ""])
    func `what is no range is refused`(text: String) {
        #expect(AddressPool(text) == nil)
    }

    @Test func `interfaces carry ten addresses each`() {
        let node = NodeDescription(name: "node-1", address: "10.0.0.1", podRange: "10.0.1.0/24")
        let pool = NodePool([node])
        let addresses = (0..<12).compactMap { _ in pool.take(for: node) }
        #expect(Set(addresses).count == 12)
        let interfaces = pool.interfaces
        #expect(interfaces.map(\.isPrimary) == [true, false, false])
        #expect(interfaces.map(\.addresses.count) == [1, 10, 4])
        #expect(Set(interfaces.map(\.id)).count == 3)
        pool.give(back: addresses[0], of: node)
        #expect(pool.interfaces[1].addresses.count == 9)
        #expect(!pool.interfaces.contains { $0.addresses.contains(addresses[0]) })
    }

    @Test func `nodes with one range never share an address`() {
        let nodes = ["a", "b"].map {
            NodeDescription(name: $0, address: "10.0.1.\($0 == "a" ? 2 : 3)", podRange: "10.0.1.0/24")
        }
        let pool = NodePool(nodes)
        let addresses = (0..<20).compactMap { pool.take(for: nodes[$0 % 2]) }
        #expect(Set(addresses).count == 20)
        #expect(!addresses.contains("10.0.1.2") && !addresses.contains("10.0.1.3"))
        #expect(!pool.ownsRange(nodes[0]))
    }
}
