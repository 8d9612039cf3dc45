// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesServer
import Testing

@Suite struct DeletionTests {
    @Test func `a pod on a node is marked and goes when its node says so`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.pods, Sample.pod("a", node: "n1")).expect(201)
        let watch = try await server.watch("\(Paths.pods)?resourceVersion=\(server.server.resourceVersion)")
        let marked = try await server.delete("\(Paths.pods)/a").expect(200)
        #expect(marked["metadata", "deletionGracePeriodSeconds"] == 30)
        #expect(marked["metadata", "generation"] == 2)
        let shorter = try await server.delete("\(Paths.pods)/a", ["gracePeriodSeconds": 10]).expect(200)
        #expect(shorter["metadata", "deletionGracePeriodSeconds"] == 10)
        let longer = try await server.delete("\(Paths.pods)/a", ["gracePeriodSeconds": 20]).expect(200)
        #expect(longer.resourceVersion == shorter.resourceVersion)
        try await server.delete("\(Paths.pods)/a?gracePeriodSeconds=0").expect(200)
        try await server.get("\(Paths.pods)/a").expect(404)
        for expected in ["MODIFIED a", "MODIFIED a", "MODIFIED a", "DELETED a"] {
            #expect(try await watch.line() == expected)
        }
    }

    @Test func `a pod without a node goes at once`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.pods, Sample.pod("a")).expect(201)
        let gone = try await server.delete("\(Paths.pods)/a").expect(200)
        #expect(gone["metadata", "deletionGracePeriodSeconds"] == 0)
        try await server.get("\(Paths.pods)/a").expect(404)
    }

    @Test func `the deletion timestamp lies the grace period ahead`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.pods, Sample.pod("a", node: "n1")).expect(201)
        let marked = await server.delete("\(Paths.pods)/a")
        #expect(marked["metadata", "deletionTimestamp"] == "2026-01-01T00:00:30Z")
        let shorter = await server.delete("\(Paths.pods)/a", ["gracePeriodSeconds": 10])
        #expect(shorter["metadata", "deletionTimestamp"] == "2026-01-01T00:00:10Z")
    }

    @Test(arguments: [Int64.max, Int64.min, -1])
    func `an odd grace period is no reason to stop`(_ seconds: Int64) async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.pods, Sample.pod("a", node: "n1")).expect(201)
        for _ in 0..<2 {
            try await server.delete("\(Paths.pods)/a", ["gracePeriodSeconds": .integer(seconds)]).expect(200)
        }
    }

    @Test func `finalizers hold an object until the last is gone`() async throws {
        let server = try await TestServer.withNamespace()
        var held = Sample.configMap("held")
        held.set(["metadata", "finalizers"], ["example.com/a", "example.com/b"])
        try await server.post(Paths.configMaps, held).expect(201)
        let marked = try await server.delete("\(Paths.configMaps)/held").expect(200)
        #expect(marked["metadata", "deletionTimestamp"] != nil as JSONValue?)
        let again = try await server.delete("\(Paths.configMaps)/held").expect(200)
        #expect(again.resourceVersion == marked.resourceVersion)
        let late = try await server.merge(
            "\(Paths.configMaps)/held",
            ["metadata": ["finalizers": ["example.com/a", "example.com/c"]]]
        ).expect(422)
        #expect(late.causes.first == "metadata.finalizers FieldValueForbidden")
        let taken = try await server.post(Paths.configMaps, Sample.configMap("held")).expect(409)
        #expect(taken["message"]?.stringValue?.hasPrefix("object is being deleted") == true)
        try await server.merge("\(Paths.configMaps)/held", ["metadata": ["finalizers": ["example.com/b"]]])
            .expect(200)
        try await server.merge("\(Paths.configMaps)/held", ["metadata": ["finalizers": nil]]).expect(200)
        try await server.get("\(Paths.configMaps)/held").expect(404)
    }

    @Test(arguments: [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")])
    func `a propagation policy becomes a finalizer`(_ policy: String, _ finalizer: String) async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.deployments, Sample.deployment("web")).expect(201)
        let marked = try await server.delete(
            "\(Paths.deployments)/web",
            ["propagationPolicy": .string(policy)]
        ).expect(200)
        #expect(marked["metadata", "finalizers"] == [.string(finalizer)])
    }

    @Test func `preconditions protect another object of the same name`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.configMaps, Sample.configMap("one")).expect(201)
        let refused = try await server.delete(
            "\(Paths.configMaps)/one",
            ["preconditions": ["uid": "11111111-2222-3333-4444-555555555555"]]
        ).expect(409)
        #expect(refused["reason"] == "Conflict")
        try await server.get("\(Paths.configMaps)/one").expect(200)
    }

    @Test func `a collection is deleted by selector`() async throws {
        let server = try await TestServer.withNamespace()
        for (name, tier) in [("a", "x"), ("b", "y"), ("c", "x")] {
            try await server.post(Paths.configMaps, Sample.configMap(name, labels: ["tier": .string(tier)]))
                .expect(201)
        }
        let gone = try await server.delete("\(Paths.configMaps)?labelSelector=tier%3Dx").expect(200)
        #expect(gone["items"]?.arrayValue?.count == 2)
        let left = await server.get(Paths.configMaps)
        #expect(left["items"]?.arrayValue?.count == 1)
    }

    @Test func `an eviction deletes a pod`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.pods, Sample.pod("a")).expect(201)
        try await server.post("\(Paths.pods)/a/eviction", ["apiVersion": "policy/v1", "kind": "Eviction"])
            .expect(201)
        try await server.get("\(Paths.pods)/a").expect(404)
    }

    @Test func `a pod is bound once`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.pods, Sample.pod("a")).expect(201)
        let binding: JSONValue = ["metadata": ["name": "a"], "target": ["kind": "Node", "name": "n1"]]
        try await server.post("\(Paths.pods)/a/binding", binding).expect(201)
        let bound = await server.get("\(Paths.pods)/a")
        #expect(bound["spec", "nodeName"] == "n1")
        #expect(bound["status", "conditions"]?[0]?["type"] == "PodScheduled")
        try await server.post("\(Paths.pods)/a/binding", binding).expect(409)
    }
}
