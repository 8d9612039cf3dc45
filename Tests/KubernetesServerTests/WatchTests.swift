// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import KubernetesServer
import Ports
import Testing

@Suite struct WatchTests {
    @Test func `a watch without a resourceVersion begins with what there is`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.configMaps, Sample.configMap("a")).expect(201)
        let watch = try await server.watch(Paths.configMaps)
        #expect(try await watch.line() == "ADDED a")
        try await server.merge("\(Paths.configMaps)/a", ["data": ["a": "2"]]).expect(200)
        #expect(try await watch.line() == "MODIFIED a")
        try await server.delete("\(Paths.configMaps)/a").expect(200)
        #expect(try await watch.line() == "DELETED a")
    }

    @Test func `a watch from a resourceVersion tells all that came after`() async throws {
        let server = try await TestServer.withNamespace()
        let first = await server.post(Paths.configMaps, Sample.configMap("a"))
        try await server.post(Paths.configMaps, Sample.configMap("b")).expect(201)
        try await server.merge("\(Paths.configMaps)/a", ["data": ["a": "2"]]).expect(200)
        try await server.delete("\(Paths.configMaps)/b").expect(200)
        let watch = try await server.watch(
            "\(Paths.configMaps)?resourceVersion=\(first.resourceVersion)&timeoutSeconds=5"
        )
        server.clock.advance(by: .seconds(5))
        #expect(try await watch.rest() == ["ADDED b", "MODIFIED a", "DELETED b"])
    }

    @Test func `leaving a selection is DELETED with the last selected state`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.configMaps, Sample.configMap("a", labels: ["app": "w"])).expect(201)
        let version = server.server.resourceVersion
        let live = try await server.watch(
            "\(Paths.configMaps)?labelSelector=app%3Dw&resourceVersion=\(version)"
        )
        try await server.merge("\(Paths.configMaps)/a", ["metadata": ["labels": ["app": "x"]]]).expect(200)
        try await server.merge("\(Paths.configMaps)/a", ["metadata": ["labels": ["app": "w"]]]).expect(200)
        let left = try #require(try await live.next())
        #expect(left["type"] == "DELETED")
        #expect(left["object"]?["metadata"]?["labels"] == ["app": "w"])
        #expect(left["object"]?["metadata"]?["resourceVersion"] == .string(String(version + 1)))
        #expect(try await live.line() == "ADDED a")
        // The same from history.
        let late = try await server.watch(
            "\(Paths.configMaps)?labelSelector=app%3Dw&resourceVersion=\(version)"
        )
        #expect(try await late.next() == left)
        #expect(try await late.line() == "ADDED a")
    }

    @Test func `a field selector follows a pod onto its node`() async throws {
        let server = try await TestServer.withNamespace()
        let watch = try await server.watch("\(Paths.pods)?fieldSelector=spec.nodeName%3Dn1")
        try await server.post(Paths.pods, Sample.pod("a")).expect(201)
        try await server.post("\(Paths.pods)/a/binding", ["target": ["name": "n1"]]).expect(201)
        #expect(try await watch.line() == "ADDED a")
    }

    @Test func `initial events end with a bookmark`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.configMaps, Sample.configMap("a")).expect(201)
        let watch = try await server.watch(
            "\(Paths.configMaps)?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
        )
        #expect(try await watch.line() == "ADDED a")
        let mark = try #require(try await watch.next())
        #expect(mark["type"] == "BOOKMARK")
        #expect(mark["object"]?["metadata"]?["annotations"] == ["k8s.io/initial-events-end": "true"])
    }

    @Test func `a watch that saw nothing gets a bookmark some time after a change`() async throws {
        let server = try await TestServer.withNamespace()
        let watch = try await server.watch(
            "\(Paths.secrets)?allowWatchBookmarks=true&resourceVersion=\(server.server.resourceVersion)"
        )
        #expect(server.clock.timerCount == 0)
        try await server.post(Paths.configMaps, Sample.configMap("a")).expect(201)
        server.clock.advance(by: .seconds(60))
        let mark = try #require(try await watch.next())
        #expect(mark["type"] == "BOOKMARK")
        #expect(
            mark["object"]?["metadata"]?["resourceVersion"] == .string(String(server.server.resourceVersion))
        )
        #expect(server.clock.timerCount == 0)
    }

    @Test func `forgotten history is gone for watches and lists`() async throws {
        let server = try await TestServer.withNamespace()
        let first = await server.post(Paths.configMaps, Sample.configMap("a"))
        try await server.merge("\(Paths.configMaps)/a", ["data": ["a": "2"]]).expect(200)
        try server.server.compactHistory()
        let watch = try await server.watch("\(Paths.configMaps)?resourceVersion=\(first.resourceVersion)")
        #expect(try await watch.rest() == ["ERROR 410"])
        let list = try await server.get(
            "\(Paths.configMaps)?resourceVersion=\(first.resourceVersion)&resourceVersionMatch=Exact"
        ).expect(410)
        #expect(list["reason"] == "Expired")
        try await server.get("\(Paths.configMaps)/a").expect(200)
    }

    @Test func `a watcher that does not read is given up`() async throws {
        let server = try await TestServer.withNamespace(
            configuration: KubernetesServerConfiguration(watchBuffer: 3)
        )
        let watch = try await server.watch(
            "\(Paths.configMaps)?resourceVersion=\(server.server.resourceVersion)"
        )
        for number in 0..<6 {
            try await server.post(Paths.configMaps, Sample.configMap("a\(number)")).expect(201)
        }
        #expect(try await watch.rest() == ["ADDED a0", "ADDED a1", "ADDED a2"])
    }

    @Test func `events of both groups are two views of one store`() async throws {
        let server = try await TestServer.withNamespace()
        let watch = try await server.watch("/apis/events.k8s.io/v1/namespaces/n/events")
        try await server.post(
            "/api/v1/namespaces/n/events",
            [
                "metadata": ["name": "e"],
                "involvedObject": ["kind": "Ingress", "namespace": "n", "name": "shop"],
                "reason": "Synced", "message": "made the rules", "type": "Normal",
            ]
        ).expect(201)
        let event = try #require(try await watch.next())
        #expect(event["object"]?["apiVersion"] == "events.k8s.io/v1")
        #expect(event["object"]?["note"] == "made the rules")
        #expect(event["object"]?["regarding"]?["name"] == "shop")
    }
}

@Suite struct FaultTests {
    private typealias Faults = KubernetesFaults

    @Test func `calls are refused so many times`() async throws {
        let server = try await TestServer.withNamespace()
        var faults = KubernetesFaults()
        faults.refusals = [
            .init(
                .init(verbs: ["create"], resource: "configmaps", client: "a"),
                status: .fault(409),
                times: 2
            )
        ]
        server.server.setFaults(faults)
        func post(_ client: String, _ name: String) async -> Int {
            await server.call(.post, Paths.configMaps, Sample.configMap(name), client: client).status
        }
        #expect(await post("b", "1") == 201)
        #expect(await post("a", "2") == 409)
        #expect(await post("a", "3") == 409)
        #expect(await post("a", "4") == 201)
    }

    @Test func `calls are refused for a time and delayed`() async throws {
        let server = try await TestServer.withNamespace()
        var faults = KubernetesFaults()
        faults.refusals = [
            .init(.init(), status: .fault(503), until: server.clock.now.advanced(by: .seconds(10)))
        ]
        faults.delays = [.init(.init(verbs: ["get"]), delay: .seconds(4))]
        server.server.setFaults(faults)
        try await server.get("\(Paths.configMaps)/a").expect(503)
        server.clock.advance(by: .seconds(10))
        let before = server.clock.now
        try await server.get("\(Paths.configMaps)/a").expect(404)
        #expect(before.duration(to: server.clock.now) == .seconds(4))
    }

    @Test func `watches are cut now or after some events`() async throws {
        let server = try await TestServer.withNamespace()
        let first = try await server.watch(
            "\(Paths.configMaps)?resourceVersion=\(server.server.resourceVersion)"
        )
        #expect(server.server.cutWatches(.init(resource: "secrets")) == 0)
        #expect(server.server.cutWatches(.init(resource: "configmaps")) == 1)
        #expect(try await first.rest() == [])
        var faults = KubernetesFaults()
        faults.cuts = [.init(.init(resource: "configmaps"), events: 2)]
        server.server.setFaults(faults)
        let second = try await server.watch(
            "\(Paths.configMaps)?resourceVersion=\(server.server.resourceVersion)"
        )
        for name in ["a", "b", "c"] {
            try await server.post(Paths.configMaps, Sample.configMap(name)).expect(201)
        }
        #expect(try await second.rest() == ["ADDED a", "ADDED b"])
    }

    @Test func `a stalled watch tells everything afterwards`() async throws {
        let server = try await TestServer.withNamespace()
        let watch = try await server.watch(
            "\(Paths.configMaps)?resourceVersion=\(server.server.resourceVersion)"
        )
        var faults = KubernetesFaults()
        faults.stalls = [
            .init(.init(resource: "configmaps"), until: server.clock.now.advanced(by: .seconds(30)))
        ]
        server.server.setFaults(faults)
        try await server.post(Paths.configMaps, Sample.configMap("held")).expect(201)
        let other = try await server.watch("\(Paths.configMaps)?timeoutSeconds=31")
        server.clock.advance(by: .seconds(30))
        #expect(try await watch.line() == "ADDED held")
        server.clock.advance(by: .seconds(1))
        #expect(try await other.rest() == ["ADDED held"])
    }

    @Test func `a running watch can be failed with 410`() async throws {
        let server = try await TestServer.withNamespace()
        let watch = try await server.watch(
            "\(Paths.configMaps)?resourceVersion=\(server.server.resourceVersion)"
        )
        try server.server.compactHistory(failing: .init(resource: "configmaps"))
        #expect(try await watch.rest() == ["ERROR 410"])
    }
}
