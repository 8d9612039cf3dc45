// SPDX-License-Identifier: Apache-2.0

/// Why the database did not do what was asked.
public struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// SQLite's primary result code, for example 19 for a broken constraint.
    public let code: Int
    /// SQLite's extended result code, for example 2067 for a unique constraint.
    public let extendedCode: Int
    /// What went wrong, in words.
    public let message: String
    /// The statement, when there was one.
    public let sql: String?

    /// Makes an error from an extended result code.
    public init(extendedCode: Int, message: String, sql: String? = nil) {
        self.code = extendedCode & 0xff
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
    }

    /// The message with the code and the statement.
    public var description: String {
        "\(message) (SQLite error \(extendedCode))" + (sql.map { " in: \($0)" } ?? "")
    }

    /// True when a row of that key is already there.
    public var isUniqueViolation: Bool { extendedCode == 2067 || extendedCode == 1555 }

    /// True when somebody else holds the file.
    public var isBusy: Bool { code == 5 || code == 6 }

    /// An error in how the database is used, or in a file that is not what it should be.
    static func misuse(_ message: String, sql: String? = nil) -> StorageError {
        StorageError(extendedCode: 21, message: message, sql: sql)
    }
}
