// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import KubernetesServer
import Ports
import Testing

@Suite struct EventFaultTests {
    /// The events of three new config maps as a watch tells them within a minute under a fault.
    private func told(_ effect: KubernetesFaults.Meddling.Effect, times: Int?) async throws -> [String] {
        let server = try await TestServer.withNamespace()
        var faults = KubernetesFaults()
        faults.meddlings = [.init(.init(resource: "configmaps"), effect, times: times)]
        let watch = try await server.watch(
            "\(Paths.configMaps)?resourceVersion=\(server.server.resourceVersion)&timeoutSeconds=60"
        )
        server.server.setFaults(faults)
        for name in ["a", "b", "c"] {
            try await server.post(Paths.configMaps, Sample.configMap(name)).expect(201)
        }
        server.clock.advance(by: .seconds(60))
        return try await watch.rest()
    }

    @Test func `an event is lost`() async throws {
        #expect(try await told(.drop, times: 1) == ["ADDED b", "ADDED c"])
    }

    @Test func `an event comes twice`() async throws {
        #expect(try await told(.duplicate, times: 1) == ["ADDED a", "ADDED a", "ADDED b", "ADDED c"])
    }

    @Test func `an event is late and those behind it wait`() async throws {
        let delay = Duration.seconds(5)
        #expect(try await told(.delay(delay...delay), times: 1) == ["ADDED a", "ADDED b", "ADDED c"])
    }

    @Test func `an event is late and those behind it overtake it`() async throws {
        let delay = Duration.seconds(5)
        #expect(try await told(.reorder(delay...delay), times: 1) == ["ADDED b", "ADDED c", "ADDED a"])
    }

    @Test func `a reader behind the store is shown what was so`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.configMaps, Sample.configMap("old")).expect(201)
        var faults = KubernetesFaults()
        faults.stales = [
            .init(
                .init(client: "a"),
                revision: server.server.resourceVersion,
                until: server.clock.now.advanced(by: .seconds(30))
            )
        ]
        server.server.setFaults(faults)
        try await server.post(Paths.configMaps, Sample.configMap("new")).expect(201)
        func status(_ client: String) async -> Int {
            await server.call(.get, "\(Paths.configMaps)/new", client: client).status
        }
        #expect(await status("a") == 404)
        #expect(await status("b") == 200)
        #expect(await server.call(.get, "\(Paths.configMaps)/old", client: "a").status == 200)
        server.clock.advance(by: .seconds(30))
        #expect(await status("a") == 200)
    }

    @Test func `a call has its effect and is refused all the same`() async throws {
        let server = try await TestServer.withNamespace()
        var faults = KubernetesFaults()
        faults.refusals = [
            .init(.init(verbs: ["create"]), status: .fault(504), times: 1, isAfterEffect: true)
        ]
        server.server.setFaults(faults)
        try await server.post(Paths.configMaps, Sample.configMap("a")).expect(504)
        try await server.get("\(Paths.configMaps)/a").expect(200)
    }
}
