// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Ports
import Storage
import Testing

@Suite struct RunFileTests {
    private let start = Instant(seconds: 1_800_000_000)
    private var facts: RunFacts {
        RunFacts(scenario: "a scenario", seed: .max, profile: "managed", start: start, digest: "abc")
    }

    private func request(_ number: UInt64, status: Int, after: Duration) -> TraceEntry {
        TraceEntry(
            id: TraceID(number: number),
            at: start.advanced(by: after),
            host: "client",
            cause: TraceID(number: 1),
            event: .request(
                RequestRecord(
                    traffic: "shoppers",
                    connection: 1,
                    exchange: Int64(number),
                    method: "GET",
                    host: "cafe.example.com",
                    path: "/",
                    status: status,
                    outcome: "answered",
                    servedBy: "",
                    certificate: "",
                    latency: .milliseconds(5)
                )
            )
        )
    }

    private func note(_ number: UInt64, _ message: String) -> TraceEntry {
        TraceEntry(
            id: TraceID(number: number),
            at: start,
            host: "cloud",
            event: .note(Note(topic: "fault", message: message))
        )
    }

    @Test func `entries are rows of their table, and views tell when and who`() throws {
        let run = try RunFileWriter()
        try run.describe(facts)
        try run.append([note(1, "begun"), request(2, status: 200, after: .milliseconds(1500))])
        try run.append([request(3, status: 503, after: .seconds(2))])
        #expect(try run.query("SELECT count(*) FROM request WHERE status >= 500").rows == [[1]])
        let result = try run.query(
            "SELECT entry, at_s, recorded_by, caused_by, status, latency_ns FROM requests ORDER BY entry"
        )
        #expect(result.columns == ["entry", "at_s", "recorded_by", "caused_by", "status", "latency_ns"])
        #expect(
            result.rows == [[2, 1.5, "client", 1, 200, 5_000_000], [3, 2.0, "client", 1, 503, 5_000_000]]
        )
        #expect(
            try run.query("SELECT id, at_ns, host, cause, kind FROM entry WHERE id = 1").rows
                == [[1, .integer(start.nanoseconds), "cloud", 0, "note"]]
        )
        #expect(try run.query("SELECT message FROM notes").rows == [["begun"]])
    }

    @Test func `every kind of record has a table and a view from the start`() throws {
        let run = try RunFileWriter()
        try run.describe(facts)
        let names = try run.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").rows
        let beside = [
            "configuration_body", "configuration_part", "entry", "expectation", "object_body", "run",
        ]
        let kinds = TraceEvent.samples.map { type(of: $0.record).table }
        #expect(names.map { $0[0].text ?? "" } == (beside + kinds).sorted())
        let views = try run.query("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").rows
            .map { $0[0].text ?? "" }
        #expect(views.contains("requests") && views.contains("object_bodies") && views.contains("causes"))
        #expect(views.count == kinds.count + 3)
        for (number, sample) in TraceEvent.samples.enumerated() {
            try run.append([
                TraceEntry(id: TraceID(number: UInt64(number + 1)), at: start, host: "h", event: sample)
            ])
        }
        for view in views where !["object_bodies", "configuration_parts", "causes"].contains(view) {
            let result = try run.query("SELECT * FROM \(view)")
            #expect(result.rows.count == 1, "\(view)")
            #expect(Set(result.columns).count == result.columns.count, "\(view) names a column twice")
        }
    }

    @Test func `what entries name is kept beside them, equal parts once`() throws {
        let run = try RunFileWriter()
        try run.describe(facts)
        try run.append([
            TraceEntry(
                id: TraceID(number: 1),
                at: start,
                host: "kubernetes",
                event: .object(
                    ObjectRevision(
                        verb: "create",
                        resource: "pods",
                        namespace: "default",
                        name: "tea",
                        revision: 7,
                        bodyDigest: 1
                    )
                )
            )
        ])
        try run.append(bodies: [(revision: 7, body: #"{"kind":"Pod"}"#)])
        #expect(
            try run.query("SELECT name, json_extract(body, '$.kind') FROM object_bodies").rows
                == [["tea", "Pod"]]
        )
        try run.append(
            configurations: [1, 2].map { version in
                SavedConfiguration(
                    loadBalancer: "alb-1",
                    version: version,
                    head: "{}",
                    listeners: [#"{"port":80}"#],
                    serverGroups: [#"{"version":\#(version)}"#]
                )
            }
        )
        #expect(try run.query("SELECT count(*) FROM configuration_part").rows == [[3]])
        #expect(
            try run.query("SELECT kind, count(*) FROM configuration_parts GROUP BY kind ORDER BY kind").rows
                == [["listener", 2], ["server group", 2]]
        )
        try run.append(
            expectations: [
                SavedExpectation(
                    name: "n",
                    file: "f",
                    line: 1,
                    column: 2,
                    expected: "e",
                    isMet: false,
                    seen: ["a", "b"]
                )
            ]
        )
        #expect(
            try run.query("SELECT met, first_wrong_ns, seen FROM expectation").rows == [[0, .null, "a\nb"]]
        )
    }

    @Test func `texts go through the filter, names of hosts and kinds do not`() throws {
        let run = try RunFileWriter(textFilter: { $0.contains("hunter2") ? "hidden" : $0 })
        try run.append([note(1, "the password is hunter2")])
        #expect(try run.query("SELECT topic, message FROM notes").rows == [["fault", "hidden"]])
    }

    @Test func `a query takes arguments`() throws {
        let run = try RunFileWriter()
        try run.append([note(1, "one"), note(2, "two")])
        #expect(try run.query("SELECT entry FROM note WHERE message = ?", [.text("two")]).rows == [[2]])
        #expect(throws: StorageError.self) { try run.query("SELECT ?", []) }
    }

    @Test func `a file whose end is missing is refused as damaged`() throws {
        let folder = try Folder()
        let writer = try RunFileWriter(path: folder.path("run.sqlite"))
        try writer.describe(facts)
        try writer.append((1...3000).map { request($0, status: 200, after: .milliseconds(Int64($0))) })
        try writer.finish()
        let whole = try Data(contentsOf: URL(filePath: folder.path("run.sqlite")))
        for length in [whole.count / 2, whole.count - 4096, 5000] {
            try whole.prefix(length).write(to: URL(filePath: folder.path("half.sqlite")))
            let error = #expect(throws: StorageError.self) { try RunFile(path: folder.path("half.sqlite")) }
            #expect(error?.message.contains("damaged") == true, "\(length): \(error?.message ?? "")")
        }
    }

    @Test func `a saved run is one file that can be opened and asked`() throws {
        let folder = try Folder()
        let path = folder.path("run.sqlite")
        let writer = try RunFileWriter(path: path)
        try writer.describe(facts)
        try writer.set("verdict", "passed")
        try writer.append((1...2500).map { request($0, status: 200, after: .milliseconds(Int64($0))) })
        #expect(try folder.files() == ["run.sqlite.partial"])
        try writer.finish()
        #expect(try folder.files() == ["run.sqlite"])
        let run = try RunFile(path: path)
        #expect(try run.facts() == facts)
        #expect(try run.query("SELECT value FROM run WHERE key = 'verdict'").rows == [["passed"]])
        #expect(try run.query("SELECT count(*), max(at_s) FROM requests").rows == [[2500, 2.5]])
        #expect(
            try run.query("SELECT value FROM run WHERE key = 'start'").rows == [
                ["2027-01-15T08:00:00.000000000Z"]
            ]
        )
        let beside = try RunFile(path: path)
        #expect(
            try beside.query("SELECT count(*) FROM entry").rows
                == run.query("SELECT count(*) FROM request").rows
        )
    }

    @Test func `a run that is not finished leaves no file`() throws {
        let folder = try Folder()
        do {
            let writer = try RunFileWriter(path: folder.path("run.sqlite"))
            try writer.append([note(1, "begun")])
        }
        #expect(try folder.files().isEmpty)
    }

    @Test func `a saved run is replaced, anything else is not`() throws {
        let folder = try Folder()
        let path = folder.path("run.sqlite")
        for seed in [1, 2] as [UInt64] {
            let writer = try RunFileWriter(path: path)
            try writer.describe(RunFacts(scenario: "s", seed: seed, profile: "", start: start))
            try writer.finish()
        }
        #expect(try RunFile(path: path).facts().seed == 2)
        let text = Data("precious".utf8)
        try text.write(to: folder.url.appending(path: "notes.txt"))
        #expect(throws: StorageError.self) { _ = try RunFileWriter(path: folder.path("notes.txt")) }
        #expect(try folder.bytes("notes.txt") == text)
        #expect(try folder.files() == ["notes.txt", "run.sqlite"])
    }

    @Test func `what a killed process left does not get in the way`() throws {
        let folder = try Folder()
        let writer = try RunFileWriter(path: folder.path("old.sqlite"))
        try writer.append([note(1, "left over")])
        try folder.bytes("old.sqlite.partial").write(to: folder.url.appending(path: "run.sqlite.partial"))
        let next = try RunFileWriter(path: folder.path("run.sqlite"))
        try next.append([note(1, "new")])
        try next.finish()
        #expect(
            try RunFile(path: folder.path("run.sqlite")).query("SELECT message FROM note").rows == [["new"]]
        )
    }

    @Test func `what is in the way of the unfinished file is not harmed`() throws {
        let folder = try Folder()
        let theirs = try Database(.file(folder.path("run.sqlite.partial")))
        try theirs.write { try $0.run("CREATE TABLE precious (id)") }
        let path = folder.path("run.sqlite")
        let busy = #expect(throws: StorageError.self) { _ = try RunFileWriter(path: path) }
        #expect(busy?.message == "\(path).partial is in use by another process")
        theirs.close()
        let before = try folder.bytes("run.sqlite.partial")
        let refused = #expect(throws: StorageError.self) { _ = try RunFileWriter(path: path) }
        #expect(refused?.message == "\(path).partial is in the way: it is no unfinished run")
        #expect(try folder.bytes("run.sqlite.partial") == before)
        #expect(try folder.files() == ["run.sqlite.partial"])
        try before[..<(before.count / 2)].write(to: folder.url.appending(path: "half.sqlite.partial"))
        let writer = try RunFileWriter(path: folder.path("half.sqlite"))
        try writer.append([note(1, "new")])
        try writer.finish()
        #expect(
            try RunFile(path: folder.path("half.sqlite")).query("SELECT message FROM notes").rows == [["new"]]
        )
    }

    @Test func `files that are no runs are refused`() throws {
        let folder = try Folder()
        let path = folder.path("state.sqlite")
        #expect(throws: StorageError.self) { _ = try RunFile(path: path) }
        let database = try Database(.file(path))
        try database.migrate(["CREATE TABLE a (b)"], applicationID: 5)
        database.close()
        let error = #expect(throws: StorageError.self) { _ = try RunFile(path: path) }
        #expect(error?.message == "\(path) is not a saved run")
    }

    @Test func `a saved run opened as a state file is refused and not touched`() throws {
        let folder = try Folder()
        let path = folder.path("run.sqlite")
        let writer = try RunFileWriter(path: path)
        try writer.append([note(1, "a")])
        try writer.finish()
        let before = try folder.bytes("run.sqlite")
        let database = try Database(.file(path))
        #expect(throws: StorageError.self) { try database.migrate(["CREATE TABLE a (b)"], applicationID: 5) }
        database.close()
        #expect(try folder.bytes("run.sqlite") == before)
        #expect(try folder.files() == ["run.sqlite"])
    }

    @Test func `an entry that is there twice is refused, with its whole batch`() throws {
        let run = try RunFileWriter()
        try run.append([note(1, "a")])
        #expect(throws: StorageError.self) { try run.append([note(2, "b"), note(1, "c")]) }
        #expect(try run.query("SELECT count(*) FROM note").rows == [[1]])
        #expect(try run.query("SELECT count(*) FROM entry").rows == [[1]])
    }

    @Test(arguments: [
        ("DELETE FROM note", "expected a statement that reads, such as SELECT; found DELETE"),
        ("PRAGMA user_version = 9", "expected a statement that reads, such as SELECT; found PRAGMA"),
        ("ATTACH 'x' AS y", "expected a statement that reads, such as SELECT; found ATTACH"),
        ("BEGIN", "expected a statement that reads, such as SELECT; found BEGIN"),
        (
            "-- hello\n /* x */ ; drop table note",
            "expected a statement that reads, such as SELECT; found DROP"
        ),
        ("WITH a AS (SELECT 1) DELETE FROM note", "expected a statement that reads; this one writes"),
        ("", "expected a SELECT, found nothing"), ("/* no end", "expected a SELECT, found nothing"),
        ("SELECT 1; SELECT 2", "expected one statement, found several"),
        ("SELECT 1; DELETE FROM note", "expected one statement, found several"),
        ("SELECT 1; nonsense", "expected one statement, found several"),
        ("SELECT * FROM nowhere", "no such table: nowhere"), ("SELECT ?", "expected 1 arguments, found 0"),
        (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
            "more than 1000000 rows: add a LIMIT"
        ),
    ]) func `a query that does anything but read is refused`(sql: String, message: String) throws {
        let run = try RunFileWriter()
        try run.append([note(1, "a")])
        let error = #expect(throws: StorageError.self) { try run.query(sql) }
        #expect(error?.message == message)
        #expect(try run.query("SELECT message FROM note").rows == [["a"]])
    }

    @Test(arguments: [
        "SELECT 1", " select 1 ; ", "-- why\nSELECT 1; -- done", "VALUES (1)",
        "WITH a(b) AS (VALUES (1)) SELECT b FROM a",
    ]) func `a query may be written in many ways`(sql: String) throws {
        #expect(try RunFileWriter().query(sql).rows == [[1]])
    }
}
