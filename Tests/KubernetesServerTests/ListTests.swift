// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesServer
import Testing

@Suite struct ListTests {
    private func server() async throws -> TestServer {
        let server = try await TestServer.withNamespace()
        for name in ["a", "b", "c", "d", "e"] {
            let labels: JSONObject = name < "c" ? ["tier": "web", "n": "5"] : ["tier": "db"]
            try await server.post(Paths.configMaps, Sample.configMap(name, labels: labels)).expect(201)
        }
        return server
    }

    private func names(_ answer: TestServer.Answer) -> [String] {
        (answer["items"]?.arrayValue ?? []).compactMap { $0["metadata"]?["name"]?.stringValue }
    }

    @Test(arguments: [
        ("tier%3Dweb", "ab"), ("tier%21%3Dweb", "cde"), ("%21n", "cde"), ("n", "ab"),
        ("tier%20in%20%28web%2Cx%29", "ab"), ("tier%20notin%20%28web%29", "cde"), ("n%3E4", "ab"),
        ("n%3C5", ""),
    ])
    func `labels select`(_ selector: String, _ expected: String) async throws {
        let list = try await server().get("\(Paths.configMaps)?labelSelector=\(selector)").expect(200)
        #expect(names(list).joined() == expected)
    }

    @Test func `fields select, and unknown ones are refused`() async throws {
        let server = try await server()
        #expect(names(await server.get("\(Paths.configMaps)?fieldSelector=metadata.name%3Db")) == ["b"])
        #expect(
            names(await server.get("\(Paths.configMaps)?fieldSelector=metadata.name!%3Db")) == [
                "a", "c", "d", "e",
            ]
        )
        try await server.get("\(Paths.configMaps)?fieldSelector=data.a%3D1").expect(400)
        try await server.get("\(Paths.configMaps)?labelSelector=bad%20value%3Dx").expect(400)
    }

    @Test func `pages show one state though it changes between them`() async throws {
        let server = try await server()
        let first = try await server.get("\(Paths.configMaps)?limit=2").expect(200)
        #expect(names(first) == ["a", "b"])
        #expect(first["metadata", "remainingItemCount"] == 3)
        try await server.delete("\(Paths.configMaps)/c").expect(200)
        try await server.post(Paths.configMaps, Sample.configMap("bb")).expect(201)
        let token = try #require(first["metadata", "continue"]?.stringValue)
        let second = try await server.get("\(Paths.configMaps)?limit=2&continue=\(token)").expect(200)
        #expect(names(second) == ["c", "d"])
        #expect(second.resourceVersion == first.resourceVersion)
        let rest = try #require(second["metadata", "continue"]?.stringValue)
        let third = try await server.get("\(Paths.configMaps)?limit=2&continue=\(rest)").expect(200)
        #expect(names(third) == ["e"])
        #expect(third["metadata", "continue"] == nil as JSONValue?)
        try server.server.compactHistory()
        try await server.get("\(Paths.configMaps)?limit=2&continue=\(token)").expect(410)
    }

    @Test func `an old state can be asked for exactly`() async throws {
        let server = try await server()
        let version = server.server.resourceVersion
        try await server.merge("\(Paths.configMaps)/a", ["data": ["a": "2"]]).expect(200)
        let query = "resourceVersion=\(version)&resourceVersionMatch=Exact&fieldSelector=metadata.name%3Da"
        let old = try await server.get("\(Paths.configMaps)?\(query)").expect(200)
        #expect(old["items"]?[0]?["data"] == ["a": "1"])
        #expect(old.resourceVersion == String(version))
        try await server.get("\(Paths.configMaps)?resourceVersion=999999").expect(504)
        try await server.get("\(Paths.configMaps)?resourceVersion=x").expect(422)
    }

    @Test func `metadata alone is given when it is asked for`() async throws {
        let server = try await server()
        let list = await server.call(
            .get,
            Paths.configMaps,
            accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
        )
        #expect(list["kind"] == "PartialObjectMetadataList")
        #expect(list["items"]?[0]?["data"] == nil as JSONValue?)
        try await server.call(.get, Paths.configMaps, accept: "text/plain").expect(406)
        try await server.call(.get, Paths.configMaps, accept: "application/vnd.kubernetes.protobuf, */*")
            .expect(200)
    }
}
