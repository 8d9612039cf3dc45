// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON
import KubernetesServer
import Storage
import Testing

@Suite struct DurabilityTests {
    private func withFile(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "albedo-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.appendingPathComponent("state.sqlite").path)
    }

    @Test func `a server goes on where the last one ended`() async throws {
        try await withFile { file in
            let database = try Database(.file(file))
            let first = try TestServer(database: database)
            try await first.post("/api/v1/namespaces", ["metadata": ["name": "n"]]).expect(201)
            let made = try await first.post(Paths.configMaps, Sample.configMap("kept")).expect(201)
            try await first.post(Paths.configMaps, Sample.configMap("gone")).expect(201)
            try await first.delete("\(Paths.configMaps)/gone").expect(200)
            let service = try await first.post(
                Paths.services,
                ["metadata": ["name": "s"], "spec": ["ports": [["port": 80]]]]
            ).expect(201)
            try await first.post(
                Paths.definitions,
                [
                    "metadata": ["name": "things.example.com"],
                    "spec": [
                        "group": "example.com", "scope": "Cluster",
                        "names": ["plural": "things", "kind": "Thing"],
                        "versions": [
                            [
                                "name": "v1", "served": true, "storage": true,
                                "schema": [
                                    "openAPIV3Schema": [
                                        "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                                    ]
                                ],
                            ]
                        ],
                    ],
                ]
            ).expect(201)
            let thing: JSONValue = [
                "apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "t"],
            ]
            try await first.post("/apis/example.com/v1/things", thing).expect(201)
            database.close()

            let second = try TestServer(seed: 2, database: Database(.file(file)))
            #expect(second.server.resourceVersion == first.server.resourceVersion)
            #expect(try await second.get("\(Paths.configMaps)/kept").expect(200).json == made.json)
            try await second.get("\(Paths.configMaps)/gone").expect(404)
            try await second.get("/apis/example.com/v1/things/t").expect(200)
            let other = try await second.post(
                Paths.services,
                ["metadata": ["name": "s2"], "spec": ["ports": [["port": 80]]]]
            ).expect(201)
            #expect(other["spec", "clusterIP"] != service["spec", "clusterIP"])
            let watch = try await second.watch("\(Paths.configMaps)?resourceVersion=\(made.resourceVersion)")
            #expect(try await watch.line() == "ADDED gone")
            #expect(try await watch.line() == "DELETED gone")
        }
    }

    @Test func `forgetting history does not turn the resourceVersion back`() async throws {
        try await withFile { file in
            let database = try Database(.file(file))
            let first = try TestServer(database: database)
            try await first.post("/api/v1/namespaces", ["metadata": ["name": "n"]]).expect(201)
            try await first.post(Paths.configMaps, Sample.configMap("gone")).expect(201)
            try await first.delete("\(Paths.configMaps)/gone").expect(200)
            try first.server.compactHistory()
            let version = first.server.resourceVersion
            database.close()
            let second = try TestServer(database: Database(.file(file)))
            #expect(second.server.resourceVersion == version)
        }
    }
}
