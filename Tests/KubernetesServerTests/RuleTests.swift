// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct RuleTests {
    private static let objects = "/apis/example.com/v1/widgets"

    private func definition(_ rules: [JSONValue], listRules: [JSONValue] = []) -> JSONValue {
        let items: JSONValue = [
            "type": "object", "required": ["key"],
            "properties": ["key": ["type": "string"], "n": ["type": "integer"]],
            "x-kubernetes-validations": .array(listRules),
        ]
        let spec: JSONValue = [
            "type": "object",
            "properties": [
                "low": ["type": "integer"], "high": ["type": "integer"], "name": ["type": "string"],
                "items": [
                    "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["key"],
                    "items": items,
                ],
            ],
            "x-kubernetes-validations": .array(rules),
        ]
        return [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "widgets.example.com"],
            "spec": [
                "group": "example.com", "scope": "Cluster", "names": ["plural": "widgets", "kind": "Widget"],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true,
                        "schema": [
                            "openAPIV3Schema": ["type": "object", "properties": ["spec": spec]]
                        ],
                    ]
                ],
            ],
        ]
    }

    private func widget(_ spec: JSONValue) -> JSONValue {
        ["apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": "w"], "spec": spec]
    }

    private func server(_ rules: [JSONValue], listRules: [JSONValue] = []) async throws -> TestServer {
        let server = try TestServer()
        try await server.post(Paths.definitions, definition(rules, listRules: listRules)).expect(201)
        return server
    }

    @Test func `a broken rule refuses the object with its words, reason and place`() async throws {
        let server = try await server([
            [
                "rule": "self.low <= self.high", "messageExpression": "'low is ' + string(self.low)",
                "reason": "FieldValueForbidden", "fieldPath": ".low",
            ],
            ["rule": "!has(self.name) || self.name.size() > 2"],
        ])
        let refused = try await server.post(Self.objects, widget(["low": 5, "high": 1, "name": "x"])).expect(
            422
        )
        #expect(refused.causes == ["spec.low FieldValueForbidden", "spec FieldValueInvalid"])
        let words = refused["message"]?.stringValue ?? ""
        #expect(words.contains("spec.low: Forbidden: low is 5"))
        #expect(words.contains("failed rule: !has(self.name) || self.name.size() > 2"))
        try await server.post(Self.objects, widget(["low": 1, "high": 5])).expect(201)
    }

    @Test func `a transition rule is asked when there is an earlier state`() async throws {
        let server = try await server(
            [],
            listRules: [["rule": "self.n >= oldSelf.n", "message": "n may only grow"]]
        )
        let made = try await server.post(Self.objects, widget(["items": [["key": "a", "n": 5]]])).expect(201)
        var next = made.json
        next.set(["spec", "items"], [["key": "b", "n": 1], ["key": "a", "n": 4]])
        let refused = try await server.put("\(Self.objects)/w", next).expect(422)
        #expect(refused.causes == ["spec.items[1] FieldValueInvalid"])
        next.set(["spec", "items"], [["key": "b", "n": 1], ["key": "a", "n": 6]])
        try await server.put("\(Self.objects)/w", next).expect(200)
    }

    @Test func `rules wait until the object fits its schema`() async throws {
        let server = try await server([["rule": "self.low <= self.high"]])
        let refused = try await server.post(Self.objects, widget(["low": "x"])).expect(422)
        #expect(refused.causes == ["spec.low FieldValueTypeInvalid", "<nil> FieldValueInvalid"])
    }

    @Test(arguments: ["self.unknown == 1", "self.low +", "self.low", "cidr(self.name).ip() == ''"])
    func `a rule that is not understood refuses the definition`(_ rule: String) async throws {
        let server = try TestServer()
        let refused = try await server.post(Paths.definitions, definition([["rule": .string(rule)]])).expect(
            422
        )
        let path = "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule"
        #expect(refused.causes == ["\(path) FieldValueInvalid"])
    }
}
