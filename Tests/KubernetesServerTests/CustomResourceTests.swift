// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubernetesServer

@Suite struct CustomResourceTests {
    private static let objects = "/apis/alibabacloud.com/v1/albconfigs"

    /// The definition that the controller makes: any content, a status of its own.
    private static func definition(_ schema: JSONValue) -> JSONValue {
        [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "albconfigs.alibabacloud.com"],
            "spec": [
                "group": "alibabacloud.com", "scope": "Cluster",
                "names": ["plural": "albconfigs", "kind": "AlbConfig", "categories": ["all", "kooper"]],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true, "subresources": ["status": [:]],
                        "schema": ["openAPIV3Schema": schema],
                    ]
                ],
            ],
        ]
    }

    private static let open: JSONValue = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]

    private static let strict: JSONValue = [
        "type": "object", "required": ["spec"],
        "properties": [
            "spec": [
                "type": "object",
                "properties": [
                    "edition": ["type": "string", "default": "Standard", "enum": ["Basic", "Standard"]],
                    "weight": ["type": "integer", "minimum": 0, "maximum": 100],
                    "name": ["type": "string", "pattern": "^[a-z]+$", "maxLength": 5],
                    "port": ["x-kubernetes-int-or-string": true],
                    "free": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
                ],
            ]
        ],
    ]

    private func server(_ schema: JSONValue) async throws -> TestServer {
        let server = try TestServer()
        try await server.post(Paths.definitions, Self.definition(schema)).expect(201)
        return server
    }

    private func object(_ name: String, _ spec: JSONValue) -> JSONValue {
        [
            "apiVersion": "alibabacloud.com/v1", "kind": "AlbConfig", "metadata": ["name": .string(name)],
            "spec": spec,
        ]
    }

    @Test func `a definition is established and its resource served`() async throws {
        let server = try await server(Self.open)
        let definition = await server.get("\(Paths.definitions)/albconfigs.alibabacloud.com")
        #expect(definition["status", "conditions"]?[1]?["type"] == "Established")
        #expect(definition["spec", "names", "listKind"] == "AlbConfigList")
        let groups = await server.get("/apis/alibabacloud.com/v1")
        let names = groups["resources"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
        #expect(names == ["albconfigs", "albconfigs/status"])
        #expect(await server.get(Self.objects)["kind"] == "AlbConfigList")
    }

    @Test func `names are accepted after a delay when there is one`() async throws {
        let server = try TestServer(configuration: KubernetesServerConfiguration(establishDelay: .seconds(2)))
        try await server.post(Paths.definitions, Self.definition(Self.open)).expect(201)
        try await server.get(Self.objects).expect(404)
        server.clock.advance(by: .seconds(2))
        try await server.get(Self.objects).expect(200)
    }

    @Test func `open content is kept as it is given, nulls and all`() async throws {
        let server = try await server(Self.open)
        let spec: JSONValue = ["config": ["id": "", "gzipEnabled": nil, "listeners": [["port": 80]]]]
        let made = try await server.post(Self.objects, object("a", spec)).expect(201)
        #expect(made["spec"] == spec)
        #expect(made["metadata", "generation"] == 1)
    }

    @Test func `status and metadata keep to their paths`() async throws {
        let server = try await server(Self.open)
        let made = try await server.post(Self.objects, object("a", ["x": 1])).expect(201)
        let main = await server.merge("\(Self.objects)/a", ["status": ["id": "1"]])
        #expect(main.resourceVersion == made.resourceVersion)
        let status = try await server.merge(
            "\(Self.objects)/a/status",
            ["status": ["id": "1"], "metadata": ["labels": ["a": "b"]], "spec": ["x": 2]]
        ).expect(200)
        #expect(status["status"] == ["id": "1"] && status["spec"] == ["x": 1])
        #expect(status["metadata", "labels"] == nil as JSONValue?)
        #expect(status["metadata", "generation"] == 1)
        let spec = await server.merge("\(Self.objects)/a", ["spec": ["x": 2]])
        #expect(spec["metadata", "generation"] == 2 && spec["status"] == ["id": "1"])
    }

    @Test func `a strict schema prunes and fills in`() async throws {
        let server = try await server(Self.strict)
        let made = try await server.post(
            Self.objects,
            object("a", ["weight": 5, "junk": 1, "free": ["any": ["thing": 1]]])
        ).expect(201)
        #expect(made["spec"] == ["edition": "Standard", "free": ["any": ["thing": 1]], "weight": 5])
        #expect(made.warnings == ["299 - \"unknown field \\\"spec.junk\\\"\""])
    }

    @Test(
        arguments: [
            (["edition": "Gold"], "spec.edition FieldValueNotSupported"),
            (["weight": 101], "spec.weight FieldValueInvalid"),
            (["weight": "1"], "spec.weight FieldValueTypeInvalid"),
            (["name": "1"], "spec.name FieldValueInvalid"),
            (["name": "abcdef"], "spec.name FieldValueTooLong"),
            (["port": []], "spec.port FieldValueTypeInvalid"),
        ] as [(JSONValue, String)]
    )
    func `a strict schema refuses`(_ spec: JSONValue, _ cause: String) async throws {
        let server = try await server(Self.strict)
        let refused = try await server.post(Self.objects, object("a", spec)).expect(422)
        #expect(refused.causes == [cause])
    }

    @Test func `an update needs a resourceVersion`() async throws {
        let server = try await server(Self.open)
        try await server.post(Self.objects, object("a", ["x": 1])).expect(201)
        let refused = try await server.put("\(Self.objects)/a", object("a", ["x": 2])).expect(422)
        #expect(refused.causes == ["metadata.resourceVersion FieldValueInvalid"])
    }

    @Test func `a rule in CEL that is not understood is refused, not passed over`() async throws {
        let server = try TestServer()
        var schema = Self.open
        schema["x-kubernetes-validations"] = [["rule": "url(self.x).getPort() == '80'"]]
        let refused = try await server.post(Paths.definitions, Self.definition(schema)).expect(422)
        #expect(refused.causes.first?.hasSuffix("x-kubernetes-validations[0].rule FieldValueInvalid") == true)
    }

    @Test func `keys of a list must be properties that are always there`() async throws {
        let server = try TestServer()
        let items: JSONValue = [
            "type": "object", "required": ["a"],
            "properties": ["a": ["type": "string"], "b": ["type": "string"]],
        ]
        let list: JSONValue = [
            "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a", "b", "c"],
            "items": items,
        ]
        let schema: JSONValue = ["type": "object", "properties": ["list": list]]
        let refused = try await server.post(Paths.definitions, Self.definition(schema)).expect(422)
        let path = "spec.validation.openAPIV3Schema.properties[list]"
        #expect(
            refused.causes == [
                "\(path).x-kubernetes-list-map-keys FieldValueInvalid",
                "\(path).items.properties[b].default FieldValueRequired",
            ]
        )
    }

    @Test func `groups are listed as APIServices`() async throws {
        let server = try TestServer(configuration: KubernetesServerConfiguration(listsGroups: true))
        let services = "/apis/apiregistration.k8s.io/v1/apiservices"
        #expect(await server.get("\(services)/v1.apps")["spec", "groupPriorityMinimum"] == 17_800)
        try await server.post(Paths.definitions, Self.definition(Self.open)).expect(201)
        let custom = try await server.get("\(services)/v1.alibabacloud.com").expect(200)
        #expect(custom["status", "conditions"]?[0]?["status"] == "True")
        try await server.delete("\(Paths.definitions)/albconfigs.alibabacloud.com").expect(200)
        try await server.get("\(services)/v1.alibabacloud.com").expect(404)
    }

    @Test func `released versions come first, and newer ones`() {
        let versions = ["foo1", "v1alpha2", "v10", "v2beta1", "v1", "v2", "v2beta10", "v01"]
        #expect(
            versions.sorted(by: VersionOrder.precedes)
                == ["v10", "v2", "v1", "v2beta10", "v2beta1", "v1alpha2", "foo1", "v01"]
        )
    }

    @Test func `several versions show one object`() async throws {
        let server = try TestServer()
        var definition = Self.definition(Self.open)
        var older = definition["spec"]?["versions"]?[0] ?? [:]
        older["name"] = "v1beta1"
        older["storage"] = false
        definition.set(["spec", "versions"], [older, definition["spec"]?["versions"]?[0] ?? [:]])
        try await server.post(Paths.definitions, definition).expect(201)
        try await server.post(Self.objects, object("a", ["x": 1])).expect(201)
        let seen = try await server.get("/apis/alibabacloud.com/v1beta1/albconfigs/a").expect(200)
        #expect(seen["apiVersion"] == "alibabacloud.com/v1beta1")
        #expect(seen["spec"] == ["x": 1])
        #expect(await server.get("/apis/alibabacloud.com")["preferredVersion", "version"] == "v1")
    }

    @Test func `a definition takes its objects with it`() async throws {
        let server = try await server(Self.open)
        try await server.post(Self.objects, object("a", [:])).expect(201)
        var held = object("b", [:])
        held.set(["metadata", "finalizers"], ["example.com/hold"])
        try await server.post(Self.objects, held).expect(201)
        let marked = try await server.delete("\(Paths.definitions)/albconfigs.alibabacloud.com").expect(200)
        #expect(marked["metadata", "finalizers"] == ["customresourcecleanup.apiextensions.k8s.io"])
        try await server.get("\(Self.objects)/a").expect(404)
        try await server.get("\(Self.objects)/b").expect(200)
        try await server.merge("\(Self.objects)/b", ["metadata": ["finalizers": nil]]).expect(200)
        try await server.get("\(Paths.definitions)/albconfigs.alibabacloud.com").expect(404)
        #expect(await server.get(Self.objects).text == "404 page not found\n")
    }
}
