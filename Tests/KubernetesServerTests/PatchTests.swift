// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import Testing

@testable import KubernetesServer

@Suite struct PatchTests {
    private func strategic(_ kind: String, _ target: JSONValue, _ patch: JSONValue) throws -> JSONValue {
        let place = try #require(Schema.builtIn.place(kind))
        return .object(
            try StrategicMergePatch().apply(
                patch.objectValue ?? [:],
                to: target.objectValue ?? [:],
                as: place
            )
        )
    }

    @Test func `a merge patch changes, removes and adds`() {
        let result = MergePatch.apply(["a": 2, "b": nil, "c": ["d": nil, "e": 1]], to: ["a": 1, "b": 1])
        #expect(result == ["a": 2, "c": ["e": 1]])
        #expect(MergePatch.apply([1], to: ["a": 1]) == [1])
    }

    @Test func `a list with a key is merged by it`() throws {
        let target: JSONValue = ["env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]]]
        let result = try strategic(
            "Container",
            target,
            ["env": [["name": "B", "value": "3"], ["name": "C", "value": "4"]]]
        )
        #expect(result["env"]?.arrayValue?.compactMap { $0["value"] } == ["1", "3", "4"])
    }

    @Test func `what is new stands before what it does not know`() throws {
        let target: JSONValue = ["containers": [["name": "web"]]]
        let result = try strategic("PodSpec", target, ["containers": [["name": "side"]]])
        #expect(result["containers"] == [["name": "side"], ["name": "web"]])
    }

    @Test func `the order directive puts a list in order`() throws {
        let target: JSONValue = ["containers": [["name": "a"], ["name": "b"]]]
        let result = try strategic(
            "PodSpec",
            target,
            [
                "$setElementOrder/containers": [["name": "b"], ["name": "c"], ["name": "a"]],
                "containers": [["name": "c"]],
            ]
        )
        #expect(result["containers"]?.arrayValue?.compactMap { $0["name"] } == ["b", "c", "a"])
    }

    @Test func `directives delete, replace and retain`() throws {
        let target: JSONValue = ["env": [["name": "A"], ["name": "B"]]]
        #expect(
            try strategic("Container", target, ["env": [["name": "A", "$patch": "delete"]]])
                == ["env": [["name": "B"]]]
        )
        #expect(
            try strategic("Container", target, ["env": [["$patch": "replace"], ["name": "Z"]]])
                == ["env": [["name": "Z"]]]
        )
        let strategy: JSONValue = ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1]]
        #expect(
            try strategic("DeploymentStrategy", strategy, ["$retainKeys": ["type"], "type": "Recreate"])
                == ["type": "Recreate"]
        )
    }

    @Test func `finalizers are a set`() throws {
        let target: JSONValue = ["finalizers": ["a"]]
        #expect(
            try strategic("ObjectMeta", target, ["finalizers": ["b", "a"]]) == ["finalizers": ["b", "a"]]
        )
        #expect(
            try strategic("ObjectMeta", target, ["$deleteFromPrimitiveList/finalizers": ["a"]]) == [
                "finalizers": []
            ]
        )
    }

    @Test func `an item without its key is refused`() throws {
        #expect(
            throws: StrategicMergePatch.Mistake(
                message: "map: map[value:1] does not contain declared merge key: name"
            )
        ) {
            _ = try strategic("Container", [:], ["env": [["value": "1"]]])
        }
    }

    @Test func `operations of a JSON patch`() throws {
        let target: JSONValue = ["a": "1", "list": ["x", "y"], "m": ["k/e": 1]]
        let result = try JSONPatch.apply(
            [
                ["op": "test", "path": "/a", "value": "1"], ["op": "replace", "path": "/a", "value": "2"],
                ["op": "add", "path": "/list/1", "value": "n"],
                ["op": "add", "path": "/list/-", "value": "z"],
                ["op": "remove", "path": "/m/k~1e"], ["op": "copy", "from": "/a", "path": "/b"],
                ["op": "move", "from": "/list/0", "path": "/c"],
            ],
            to: target
        )
        #expect(result == ["a": "2", "list": ["n", "y", "z"], "m": [:], "b": "2", "c": "x"])
    }

    @Test(
        arguments: [
            ["op": "remove", "path": "/none"], ["op": "add", "path": "/no/where", "value": 1],
            ["op": "test", "path": "/a", "value": 2], ["op": "nonsense", "path": "/a"],
            ["op": "add", "path": "/list/9", "value": 1], ["op": "add", "path": "/a"],
        ] as [JSONValue]
    )
    func `a JSON patch that does not fit is refused`(_ operation: JSONValue) {
        #expect(throws: JSONPatch.Mistake.self) {
            _ = try JSONPatch.apply([operation], to: ["a": 1, "list": []])
        }
    }

    @Test func `patches are taken by their media type`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.configMaps, Sample.configMap("m")).expect(201)
        let path = "\(Paths.configMaps)/m"
        try await server.call(.patch, path, ["data": ["x": "1"]]).expect(415)
        try await server.call(.patch, path, [:], type: "application/apply-patch+cbor").expect(501)
        let wrong = try await server.merge(path, ["data": ["n": 5]]).expect(422)
        #expect(wrong.causes == ["patch FieldValueInvalid"])
        let late = try await server.merge(path, ["metadata": ["resourceVersion": "1"], "data": ["z": "1"]])
            .expect(409)
        #expect(late["reason"] == "Conflict")
    }
}
