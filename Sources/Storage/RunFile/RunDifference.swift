// SPDX-License-Identifier: Apache-2.0

/// The first entry in which two saved runs differ.
public struct RunDifference: Sendable, Hashable {
    /// The entry's number.
    public let entry: Int64
    /// What the first run holds there, in words.
    public let first: String
    /// What the second run holds there, in words.
    public let second: String

    /// Compares two runs; nil when they are alike.
    ///
    /// - Throws: `StorageError` when one of them cannot be read.
    public init?(between one: RunFile, and other: RunFile) throws(StorageError) {
        var earliest: Int64?
        for table in ["entry"] + RunFileSchema.tables.map(\.name) {
            let number = table == "entry" ? "id" : "entry"
            if let found = try Self.firstDifference(
                one,
                other,
                table: table,
                number: number,
                before: earliest
            ) {
                earliest = found
            }
        }
        guard let earliest else { return nil }
        entry = earliest
        first = try Self.words(one, earliest)
        second = try Self.words(other, earliest)
    }

    /// The number of the first row of a table in which two runs differ, when it is before a limit.
    private static func firstDifference(
        _ one: RunFile,
        _ other: RunFile,
        table: String,
        number: String,
        before limit: Int64?
    ) throws(StorageError) -> Int64? {
        var last: Int64 = 0
        let page = 2000
        while true {
            let upper = limit.map { " AND \(number) < \($0)" } ?? ""
            let sql =
                "SELECT * FROM \"\(table)\" WHERE \(number) > \(last)\(upper) ORDER BY \(number) LIMIT \(page)"
            let (rows, others) = (try one.query(sql).rows, try other.query(sql).rows)
            for (row, twin) in zip(rows, others) where row != twin {
                return [row, twin].compactMap { Self.number($0) }.min()
            }
            if rows.count != others.count {
                let longer = rows.count > others.count ? rows : others
                return Self.number(longer[min(rows.count, others.count)])
            }
            guard rows.count == page, let end = rows.last.flatMap(Self.number) else { return nil }
            last = end
        }
    }

    /// The number in a row's first column.
    private static func number(_ row: [SQLValue]) -> Int64? {
        if case .integer(let number)? = row.first { number } else { nil }
    }

    /// An entry with the columns of its record, in words.
    private static func words(_ run: RunFile, _ entry: Int64) throws(StorageError) -> String {
        let head = try run.query("SELECT kind, host, at_ns FROM entry WHERE id = \(entry)")
        guard let row = head.rows.first, case .text(let kind) = row[0] else {
            return "nothing: the run is over"
        }
        let record = try run.query("SELECT * FROM \"\(kind)\" WHERE entry = \(entry)")
        let columns = zip(record.columns, record.rows.first ?? []).dropFirst().map { "\($0): \($1.words)" }
        return "\(kind) on \(row[1].words) at \(row[2].words) ns, \(columns.joined(separator: ", "))"
    }
}

extension SQLValue {
    /// The value in words.
    fileprivate var words: String {
        switch self {
        case .null: "nothing"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .blob(let bytes): "\(bytes.count) bytes"
        }
    }
}
