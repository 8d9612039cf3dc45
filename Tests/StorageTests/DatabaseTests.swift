// SPDX-License-Identifier: Apache-2.0
import Storage
import Testing

@Suite struct DatabaseTests {
    private func table() throws -> Database {
        let database = try Database(.memory)
        try database.write {
            try $0.run("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB)")
        }
        return database
    }

    @Test func `values of every kind come back as they went in`() throws {
        let database = try Database(.memory)
        let values: [SQLValue] = [
            .null, 0, -1, .integer(.max), .integer(.min), 1.5, "", "täglich \u{1F600}", "a\0b",
            .blob([]), .blob([0, 255, 1]),
        ]
        try database.write { try $0.run("CREATE TABLE t (place INTEGER PRIMARY KEY, value)") }
        for (place, value) in values.enumerated() {
            try database.write { try $0.run("INSERT INTO t VALUES (?, ?)", [SQLValue(place), value]) }
        }
        let rows = try database.read {
            try $0.rows("SELECT value, typeof(value) AS type FROM t ORDER BY place")
        }
        #expect(rows.map { $0.value(0) } == values)
        #expect(rows.first?.columnNames == ["value", "type"])
        #expect(rows.map { $0.text("type") }[..<3] == ["null", "integer", "integer"])
        #expect(rows[6].text("type") == "text")
        #expect(rows[9].text("type") == "blob")
    }

    @Test func `a transaction that throws leaves nothing behind`() throws {
        struct Stop: Error {}
        let database = try table()
        #expect(throws: Stop.self) {
            try database.write { transaction in
                try transaction.run("INSERT INTO t (name) VALUES ('a')")
                throw Stop()
            }
        }
        #expect(try database.read { try $0.rows("SELECT * FROM t") }.isEmpty)
        try database.write { try $0.run("INSERT INTO t (name) VALUES ('a')") }
        #expect(try database.read { try $0.row("SELECT count(*) FROM t") }?.int64(0) == 1)
    }

    @Test func `run tells how many rows changed`() throws {
        let database = try table()
        try database.write { transaction throws in
            #expect(try transaction.run("INSERT INTO t (name) VALUES ('a'), ('b'), (NULL)") == 3)
            #expect(transaction.lastInsertedRowID == 3)
            #expect(try transaction.run("UPDATE t SET body = x'00' WHERE name = 'a'") == 1)
            #expect(try transaction.run("UPDATE t SET body = x'00' WHERE name = 'z'") == 0)
            #expect(try transaction.run("CREATE TABLE u (a)") == 0)
            #expect(try transaction.run("DELETE FROM t") == 3)
        }
    }

    @Test func `a broken constraint says so with its code and statement`() throws {
        let database = try table()
        let sql = "INSERT INTO t (name) VALUES (?)"
        let error = #expect(throws: StorageError.self) {
            try database.write { transaction in
                try transaction.run(sql, ["a"])
                try transaction.run(sql, ["a"])
            }
        }
        #expect(error?.code == 19)
        #expect(error?.isUniqueViolation == true)
        #expect(error?.sql == sql)
        #expect(error?.message == "UNIQUE constraint failed: t.name")
    }

    @Test(arguments: [
        ("SELEC 1", "syntax error"), ("SELECT * FROM nowhere", "no such table"), ("", "empty statement"),
        ("SELECT 1; SELECT 2", "Multiple statements"), ("SELECT ?", "expected 1 arguments, found 0"),
    ]) func `a statement that can not run is refused`(sql: String, words: String) throws {
        let database = try table()
        let error = #expect(throws: StorageError.self) { try database.read { try $0.rows(sql) } }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func `a read may not write`() throws {
        let database = try table()
        let error = #expect(throws: StorageError.self) {
            try database.read { try $0.run("INSERT INTO t (name) VALUES ('a')") }
        }
        #expect(error?.message == "a reading transaction may not write")
    }

    @Test func `a transaction kept after its end is refused`() throws {
        let database = try table()
        var kept: Transaction?
        try database.write { kept = $0 }
        #expect(throws: StorageError.self) { try kept?.run("DELETE FROM t") }
    }

    @Test func `a closed database is refused and closing twice is harmless`() throws {
        let database = try table()
        database.close()
        database.close()
        let error = #expect(throws: StorageError.self) { try database.read { try $0.rows("SELECT 1") } }
        #expect(error?.message == "the database is closed")
    }

    @Test func `each stops when told and passes errors on`() throws {
        struct Stop: Error {}
        let database = try table()
        try database.write { try $0.run("INSERT INTO t (name) VALUES ('a'), ('b'), ('c')") }
        var seen: [String] = []
        try database.read { transaction in
            try transaction.each("SELECT name FROM t ORDER BY id") { row in
                seen.append(row.text(0))
                return seen.count < 2
            }
        }
        #expect(seen == ["a", "b"])
        #expect(throws: Stop.self) {
            try database.read { try $0.each("SELECT name FROM t") { _ in throw Stop() } }
        }
        #expect(try database.read { try $0.rows("SELECT name FROM t") }.count == 3)
    }

    @Test func `a statement can run again inside its own rows`() throws {
        let database = try table()
        try database.write { try $0.run("INSERT INTO t (name) VALUES ('a'), ('b')") }
        let sql = "SELECT name FROM t ORDER BY id"
        var pairs: [String] = []
        try database.read { transaction in
            try transaction.each(sql) { outer in
                for inner in try transaction.rows(sql) { pairs.append(outer.text(0) + inner.text(0)) }
                return true
            }
        }
        #expect(pairs == ["aa", "ab", "ba", "bb"])
    }

    @Test func `a cached statement sees a changed schema`() throws {
        let database = try table()
        try database.write { transaction throws in
            try transaction.run("INSERT INTO t (name) VALUES ('a')")
            #expect(try transaction.row("SELECT * FROM t")?.columnNames == ["id", "name", "body"])
            try transaction.run("ALTER TABLE t ADD COLUMN extra DEFAULT 7")
            #expect(try transaction.row("SELECT * FROM t")?.int64("extra") == 7)
        }
    }

    @Test func `reading as another type converts as SQLite does`() throws {
        let row = try #require(try Database(.memory).read { try $0.row("SELECT NULL, 5, '7', 2.9, x'41'") })
        #expect(row.int64(0) == 0 && row.text(0).isEmpty && row.blob(0).isEmpty && row.optionalText(0) == nil)
        #expect(row.text(1) == "5" && row.bool(1) && row.double(1) == 5)
        #expect(row.int64(2) == 7 && row.optionalInt64(2) == 7)
        #expect(row.int64(3) == 2)
        #expect(row.text(4) == "A")
    }
}
