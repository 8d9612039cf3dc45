// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct EventRuleTests {
    private static let core = "/api/v1/namespaces/default/events"
    private static let new = "/apis/events.k8s.io/v1/namespaces/default/events"

    private func event(_ more: JSONObject) -> JSONValue {
        var event: JSONObject = [
            "metadata": ["name": "e"], "eventTime": "2026-01-01T00:00:00.000000Z", "reason": "Made",
            "action": "Make", "type": "Normal", "reportingController": "example.com/c",
            "reportingInstance": "c-1",
            "regarding": ["kind": "Pod", "namespace": "default", "name": "p"],
        ]
        for member in more { event[member.key] = member.value.isNull ? nil : member.value }
        return .object(event)
    }

    @Test(
        arguments: [
            (["eventTime": nil], ["eventTime FieldValueRequired"]),
            (["type": "Odd"], ["type FieldValueInvalid"]),
            (["deprecatedCount": 1], ["count FieldValueInvalid"]),
            (["deprecatedSource": ["component": "c"]], ["source FieldValueInvalid"]),
            (
                ["series": ["count": 1, "lastObservedTime": nil]],
                ["series.count FieldValueInvalid", "series.lastObservedTime FieldValueRequired"]
            ),
            (
                ["reportingController": nil],
                [
                    "reportingController FieldValueRequired", "reportingController FieldValueInvalid",
                    "reportingController FieldValueInvalid",
                ]
            ),
            (["action": .string(String(repeating: "a", count: 129))], ["action FieldValueInvalid"]),
        ] as [(JSONObject, [String])]
    )
    func `an event of the new group says all`(_ more: JSONObject, _ causes: [String]) async throws {
        let server = try TestServer()
        #expect(try await server.post(Self.new, event(more)).expect(422).causes == causes)
    }

    @Test func `an event of the new group stays what it is`() async throws {
        let server = try TestServer()
        let made = try await server.post(Self.new, event([:])).expect(201)
        var next = made.json
        next["note"] = "other"
        next.set(["regarding", "name"], "q")
        let refused = try await server.put("\(Self.new)/e", next).expect(422)
        #expect(refused.causes == ["involvedObject FieldValueInvalid", "message FieldValueInvalid"])
        var again = made.json
        again["series"] = ["count": 2, "lastObservedTime": "2026-01-01T00:00:01.000000Z"]
        try await server.put("\(Self.new)/e", again).expect(200)
    }

    @Test func `an event of the core group is about its own namespace, and may have any name`() async throws {
        let server = try TestServer()
        let event: JSONValue = [
            "metadata": ["name": "Web.17A"],
            "involvedObject": ["kind": "Pod", "namespace": "default", "name": "p"],
        ]
        try await server.post(Self.core, event).expect(201)
        var other = event
        other.set(["involvedObject", "namespace"], "elsewhere")
        let refused = try await server.post(Self.core, other).expect(422)
        #expect(refused.causes == ["involvedObject.namespace FieldValueInvalid"])
    }
}
