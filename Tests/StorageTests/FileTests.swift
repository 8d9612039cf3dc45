// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Storage
import Testing

/// A folder of its own for a test, removed at the end.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "albedo-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }
    func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
}

@Suite struct FileTests {
    private let steps = [
        "CREATE TABLE a (id INTEGER PRIMARY KEY)", "CREATE TABLE b (id INTEGER); INSERT INTO b VALUES (1)",
    ]

    @Test func `what was written is there after closing and opening`() throws {
        let folder = try Folder()
        let path = folder.path("state.sqlite")
        let first = try Database(.file(path))
        try first.migrate(steps, applicationID: 77)
        try first.write { try $0.run("INSERT INTO a VALUES (5)") }
        first.close()
        #expect(try folder.files() == ["state.sqlite"])
        let second = try Database(.file(path))
        try second.migrate(steps, applicationID: 77)
        #expect(try second.read { try $0.row("SELECT id FROM a") }?.int64(0) == 5)
        #expect(try second.read { try $0.rows("SELECT id FROM b") }.count == 1)
    }

    @Test func `what was committed is in the log when the file is not closed`() throws {
        let folder = try Folder()
        let database = try Database(.file(folder.path("state.sqlite")))
        try database.migrate(steps, applicationID: 77)
        try database.write { try $0.run("INSERT INTO a VALUES (5)") }
        // What a killed process leaves: its files as they are at this instant.
        for name in try folder.files() {
            try folder.bytes(name).write(
                to: folder.url.appending(path: "copy" + name.dropFirst("state".count))
            )
        }
        let copy = try Database(.file(folder.path("copy.sqlite")))
        #expect(try copy.read { try $0.row("SELECT id FROM a") }?.int64(0) == 5)
    }

    @Test func `a file that is open is refused to others`() throws {
        let folder = try Folder()
        let path = folder.path("state.sqlite")
        let first = try Database(.file(path))
        let error = #expect(throws: StorageError.self) {
            _ = try Database(.file(path), patience: .milliseconds(1))
        }
        #expect(error?.isBusy == true)
        #expect(error?.message == "\(path) is in use by another process")
        try first.migrate(steps, applicationID: 77)
        #expect(throws: StorageError.self) { _ = try Database(.file(path), patience: .milliseconds(1)) }
        first.close()
        _ = try Database(.file(path))
    }

    @Test func `a newer file is refused and not touched`() throws {
        let folder = try Folder()
        let path = folder.path("state.sqlite")
        let newer = try Database(.file(path))
        try newer.migrate(steps + ["CREATE TABLE c (id)"], applicationID: 77)
        newer.close()
        let before = try folder.bytes("state.sqlite")
        let older = try Database(.file(path))
        let error = #expect(throws: StorageError.self) { try older.migrate(steps, applicationID: 77) }
        #expect(error?.message.contains("has version 3, and only versions up to 2 are known") == true)
        older.close()
        #expect(try folder.bytes("state.sqlite") == before)
    }

    @Test func `somebody else's database is refused and not touched`() throws {
        let folder = try Folder()
        let path = folder.path("state.sqlite")
        let theirs = try Database(.file(path))
        try theirs.write { try $0.run("CREATE TABLE precious (id)") }
        theirs.close()
        let before = try folder.bytes("state.sqlite")
        let ours = try Database(.file(path))
        let error = #expect(throws: StorageError.self) { try ours.migrate(steps, applicationID: 77) }
        #expect(error?.message.contains("expected application id 77, found 0") == true)
        ours.close()
        #expect(try folder.bytes("state.sqlite") == before)
    }

    @Test func `a file that is no database is refused and not touched`() throws {
        let folder = try Folder()
        let text = Data(String(repeating: "not a database\n", count: 100).utf8)
        try text.write(to: folder.url.appending(path: "notes.txt"))
        let path = folder.path("notes.txt")
        let error = #expect(throws: StorageError.self) { _ = try Database(.file(path)) }
        #expect(error?.message == "\(path) is not an SQLite database")
        #expect(try folder.bytes("notes.txt") == text)
    }

    @Test func `a folder that is missing is named`() throws {
        let folder = try Folder()
        let error = #expect(throws: StorageError.self) {
            _ = try Database(.file(folder.path("no/state.sqlite")))
        }
        #expect(error?.message.contains("no/state.sqlite can not be opened") == true)
    }

    @Test func `a migration that fails leaves the version it found`() throws {
        let folder = try Folder()
        let database = try Database(.file(folder.path("state.sqlite")))
        try database.migrate([steps[0]], applicationID: 77)
        #expect(throws: StorageError.self) {
            try database.migrate([steps[0], "CREATE TABLE c (id)", "CREATE TABLE a (id)"], applicationID: 77)
        }
        #expect(try database.read { try $0.row("PRAGMA user_version") }?.int64(0) == 1)
        try database.migrate(steps, applicationID: 77)
        #expect(try database.read { try $0.rows("SELECT * FROM b") }.count == 1)
    }
}
