// SPDX-License-Identifier: Apache-2.0

/// A transaction that is under way: runs statements; not to be kept after the call that lent it.
///
/// Statements are compiled once for each text, so texts should be literals and values arguments (`?`).
public final class Transaction {
    private let connection: Connection
    private let mayWrite: Bool
    private var isOver = false

    init(_ connection: Connection, mayWrite: Bool) {
        self.connection = connection
        self.mayWrite = mayWrite
    }

    /// Runs one statement to its end.
    ///
    /// - Returns: How many rows it inserted, changed or deleted itself.
    /// - Throws: `StorageError`, for example of a broken constraint.
    @discardableResult
    public func run(_ sql: String, _ arguments: [SQLValue] = []) throws(StorageError) -> Int {
        try checkOpen(sql)
        let before = connection.totalChanges
        try connection.withStatement(sql, arguments, mayWrite: mayWrite) { statement throws(StorageError) in
            try statement.stepToEnd()
        }
        return connection.totalChanges == before ? 0 : connection.lastChanges
    }

    /// Runs one statement and gives its rows.
    ///
    /// - Throws: `StorageError` when the statement can not be compiled or fails.
    public func rows(_ sql: String, _ arguments: [SQLValue] = []) throws(StorageError) -> [Row] {
        try checkOpen(sql)
        return try connection.withStatement(sql, arguments, mayWrite: mayWrite) {
            statement throws(StorageError) in
            var rows: [Row] = []
            while try statement.step() { rows.append(statement.row()) }
            return rows
        }
    }

    /// Runs one statement and gives its first row; nil when it has none.
    ///
    /// - Throws: `StorageError` when the statement can not be compiled or fails.
    public func row(_ sql: String, _ arguments: [SQLValue] = []) throws(StorageError) -> Row? {
        try checkOpen(sql)
        return try connection.withStatement(sql, arguments, mayWrite: mayWrite) {
            statement throws(StorageError) in
            try statement.step() ? statement.row() : nil
        }
    }

    /// Runs one statement and shows its rows one by one, until `body` gives false.
    ///
    /// - Throws: `StorageError` when the statement fails, or what `body` throws.
    public func each(_ sql: String, _ arguments: [SQLValue] = [], _ body: (Row) throws -> Bool) throws {
        try checkOpen(sql)
        var stopped: (any Error)?
        try connection.withStatement(sql, arguments, mayWrite: mayWrite) { statement throws(StorageError) in
            while try statement.step() {
                do {
                    if try !body(statement.row()) { return }
                } catch {
                    stopped = error
                    return
                }
            }
        }
        if let stopped { throw stopped }
    }

    /// Runs several statements without arguments, one after the other: for schemas.
    ///
    /// - Throws: `StorageError` of the first one that fails.
    public func script(_ sql: String) throws(StorageError) {
        try checkOpen(sql)
        guard mayWrite else { throw .misuse("a reading transaction runs no script", sql: sql) }
        try connection.script(sql)
    }

    /// The row id of the last row inserted into any table.
    public var lastInsertedRowID: Int64 { connection.lastInsertedRowID }

    /// Refuses all that comes later.
    func end() {
        isOver = true
    }

    private func checkOpen(_ sql: String) throws(StorageError) {
        if isOver { throw .misuse("the transaction is over", sql: sql) }
    }
}
