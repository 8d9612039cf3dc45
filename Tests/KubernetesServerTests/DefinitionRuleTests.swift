// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

/// What is refused of a definition, field by field, as the real server names the fields: those that all versions
/// have alike stand above them.
@Suite struct DefinitionRuleTests {
    private static let schema: JSONValue = [
        "type": "object",
        "properties": ["spec": ["type": "object", "properties": ["a": ["type": "string"]]]],
    ]

    private static func version(_ name: String, _ more: JSONObject = [:]) -> JSONValue {
        var version: JSONObject = [
            "name": .string(name), "served": true, "storage": true, "schema": ["openAPIV3Schema": schema],
        ]
        for member in more { version[member.key] = member.value }
        return .object(version)
    }

    private static func definition(
        _ versions: [JSONValue] = [version("v1")],
        _ more: JSONObject = [:]
    ) -> JSONValue {
        var spec: JSONObject = [
            "group": "example.com", "scope": "Namespaced", "names": ["plural": "things", "kind": "Thing"],
            "versions": .array(versions),
        ]
        for member in more { spec[member.key] = member.value }
        return [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "things.example.com"], "spec": .object(spec),
        ]
    }

    private func refused(_ definition: JSONValue) async throws -> [String] {
        let server = try TestServer()
        return try await server.post(Paths.definitions, definition).expect(422).causes
    }

    @Test(
        arguments: [
            (["scope": "Other"], ["spec.scope FieldValueNotSupported"]),
            (["scope": ""], ["spec.scope FieldValueRequired"]),
            (
                ["names": ["plural": "things", "kind": "1Thing", "listKind": "1Thing"]],
                // The singular is the kind in small letters when nobody says it.
                [
                    "spec.names.singular FieldValueInvalid", "spec.names.kind FieldValueInvalid",
                    "spec.names.listKind FieldValueInvalid", "spec.names.listKind FieldValueInvalid",
                ]
            ),
            (
                [
                    "names": [
                        "plural": "things", "kind": "Thing", "shortNames": ["ok", "No"], "categories": ["A"],
                    ]
                ],
                ["spec.names.shortNames[1] FieldValueInvalid", "spec.names.categories[0] FieldValueInvalid"]
            ),
            (["preserveUnknownFields": true], ["spec.preserveUnknownFields FieldValueInvalid"]),
            (
                ["conversion": ["strategy": "Webhook"]],
                [
                    "spec.conversion.webhookClientConfig FieldValueRequired",
                    "spec.conversion.conversionReviewVersions FieldValueRequired",
                ]
            ),
            (
                [
                    "conversion": [
                        "strategy": "Webhook",
                        "webhook": [
                            "clientConfig": ["url": "http://u@h/?q#f"], "conversionReviewVersions": ["v2"],
                        ],
                    ]
                ],
                Array(repeating: "spec.conversion.webhookClientConfig.url FieldValueInvalid", count: 4)
                    + ["spec.conversion.conversionReviewVersions FieldValueInvalid"]
            ),
        ] as [(JSONObject, [String])]
    )
    func `names, scope and conversion`(_ spec: JSONObject, _ causes: [String]) async throws {
        let found = try await refused(Self.definition([Self.version("v1")], spec))
        #expect(found == causes)
    }

    @Test func `a group of the Kubernetes project needs an approval`() async throws {
        var definition = Self.definition([Self.version("v1")], ["group": "x.k8s.io"])
        definition.set(["metadata", "name"], "things.x.k8s.io")
        #expect(
            try await refused(definition)
                == ["metadata.annotations[api-approved.kubernetes.io] FieldValueRequired"]
        )
        definition.set(["metadata", "annotations"], ["api-approved.kubernetes.io": "unapproved, a trial"])
        try await TestServer().post(Paths.definitions, definition).expect(201)
    }

    @Test(
        arguments: [
            ([], ["spec.versions FieldValueInvalid", "status.storedVersions FieldValueInvalid"]),
            (
                [version("v1", ["storage": false])],
                ["spec.versions FieldValueInvalid", "status.storedVersions FieldValueInvalid"]
            ),
            (
                [version("v1"), version("v1")],
                ["spec.versions FieldValueInvalid", "spec.versions FieldValueInvalid"]
            ),
            ([version("1")], ["spec.versions[0].name FieldValueInvalid", "spec.version FieldValueInvalid"]),
            (
                [version("v1", ["schema": nil])],
                ["spec.versions[0].schema.openAPIV3Schema FieldValueRequired"]
            ),
            (
                [version("v1", ["deprecationWarning": "old"])],
                ["spec.versions[0].deprecationWarning FieldValueInvalid"]
            ),
            (
                [
                    version(
                        "v1",
                        ["additionalPrinterColumns": [["name": "", "type": "text", "jsonPath": "spec"]]]
                    )
                ],
                [
                    "spec.additionalPrinterColumns[0].name FieldValueRequired",
                    "spec.additionalPrinterColumns[0].type FieldValueInvalid",
                    "spec.additionalPrinterColumns[0].JSONPath FieldValueInvalid",
                ]
            ),
            (
                [
                    version(
                        "v1",
                        [
                            "subresources": [
                                "scale": [
                                    "specReplicasPath": ".status.a", "statusReplicasPath": "status.a",
                                    "labelSelectorPath": ".metadata.a",
                                ]
                            ]
                        ]
                    )
                ],
                [
                    "spec.subresources.scale.specReplicasPath FieldValueInvalid",
                    "spec.subresources.scale.statusReplicasPath FieldValueInvalid",
                    "spec.subresources.scale.labelSelectorPath FieldValueInvalid",
                ]
            ),
            (
                [
                    version(
                        "v1",
                        [
                            "selectableFields": [
                                ["jsonPath": ".spec.b"], ["jsonPath": ".spec"], ["jsonPath": ""],
                            ]
                        ]
                    )
                ],
                [
                    "spec.selectableFields[0].jsonPath FieldValueInvalid",
                    "spec.selectableFields[1].jsonPath FieldValueInvalid",
                    "spec.selectableFields[2].jsonPath FieldValueRequired",
                ]
            ),
        ] as [([JSONValue], [String])]
    )
    func versions(_ versions: [JSONValue], _ causes: [String]) async throws {
        #expect(try await refused(Self.definition(versions)) == causes)
    }

    @Test func `versions that differ are complained about one by one`() async throws {
        var wrong = Self.version("v2", ["storage": false])
        wrong.set(["schema", "openAPIV3Schema", "properties"], ["spec": [:]])
        #expect(
            try await refused(Self.definition([Self.version("v1"), wrong]))
                == ["spec.versions[1].schema.openAPIV3Schema.properties[spec].type FieldValueRequired"]
        )
    }

    private static let root = "spec.validation.openAPIV3Schema"

    @Test(
        arguments: [
            (["type": "array"], ["items FieldValueRequired"]),
            (
                ["x-kubernetes-int-or-string": true, "x-kubernetes-preserve-unknown-fields": true],
                ["x-kubernetes-preserve-unknown-fields FieldValueInvalid"]
            ),
            (["type": "text"], ["type FieldValueNotSupported"]),
            (
                ["type": "string", "anyOf": [["type": "string", "description": "x"]]],
                ["anyOf[0].description FieldValueForbidden", "anyOf[0].type FieldValueForbidden"]
            ),
            (["type": "string", "$ref": "#/a"], ["$ref FieldValueForbidden"]),
            (["type": "string", "uniqueItems": true], ["uniqueItems FieldValueForbidden"]),
            (["type": "string", "pattern": "("], ["pattern FieldValueInvalid"]),
            (["type": "string", "default": 1], ["default FieldValueTypeInvalid"]),
            (
                ["type": "object", "default": ["x": 1], "properties": ["y": ["type": "string"]]],
                ["default FieldValueInvalid"]
            ),
            (
                [
                    "type": "object", "properties": ["y": ["type": "string"]],
                    "additionalProperties": ["type": "string"],
                ],
                ["additionalProperties FieldValueForbidden"]
            ),
            (
                ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "object"]],
                ["items.x-kubernetes-map-type FieldValueInvalid"]
            ),
            (
                ["type": "object", "x-kubernetes-embedded-resource": true],
                ["properties FieldValueRequired"]
            ),
            (
                [
                    "type": "string",
                    "x-kubernetes-validations": [["rule": " "], ["rule": "true", "reason": "X"]],
                ],
                [
                    "x-kubernetes-validations[0].rule FieldValueRequired",
                    "x-kubernetes-validations[1].reason FieldValueNotSupported",
                ]
            ),
            (
                [
                    "type": "array",
                    "items": ["type": "string", "x-kubernetes-validations": [["rule": "self == oldSelf"]]],
                ],
                ["items.x-kubernetes-validations[0].rule FieldValueInvalid"]
            ),
        ] as [(JSONValue, [String])]
    )
    func schemas(_ property: JSONValue, _ causes: [String]) async throws {
        var version = Self.version("v1")
        version.set(["schema", "openAPIV3Schema", "properties"], ["f": property])
        let found = try await refused(Self.definition([version]))
        #expect(found == causes.map { "\(Self.root).properties[f].\($0)" })
    }

    @Test func `what a condition looks at is said to be there`() async throws {
        var version = Self.version("v1")
        version.set(
            ["schema", "openAPIV3Schema", "allOf"],
            [["properties": ["x": ["pattern": "a"], "spec": ["required": ["a"]]]]]
        )
        #expect(
            try await refused(Self.definition([version])) == ["\(Self.root).properties[x] FieldValueRequired"]
        )
    }

    @Test func `metadata are not described anew`() async throws {
        var version = Self.version("v1")
        version.set(
            ["schema", "openAPIV3Schema", "properties", "metadata"],
            ["type": "object", "properties": ["labels": ["type": "object"]]]
        )
        #expect(
            try await refused(Self.definition([version]))
                == ["\(Self.root).properties[metadata] FieldValueForbidden"]
        )
    }

    @Test func `a stored version stays until nothing is stored in it`() async throws {
        let server = try TestServer()
        let made = try await server.post(
            Paths.definitions,
            Self.definition([Self.version("v1"), Self.version("v2", ["storage": false])])
        ).expect(201)
        var next = await server.get("\(Paths.definitions)/things.example.com").json
        #expect(made["status", "storedVersions"] == ["v1"])
        next.set(["spec", "versions"], [Self.version("v2")])
        let refused = try await server.put("\(Paths.definitions)/things.example.com", next).expect(422)
        #expect(refused.causes == ["status.storedVersions[0] FieldValueInvalid"])
    }

    @Test func `a name that another definition of the group has is not accepted`() async throws {
        let server = try TestServer()
        try await server.post(
            Paths.definitions,
            Self.definition(
                [Self.version("v1")],
                ["names": ["plural": "things", "kind": "Thing", "shortNames": ["t"]]]
            )
        ).expect(201)
        var second = Self.definition(
            [Self.version("v1")],
            ["names": ["plural": "trees", "kind": "Tree", "shortNames": ["t"]]]
        )
        second.set(["metadata", "name"], "trees.example.com")
        try await server.post(Paths.definitions, second).expect(201)
        let seen = await server.get("\(Paths.definitions)/trees.example.com")
        #expect(seen["status", "conditions"]?[0]?["reason"] == "ShortNamesConflict")
        #expect(seen["status", "conditions"]?[1]?["status"] == "False")
        #expect(seen["status", "acceptedNames", "plural"] == "trees")
        try await server.get("/apis/example.com/v1/trees").expect(404)
    }

    @Test func `choices that do not fit are told as of the whole object`() async throws {
        let server = try TestServer()
        var version = Self.version("v1")
        version.set(
            ["schema", "openAPIV3Schema", "properties", "spec", "oneOf"],
            [["required": ["a"]], ["required": ["b"]]]
        )
        version.set(
            ["schema", "openAPIV3Schema", "properties", "spec", "properties", "b"],
            ["type": "string"]
        )
        try await server.post(Paths.definitions, Self.definition([version])).expect(201)
        let things = "/apis/example.com/v1/namespaces/default/things"
        func thing(_ spec: JSONValue) -> JSONValue {
            ["apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "t"], "spec": spec]
        }
        let none = try await server.post(things, thing([:])).expect(422)
        #expect(none.causes == ["<nil> FieldValueInvalid", "spec.a FieldValueRequired"])
        let both = try await server.post(things, thing(["a": "1", "b": "2"])).expect(422)
        #expect(both.causes == ["<nil> FieldValueInvalid"])
        try await server.post(things, thing(["a": "1"])).expect(201)
    }
}
