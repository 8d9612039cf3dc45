// SPDX-License-Identifier: Apache-2.0
import GRDB

/// A SQLite database: one connection, one transaction at a time, synchronous calls only.
///
/// Calls run on the calling thread and may come from any; while one is under way others wait. A call from
/// inside another's body is a programming mistake.
public final class Database: Sendable {
    /// Where the database is.
    public enum Location: Sendable, Hashable {
        /// In memory, gone when closed.
        case memory
        /// In a file, which is made when missing; its folder must exist.
        case file(String)
    }

    /// Where it is.
    public let location: Location
    private let queue: DatabaseQueue
    private let session: Session

    /// Opens a database.
    ///
    /// A file is held for this process alone until it is closed. It is not changed before the first write or
    /// migration, so a file that turns out to be somebody else's is unharmed.
    ///
    /// - Parameters:
    ///   - location: Memory or a file.
    ///   - patience: How long to wait for a process that is just letting go of the file.
    /// - Throws: `StorageError` when the file can not be opened, is no database or is held by another process.
    public convenience init(
        _ location: Location,
        patience: Duration = .milliseconds(500)
    ) throws(StorageError) {
        try self.init(location, access: .exclusive, patience: patience)
    }

    init(_ location: Location, access: Access, patience: Duration = .zero) throws(StorageError) {
        self.location = location
        session = Session(access)
        do {
            queue = try Self.open(location, access: access, patience: patience)
            try session.start(queue, location)
        } catch {
            throw Self.explained(StorageError(grdb: error), location)
        }
    }

    deinit {
        session.end(queue)
    }

    /// Runs `body` in one transaction, which is rolled back when it throws.
    ///
    /// - Throws: What `body` throws; `StorageError` when the transaction can not begin or commit.
    @discardableResult
    public func write<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try queue.writeWithoutTransaction { _ in
            let connection = try session.connectionForWriting()
            try connection.perform("BEGIN IMMEDIATE")
            let transaction = Transaction(connection, mayWrite: true)
            defer { transaction.end() }
            do {
                let value = try body(transaction)
                try connection.perform("COMMIT")
                return value
            } catch {
                // Some failures, a full disk among them, have already rolled back.
                if connection.isInTransaction { try connection.perform("ROLLBACK") }
                throw error
            }
        }
    }

    /// Runs `body`, which may read only; nothing is written meanwhile.
    ///
    /// - Throws: What `body` throws; `StorageError` when the database is closed.
    public func read<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try queue.writeWithoutTransaction { _ in
            let transaction = Transaction(try session.connection(), mayWrite: false)
            defer { transaction.end() }
            return try body(transaction)
        }
    }

    /// Closes the database; everything after it is refused, and closing twice is harmless.
    public func close() {
        session.end(queue)
    }

    /// A new file has its schema.
    func schemaIsMade() throws(StorageError) {
        do {
            try queue.writeWithoutTransaction { _ in try session.schemaIsMade() }
        } catch {
            throw StorageError(grdb: error)
        }
    }

    /// Lends the connection itself to other parts of this module.
    func withConnection<Value>(_ body: (Connection) throws -> Value) throws(StorageError) -> Value {
        do {
            return try queue.writeWithoutTransaction { _ in try body(session.connection()) }
        } catch {
            throw StorageError(grdb: error)
        }
    }

    /// Lends the connection once the file may be changed.
    func withWritingConnection<Value>(
        isMaking: Bool = false,
        _ body: (Connection) throws -> Value
    ) throws(StorageError) -> Value {
        do {
            return try queue.writeWithoutTransaction { _ in
                try body(session.connectionForWriting(isMaking: isMaking))
            }
        } catch {
            throw StorageError(grdb: error)
        }
    }
}
