// SPDX-License-Identifier: Apache-2.0
public import Ports
public import Storage

/// A run that is over, as reports ask it.
public struct SavedRun: Sendable {
    /// The first format that holds what reports about single requests and objects need.
    static let fullFormat = 2
    /// The format since which run files have streams.
    static let streamFormat = 3
    /// The format since which entries say what led to them.
    static let causesFormat = 4

    let reading: any RunReading
    /// Everything that is known of the whole run, by key.
    let keys: [String: String]
    /// The format in which it was saved.
    public let format: Int
    /// The scenario's zero.
    public let zero: Instant
    /// When it ended.
    public let end: Instant
    /// The kinds of the objects in it, by resource.
    let kinds: [String: String]
    /// When the first entry was made: the cluster of the beginning comes up before the scenario's zero.
    public let begin: Instant

    /// Looks at a run.
    ///
    /// - Throws: `StorageError` when it cannot be read.
    public init(_ reading: any RunReading) throws(StorageError) {
        self.reading = reading
        keys = try reading.keys()
        format = Int(keys["format"] ?? "") ?? 1
        zero = Instant(nanoseconds: Int64(keys["start_ns"] ?? "") ?? 0)
        let span = try reading.queryAtLength("SELECT min(at_ns), max(at_ns) FROM entry", []).rows.first
        let last = span?[1].int64 ?? zero.nanoseconds
        begin = Instant(nanoseconds: span?[0].int64 ?? zero.nanoseconds)
        kinds = format < Self.fullFormat ? [:] : try Self.kinds(reading)
        end = Instant(nanoseconds: max(last, Int64(keys["end_ns"] ?? "") ?? last))
    }

    /// What objects call themselves, one of each resource being asked.
    private static func kinds(_ reading: any RunReading) throws(StorageError) -> [String: String] {
        var kinds: [String: String] = [:]
        let rows = try reading.queryAtLength(
            """
            SELECT n.resource, json_extract(b.body, '$.kind') FROM object_body b JOIN
              (SELECT o.resource, max(o.revision) AS revision FROM object o
               JOIN object_body c ON c.revision = o.revision GROUP BY o.resource) n ON n.revision = b.revision
            """,
            []
        ).rows
        for row in rows.map(SavedRow.init) where !row.text(1).isEmpty { kinds[row.text(0)] = row.text(1) }
        return kinds
    }

    /// `Ingress` for `ingresses.networking.k8s.io`; the plural itself when no object of it is in the run.
    func kindName(_ resource: String) -> String {
        kinds[resource] ?? String(resource.prefix { $0 != "." })
    }

    /// The scenario's name.
    public var scenario: String { keys["scenario"] ?? "" }
    /// The trace's digest.
    public var digest: String { keys["digest"] ?? "" }

    /// Runs a statement and gives its rows.
    func rows(_ sql: String, _ arguments: [SQLValue] = []) throws(StorageError) -> [SavedRow] {
        try reading.queryAtLength(sql, arguments).rows.map(SavedRow.init)
    }

    /// The time since the scenario's zero.
    func time(_ nanoseconds: Int64) -> Duration { .nanoseconds(nanoseconds - zero.nanoseconds) }

    /// Fails when the run was saved by a program that did not yet keep what is needed.
    func require(for purpose: String) throws(ReportError) {
        guard format >= Self.fullFormat else {
            throw ReportError(
                "\(purpose) needs a run file of format \(Self.fullFormat), and this one has \(format): "
                    + "run the scenario again with --save"
            )
        }
    }
}

/// A row of an answer.
struct SavedRow: Sendable {
    let values: [SQLValue]

    init(_ values: [SQLValue]) {
        self.values = values
    }

    func text(_ place: Int) -> String { values[place].text ?? "" }
    func number(_ place: Int) -> Int64 { values[place].int64 ?? 0 }
    func isNull(_ place: Int) -> Bool { values[place] == .null }
}

/// Why a report cannot be made.
public struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do.
    public let description: String

    /// Makes an error.
    public init(_ description: String) {
        self.description = description
    }
}
