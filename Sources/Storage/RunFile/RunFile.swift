// SPDX-License-Identifier: Apache-2.0

/// A saved run, opened for reading.
public final class RunFile: RunReading {
    private let database: Database

    /// Opens a file that a `RunFileWriter` wrote.
    ///
    /// - Throws: `StorageError` when there is no such file, it is no saved run, a part of it is missing, or a
    ///   newer program wrote it.
    public init(path: String) throws(StorageError) {
        database = try Database(.file(path), access: .readOnly)
        do throws(StorageError) {
            try Self.check(database, path: path)
        } catch {
            database.close()
            throw error
        }
    }

    /// Runs one statement that only reads.
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

    /// Closes the file; everything after it is refused.
    public func close() {
        database.close()
    }

    static func check(_ database: Database, path: String) throws(StorageError) {
        let owner: Int64
        let version: Int64
        do throws(StorageError) {
            (owner, version) = try database.withConnection { connection in
                (
                    try connection.number("PRAGMA application_id"),
                    try connection.number("PRAGMA user_version")
                )
            }
        } catch {
            // 11: malformed, 26: not a database.
            guard error.code == 11 || error.code == 26 else { throw error }
            throw .misuse(
                error.code == 26
                    ? "\(path) is not a saved run"
                    : "\(path) is damaged, as a file is whose end is missing: \(error.message)"
            )
        }
        guard owner == Int64(RunFileSchema.applicationID) else { throw .misuse("\(path) is not a saved run") }
        guard version <= Int64(RunFileSchema.version) else {
            throw .misuse(
                "\(path) has format \(version), and only formats up to \(RunFileSchema.version) are known: "
                    + "it was written by a newer program"
            )
        }
    }
}
