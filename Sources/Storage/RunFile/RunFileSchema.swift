// SPDX-License-Identifier: Apache-2.0
import Ports

/// The tables of a run file: names that others' SQL relies on, so they only ever grow.
///
/// - `run(key, value)`: what is known of the whole run (`RunKey`).
/// - `entry(id, at_ns, host, cause, kind)`: every entry in order; `kind` names the table that tells more.
/// - one table for each kind of record, with `entry` and the record's own columns.
/// - one view for each of those, named in the plural: `entry`, `at_s` (seconds since the run began),
///   `recorded_by` (the entry's host), `caused_by` (the entry that led to it), and the record's columns.
/// - beside them, since format 2, the tables of `bodies`: objects, configurations, expectations.
/// - `stream` and its view came with format 3; passes, stored revisions and the view `causes` with format 4.
enum RunFileSchema {
    /// Marks run files: "ALBr" in ASCII.
    static let applicationID: Int32 = 0x414c_4272
    /// The version of the tables; kept in `user_version`, and under `format` in `run`.
    static let version = 4

    /// The plural of each kind of record, which names its view.
    ///
    /// A new kind does not compile until it is named here.
    static func view(of event: TraceEvent) -> String {
        switch event {
        case .object: "objects"
        case .apiCall: "api_calls"
        case .cloudCall: "cloud_calls"
        case .reconcile: "reconciles"
        case .configuration: "configurations"
        case .health: "health_changes"
        case .pod: "pod_stages"
        case .connection: "connections"
        case .request: "requests"
        case .proxied: "proxied_requests"
        case .step: "steps"
        case .note: "notes"
        case .accessLog: "access_log_lines"
        case .stream: "streams"
        }
    }

    /// One table of records.
    struct Table {
        let name: String
        let view: String
        let columns: [ColumnCollector.Column]

        init(_ sample: TraceEvent) {
            name = type(of: sample.record).table
            view = RunFileSchema.view(of: sample)
            var collector = ColumnCollector()
            sample.write(to: &collector)
            columns = collector.columns
        }

        /// The statements that make the table and its view.
        var definition: String {
            let own = columns.map { "\($0.name.quoted) \($0.type) NOT NULL" }.joined(separator: ", ")
            let shown = columns.map { "r.\($0.name.quoted)" }.joined(separator: ", ")
            return """
                CREATE TABLE \(name.quoted) (entry INTEGER PRIMARY KEY REFERENCES entry(id), \(own));
                CREATE VIEW \(view.quoted) AS SELECT r.entry AS entry,
                  (e.at_ns - (SELECT CAST(value AS INTEGER) FROM run WHERE key = 'start_ns')) / 1e9 AS at_s,
                  e.host AS recorded_by, e.cause AS caused_by, \(shown)
                  FROM \(name.quoted) r JOIN entry e ON e.id = r.entry;
                """
        }

        /// The statement that adds a row.
        var insertion: String {
            "INSERT INTO \(name.quoted) VALUES (?" + String(repeating: ", ?", count: columns.count) + ")"
        }
    }

    static let tables = TraceEvent.samples.map(Table.init)

    /// The whole schema.
    static var definition: String {
        """
        CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE entry (id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, host TEXT NOT NULL,
          cause INTEGER NOT NULL, kind TEXT NOT NULL);

        """ + tables.map(\.definition).joined(separator: "\n") + "\n" + bodies + "\n" + causes
    }

    /// The statement that adds an entry.
    static let entryInsertion = "INSERT INTO entry VALUES (?, ?, ?, ?, ?)"
}

/// Learns a record's columns from what it writes.
struct ColumnCollector: TraceWriter {
    struct Column: Hashable {
        let name: String
        let type: String
    }

    private(set) var columns: [Column] = []

    mutating func column(_ name: StaticString, _ value: Int64) {
        columns.append(Column(name: "\(name)", type: "INTEGER"))
    }

    mutating func column(_ name: StaticString, _ value: String) {
        columns.append(Column(name: "\(name)", type: "TEXT"))
    }
}

extension String {
    /// The name as SQL takes it whatever it is.
    var quoted: String { "\"" + replacing("\"", with: "\"\"") + "\"" }
}
