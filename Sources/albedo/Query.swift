// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import JSON
import Storage

/// `albedo query`: asks a saved run in SQL.
struct Query: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a saved run in SQL.",
        discussion: "Tables and views are described in docs/run-file.md. A statement that writes is refused."
    )

    @Argument(help: "The run file that --save wrote.")
    var file: String

    @Argument(help: "One SELECT statement.")
    var sql: String?

    @Flag(help: "Prints the rows as JSON.")
    var json = false

    @Flag(help: "Lists the tables and views with their columns instead.")
    var tables = false

    func validate() throws {
        if tables == (sql != nil) {
            throw ValidationError("give one SELECT statement, or --tables to see what there is")
        }
    }

    func run() throws {
        do {
            let run = try RunFile(path: file)
            defer { run.close() }
            let result = try run.query(sql ?? Self.listing)
            if tables, !json {
                for row in result.rows { Console.print("\(row[0].words)(\(row[1].words))") }
            } else {
                Console.print(json ? Self.json(result) : Self.table(result))
            }
        } catch {
            Console.error(FileFailure.words(error, file))
            throw ExitCode.unreadable
        }
    }

    private static let listing = """
        SELECT m.name AS name, group_concat(c.name, ', ') AS columns FROM sqlite_schema m
        JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') GROUP BY m.name ORDER BY m.name
        """

    private static func json(_ result: QueryResult) -> String {
        let rows = result.rows.map { row in
            JSONValue.object(JSONObject(zip(result.columns, row).map { ($0, $1.json) }))
        }
        return JSONValue.array(rows).prettyText
    }

    private static func table(_ result: QueryResult) -> String {
        let cells = [result.columns] + result.rows.map { $0.map(\.words) }
        let widths = result.columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}

extension SQLValue {
    var words: String {
        switch self {
        case .null: ""
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .blob(let bytes): "\(bytes.count) bytes"
        }
    }

    var json: JSONValue {
        switch self {
        case .null: .null
        case .integer(let number): .integer(number)
        case .real(let number): .number(String(number))
        case .text(let text): .string(text)
        case .blob(let bytes): .string("\(bytes.count) bytes")
        }
    }
}
