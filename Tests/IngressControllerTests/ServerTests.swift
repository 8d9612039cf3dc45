// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports
import Testing

@testable import IngressController

@Suite struct ServerTests {
    private func server(_ number: Int, port: Int = 8080) -> Server {
        Server(kind: .networkInterface, id: "eni-\(number)", ip: "10.0.0.\(number)", port: port)
    }

    private func plan(
        _ wanted: [Server],
        _ present: [CloudServer],
        _ profile: Profile = .managed
    ) -> ServerPlanner.Result {
        ServerPlanner.plan(group: "sgp-1", wanted: wanted, present: present, profile: profile)
    }

    @Test func `nothing is called when all is there`() {
        #expect(plan([server(1)], [CloudServer(server(1))]).steps.isEmpty)
    }

    @Test func `one is replaced by another in one call`() {
        let steps = plan([server(2)], [CloudServer(server(1))]).steps
        #expect(steps.map(\.action) == ["ReplaceServersInServerGroup"])
        #expect(steps[0].parameters["AddedServers"]?[0]?["Weight"] == 100)
        #expect(steps[0].parameters["RemovedServers"]?[0]?["ServerId"] == "eni-1")
    }

    @Test func `a large change adds before it removes, the other way round with the defect`() {
        let wanted = (50..<95).map { server($0) }, present = (0..<45).map { CloudServer(server($0)) }
        #expect(
            plan(wanted, present).steps.map(\.action)
                == [
                    "AddServersToServerGroup", "AddServersToServerGroup", "RemoveServersFromServerGroup",
                    "RemoveServersFromServerGroup",
                ]
        )
        #expect(plan(wanted, present, .oss).steps.first?.action == "RemoveServersFromServerGroup")
    }

    @Test func `a server that comes back while it is leaving waits`() {
        let result = plan([server(1)], [CloudServer(server(1), status: "Removing")])
        #expect(result.steps.isEmpty)
        #expect(result.returning == [server(1)])
        #expect(plan([server(1)], [CloudServer(server(1), status: "Removing")], .oss).returning.isEmpty)
    }

    @Test func `a leaving server is not removed again`() {
        #expect(plan([], [CloudServer(server(1), status: "Removing")]).steps.isEmpty)
    }

    @Test func `a server whose weight changes is given the new one, upstream never`() {
        var heavy = server(1)
        heavy.weight = 50
        let steps = plan([heavy, server(2)], [CloudServer(server(1)), CloudServer(server(2))]).steps
        #expect(steps.map(\.action) == ["UpdateServerGroupServersAttribute"])
        #expect(steps[0].parameters["Servers"]?.arrayValue?.count == 1)
        #expect(steps[0].parameters["Servers"]?[0]?["Weight"] == 50)
        #expect(plan([heavy], [CloudServer(server(1))], .oss).steps.isEmpty)
    }

    @Test func `nodes weigh as much as they have pods, the one with most of them a hundred`() {
        func node(_ name: String, _ ip: String) -> KubernetesObject {
            KubernetesObject(
                .nodes,
                name: name,
                ["status": ["addresses": [["type": "InternalIP", "address": .string(ip)]]]]
            )
        }
        let addresses = [("p1", "a"), ("p2", "a"), ("p3", "a"), ("p4", "b")].map { pod, node in
            PodAddress(
                ip: "10.0.0.\(pod.last!)",
                port: 80,
                pod: ObjectKey(namespace: "shop", name: pod),
                node: node
            )
        }
        let selection = ServerSelection(ids: ["1.1.1.1": "i-a", "1.1.1.2": "i-b"])
        func weights(_ weighs: Bool, onlyLocal: Bool = true) -> [Int] {
            selection.instances(
                [node("a", "1.1.1.1"), node("b", "1.1.1.2")],
                nodePort: 30_000,
                addresses: addresses,
                onlyLocal: onlyLocal,
                weighsPods: weighs
            ).servers.map(\.weight)
        }
        #expect(weights(true) == [100, 33])
        #expect(weights(false) == [100, 100])
        #expect(weights(true, onlyLocal: false) == [100, 100])
    }

    // MARK: Addresses

    private func pod(_ name: String, gate: Bool, containersReady: Bool) -> KubernetesObject {
        KubernetesObject(
            .pods,
            namespace: "shop",
            name: name,
            [
                "spec": ["readinessGates": gate ? [["conditionType": .string(ReadinessGate.condition)]] : []],
                "status": [
                    "conditions": [["type": "ContainersReady", "status": containersReady ? "True" : "False"]]
                ],
            ]
        )
    }

    private func slice(_ endpoints: [JSONValue], port: String = "http") -> KubernetesObject {
        KubernetesObject(
            .endpointSlices,
            namespace: "shop",
            name: "tea-1",
            [
                "addressType": "IPv4", "endpoints": .array(endpoints),
                "ports": [["name": .string(port), "port": 8080], ["name": "metrics", "port": 9090]],
            ]
        )
    }

    private func endpoint(_ ip: String, _ pod: String?, ready: Bool?, terminating: Bool = false) -> JSONValue
    {
        [
            "addresses": [.string(ip)],
            "conditions": ["ready": ready.map { .bool($0) } ?? .null, "terminating": .bool(terminating)],
            "targetRef": pod.map { ["kind": "Pod", "name": .string($0), "namespace": "shop"] } ?? .null,
            "nodeName": "n1",
        ]
    }

    private func addresses(
        _ slices: [KubernetesObject],
        _ pods: [KubernetesObject] = [],
        port: String = "http",
        endpoints: KubernetesObject? = nil,
        profile: Profile = .managed
    ) -> [String] {
        let set = ObjectSet(pods)
        return EndpointReader(profile: profile) { set.object(.pods, $0) }
            .addresses(port: port, slices: slices, endpoints: endpoints).map { "\($0.ip):\($0.port)" }
    }

    @Test func `ready endpoints count, others do not`() {
        let slice = slice([
            endpoint("10.0.0.1", "a", ready: true), endpoint("10.0.0.2", "b", ready: false),
            endpoint("10.0.0.3", "c", ready: nil), endpoint("10.0.0.4", "d", ready: true, terminating: true),
        ])
        #expect(addresses([slice]) == ["10.0.0.1:8080", "10.0.0.3:8080"])
    }

    @Test func `a pod that waits for nothing but the gate is registered`() {
        let slice = slice([
            endpoint("10.0.0.1", "a", ready: false), endpoint("10.0.0.2", "b", ready: false),
            endpoint("10.0.0.3", "c", ready: false),
        ])
        let pods = [
            pod("a", gate: true, containersReady: true), pod("b", gate: true, containersReady: false),
            pod("c", gate: false, containersReady: true),
        ]
        #expect(addresses([slice], pods) == ["10.0.0.1:8080"])
    }

    @Test func `ports are found by name and addresses counted once`() {
        let one = slice([endpoint("10.0.0.1", "a", ready: true)])
        #expect(addresses([one, one], port: "metrics") == ["10.0.0.1:9090"])
        #expect(addresses([one], port: "other").isEmpty)
    }

    @Test func `Endpoints count where there are no slices`() {
        let endpoints = KubernetesObject(
            .endpoints,
            namespace: "shop",
            name: "tea",
            [
                "subsets": [
                    [
                        "addresses": [
                            ["ip": "10.0.0.9", "targetRef": ["kind": "Pod", "name": "a"]], ["ip": "10.0.0.8"],
                        ],
                        "notReadyAddresses": [
                            ["ip": "10.0.0.7", "targetRef": ["kind": "Pod", "name": "b"]]
                        ],
                        "ports": [["name": "http", "port": 8080]],
                    ]
                ]
            ]
        )
        #expect(addresses([], endpoints: endpoints) == ["10.0.0.8:8080", "10.0.0.9:8080"])
        #expect(addresses([], endpoints: endpoints, profile: .oss) == ["10.0.0.9:8080"])
        #expect(addresses([slice([])], endpoints: endpoints).isEmpty)
    }

    @Test func `unknown addresses are told and the others registered`() {
        let found = [
            PodAddress(ip: "10.0.0.1", port: 80, pod: ObjectKey(namespace: "shop", name: "a"), node: ""),
            PodAddress(ip: "10.0.0.2", port: 80, pod: nil, node: ""),
        ]
        let result = ServerSelection(ids: ["10.0.0.1": "eni-1"]).interfaces(found)
        #expect(result.servers.map(\.identity) == ["eni-1:10.0.0.1:80"])
        #expect(result.unknown == ["10.0.0.2"])
    }

    private func node(
        _ name: String,
        ip: String,
        ready: Bool = true,
        spec: JSONValue = [:],
        labels: JSONValue = [:]
    )
        -> KubernetesObject
    {
        KubernetesObject(
            .nodes,
            name: name,
            [
                "metadata": ["labels": labels], "spec": spec,
                "status": [
                    "addresses": [["type": "InternalIP", "address": .string(ip)]],
                    "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
                ],
            ]
        )
    }

    @Test func `node ports: all nodes, or only those with a pod`() {
        let nodes = [node("n1", ip: "1.1.1.1"), node("n2", ip: "1.1.1.2")]
        let address = PodAddress(
            ip: "10.0.0.1",
            port: 80,
            pod: ObjectKey(namespace: "shop", name: "a"),
            node: "n2"
        )
        let selection = ServerSelection(ids: ["1.1.1.1": "i-1", "1.1.1.2": "i-2"])
        let all = selection.instances(nodes, nodePort: 30080, addresses: [address], onlyLocal: false)
        #expect(all.servers.map(\.identity) == ["i-1:30080", "i-2:30080"])
        let local = selection.instances(nodes, nodePort: 30080, addresses: [address], onlyLocal: true)
        #expect(local.servers.map(\.identity) == ["i-2:30080"])
    }

    @Test func `which nodes may be servers`() {
        let filter = NodeEligibility(annotations: [:])
        #expect(filter.admits(node("a", ip: "1")))
        #expect(!filter.admits(node("a", ip: "1", ready: false)))
        #expect(!filter.admits(node("a", ip: "1", labels: ["node-role.kubernetes.io/control-plane": ""])))
        #expect(!filter.admits(node("a", ip: "1", labels: ["service.alibabacloud.com/exclude-node": "true"])))
        #expect(
            !filter.admits(node("a", ip: "1", spec: ["taints": [["key": "ToBeDeletedByClusterAutoscaler"]]]))
        )
        let cordoned = node("a", ip: "1", spec: ["unschedulable": true])
        #expect(filter.admits(cordoned))
        let strict = NodeEligibility(
            annotations: [
                "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-remove-unscheduled-backend": "on"
            ])
        #expect(!strict.admits(cordoned))
    }

    @Test(arguments: [
        (
            "ClusterIP", "", "", BuildContext.BackendType.networkInterface,
            TrafficPolicy?.some(.networkInterface)
        ),
        ("ClusterIP", "", "", .nodePort, nil), ("ClusterIP", "eni", "", .nodePort, .networkInterface),
        ("NodePort", "", "", .nodePort, .cluster), ("NodePort", "", "Local", .nodePort, .local),
        ("NodePort", "ecs", "", .networkInterface, .cluster),
        ("ExternalName", "eni", "", .networkInterface, nil),
    ])
    func `how a Service is reached`(
        type: String,
        annotation: String,
        policy: String,
        fallback: BuildContext.BackendType,
        expected: TrafficPolicy?
    ) {
        var service = Samples.service("tea", type: type)
        if !annotation.isEmpty {
            service[path: "metadata", "annotations"] = .object(
                JSONObject([(TrafficPolicy.annotation, .string(annotation))])
            )
        }
        if !policy.isEmpty { service[path: "spec", "externalTrafficPolicy"] = .string(policy) }
        #expect(TrafficPolicy.of(service, fallback) == expected)
    }

    @Test(arguments: [
        ("Throttling.User", 400, FailureClass.busy), ("IncorrectStatus.Listener", 400, .changing),
        ("ResourceInConfiguring.Listener", 400, .changing), ("ResourceInUse.ServerGroup", 400, .inUse),
        ("ResourceNotFound.Rule", 404, .absent), ("QuotaExceeded.RulesNum", 400, .refused), ("", 503, .busy),
        ("SystemBusy", 400, .busy), ("Conflict.Priority", 400, .refused),
    ])
    func `what a refusal asks for`(code: String, status: Int, expected: FailureClass) {
        #expect(FailureClass.of(.refused(status: status, code: code, message: "", requestID: "")) == expected)
        #expect(FailureClass.of(.lost(.reset)) == .unanswered)
    }
}
