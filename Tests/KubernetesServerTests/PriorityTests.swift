// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite struct PriorityTests {
    private static let classes = "/apis/scheduling.k8s.io/v1/priorityclasses"
    private static let pods = "/api/v1/namespaces/n/pods"

    private static func pod(_ fields: JSONObject) -> JSONValue {
        var spec: JSONValue = ["containers": [["name": "a", "image": "x"]]]
        for field in fields { spec[field.key] = field.value }
        return ["metadata": ["name": "p"], "spec": spec]
    }

    @Test func `a pod without a class has the lowest priority`() async throws {
        let server = try await TestServer.withNamespace()
        let answer = try await server.post(Self.pods, Self.pod([:])).expect(201)
        #expect(answer["spec", "priority"] == 0)
        #expect(answer["spec", "preemptionPolicy"] == "PreemptLowerPriority")
        #expect(answer["spec", "priorityClassName"] == nil)
    }

    @Test func `a class that is not there refuses the pod`() async throws {
        let server = try await TestServer.withNamespace()
        let answer = try await server.post(Self.pods, Self.pod(["priorityClassName": "foo"])).expect(403)
        #expect(answer["reason"] == "Forbidden")
        #expect(
            answer["message"]?.stringValue
                == "pods \"p\" is forbidden: no PriorityClass with name foo was found"
        )
    }

    @Test func `the built-in classes are there`() async throws {
        let server = try await TestServer.withNamespace()
        let pod = Self.pod(["priorityClassName": "system-node-critical"])
        let answer = try await server.post(Self.pods, pod).expect(201)
        #expect(answer["spec", "priority"] == 2_000_001_000)
        let wrong = Self.pod(["priorityClassName": "system-node-critical", "priority": 5])
        let refused = try await server.post(Self.pods, wrong).expect(403)
        #expect(
            refused["message"]?.stringValue
                == "pods \"p\" is forbidden: the integer value of priority (5) must not be provided in pod spec; "
                + "priority admission controller computed 2000001000 from the given PriorityClass name"
        )
    }

    @Test func `one class may be for all others`() async throws {
        let server = try await TestServer.withNamespace()
        let low: JSONValue = ["metadata": ["name": "low"], "value": -5, "globalDefault": true]
        try await server.post(Self.classes, low).expect(201)
        let answer = try await server.post(Self.pods, Self.pod([:])).expect(201)
        #expect(answer["spec", "priorityClassName"] == "low")
        #expect(answer["spec", "priority"] == -5)
        let other: JSONValue = ["metadata": ["name": "other"], "value": 1, "globalDefault": true]
        let refused = try await server.post(Self.classes, other).expect(403)
        #expect(
            refused["message"]?.stringValue
                == "priorityclasses.scheduling.k8s.io \"other\" is forbidden: PriorityClass low is already marked as "
                + "default. Only one default can exist"
        )
    }

    @Test func `values are bounded, and fixed`() async throws {
        let server = try await TestServer.withNamespace()
        let high: JSONValue = ["metadata": ["name": "high"], "value": 1_000_000_001]
        let refused = try await server.post(Self.classes, high).expect(422)
        #expect(
            refused.words == [
                "value: Forbidden: maximum allowed value of a user defined priority is 1000000000"
            ]
        )
        let system: JSONValue = ["metadata": ["name": "system-x"], "value": 1]
        #expect(
            try await server.post(Self.classes, system).expect(422).causes == [
                "metadata.name FieldValueForbidden"
            ]
        )
        let some: JSONValue = ["metadata": ["name": "some"], "value": 7]
        let made = try await server.post(Self.classes, some).expect(201)
        #expect(made["preemptionPolicy"] == "PreemptLowerPriority")
        #expect(made["metadata", "generation"] == 1)
        let changed = try await server.merge("\(Self.classes)/some", ["value": 8]).expect(422)
        #expect(changed.words == ["value: Forbidden: may not be changed in an update."])
    }
}
