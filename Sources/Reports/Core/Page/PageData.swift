// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Scenarios
import Storage

/// What the HTML page of a run knows: a JSON value with times in microseconds from the scenario's zero.
///
/// The volume is bounded whatever the run's length: traffic is summed up in buckets, single requests are those
/// that went wrong, the slowest, the first of each kind and one for each bucket; bodies of objects are kept as
/// what each revision changed, up to a budget.
struct PageData {
    /// Into how many buckets traffic is summed up.
    static let buckets: Int64 = 600
    /// Entries of one kind that are shown at most.
    static let entryLimit = 4000

    let run: SavedRun
    let finder: CauseFinder

    init(_ run: SavedRun) {
        self.run = run
        finder = CauseFinder(run: run)
    }

    /// Everything.
    func json() throws -> JSONValue {
        var requests = try PageRequests(run)
        let details = try requests.json()
        return .object(
            JSONObject([
                ("run", try facts()), ("expectations", try expectations()), ("steps", try steps()),
                ("notes", try notes()), ("zones", try zones()), ("calls", try cloudCalls()),
                ("passes", try passes()), ("pods", try pods()), ("certificates", try certificates()),
                ("handshakes", try failedConnections()), ("streams", try streams()),
                ("traffic", try traffic()), ("requests", details),
                ("paths", .array(requests.paths)), ("objects", try PageObjects(run, finder).json()),
                ("health", try health()), ("causes", try PageCauses(run, finder).json()),
            ])
        )
    }

    /// A time in microseconds from the scenario's zero.
    func time(_ nanoseconds: Int64) -> JSONValue {
        .integer((nanoseconds - run.zero.nanoseconds) / 1000)
    }

    private func facts() throws -> JSONValue {
        func key(_ name: String) -> JSONValue { .string(run.keys[name] ?? "") }
        return [
            "scenario": key("scenario"), "file": key("file"), "seed": key("seed"), "profile": key("profile"),
            "digest": key("digest"), "start": key("start"), "verdict": key("verdict"),
            "problem": key("problem"), "command": key("command"), "begin": time(run.begin.nanoseconds),
            "end": time(run.end.nanoseconds), "bucket": .integer(bucketLength / 1000),
        ]
    }

    /// The length of a bucket of traffic, in nanoseconds: at least a tenth of a second.
    var bucketLength: Int64 {
        max(100_000_000, (run.end.nanoseconds - run.zero.nanoseconds) / Self.buckets + 1)
    }

    private func expectations() throws -> JSONValue {
        let story = try RunStory(run)
        let rows = try run.rows(
            """
            SELECT number, name, file, line, "column", expected, met, first_wrong_ns, seen FROM expectation
            ORDER BY number
            """
        )
        return .array(
            rows.map { row in
                let chapter = story.chapters.first { $0.number == row.number(0) }
                return [
                    "name": .string(row.text(1)),
                    "place": .string("\(row.text(2)):\(row.number(3)):\(row.number(4))"),
                    "expected": .string(row.text(5)), "met": .bool(row.number(6) != 0),
                    "at": row.isNull(7) ? .null : .integer(row.number(7) / 1000),
                    "seen": .array(row.text(8).split(separator: "\n").map { .string(String($0)) }),
                    "chain": .array((chapter?.chain ?? []).map(Self.json)),
                    "before": .array((chapter?.before ?? []).map(Self.json)),
                    "meanwhile": .array((chapter?.meanwhile ?? []).map(Self.json)),
                ]
            }
        )
    }

    /// An event of a story.
    static func json(_ event: TracedEvent) -> JSONValue {
        [
            "t": .integer(event.at.nanoseconds / 1000), "who": .string(event.who),
            "text": .string(event.text), "entry": .integer(event.entry), "kind": .string(event.kind),
            "link": .string(event.isInferred ? event.link : ""),
        ]
    }

    /// Rows as arrays: the time, then the columns as they are.
    private func list(_ sql: String, _ arguments: [SQLValue] = []) throws -> JSONValue {
        .array(
            try run.rows(sql, arguments).map { row in
                .array([time(row.number(0))] + row.values.dropFirst().map(Self.json))
            }
        )
    }

    static func json(_ value: SQLValue) -> JSONValue {
        switch value {
        case .null, .blob: .null
        case .integer(let number): .integer(number)
        case .real(let number): .number(String(number))
        case .text(let text): .string(text)
        }
    }

    private func steps() throws -> JSONValue {
        try list(
            """
            SELECT e.at_ns, s.entry, s.number, s.verb, s.detail FROM step s JOIN entry e ON e.id = s.entry
            ORDER BY s.entry
            """
        )
    }

    private func notes() throws -> JSONValue {
        try list(
            """
            SELECT e.at_ns, n.entry, n.topic, n.message, e.host FROM note n JOIN entry e ON e.id = n.entry
            ORDER BY n.entry LIMIT \(Self.entryLimit)
            """
        )
    }

    private func zones() throws -> JSONValue {
        try list(
            """
            SELECT e.at_ns, c.entry, c.load_balancer, c.zone, c.version, c.cause, e.cause
            FROM configuration c JOIN entry e ON e.id = c.entry ORDER BY c.entry LIMIT \(Self.entryLimit)
            """
        )
    }

    /// All calls that write or fail; those that only read as long as there is room.
    private func cloudCalls() throws -> JSONValue {
        let reads =
            "(c.action LIKE 'List%' OR c.action LIKE 'Get%' OR c.action LIKE 'Describe%') AND c.code = ''"
        let count = try run.rows("SELECT count(*) FROM cloud_call").first?.number(0) ?? 0
        let kept = count > Int64(Self.entryLimit) ? "WHERE NOT (\(reads))" : ""
        return try list(
            """
            SELECT e.at_ns, c.entry, c.client, c.action, c.resource, c.status, c.code, c.request_id,
              c.duration_ns / 1000 FROM cloud_call c JOIN entry e ON e.id = c.entry \(kept)
            ORDER BY c.entry LIMIT \(Self.entryLimit)
            """
        )
    }

    /// The passes of the Ingress controller, and those of the others that did something.
    private func passes() throws -> JSONValue {
        try list(
            """
            SELECT e.at_ns, r.entry, e.host, r.controller, r.key, r.outcome, r.message, r.writes,
              r.duration_ns / 1000 FROM reconcile r JOIN entry e ON e.id = r.entry
            WHERE e.host = 'controller' OR r.outcome <> 'done' OR r.writes > 0
            ORDER BY r.entry LIMIT \(Self.entryLimit)
            """
        )
    }

    private func pods() throws -> JSONValue {
        try list(
            """
            SELECT e.at_ns, p.entry, p.namespace, p.name, p.node, p.ip, p.stage, p.reason
            FROM pod p JOIN entry e ON e.id = p.entry ORDER BY p.entry LIMIT \(Self.entryLimit)
            """
        )
    }

    private func health() throws -> JSONValue {
        try list(
            """
            SELECT e.at_ns, h.entry, h.server_group, h.server, h.zone, h.state, h.reason
            FROM health h JOIN entry e ON e.id = h.entry ORDER BY h.entry LIMIT \(Self.entryLimit)
            """
        )
    }

    /// For each host the certificates that its clients saw: first, last, and how many requests.
    private func certificates() throws -> JSONValue {
        .array(
            try run.rows(
                """
                SELECT r.host, r.certificate, min(e.at_ns), max(e.at_ns), count(*)
                FROM request r JOIN entry e ON e.id = r.entry WHERE r.certificate <> ''
                GROUP BY r.host, r.certificate ORDER BY r.host, min(e.at_ns) LIMIT 400
                """
            ).map { row in
                [
                    .string(row.text(0)), .string(row.text(1)), time(row.number(2)), time(row.number(3)),
                    .integer(row.number(4)),
                ]
            }
        )
    }

    private func failedConnections() throws -> JSONValue {
        try list(
            """
            SELECT e.at_ns, c.entry, c.traffic, c.server, c.server_name, c.certificate, c.outcome
            FROM connection c JOIN entry e ON e.id = c.entry WHERE c.outcome <> 'open'
            ORDER BY c.entry LIMIT 1000
            """
        )
    }

    /// Streams from their opening to their end, with what their load balancer knew of it; those that ended as nobody
    /// wanted come first when there are too many.
    private func streams() throws -> JSONValue {
        guard run.format >= SavedRun.streamFormat else { return [] }
        let rows = try run.rows(
            """
            WITH chosen AS (SELECT entry FROM stream WHERE stage = 'ended'
              ORDER BY outcome = 'finished', entry LIMIT \(Self.entryLimit / 2))
            SELECT e.at_ns, s.entry, s.traffic, s.kind, s.host || s.path, s.served_by, s.outcome, s.code, s.sent,
              s.received, s.duration_ns / 1000, s.slowest_ns / 1000,
              coalesce((SELECT p.reason FROM proxied p
                WHERE p.connection = s.connection AND p.exchange = s.exchange LIMIT 1), '')
            FROM chosen JOIN stream s ON s.entry = chosen.entry JOIN entry e ON e.id = s.entry ORDER BY s.entry
            """
        )
        var stories = 0
        return .array(
            try rows.map { row in
                var values: [JSONValue] = [time(row.number(0))] + row.values.dropFirst().map(Self.json)
                if row.text(6) != "finished", stories < 40 {
                    stories += 1
                    values.append(.array(try finder.story(row.number(1)).map(Self.json)))
                }
                return .array(values)
            }
        )
    }

    /// For each traffic and bucket: how many answers of each class, those without one, average and longest time.
    private func traffic() throws -> JSONValue {
        let rows = try run.rows(
            """
            SELECT r.traffic, (e.at_ns - ?1) / ?2 AS bucket, sum(r.status BETWEEN 100 AND 299),
              sum(r.status BETWEEN 300 AND 399), sum(r.status BETWEEN 400 AND 499), sum(r.status >= 500),
              sum(r.status = 0), avg(r.latency_ns) / 1000, max(r.latency_ns) / 1000
            FROM request r JOIN entry e ON e.id = r.entry GROUP BY r.traffic, bucket ORDER BY r.traffic, bucket
            """,
            [.integer(run.zero.nanoseconds), .integer(bucketLength)]
        )
        var lanes: [(name: String, buckets: [JSONValue])] = []
        for row in rows {
            let bucket = JSONValue.array(
                row.values.dropFirst().map { value in
                    // Averages are whole microseconds, so that the page stays small.
                    if case .real(let number) = value { .integer(Int64(number)) } else { Self.json(value) }
                }
            )
            if lanes.last?.name == row.text(0) {
                lanes[lanes.count - 1].buckets.append(bucket)
            } else {
                lanes.append((row.text(0), [bucket]))
            }
        }
        return .array(lanes.map { ["name": .string($0.name), "buckets": .array($0.buckets)] })
    }
}
