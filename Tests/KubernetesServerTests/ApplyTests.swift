// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import Testing

@testable import KubernetesServer

@Suite struct ApplyTests {
    private func apply(
        _ server: TestServer,
        _ path: String,
        _ body: JSONValue,
        by manager: String,
        force: Bool = false
    ) async -> TestServer.Answer {
        let query = "?fieldManager=\(manager)\(force ? "&force=true" : "")"
        return await server.call(.patch, path + query, body, type: "application/apply-patch+yaml")
    }

    private func configMap(_ data: JSONObject, labels: JSONObject = [:]) -> JSONValue {
        Sample.configMap("a", data, labels: labels)
    }

    private let path = "\(Paths.configMaps)/a"

    /// `manager operation fields` of an answer.
    private func managers(_ answer: TestServer.Answer) -> [String] {
        (answer["metadata", "managedFields"]?.arrayValue ?? []).map { entry in
            let words = ["manager", "operation", "subresource"].compactMap { entry[$0]?.stringValue }
            return "\(words.joined(separator: " ")) \(entry["fieldsV1"]?.text ?? "")"
        }
    }

    @Test func `what is applied is made, owned and taken away again`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try await apply(server, path, configMap(["x": "1", "y": "2"]), by: "one").expect(201)
        #expect(managers(made) == [#"one Apply {"f:data":{"f:x":{},"f:y":{}}}"#])
        let less = try await apply(server, path, configMap(["x": "1"]), by: "one").expect(200)
        #expect(less["data"] == ["x": "1"])
        #expect(managers(less) == [#"one Apply {"f:data":{"f:x":{}}}"#])
    }

    @Test func `applying the same again changes nothing`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try await apply(server, path, configMap(["x": "1"]), by: "one").expect(201)
        server.clock.advance(by: .seconds(10))
        let again = try await apply(server, path, configMap(["x": "1"]), by: "one").expect(200)
        #expect(again.json == made.json)
    }

    @Test func `a field of another manager is a conflict, and force takes it`() async throws {
        let server = try await TestServer.withNamespace()
        try await apply(server, path, configMap(["x": "1", "y": "1"]), by: "one").expect(201)
        let refused = try await apply(server, path, configMap(["x": "2"]), by: "two").expect(409)
        #expect(refused["message"] == #"Apply failed with 1 conflict: conflict with "one": .data.x"#)
        #expect(refused.causes == [".data.x FieldManagerConflict"])
        let forced = try await apply(server, path, configMap(["x": "2"]), by: "two", force: true).expect(200)
        #expect(forced["data"] == ["x": "2", "y": "1"])
        #expect(managers(forced).contains(#"one Apply {"f:data":{"f:y":{}}}"#))
    }

    @Test func `a field of two managers stays when one gives it up`() async throws {
        let server = try await TestServer.withNamespace()
        try await apply(server, path, configMap(["x": "1"]), by: "one").expect(201)
        try await apply(server, path, configMap(["x": "1"]), by: "two").expect(200)
        let left = try await apply(server, path, configMap([:]), by: "one").expect(200)
        #expect(left["data"] == ["x": "1"])
    }

    @Test func `every write keeps the owners`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try await server.post(Paths.configMaps, configMap(["x": "1"])).expect(201)
        #expect(managers(made) == [#"test Update {"f:data":{".":{},"f:x":{}}}"#])
        let patched = await server.call(
            .patch,
            "\(path)?fieldManager=other",
            ["data": ["x": "2"], "metadata": ["labels": ["a": "b"]]],
            type: "application/merge-patch+json"
        )
        #expect(
            managers(patched).sorted() == [
                #"other Update {"f:data":{"f:x":{}},"f:metadata":{"f:labels":{".":{},"f:a":{}}}}"#,
                #"test Update {"f:data":{}}"#,
            ]
        )
    }

    @Test func `an update that changes nothing moves no time`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try await server.post(Paths.configMaps, configMap(["x": "1"])).expect(201)
        server.clock.advance(by: .seconds(10))
        let again = try await server.put(path, made.json).expect(200)
        #expect(again.json == made.json)
        let touched = try await server.merge(path, ["data": ["x": "1"]]).expect(200)
        #expect(touched.json == made.json)
    }

    @Test func `items of a list are owned by their keys`() async throws {
        let server = try await TestServer.withNamespace()
        let web = "\(Paths.deployments)/web"
        try await server.post(Paths.deployments, Sample.deployment("web")).expect(201)
        var body = Sample.deployment("web")
        body.set(["spec", "template", "spec", "containers"], [["name": "side", "image": "side:1"]])
        let applied = try await apply(server, web, body, by: "mesh").expect(200)
        let containers = applied["spec", "template", "spec", "containers"]?.arrayValue ?? []
        #expect(containers.compactMap { $0["name"] } == ["web", "side"])
        body.set(["spec", "template", "spec", "containers"], nil)
        let less = try await apply(server, web, body, by: "mesh").expect(200)
        let left = less["spec", "template", "spec", "containers"]?.arrayValue ?? []
        #expect(left.compactMap { $0["name"] } == ["web"])
    }

    @Test func `rules of an Ingress are one value`() async throws {
        let server = try await TestServer.withNamespace()
        let ingress = "\(Paths.ingresses)/shop"
        try await apply(server, ingress, Sample.ingress("shop"), by: "one").expect(201)
        let other = Sample.ingress("shop", host: "other.example.com")
        let refused = try await apply(server, ingress, other, by: "two").expect(409)
        #expect(refused.causes == [".spec.rules FieldManagerConflict"])
    }

    @Test func `the status has owners of its own`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.ingresses, Sample.ingress("shop")).expect(201)
        let status: JSONValue = ["status": ["loadBalancer": ["ingress": [["hostname": "a.example.com"]]]]]
        let written = await server.merge("\(Paths.ingresses)/shop/status", status)
        #expect(
            managers(written).contains(
                #"test Update status {"f:status":{"f:loadBalancer":{"f:ingress":{}}}}"#
            )
        )
    }

    @Test func `what does not fit the schema is refused`() async throws {
        let server = try await TestServer.withNamespace()
        var body = Sample.ingress("shop")
        body.set(["spec", "bogus"], 1)
        let refused = try await apply(server, "\(Paths.ingresses)/shop", body, by: "x").expect(500)
        #expect(
            refused["message"]?.stringValue?.hasSuffix(".spec.bogus: field not declared in schema") ?? false
        )
        let nameless = await server.call(
            .patch,
            path,
            configMap([:]),
            type: "application/apply-patch+yaml"
        )
        #expect(nameless.causes == ["fieldManager FieldValueRequired"])
    }

    @Test func `managers beyond the tenth are put together`() async throws {
        let server = try await TestServer.withNamespace()
        try await server.post(Paths.configMaps, configMap(["x": "1"])).expect(201)
        for number in 0..<14 {
            server.clock.advance(by: .seconds(1))
            let body: JSONValue = ["data": ["k\(number)": "1"]]
            let answer = await server.call(
                .patch,
                "\(path)?fieldManager=m\(number)",
                body,
                type: "application/merge-patch+json"
            )
            try answer.expect(200)
        }
        var names: [Substring] = []
        for manager in managers(await server.get(path)) { names.append(manager.prefix { $0 != " " }) }
        #expect(names.count == 10)
        #expect(names.contains("ancient-changes"))
    }

    @Test func `sets of fields know union, difference and paths`() throws {
        func set(_ text: String) throws -> FieldSet {
            FieldSet(try JSONValue(parsing: text).objectValue ?? [:])
        }
        let left = try set(#"{"f:a":{".":{},"f:b":{}},"f:c":{}}"#)
        let right = try set(#"{"f:a":{"f:b":{}},"f:d":{}}"#)
        #expect(left.union(right) == (try set(#"{"f:a":{".":{},"f:b":{}},"f:c":{},"f:d":{}}"#)))
        #expect(left.subtracting(right) == (try set(#"{"f:a":{},"f:c":{}}"#)))
        #expect(left.intersection(right) == (try set(#"{"f:a":{"f:b":{}}}"#)))
        let keys = try set(#"{"f:p":{"k:{\"port\":443}":{},"k:{\"port\":80}":{}}}"#)
        let sorted = FieldSet(
            FieldSet.node(isMember: false, keys.root["f:p"]?.objectValue?.members ?? []) ?? [:]
        )
        #expect(sorted.root.members.first?.key == #"k:{"port":80}"#)
        #expect(left.paths == [".a", ".c", ".a.b"])
    }
}
