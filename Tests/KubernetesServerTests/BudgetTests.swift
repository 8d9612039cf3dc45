// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct BudgetTests {
    private let budgets = "/apis/policy/v1/namespaces/n/poddisruptionbudgets"

    private func ready(_ server: TestServer, _ name: String) async throws {
        try await server.post(Paths.pods, Sample.pod(name, node: "node", labels: ["app": "web"])).expect(201)
        let status: JSONValue = [
            "status": ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]
        ]
        try await server.merge("\(Paths.pods)/\(name)/status", status).expect(200)
    }

    @Test func `an eviction that a budget forbids is refused`() async throws {
        let server = try await TestServer.withNamespace()
        for name in ["a", "b"] { try await ready(server, name) }
        let budget: JSONValue = [
            "metadata": ["name": "web"],
            "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "web"]]],
        ]
        try await server.post(budgets, budget).expect(201)
        #expect(await server.get("\(budgets)/web")["status", "disruptionsAllowed"] == 1)
        let eviction: JSONValue = ["apiVersion": "policy/v1", "kind": "Eviction", "metadata": ["name": "a"]]
        try await server.post("\(Paths.pods)/a/eviction", eviction).expect(201)
        let refused = try await server.post("\(Paths.pods)/b/eviction", eviction).expect(429)
        #expect(refused["details", "causes"]?[0]?["reason"] == "DisruptionBudget")
    }

    @Test func `a budget has one bound`() async throws {
        let server = try await TestServer.withNamespace()
        let budget: JSONValue = [
            "metadata": ["name": "web"], "spec": ["minAvailable": 1, "maxUnavailable": "10%"],
        ]
        #expect(await server.post(budgets, budget).causes == ["spec FieldValueInvalid"])
    }
}
