// SPDX-License-Identifier: Apache-2.0
public import Ports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Puts a trace into SQLite: into a file to keep, or into memory for expectations in SQL.
///
/// A file grows under another name, `….partial`, and takes its own when finished, so there is never half a
/// run at its place.
public final class RunFileWriter: RunReading {
    private let database: Database
    private let path: String?
    /// What is done with every text of an entry before it is written.
    private let textFilter: (@Sendable (String) -> String)?

    /// Begins a run in memory.
    ///
    /// - Parameter textFilter: Changes every text of an entry before it is written, to keep secrets out; nil
    ///   writes them as they are.
    /// - Throws: `StorageError` when SQLite refuses.
    public init(textFilter: (@Sendable (String) -> String)? = nil) throws(StorageError) {
        path = nil
        self.textFilter = textFilter
        database = try Database(.memory, access: .once)
        try prepare()
    }

    /// Begins a run in a file; a saved run of that name is replaced when this one is finished.
    ///
    /// - Throws: `StorageError` when the file can not be made, or something else than a saved run is there.
    public init(path: String, textFilter: (@Sendable (String) -> String)? = nil) throws(StorageError) {
        self.path = path
        self.textFilter = textFilter
        if access(path, F_OK) == 0 { _ = try RunFile(path: path) }
        database = try Self.openPartial(Self.partial(path))
        try prepare()
    }

    deinit {
        database.close()
        if let path { unlink(Self.partial(path)) }
    }

    /// Says what is known of the whole run; later facts take the place of earlier ones.
    ///
    /// - Throws: `StorageError` when the file can not be written.
    public func describe(_ facts: RunFacts) throws(StorageError) {
        for (key, value) in facts.rows { try set(key, value) }
    }

    /// Says something else about the whole run, under a key of its own.
    ///
    /// - Throws: `StorageError` when the file can not be written.
    public func set(_ key: String, _ value: String) throws(StorageError) {
        try database.withWritingConnection { connection in
            try connection.withStatement(
                "INSERT OR REPLACE INTO run VALUES (?, ?)",
                [.text(key), .text(value)],
                mayWrite: true
            ) { statement throws(StorageError) in try statement.stepToEnd() }
        }
    }

    /// Adds entries, all of them in one transaction; about three microseconds each in a release build.
    ///
    /// - Throws: `StorageError` when an entry of that number is there already, or the file can not be written.
    public func append(_ entries: some Sequence<TraceEntry>) throws(StorageError) {
        try withTransaction { connection throws(StorageError) in
            var batch = try EntryBatch(connection, textFilter: textFilter)
            for entry in entries { try batch.insert(entry) }
        }
    }

    /// Adds rows to a table, all of them in one transaction.
    func insert(_ sql: String, _ rows: some Sequence<[SQLValue]>) throws(StorageError) {
        try withTransaction { connection throws(StorageError) in
            for row in rows {
                try connection.withStatement(sql, row, mayWrite: true) { statement throws(StorageError) in
                    try statement.stepToEnd()
                }
            }
        }
    }

    private func withTransaction(
        _ body: (Connection) throws(StorageError) -> Void
    ) throws(StorageError) {
        try database.withWritingConnection { connection in
            try connection.perform("BEGIN IMMEDIATE")
            do {
                try body(connection)
                try connection.perform("COMMIT")
            } catch {
                if connection.isInTransaction { try connection.perform("ROLLBACK") }
                throw error
            }
        }
    }

    /// Runs one statement that only reads over what was added so far.
    ///
    /// - Throws: `StorageError` when it writes, is several, does not compile, or is too much work.
    public func query(_ sql: String, _ arguments: [SQLValue]) throws(StorageError) -> QueryResult {
        try database.withConnection { try OutsideQuery.run(sql, arguments, on: $0) }
    }

    /// Runs one statement of a report's own, that only reads, however much work it is.
    ///
    /// - Throws: `StorageError` when it does not compile, or the run can not be read.
    public func queryAtLength(
        _ sql: String,
        _ arguments: [SQLValue]
    ) throws(StorageError) -> QueryResult {
        try database.withConnection { try OutsideQuery.run(sql, arguments, on: $0, workLimit: .max) }
    }

    /// Makes single entries quick to find; to be called when all of them are there.
    ///
    /// - Throws: `StorageError` when the file can not be written.
    public func makeIndexes() throws(StorageError) {
        try database.withWritingConnection { try $0.script(RunFileSchema.indexes) }
    }

    /// Closes the run; a file takes its place.
    ///
    /// - Throws: `StorageError` when the file can not be put there.
    public func finish() throws(StorageError) {
        if path != nil { try makeIndexes() }
        database.close()
        guard let path else { return }
        guard rename(Self.partial(path), path) == 0 else {
            throw StorageError(
                extendedCode: 10,
                message: "\(path) can not be written: \(String(cString: strerror(errno)))"
            )
        }
    }

    /// Opens the unfinished file, fresh even when a killed process left one.
    private static func openPartial(_ path: String) throws(StorageError) -> Database {
        if access(path, F_OK) == 0 {
            try checkLeftover(path)
            unlink(path)
        }
        return try Database(.file(path), access: .once)
    }

    /// Makes sure that the unfinished file there is a run, and that nobody is writing it.
    private static func checkLeftover(_ path: String) throws(StorageError) {
        do throws(StorageError) {
            let database = try Database(.file(path), access: .exclusive)
            defer { database.close() }
            let (tables, owner) = try database.withConnection { connection in
                (
                    try connection.number("SELECT count(*) FROM sqlite_schema"),
                    try connection.number("PRAGMA application_id")
                )
            }
            guard tables == 0 || owner == Int64(RunFileSchema.applicationID) else {
                throw .misuse("\(path) is in the way: it is no unfinished run")
            }
        } catch {
            // Half written as it is, a leftover may be damaged.
            let isDamaged = error.code == 11
            guard isDamaged else { throw error }
        }
    }

    private static func partial(_ path: String) -> String { path + ".partial" }

    private func prepare() throws(StorageError) {
        try database.migrate([RunFileSchema.definition], applicationID: RunFileSchema.applicationID)
        try set("format", String(RunFileSchema.version))
    }
}
