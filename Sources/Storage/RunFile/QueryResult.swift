// SPDX-License-Identifier: Apache-2.0
import GRDBSQLite

/// What a query over a run gave.
public struct QueryResult: Sendable, Hashable {
    /// The columns' names.
    public let columns: [String]
    /// The rows, each with one value for each column.
    public let rows: [[SQLValue]]
}

/// Runs SQL that came from outside: one statement, which may only read, within limits.
enum OutsideQuery {
    /// More rows than anybody reads.
    static let rowLimit = 1_000_000
    /// Millions of the virtual machine's instructions: some ten seconds, and the same on every machine.
    static let workLimit = 1_000

    private static let openings = ["SELECT", "WITH", "VALUES", "EXPLAIN"]

    static func run(
        _ sql: String,
        _ arguments: [SQLValue] = [],
        on connection: Connection,
        rowLimit: Int = rowLimit,
        workLimit: Int = workLimit
    ) throws(StorageError) -> QueryResult {
        let opening = firstWord(sql)
        guard openings.contains(opening) else {
            throw .misuse(
                opening.isEmpty
                    ? "expected a SELECT, found nothing"
                    : "expected a statement that reads, such as SELECT; found \(opening)",
                sql: sql
            )
        }
        let statement = try compiled(sql, on: connection)
        guard statement.isReadOnly else {
            throw .misuse("expected a statement that reads; this one writes", sql: sql)
        }
        defer { statement.reset() }
        return try connection.withWorkLimit(workLimit) { () throws(StorageError) in
            try statement.bind(arguments)
            var rows: [[SQLValue]] = []
            while try statement.step() {
                if rows.count == rowLimit {
                    throw .misuse("more than \(rowLimit) rows: add a LIMIT", sql: sql)
                }
                rows.append(statement.row().values)
            }
            return QueryResult(columns: statement.columnNames(), rows: rows)
        }
    }

    private static func compiled(
        _ sql: String,
        on connection: Connection
    ) throws(StorageError) -> PreparedStatement {
        do throws(StorageError) {
            return try connection.compile(sql)
        } catch {
            if error.code == Int(SQLITE_MISUSE) {
                throw .misuse("expected one statement, found several", sql: sql)
            }
            throw error
        }
    }

    /// The first word in upper case, behind blanks and comments.
    private static func firstWord(_ sql: String) -> String {
        var rest = Substring(sql)
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == ";" || $0 == "(" }
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                guard let end = rest.firstRange(of: "*/") else { return "" }
                rest = rest[end.upperBound...]
            } else {
                return rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }.uppercased()
            }
        }
    }
}

extension Connection {
    /// Ends a statement that works too long, counted in the virtual machine's instructions.
    func withWorkLimit<Value>(
        _ millions: Int,
        _ body: () throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        let left = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        left.initialize(to: millions)
        defer { left.deallocate() }
        limitWork(left)
        defer { limitWork(nil) }
        do throws(StorageError) {
            return try body()
        } catch {
            guard error.code == Int(SQLITE_INTERRUPT) else { throw error }
            throw StorageError(
                extendedCode: error.extendedCode,
                message: "the query works too long: narrow it down",
                sql: error.sql
            )
        }
    }
}
