// SPDX-License-Identifier: Apache-2.0

/// Anything else worth knowing.
public struct Note: TraceRecord {
    /// The table of the run file.
    public static let table = "note"

    /// A stable word: `fault`, `crash`, `restart`, `limit`, `warning`.
    public var topic: String
    /// What happened.
    public var message: String

    /// Makes a record.
    public init(
        topic: String,
        message: String
    ) {
        self.topic = topic
        self.message = message
    }

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("topic", topic)
        writer.column("message", message)
    }
}
