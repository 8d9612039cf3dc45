// SPDX-License-Identifier: Apache-2.0
public import JSON
import Ports
import Scenarios
public import Storage

/// Two runs side by side: the first entry in which they differ, what led to it, and what came of it.
public struct RunComparison: Sendable {
    /// What is told of one of the two runs.
    struct Side: Sendable {
        /// What the run holds at the first difference.
        var words: String
        /// What led to it.
        var chain: [TracedEvent]
        /// How many requests ended how: `200`, `502`, `timed out`.
        var outcomes: [(name: String, count: Int64)]
        /// The expectations that were not met, by their place.
        var unmet: [String]
        /// How many entries there are of each kind.
        var kinds: [(name: String, count: Int64)]
    }

    /// True when the two runs are alike.
    public let isAlike: Bool
    /// The number of the first entry in which they differ; nil when they are alike.
    let entry: Int64?
    /// Facts in which they differ, which may explain everything: `seed: 7, 8`.
    let facts: [String]
    let sides: [Side]

    /// Compares two runs.
    ///
    /// - Throws: `StorageError` when one of them cannot be read.
    public init(_ one: RunFile, _ other: RunFile) throws(StorageError) {
        let difference = try RunDifference(between: one, and: other)
        isAlike = difference == nil
        entry = difference?.entry
        let runs = [try SavedRun(one), try SavedRun(other)]
        facts = ["scenario", "seed", "profile", "options", "start"].compactMap { key in
            let values = runs.map { $0.keys[key] ?? "" }
            return values[0] == values[1] ? nil : "\(key): \(values[0]) and \(values[1])"
        }
        guard let difference else {
            sides = []
            return
        }
        sides = [
            try Self.side(runs[0], difference.entry, difference.first),
            try Self.side(runs[1], difference.entry, difference.second),
        ]
    }

    private static func side(_ run: SavedRun, _ entry: Int64, _ words: String) throws(StorageError) -> Side {
        let exists = try !run.rows("SELECT id FROM entry WHERE id = ?", [.integer(entry)]).isEmpty
        let isFull = run.format >= SavedRun.fullFormat
        return Side(
            words: words,
            chain: exists ? try CauseFinder(run: run).chain(entry) : [],
            outcomes: try counts(
                run,
                """
                SELECT CASE outcome WHEN 'answered' THEN status ELSE outcome END AS name, count(*) FROM request
                GROUP BY name ORDER BY name
                """
            ),
            unmet: isFull
                ? try run.rows("SELECT file, line, expected FROM expectation WHERE NOT met ORDER BY number")
                    .map {
                        "\($0.text(0)):\($0.number(1)): \($0.text(2))"
                    } : [],
            kinds: try counts(run, "SELECT kind, count(*) FROM entry GROUP BY kind ORDER BY kind")
        )
    }

    private static func counts(
        _ run: SavedRun,
        _ sql: String
    ) throws(StorageError) -> [(name: String, count: Int64)] {
        try run.rows(sql).map { row in
            (row.isNull(0) ? "" : row.values[0].text ?? "\(row.number(0))", row.number(1))
        }
    }

    /// What differs between the two sides of a list of counts, in words: `502: 0, 37`.
    private func changes(_ list: (Side) -> [(name: String, count: Int64)]) -> [String] {
        guard sides.count == 2 else { return [] }
        let (one, other) = (list(sides[0]), list(sides[1]))
        let names = (one + other).map(\.name).reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        return names.sorted().compactMap { name in
            let counts = [one, other].map { side in side.first { $0.name == name }?.count ?? 0 }
            return counts[0] == counts[1] ? nil : "\(name): \(counts[0]) and \(counts[1])"
        }
    }

    /// The comparison in text.
    ///
    /// - Parameters:
    ///   - first: How to call the first run.
    ///   - second: How to call the second run.
    /// - Returns: The text, several lines.
    public func text(_ first: String, _ second: String) -> String {
        guard let entry else { return "the runs are alike" }
        var lines = facts.map { "they differ in \($0)" }
        lines.append("the runs differ from entry \(entry) on:")
        for (name, side) in zip([first, second], sides) {
            lines.append("  \(name): \(side.words)")
            if side.chain.count > 1 {
                lines.append("    what led to it:")
                lines += side.chain.dropLast().map { "      \($0.line)" }
            }
        }
        let consequences = [
            ("entries", changes(\.kinds)), ("requests by outcome", changes(\.outcomes)),
        ].filter { !$0.1.isEmpty }
        if !consequences.isEmpty || sides[0].unmet != sides[1].unmet { lines.append("what came of it:") }
        for (title, changes) in consequences {
            lines.append("  \(title)")
            lines += changes.map { "    \($0)" }
        }
        for (name, (side, twin)) in zip([first, second], [(sides[0], sides[1]), (sides[1], sides[0])]) {
            let only = side.unmet.filter { !twin.unmet.contains($0) }
            if !only.isEmpty { lines += ["  not met only in \(name)"] + only.map { "    \($0)" } }
        }
        return lines.joined(separator: "\n")
    }

    /// The comparison for programs.
    public var json: JSONValue {
        guard let entry else { return ["alike": true] }
        func object(_ counts: [(name: String, count: Int64)]) -> JSONValue {
            .object(JSONObject(counts.map { ($0.name, .integer($0.count)) }))
        }
        return [
            "alike": false, "entry": .integer(entry), "facts": .array(facts.map { .string($0) }),
            "runs": .array(
                sides.map { side in
                    [
                        "entry": .string(side.words),
                        "causes": .array(side.chain.dropLast().map(PageData.json)),
                        "requests": object(side.outcomes), "entries": object(side.kinds),
                        "unmet": .array(side.unmet.map { .string($0) }),
                    ]
                }
            ),
        ]
    }
}
