// SPDX-License-Identifier: Apache-2.0
import Ports
import Storage

/// Finds the entry that shows best what was wrong at an instant.
struct Evidence {
    /// How claims about each single thing begin.
    private static let single = ["every ", "no ", "always ", "never "]

    let run: SavedRun

    /// The entry at this instant that went wrong, or the last one before that is about the same; nil when nothing
    /// fits.
    func entry(at instant: Int64, about expected: String) throws(StorageError) -> Int64? {
        let candidates = try run.rows(
            "SELECT id, kind FROM entry WHERE at_ns = ? ORDER BY id",
            [.integer(instant)]
        )
        var best: (rank: Int, entry: Int64)?
        for candidate in candidates.prefix(200) {
            guard let rank = try rank(candidate.number(0), candidate.text(1), expected) else { continue }
            if rank < best?.rank ?? .max { best = (rank, candidate.number(0)) }
        }
        // A claim about each single one is wrong at its instant; the others are about many, so that a good one may
        // stand there and a bad one tells more.
        if let best, best.rank == 0 || Self.single.contains(where: expected.hasPrefix) {
            return best.entry
        }
        if let stream = try badStream(near: instant, about: expected) { return stream }
        return try badRequest(near: instant, about: expected) ?? best?.entry
    }

    /// How well an entry speaks for a failure: the smaller, the better; nil when it does not at all.
    private func rank(_ entry: Int64, _ kind: String, _ expected: String) throws(StorageError) -> Int? {
        switch kind {
        case "request":
            let row = try run.rows(
                "SELECT status, outcome, traffic FROM request WHERE entry = ?",
                [.integer(entry)]
            ).first
            guard let row, Self.names(expected, row.text(2)) else { return nil }
            return row.text(1) != "answered" || row.number(0) >= 400 ? 0 : 1
        case "stream":
            let row = try run.rows("SELECT traffic, stage FROM stream WHERE entry = ?", [.integer(entry)])
                .first
            guard let row, row.text(1) == "ended",
                Self.names(expected, "stream") || Self.names(expected, "streams")
            else { return nil }
            return Self.names(expected, row.text(0)) ? 0 : 1
        case "connection":
            let row = try run.rows("SELECT outcome FROM connection WHERE entry = ?", [.integer(entry)]).first
            return row?.text(0) == "open" ? nil : 4
        case "cloud_call": return 5
        case "object": return 6
        default: return nil
        }
    }

    /// The stream that ended otherwise than its client wanted, nearest to an instant, of the traffic that an expectation
    /// about streams names.
    private func badStream(near instant: Int64, about expected: String) throws(StorageError) -> Int64? {
        guard run.format >= SavedRun.streamFormat,
            Self.names(expected, "stream") || Self.names(expected, "streams")
        else { return nil }
        let rows = try run.rows(
            """
            SELECT s.entry, s.traffic FROM stream s JOIN entry e ON e.id = s.entry
            WHERE s.stage = 'ended' AND s.outcome <> 'finished' ORDER BY abs(e.at_ns - ?), s.entry LIMIT 500
            """,
            [.integer(instant)]
        )
        return (rows.first { Self.names(expected, $0.text(1)) } ?? rows.first)?.number(0)
    }

    /// The first request from an instant on that went wrong, else the last one before it, of the traffic that an
    /// expectation names.
    private func badRequest(near instant: Int64, about expected: String) throws(StorageError) -> Int64? {
        for traffic in try run.rows("SELECT DISTINCT traffic FROM request ORDER BY traffic")
        where Self.names(expected, traffic.text(0)) {
            let row = try run.rows(
                """
                SELECT r.entry FROM request r JOIN entry e ON e.id = r.entry
                WHERE r.traffic = ?1 AND (r.status >= 400 OR r.status = 0)
                ORDER BY e.at_ns < ?2, CASE WHEN e.at_ns < ?2 THEN -r.entry ELSE r.entry END LIMIT 1
                """,
                [traffic.values[0], .integer(instant)]
            ).first
            if let row { return row.number(0) }
        }
        return nil
    }

    /// True when a text has a name as a word of its own.
    private static func names(_ text: String, _ name: String) -> Bool {
        let words = text.split { !($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        return words.contains { $0 == name }
    }
}
