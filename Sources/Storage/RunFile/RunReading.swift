// SPDX-License-Identifier: Apache-2.0

/// A run that can be asked: a saved one, or one that is kept in memory.
public protocol RunReading: Sendable {
    /// Runs one statement that only reads.
    ///
    /// - Throws: `StorageError` when it writes, is several, does not compile, or is too much work.
    func query(_ sql: String, _ arguments: [SQLValue]) throws(StorageError) -> QueryResult

    /// Runs one statement of a report's own, that only reads, however much work it is.
    ///
    /// - Throws: `StorageError` when it does not compile, or the run can not be read.
    func queryAtLength(_ sql: String, _ arguments: [SQLValue]) throws(StorageError) -> QueryResult
}

extension RunReading {
    /// Runs one statement without arguments that only reads.
    ///
    /// - Throws: `StorageError` when it writes, is several, does not compile, or is too much work.
    public func query(_ sql: String) throws(StorageError) -> QueryResult {
        try query(sql, [])
    }

    /// Everything that is known of the whole run, by key.
    ///
    /// - Throws: `StorageError` when the run can not be read.
    public func keys() throws(StorageError) -> [String: String] {
        let rows = try query("SELECT key, value FROM run ORDER BY key").rows
        return Dictionary(
            rows.map { ($0[0].text ?? "", $0[1].text ?? "") },
            uniquingKeysWith: { _, last in last }
        )
    }

    /// What is known of the whole run.
    ///
    /// - Throws: `StorageError` when the run can not be read.
    public func facts() throws(StorageError) -> RunFacts {
        RunFacts(rows: try keys())
    }

    /// The format's version in which the run was saved.
    ///
    /// - Throws: `StorageError` when the run can not be read.
    public func format() throws(StorageError) -> Int {
        Int(try keys()["format"] ?? "") ?? 1
    }
}
