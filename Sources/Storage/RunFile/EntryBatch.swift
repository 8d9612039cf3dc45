// SPDX-License-Identifier: Apache-2.0
import Ports

/// Inserts entries through statements that are looked up once.
struct EntryBatch {
    private let entryStatement: PreparedStatement
    /// By the view's name, which stands for the kind; only ever looked up.
    private var recordStatements: [String: (statement: PreparedStatement, table: String)] = [:]
    private let textFilter: (@Sendable (String) -> String)?

    init(
        _ connection: Connection,
        textFilter: (@Sendable (String) -> String)? = nil
    ) throws(StorageError) {
        self.textFilter = textFilter
        entryStatement = try connection.prepared(RunFileSchema.entryInsertion)
        for table in RunFileSchema.tables {
            recordStatements[table.view] = (try connection.prepared(table.insertion), table.name)
        }
    }

    mutating func insert(_ entry: TraceEntry) throws(StorageError) {
        let kind = RunFileSchema.view(of: entry.event)
        guard let (record, table) = recordStatements[kind] else { throw .misuse("no table for \(kind)") }
        let id = Int64(bitPattern: entry.id.number)
        var row = RowBinder(entryStatement)
        row.bind(id)
        row.bind(entry.at.nanoseconds)
        row.bind(entry.host)
        row.bind(Int64(bitPattern: entry.cause.number))
        row.bind(table)
        try row.insert()
        row = RowBinder(record, textFilter: textFilter)
        row.bind(id)
        entry.event.write(to: &row)
        try row.insert()
    }
}

/// Binds values from left to right and inserts the row; remembers the first failure until then.
private struct RowBinder: TraceWriter {
    private let statement: PreparedStatement
    private var place: Int32 = 0
    private var failure: StorageError?
    private let textFilter: (@Sendable (String) -> String)?

    init(_ statement: PreparedStatement, textFilter: (@Sendable (String) -> String)? = nil) {
        self.statement = statement
        self.textFilter = textFilter
    }

    mutating func bind(_ value: Int64) {
        place += 1
        do throws(StorageError) { try statement.bind(value, at: place) } catch { failure = failure ?? error }
    }

    mutating func bind(_ value: String) {
        place += 1
        do throws(StorageError) { try statement.bind(value, at: place) } catch { failure = failure ?? error }
    }

    mutating func column(_ name: StaticString, _ value: Int64) { bind(value) }
    mutating func column(_ name: StaticString, _ value: String) { bind(textFilter?(value) ?? value) }

    func insert() throws(StorageError) {
        if let failure { throw failure }
        defer { statement.reset() }
        try statement.stepToEnd()
    }
}
