// SPDX-License-Identifier: Apache-2.0

extension Database {
    /// Brings the schema to its newest version: step n leads from version n to n + 1, all of them or none.
    ///
    /// The version is kept in `user_version`, and `application_id` says whose file it is. Steps that were ever
    /// released are never changed, only added to.
    ///
    /// - Parameters:
    ///   - steps: SQL scripts, oldest first.
    ///   - applicationID: The number that marks files of this kind.
    /// - Throws: `StorageError` when the file is of another kind or newer than the steps; it is left as it is.
    public func migrate(_ steps: [String], applicationID: Int32) throws(StorageError) {
        let version = try withConnection { connection in
            try Self.version(connection, applicationID: applicationID, newest: steps.count, name: name)
        }
        guard version < steps.count else { return }
        try withWritingConnection(isMaking: version == 0) { connection in
            try connection.perform("BEGIN IMMEDIATE")
            do {
                for step in steps[version...] { try connection.script(step) }
                try connection.script("PRAGMA application_id = \(applicationID)")
                try connection.script("PRAGMA user_version = \(steps.count)")
                try connection.perform("COMMIT")
            } catch {
                if connection.isInTransaction { try connection.perform("ROLLBACK") }
                throw error
            }
        }
        try schemaIsMade()
    }

    /// What to call it in messages.
    var name: String {
        if case .file(let path) = location { path } else { "the database" }
    }

    /// The schema's version, 0 for a new file.
    static func version(
        _ connection: Connection,
        applicationID: Int32,
        newest: Int,
        name: String
    ) throws(StorageError) -> Int {
        let owner = try connection.number("PRAGMA application_id")
        let version = try connection.number("PRAGMA user_version")
        let tables = try connection.number("SELECT count(*) FROM sqlite_schema")
        if owner == 0, version == 0, tables == 0 { return 0 }
        guard owner == Int64(applicationID) else {
            throw .misuse(
                "\(name) holds something else: expected application id \(applicationID), found \(owner)"
            )
        }
        guard (0...Int64(newest)).contains(version) else {
            throw .misuse(
                "\(name) has version \(version), and only versions up to \(newest) are known: "
                    + "it was written by a newer program"
            )
        }
        return Int(version)
    }
}
