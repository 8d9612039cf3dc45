// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Testing

@testable import Cluster

@Suite struct EndpointsPlanTests {
    private func plan(_ service: KubernetesObject, _ pods: [KubernetesObject]) -> EndpointsPlan? {
        ServiceSelection(service).map { EndpointsPlan($0, pods: pods) }
    }

    private func slices(
        _ service: KubernetesObject,
        _ pods: [KubernetesObject],
        present: [KubernetesObject] = []
    ) -> EndpointSlicePlan? {
        ServiceSelection(service).map {
            EndpointSlicePlan($0, pods: pods, zones: ["node-1": "z1"], present: present, trigger: nil)
        }
    }

    @Test func `ready pods and others are told apart`() {
        let pods = [
            Manifest.pod("b", ip: "10.0.1.3"), Manifest.pod("a", ip: "10.0.1.2", ready: false),
            Manifest.pod("c", ip: ""), Manifest.pod("d", ip: "10.0.1.5", phase: "Failed"),
            Manifest.pod("e", labels: ["app": "other"], ip: "10.0.1.6"),
            Manifest.pod("f", ip: "10.0.1.7", terminating: true),
        ]
        let subset = plan(Manifest.service(), pods)?.subsets?[0]
        #expect(subset?["addresses"]?.arrayValue?.map { $0["ip"] } == ["10.0.1.3"])
        #expect(subset?["notReadyAddresses"]?.arrayValue?.map { $0["ip"] } == ["10.0.1.2"])
        #expect(subset?["addresses"]?[0]?["targetRef"]?["name"] == "b")
        #expect(subset?["ports"] == [["port": 8080, "protocol": "TCP"]])
    }

    @Test func `a Service may publish pods that are not ready`() {
        let service = Manifest.service(spec: ["publishNotReadyAddresses": true])
        let pods = [Manifest.pod("a", ready: false), Manifest.pod("b", ip: "10.0.1.3", terminating: true)]
        #expect(plan(service, pods)?.subsets?[0]?["addresses"]?.arrayValue?.count == 2)
    }

    @Test func `a named target port is each pod's own`() {
        let service = Manifest.service(port: ["name": "web", "port": 80, "targetPort": "http"])
        let other = Manifest.pod(
            "b",
            ip: "10.0.1.3",
            spec: [
                "containers": [
                    ["name": "x", "image": "x", "ports": [["name": "http", "containerPort": 9090]]]
                ]
            ]
        )
        let nameless = Manifest.pod("c", ip: "10.0.1.4", spec: ["containers": [["name": "x", "image": "x"]]])
        let subsets = plan(service, [Manifest.pod("a"), other, nameless])?.subsets?.arrayValue ?? []
        #expect(subsets.map { $0["ports"]?[0]?["port"] } == [8080, 9090])
        #expect(subsets.allSatisfy { $0["addresses"]?.arrayValue?.count == 1 })
    }

    @Test func `equal pods in any order give equal Endpoints`() {
        let pods = (2..<9).map { Manifest.pod("p\($0)", ip: "10.0.1.\($0)", ready: $0 % 2 == 0) }
        #expect(plan(Manifest.service(), pods)?.subsets == plan(Manifest.service(), pods.reversed())?.subsets)
    }

    @Test func `what is as it should be is not written`() throws {
        let service = Manifest.service()
        let plan = try #require(self.plan(service, [Manifest.pod("a")]))
        let object = plan.object(service, present: nil, trigger: nil)
        #expect(plan.isSatisfied(by: object))
        #expect(try !#require(self.plan(service, [])).isSatisfied(by: object))
    }

    @Test func `Endpoints stop at a thousand addresses and say so`() throws {
        let pods = (0..<1_100).map {
            Manifest.pod("p\($0)", ip: "10.\($0 / 200).1.\($0 % 200 + 2)", ready: $0 >= 500)
        }
        let plan = try #require(self.plan(Manifest.service(), pods))
        #expect(plan.isTruncated)
        #expect(plan.subsets?[0]?["addresses"]?.arrayValue?.count == 600)
        #expect(plan.subsets?[0]?["notReadyAddresses"]?.arrayValue?.count == 400)
        let object = plan.object(Manifest.service(), present: nil, trigger: nil)
        #expect(object.annotations["endpoints.kubernetes.io/over-capacity"] == "truncated")
    }

    @Test func `a Service without selector has no Endpoints of ours`() {
        #expect(ServiceSelection(Manifest.service(spec: ["selector": [:]])) == nil)
        #expect(ServiceSelection(Manifest.service(spec: ["type": "ExternalName"])) == nil)
    }

    @Test func `a Service without pods has one slice without endpoints`() throws {
        let slice = try #require(slices(Manifest.service(), [])?.creates.first)
        #expect(slice["endpoints"] == .null)
        #expect(slice["ports"] == .null)
        #expect(slice.labels["endpointslice.kubernetes.io/managed-by"] == "endpointslice-controller.k8s.io")
        #expect(slice.labels["kubernetes.io/service-name"] == "web")
        #expect(slice.generateName == "web-")
    }

    @Test func `a slice tells ready, serving and terminating`() throws {
        let pods = [
            Manifest.pod("a"), Manifest.pod("b", ip: "10.0.1.3", ready: false),
            Manifest.pod("c", ip: "10.0.1.4", terminating: true),
        ]
        let slice = try #require(slices(Manifest.service(), pods)?.creates.first)
        let conditions = (slice["endpoints"]?.arrayValue ?? []).map { endpoint in
            ["ready", "serving", "terminating"].map { endpoint["conditions"]?[$0]?.boolValue }
        }
        #expect(conditions == [[true, true, false], [false, false, false], [false, true, true]])
        #expect(slice["endpoints"]?[0]?["zone"] == "z1")
        #expect(slice["ports"] == [["name": "", "protocol": "TCP", "port": 8080]])
    }

    @Test func `an empty slice is used for the first pods, and kept for the last`() throws {
        let service = Manifest.service()
        var slice = try #require(slices(service, [])?.creates.first)
        slice.json.set(["metadata", "name"], "web-abcde")
        let filled = try #require(slices(service, [Manifest.pod("a")], present: [slice]))
        #expect(filled.creates.isEmpty && filled.deletes.isEmpty)
        let one = try #require(filled.updates.first)
        #expect(one.name == "web-abcde")
        #expect(try #require(slices(service, [Manifest.pod("a")], present: [one])).isEmpty)
        let emptied = try #require(slices(service, [], present: [one]))
        #expect(emptied.updates.first?.name == "web-abcde")
        #expect(emptied.updates.first?["endpoints"] == .null)
        #expect(emptied.deletes.isEmpty)
    }

    @Test func `a slice holds a hundred endpoints and changes touch few slices`() throws {
        let service = Manifest.service()
        var pods = (0..<250).map { Manifest.pod("p\($0)", ip: "10.\($0 / 200).1.\($0 % 200 + 2)") }
        var present = try #require(slices(service, pods)).creates
        #expect(present.map { $0["endpoints"]?.arrayValue?.count } == [100, 100, 50])
        for place in present.indices {
            present[place].json.set(["metadata", "name"], .string("web-\(place)"))
        }
        pods.removeLast()
        pods.append(Manifest.pod("new", ip: "10.9.1.9"))
        let plan = try #require(slices(service, pods, present: present))
        #expect(plan.creates.isEmpty && plan.deletes.isEmpty)
        #expect(plan.updates.count <= 2)
        let total = present.map { slice in plan.updates.first { $0.name == slice.name } ?? slice }
            .reduce(0) { $0 + ($1["endpoints"]?.arrayValue?.count ?? 0) }
        #expect(total == 250)
    }

    @Test func `the trigger is the pod's change, and the Service's creation the first time`() {
        var times = TriggerTimes()
        let service = Manifest.service()
        var pod = Manifest.pod("a")
        #expect(times.trigger(service, pods: []) == "2026-01-01T00:00:00Z")
        #expect(times.trigger(service, pods: []) == nil)
        pod.json.set(
            ["status", "conditions"],
            [["type": "Ready", "lastTransitionTime": "2026-01-01T00:00:09Z"]]
        )
        #expect(times.trigger(service, pods: [pod]) == "2026-01-01T00:00:09Z")
        #expect(times.trigger(service, pods: [pod]) == nil)
    }
}
