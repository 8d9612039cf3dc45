// SPDX-License-Identifier: Apache-2.0
import Ports
import Scenarios
public import Storage

/// The story of what went wrong in a run: for each expectation that was not met, what led to its first wrong
/// instant.
public struct RunStory {
    /// One expectation's part.
    struct Chapter {
        /// The expectation's place in the file, from 1.
        var number: Int
        /// What led to the first wrong instant, in order; empty when nothing was recorded there.
        var chain: [TracedEvent]
        /// The way of the request that went wrong through its load balancer; empty for other things.
        var way: [String]
        /// The steps and faults shortly before it, in order.
        var before: [TracedEvent]
        /// What else went wrong in the minute before it, each kind once, in order.
        var meanwhile: [TracedEvent]
    }

    let run: SavedRun
    let chapters: [Chapter]

    /// Reads a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - limit: How many failures are told.
    /// - Throws: `StorageError` when it cannot be read.
    public init(_ run: SavedRun, limit: Int = 20) throws(StorageError) {
        self.run = run
        guard run.format >= SavedRun.fullFormat else {
            chapters = []
            return
        }
        let finder = CauseFinder(run: run)
        let explainer = try? RunExplainer(run)
        var chapters: [Chapter] = []
        let failures = try run.rows(
            """
            SELECT number, expected, first_wrong_ns FROM expectation
            WHERE NOT met AND first_wrong_ns IS NOT NULL ORDER BY number
            """
        )
        for failure in failures.prefix(limit) {
            let instant = run.zero.nanoseconds + failure.number(2)
            let evidence = try Evidence(run: run).entry(at: instant, about: failure.text(1))
            chapters.append(
                Chapter(
                    number: Int(failure.number(0)),
                    chain: try evidence.map { entry throws(StorageError) in try finder.story(entry) } ?? [],
                    way: try evidence.map { entry throws(StorageError) in try Self.way(of: entry, explainer) }
                        ?? [],
                    before: try Self.before(instant, in: run),
                    meanwhile: try Self.meanwhile(instant, in: run)
                )
            )
        }
        self.chapters = chapters
    }

    /// The way of a request; empty for what is none, and when the run file does not hold it.
    private static func way(of entry: Int64, _ explainer: RunExplainer?) throws(StorageError) -> [String] {
        guard let explainer, let request = try explainer.recorded(entry) else { return [] }
        return (try? explainer.way(of: request))?.lines ?? []
    }

    /// The last steps and faults up to an instant.
    private static func before(_ instant: Int64, in run: SavedRun) throws(StorageError) -> [TracedEvent] {
        let entries = try run.rows(
            """
            SELECT e.id FROM entry e LEFT JOIN note n ON n.entry = e.id
            WHERE e.at_ns <= ? AND (e.kind = 'step' OR (e.kind = 'note' AND n.topic IN
              ('fault', 'crash', 'restart', 'restore', 'hang', 'network', 'unsettled')))
            ORDER BY e.id DESC LIMIT 3
            """,
            [.integer(instant)]
        )
        var events: [TracedEvent] = []
        for row in entries.reversed() {
            if let event = try run.event(row.number(0)) { events.append(event) }
        }
        return events
    }

    /// Calls that were refused and passes that did not succeed in the minute before an instant, the first of each
    /// kind with how often there were.
    private static func meanwhile(_ instant: Int64, in run: SavedRun) throws(StorageError) -> [TracedEvent] {
        let rows = try run.rows(
            """
            SELECT min(e.id), count(*) FROM entry e LEFT JOIN cloud_call c ON c.entry = e.id
              LEFT JOIN reconcile r ON r.entry = e.id
            WHERE e.at_ns BETWEEN ?1 - 60000000000 AND ?1
              AND (e.kind = 'cloud_call' AND c.code <> '' OR e.kind = 'reconcile' AND r.outcome <> 'done')
            GROUP BY e.kind, c.action, c.code, r.controller, r.outcome ORDER BY min(e.id) LIMIT 4
            """,
            [.integer(instant)]
        )
        var events: [TracedEvent] = []
        for row in rows {
            guard var event = try run.event(row.number(0)) else { continue }
            if row.number(1) > 1 { event.text += ", \(row.number(1)) times by then" }
            events.append(event)
        }
        return events
    }

    /// The lines that follow a failure's own; empty when there is nothing to tell.
    ///
    /// - Parameters:
    ///   - line: The line of the expectation in its file.
    ///   - paint: How a part of a line is coloured.
    /// - Returns: The lines.
    /// - Throws: `StorageError` when the run cannot be read.
    func lines(ofLine line: Int64, paint: Paint) throws(StorageError) -> [String] {
        let number = try run.rows(
            "SELECT number FROM expectation WHERE line = ? AND NOT met",
            [.integer(line)]
        )
        guard let number = number.first?.number(0),
            let chapter = chapters.first(where: { $0.number == number })
        else { return [] }
        var lines: [String] = []
        if chapter.chain.count > 1 {
            lines += ["  story"] + Self.lines(chapter.chain, paint: paint)
        } else if !(chapter.before + chapter.chain).isEmpty {
            lines += ["  before"] + Self.lines(chapter.before + chapter.chain, paint: paint)
        }
        if !chapter.way.isEmpty {
            lines += ["  its way"] + chapter.way.map { "    \($0)" }
        }
        if !chapter.meanwhile.isEmpty {
            lines += ["  meanwhile"] + Self.lines(chapter.meanwhile, paint: .none)
        }
        return lines
    }

    private static func lines(_ events: [TracedEvent], paint: Paint) -> [String] {
        let width = events.map(\.at.relativeText.count).max() ?? 0
        let whoWidth = min(24, events.map(\.who.count).max() ?? 0)
        return events.enumerated().map { place, event in
            let time = event.at.relativeText.paddedLeft(to: width)
            let who = paint.dim(event.who.padded(to: whoWidth))
            let text = place == events.count - 1 ? paint.bad(event.text) : event.text
            return "    \(time)  \(who)  \(text)"
        }
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    func paddedLeft(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
