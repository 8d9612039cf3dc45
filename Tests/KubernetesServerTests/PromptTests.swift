// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesServer
import Ports
import Storage
import Synchronization
import Testing

/// Answers that are given inside the callback that brings the request, and written down together.
@Suite struct PromptTests {
    private func promptly(
        _ server: TestServer,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil
    ) -> HTTPServerResponse? {
        var head = HTTPRequest(method: method, scheme: "http", authority: "server", path: path)
        if body != nil { head.headerFields[.contentType] = "application/json" }
        return server.server.handlePromptly(
            HTTPServerRequest(head: head, body: body?.bytes ?? [], facts: .test)
        )
    }

    @Test func `a prompt answer says what the patient one says`() async throws {
        let server = try await TestServer.withNamespace()
        let made = try #require(promptly(server, .post, Paths.configMaps, Sample.configMap("a")))
        #expect(made.head.status == 201)
        let read = try #require(promptly(server, .get, "\(Paths.configMaps)/a"))
        let patient = await server.send(.get, "\(Paths.configMaps)/a")
        guard case .bytes(let first) = read.body, case .bytes(let second) = patient.body else {
            Issue.record("no whole bodies")
            return
        }
        #expect(first == second)
        #expect(promptly(server, .get, "\(Paths.configMaps)/b")?.head.status == 404)
        #expect(promptly(server, .get, "/readyz")?.head.status == 200)
    }

    @Test func `watches hear of a change when it is written down`() async throws {
        let server = try await TestServer.withNamespace()
        let watch = try await server.watch("\(Paths.configMaps)?resourceVersion=0")
        _ = promptly(server, .post, Paths.configMaps, Sample.configMap("a"))
        _ = promptly(server, .post, Paths.configMaps, Sample.configMap("b"))
        #expect(server.server.settle() == nil)
        #expect(try await watch.line() == "ADDED a")
        #expect(try await watch.line() == "ADDED b")
        // Whoever begins to watch in between gets each change once.
        _ = promptly(server, .post, Paths.configMaps, Sample.configMap("c"))
        let late = try await server.watch("\(Paths.configMaps)?fieldSelector=metadata.name%3Dc")
        #expect(server.server.settle() == nil)
        #expect(try await late.line() == "ADDED c")
        try await server.delete("\(Paths.configMaps)/c").expect(200)
        #expect(try await late.line() == "DELETED c")
    }

    @Test func `a watch that is answered promptly pushes its events`() async throws {
        let server = try await TestServer.withNamespace()
        let response = try #require(promptly(server, .get, "\(Paths.configMaps)?watch=1"))
        guard case .feed(let feed) = response.body else {
            Issue.record("no feed")
            return
        }
        let lines = Mutex<[String]>([])
        feed.map { piece in
            lines.withLock { $0.append(String(decoding: piece, as: UTF8.self)) }
            return piece
        }
        _ = promptly(server, .post, Paths.configMaps, Sample.configMap("a"))
        #expect(server.server.settle() == nil)
        #expect(server.server.cutWatches() == 1)
        #expect(!feed.push([]))
    }

    @Test func `what the store refuses has not happened`() async throws {
        let database = try Database(.memory)
        let server = try TestServer(database: database)
        try await server.post("/api/v1/namespaces", ["metadata": ["name": "n"]]).expect(201)
        let service: JSONValue = ["metadata": ["name": "s"], "spec": ["ports": [["port": 80]]]]
        try await server.post(Paths.services, service).expect(201)
        let version = server.server.resourceVersion
        let watch = try await server.watch("\(Paths.configMaps)?resourceVersion=\(version)")
        try database.write { try $0.script("PRAGMA max_page_count = 1") }
        let large: JSONValue = [
            "metadata": ["name": "large"], "data": ["a": .string(String(repeating: "x", count: 900_000))],
        ]
        _ = promptly(server, .post, Paths.configMaps, Sample.configMap("small"))
        _ = promptly(server, .post, Paths.configMaps, large)
        #expect(server.server.settle()?.head.status == 500)
        #expect(server.server.resourceVersion == version)
        try await server.get("\(Paths.configMaps)/small").expect(404)
        try await server.get("\(Paths.configMaps)/large").expect(404)
        try await server.get("\(Paths.services)/s").expect(200)
        try database.write { try $0.script("PRAGMA max_page_count = 1000000") }
        try await server.post(Paths.configMaps, Sample.configMap("after")).expect(201)
        #expect(try await watch.line() == "ADDED after")
    }

    @Test func `long history is forgotten bit by bit, and no present state with it`() async throws {
        let database = try Database(.memory)
        let server = try TestServer(
            database: database,
            configuration: KubernetesServerConfiguration(
                bookmarkInterval: nil,
                compactionInterval: .seconds(300)
            )
        )
        try await server.post("/api/v1/namespaces", ["metadata": ["name": "n"]]).expect(201)
        for name in ["a", "b"] {
            try await server.post(Paths.configMaps, Sample.configMap(name)).expect(201)
        }
        for turn in 0..<1250 {
            try await server.merge("\(Paths.configMaps)/a", ["data": ["a": .string("v\(turn)")]]).expect(200)
            try await server.post(Paths.configMaps, Sample.configMap("gone")).expect(201)
            try await server.delete("\(Paths.configMaps)/gone").expect(200)
        }
        func rows() throws -> Int64 {
            try database.read { try $0.row("SELECT count(*) FROM revision")?.int64(0) ?? 0 }
        }
        let before = try rows()
        server.clock.advance(by: .seconds(301))
        #expect(try rows() == before)
        server.clock.advance(by: .seconds(310))
        // The first objects, the namespace, a and b.
        #expect(try rows() == before - 3 * 1250)
        let again = try TestServer(database: database)
        #expect(again.server.resourceVersion == server.server.resourceVersion)
        let value = try await again.get("\(Paths.configMaps)/a").expect(200)
        #expect(value["data", "a"] == "v1249")
        try await again.get("\(Paths.configMaps)/b").expect(200)
        try await again.get("\(Paths.configMaps)/gone").expect(404)
    }

    @Test func `history is forgotten by itself when it is old`() async throws {
        let server = try await TestServer.withNamespace(
            configuration: KubernetesServerConfiguration(
                bookmarkInterval: nil,
                compactionInterval: .seconds(300)
            )
        )
        for name in ["a", "b", "c"] {
            try await server.post(Paths.configMaps, Sample.configMap(name)).expect(201)
        }
        let page = try await server.get("\(Paths.configMaps)?limit=2").expect(200)
        let token = try #require(page["metadata", "continue"]?.stringValue)
        try await server.merge("\(Paths.configMaps)/c", ["data": ["a": "2"]]).expect(200)
        server.clock.advance(by: .seconds(301))
        // It is not yet as old as that.
        let old = try await server.get("\(Paths.configMaps)?continue=\(token)").expect(200)
        #expect(old["items"]?[0]?["data"] == ["a": "1"])
        try await server.merge("\(Paths.configMaps)/a", ["data": ["a": "2"]]).expect(200)
        server.clock.advance(by: .seconds(301))
        let gone = try await server.get("\(Paths.configMaps)?continue=\(token)").expect(410)
        let watch = try await server.watch("\(Paths.configMaps)?resourceVersion=\(page.resourceVersion)")
        #expect(try await watch.rest() == ["ERROR 410"])
        // The answer says how to go on all the same.
        let other = try #require(gone["metadata", "continue"]?.stringValue)
        let rest = try await server.get("\(Paths.configMaps)?continue=\(other)").expect(200)
        #expect(rest["items"]?[0]?["data"] == ["a": "2"])
        server.clock.advance(by: .seconds(301))
        #expect(server.clock.timerCount == 0)
    }
}
