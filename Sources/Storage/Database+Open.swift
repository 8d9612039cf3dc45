// SPDX-License-Identifier: Apache-2.0
import GRDB

extension Database {
    /// How a file is opened.
    enum Access: Sendable {
        /// Held for this process alone, changes kept in a write-ahead log.
        case exclusive
        /// Held for this process alone and written once from start to end, without a log.
        case once
        /// Only read, beside others who read.
        case readOnly
    }

    static func open(_ location: Location, access: Access, patience: Duration) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "albedo"
        configuration.readonly = access == .readOnly
        let wait = patience.components
        configuration.busyMode = .timeout(Double(wait.seconds) + Double(wait.attoseconds) / 1e18)
        switch location {
        case .memory:
            return try DatabaseQueue(named: nil, configuration: configuration)
        case .file(let path):
            if access != .readOnly {
                configuration.prepareDatabase { database in
                    // Before the first read: then no other process gets in, the write-ahead log needs no
                    // shared memory file, and no transaction has to ask for locks.
                    try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
                    // Nobody needs half a file: it is made under another name, and thrown away when not
                    // finished. Later would be too late, the lock's first taking leaves a journal behind.
                    if access == .once { try database.execute(sql: "PRAGMA journal_mode = OFF") }
                }
            }
            return try DatabaseQueue(path: path, configuration: configuration)
        }
    }

    /// The error in the words of whoever opened a file.
    static func explained(_ error: StorageError, _ location: Location) -> StorageError {
        guard case .file(let path) = location else { return error }
        let message =
            switch error.code {
            case 5, 6: "\(path) is in use by another process"
            case 11: "\(path) is damaged, as a file is whose end is missing: \(error.message)"
            case 14: "\(path) can not be opened: \(error.message)"
            case 26: "\(path) is not an SQLite database"
            default: "\(path): \(error.message)"
            }
        return StorageError(extendedCode: error.extendedCode, message: message, sql: nil)
    }
}

/// The connection's state; touched only inside the database's queue, which is what makes it safe to share.
final class Session: @unchecked Sendable {
    private let access: Database.Access
    private var present: Connection?
    private var isFile = false
    private var isReadyForWriting = false
    private var isFresh = false

    init(_ access: Database.Access) {
        self.access = access
    }

    func start(_ queue: DatabaseQueue, _ location: Database.Location) throws {
        try queue.writeWithoutTransaction { database in
            let connection = try Connection(database)
            isFile = location != .memory
            if isFile, access != .readOnly {
                // Takes the lock now, so that whoever comes second is refused when it opens the file. An empty file
                // gets its first page, which nobody waits for; how later writes are flushed is chosen before them.
                try connection.perform("PRAGMA synchronous = OFF")
                try connection.perform("BEGIN EXCLUSIVE")
                try connection.perform("COMMIT")
            }
            present = connection
        }
    }

    func connection() throws(StorageError) -> Connection {
        guard let present else { throw .misuse("the database is closed") }
        return present
    }

    /// The connection, with the file's journal chosen: that changes the file, so it waits for the first write.
    ///
    /// With `isMaking` the file is new, and its schema is what is written first; `schemaIsMade` follows.
    func connectionForWriting(isMaking: Bool = false) throws(StorageError) -> Connection {
        let connection = try connection()
        if isReadyForWriting { return connection }
        isFresh = isMaking
        switch (access, isFile) {
        case (.readOnly, _): throw .misuse("the database was opened for reading")
        case (.exclusive, true):
            // A commit is one append to the log: it is with the operating system when the call returns, so it
            // outlives this process however it ends. NORMAL flushes the disk only when the log is folded back
            // into the file; a power cut may lose the last commits but can not tear the file.
            // A file that is just being made is not flushed: until the log is folded back for the first time, a power
            // cut may lose it as a whole.
            try connection.perform("PRAGMA synchronous = \(isFresh ? "OFF" : "NORMAL")")
            try connection.perform("PRAGMA journal_mode = WAL")
            // Folding the log back costs two flushes of the disk: once in 32 MB is enough.
            try connection.perform("PRAGMA wal_autocheckpoint = 8192")
        case (.once, true):
            try connection.perform("PRAGMA synchronous = OFF")
        case (_, false):
            // The journal of a rollback is kept in memory; without one a transaction could not be taken back.
            try connection.perform("PRAGMA journal_mode = MEMORY")
            try connection.perform("PRAGMA synchronous = OFF")
            try connection.perform("PRAGMA locking_mode = EXCLUSIVE")
        }
        isReadyForWriting = true
        return connection
    }

    /// The schema is made: from now on the log is flushed before it is folded back.
    func schemaIsMade() throws(StorageError) {
        guard isFresh else { return }
        isFresh = false
        try connection().perform("PRAGMA synchronous = NORMAL")
    }

    func end(_ queue: DatabaseQueue) {
        queue.writeWithoutTransaction { _ in
            present?.forgetStatements()
            present = nil
        }
        // All statements are gone, so closing can only fail when the disk does; what was committed is kept in
        // the log then.
        try? queue.close()
    }
}
