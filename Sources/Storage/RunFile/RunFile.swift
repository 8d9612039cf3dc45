// SPDX-License-Identifier: Apache-2.0

/// A saved run, opened for reading.
public final class RunFile: Sendable {
    private let database: Database

    /// Opens a file that a `RunFileWriter` wrote.
    ///
    /// - Throws: `StorageError` when there is no such file, it is no saved run, or a newer program wrote it.
    public init(path: String) throws(StorageError) {
        database = try Database(.file(path), access: .readOnly)
        try Self.check(database, path: path)
    }

    /// What is known of the whole run.
    ///
    /// - Throws: `StorageError` when the file can not be read.
    public func facts() throws(StorageError) -> RunFacts {
        let result = try query("SELECT key, value FROM run ORDER BY key")
        let pairs = result.rows.map { ($0[0].text ?? "", $0[1].text ?? "") }
        return RunFacts(rows: Dictionary(pairs, uniquingKeysWith: { _, last in last }))
    }

    /// Runs one statement that only reads.
    ///
    /// - Throws: `StorageError` when it writes, is several, does not compile, or is too much work.
    public func query(_ sql: String) throws(StorageError) -> QueryResult {
        try database.withConnection { try OutsideQuery.run(sql, on: $0) }
    }

    /// Closes the file; everything after it is refused.
    public func close() {
        database.close()
    }

    static func check(_ database: Database, path: String) throws(StorageError) {
        let (owner, version) = try database.withConnection { connection in
            (try connection.number("PRAGMA application_id"), try connection.number("PRAGMA user_version"))
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
