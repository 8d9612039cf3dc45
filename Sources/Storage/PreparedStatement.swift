// SPDX-License-Identifier: Apache-2.0
import GRDB
import GRDBSQLite

/// A compiled statement: binds values, steps, reads columns, straight on SQLite's calls.
///
/// GRDB compiles and owns it; its own execution keeps observation and argument checks that cost more than a
/// small insert does.
final class PreparedStatement {
    let sql: String
    let isReadOnly: Bool
    /// True while somebody steps through its rows; then the same text needs another statement.
    var isBusy = false
    private let owner: Statement
    private let handle: OpaquePointer
    private let database: OpaquePointer
    private let parameterCount: Int
    private var names: [String] = []

    init(_ owner: Statement, sql: String, database: OpaquePointer) {
        self.owner = owner
        self.sql = sql
        self.database = database
        handle = owner.sqliteStatement
        isReadOnly = owner.isReadonly
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
    }

    /// SQLite copies what is bound this way before the call returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    func bind(_ arguments: [SQLValue]) throws(StorageError) {
        guard arguments.count == parameterCount else {
            throw .misuse("expected \(parameterCount) arguments, found \(arguments.count)", sql: sql)
        }
        var place: Int32 = 0
        for argument in arguments {
            place += 1
            switch argument {
            case .null: try check(sqlite3_bind_null(handle, place))
            case .integer(let number): try check(sqlite3_bind_int64(handle, place, number))
            case .real(let number): try check(sqlite3_bind_double(handle, place, number))
            case .text(let text): try bind(text, at: place)
            case .blob(let bytes): try bind(bytes, at: place)
            }
        }
    }

    func bind(_ number: Int64, at place: Int32) throws(StorageError) {
        try check(sqlite3_bind_int64(handle, place, number))
    }

    func bind(_ text: String, at place: Int32) throws(StorageError) {
        var copy = text
        let code = copy.withUTF8 { bytes in
            // The empty text has no address, and no address would be NULL.
            guard let base = bytes.baseAddress else {
                return sqlite3_bind_text(handle, place, "", 0, Self.copied)
            }
            return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(
                    handle,
                    place,
                    $0,
                    UInt64(bytes.count),
                    Self.copied,
                    UInt8(truncatingIfNeeded: SQLITE_UTF8)
                )
            }
        }
        try check(code)
    }

    private func bind(_ bytes: [UInt8], at place: Int32) throws(StorageError) {
        let code = bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, !buffer.isEmpty else {
                return sqlite3_bind_zeroblob(handle, place, 0)
            }
            return sqlite3_bind_blob64(handle, place, base, UInt64(buffer.count), Self.copied)
        }
        try check(code)
    }

    /// Goes on to the next row; false at the end.
    func step() throws(StorageError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure()
        }
    }

    /// Steps to the end.
    func stepToEnd() throws(StorageError) {
        while try step() {}
    }

    /// Makes it ready to be used again; bound values stay until the next ones take their place.
    func reset() {
        // The code repeats the failure of the last step, which has been reported.
        _ = sqlite3_reset(handle)
    }

    /// The present row, copied.
    func row() -> Row {
        let count = Int(sqlite3_data_count(handle))
        return Row(values: (0..<Int32(count)).map(value), columnNames: columnNames(count))
    }

    /// The columns' names; they follow the schema, so they are only known for sure once a step was made.
    func columnNames(_ count: Int? = nil) -> [String] {
        let count = count ?? Int(sqlite3_column_count(handle))
        if names.count != count {
            names = (0..<Int32(count)).map { column in
                sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
            }
        }
        return names
    }

    private func value(_ column: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(handle, column) else { return .text("") }
            let count = Int(sqlite3_column_bytes(handle, column))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let start = sqlite3_column_blob(handle, column) else { return .blob([]) }
            let count = Int(sqlite3_column_bytes(handle, column))
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }

    private func check(_ code: Int32) throws(StorageError) {
        if code != SQLITE_OK { throw failure() }
    }

    private func failure() -> StorageError {
        StorageError(
            extendedCode: Int(sqlite3_extended_errcode(database)),
            message: String(cString: sqlite3_errmsg(database)),
            sql: sql
        )
    }
}
