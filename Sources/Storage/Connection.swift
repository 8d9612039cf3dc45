// SPDX-License-Identifier: Apache-2.0
import GRDB
import GRDBSQLite

/// What lives inside the database's queue: the SQLite connection and its compiled statements.
final class Connection {
    private let database: GRDB.Database
    private let handle: OpaquePointer
    private var statements: [String: PreparedStatement] = [:]
    /// Statement texts are a program's literals, so there are few; this bounds those who build theirs.
    private static let statementLimit = 500

    init(_ database: GRDB.Database) throws(StorageError) {
        guard let handle = database.sqliteConnection else { throw .misuse("the database is closed") }
        self.database = database
        self.handle = handle
    }

    /// Lends the compiled statement to `body`, bound to the arguments.
    func withStatement<Value>(
        _ sql: String,
        _ arguments: [SQLValue],
        mayWrite: Bool,
        _ body: (PreparedStatement) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        let statement = try prepared(sql)
        guard mayWrite || statement.isReadOnly else {
            throw .misuse("a reading transaction may not write", sql: sql)
        }
        statement.isBusy = true
        defer {
            statement.reset()
            statement.isBusy = false
        }
        try statement.bind(arguments)
        return try body(statement)
    }

    /// A compiled statement that nobody is stepping through.
    func prepared(_ sql: String) throws(StorageError) -> PreparedStatement {
        if let known = statements[sql] {
            return known.isBusy ? try compile(sql) : known
        }
        if statements.count >= Self.statementLimit { statements = statements.filter { $0.value.isBusy } }
        let fresh = try compile(sql)
        statements[sql] = fresh
        return fresh
    }

    /// Compiles exactly one statement.
    func compile(_ sql: String) throws(StorageError) -> PreparedStatement {
        do {
            return PreparedStatement(try database.makeStatement(sql: sql), sql: sql, database: handle)
        } catch {
            throw StorageError(grdb: error, sql: sql)
        }
    }

    /// Runs a statement that has no arguments and whose rows do not matter.
    func perform(_ sql: String) throws(StorageError) {
        try withStatement(sql, [], mayWrite: true) { statement throws(StorageError) in
            try statement.stepToEnd()
        }
    }

    /// Runs several statements, one after the other.
    func script(_ sql: String) throws(StorageError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw StorageError(
                extendedCode: Int(sqlite3_extended_errcode(handle)),
                message: String(cString: sqlite3_errmsg(handle)),
                sql: sql
            )
        }
    }

    /// The only value of a statement that gives one.
    func number(_ sql: String) throws(StorageError) -> Int64 {
        try withStatement(sql, [], mayWrite: true) { statement throws(StorageError) in
            try statement.step() ? statement.row().int64(0) : 0
        }
    }

    /// True between BEGIN and its end.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
    var totalChanges: Int { Int(sqlite3_total_changes(handle)) }
    var lastChanges: Int { Int(sqlite3_changes(handle)) }
    var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Counts down by one at each million of instructions, and interrupts at zero; nil counts no more.
    func limitWork(_ millionsLeft: UnsafeMutablePointer<Int>?) {
        guard let millionsLeft else { return sqlite3_progress_handler(handle, 0, nil, nil) }
        sqlite3_progress_handler(
            handle,
            1_000_000,
            { context in
                guard let left = context?.assumingMemoryBound(to: Int.self) else { return 0 }
                left.pointee -= 1
                return left.pointee > 0 ? 0 : 1
            },
            millionsLeft
        )
    }

    /// Gives the compiled statements up, without which the connection can not close.
    func forgetStatements() {
        statements = [:]
    }
}

extension StorageError {
    init(grdb error: any Error, sql: String? = nil) {
        if let error = error as? StorageError {
            self = error
        } else if let error = error as? DatabaseError {
            self.init(
                extendedCode: Int(error.extendedResultCode.rawValue),
                message: error.message ?? "the database failed",
                sql: sql ?? error.sql
            )
        } else {
            self.init(extendedCode: 1, message: "\(error)", sql: sql)
        }
    }
}
