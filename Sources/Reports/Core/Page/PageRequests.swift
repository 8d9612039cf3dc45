// SPDX-License-Identifier: Apache-2.0
import DataPlane
import JSON
import Ports
import Scenarios
import Storage

/// The single requests of the page, with their ways through the load balancer.
struct PageRequests {
    /// Requests at most.
    static let limit = 3000
    /// Different ways at most: each is worked out anew.
    private static let pathLimit = 400
    /// Stories of what led to a request, at most.
    private static let storyLimit = 60

    private let run: SavedRun
    private let explainer: RunExplainer?
    /// The ways, each once; requests name them by their place.
    private(set) var paths: [JSONValue] = []
    private var known: [String: Int] = [:]
    private var stories: [String: Int] = [:]

    init(_ run: SavedRun) throws {
        self.run = run
        explainer = run.format >= SavedRun.fullFormat ? try RunExplainer(run) : nil
    }

    /// The requests, the earliest first.
    mutating func json() throws -> JSONValue {
        let data = PageData(run)
        let rows = try run.rows(
            """
            WITH seen AS (SELECT r.entry AS entry, r.traffic AS traffic, r.status AS status, r.outcome AS outcome,
                r.latency_ns AS latency, coalesce(p.reason, '') AS reason, r.served_by AS served_by,
                r.certificate AS certificate, r.host AS host,
                (e.at_ns - ?1) / ?2 AS bucket, r.connection AS connection, r.exchange AS exchange
              FROM request r JOIN entry e ON e.id = r.entry
              LEFT JOIN proxied p ON p.connection = r.connection AND p.exchange = r.exchange AND r.connection > 0),
            ranked AS (SELECT entry,
                (outcome <> 'answered' OR status >= 400) AS bad,
                row_number() OVER (PARTITION BY traffic, status, outcome, reason ORDER BY entry) AS of_kind,
                row_number() OVER (PARTITION BY traffic, status, served_by, certificate, host ORDER BY entry) AS of_pod,
                row_number() OVER (PARTITION BY traffic, bucket ORDER BY entry) AS of_bucket,
                row_number() OVER (PARTITION BY traffic ORDER BY latency DESC, entry) AS slowest FROM seen),
            chosen AS (SELECT entry FROM ranked
              WHERE (bad AND of_kind <= 120) OR of_kind <= 2 OR of_pod = 1 OR of_bucket = 1 OR slowest <= 10
              ORDER BY (bad AND of_kind <= 120) DESC, (of_kind <= 2) DESC, (slowest <= 10) DESC, (of_pod = 1) DESC,
                entry LIMIT \(Self.limit))
            SELECT e.at_ns, r.entry, r.traffic, r.method, r.host, r.path, r.status, r.outcome, r.served_by,
              r.certificate, r.latency_ns, r.tries, r.connection, r.exchange,
              p.entry, p.load_balancer, p.zone, p.listener, p.version, p.rule, p.action, p.server_group, p.server,
              p.upstream_status, p.reason, p.upstream_latency_ns
            FROM chosen JOIN request r ON r.entry = chosen.entry JOIN entry e ON e.id = r.entry
            LEFT JOIN proxied p ON p.connection = r.connection AND p.exchange = r.exchange AND r.connection > 0
            ORDER BY r.entry
            """,
            [.integer(run.zero.nanoseconds), .integer(data.bucketLength)]
        )
        return .array(try rows.map { try json($0, data) })
    }

    private mutating func json(_ row: SavedRow, _ data: PageData) throws -> JSONValue {
        let isBad = row.text(7) != "answered" || row.number(6) >= 400
        var request = JSONObject([
            ("t", data.time(row.number(0))), ("e", .integer(row.number(1))), ("n", .string(row.text(2))),
            ("m", .string(row.text(3))), ("h", .string(row.text(4))), ("u", .string(row.text(5))),
            ("s", .integer(row.number(6))), ("l", .integer(row.number(10) / 1000)),
        ])
        if row.text(7) != "answered" { request["o"] = .string(row.text(7)) }
        if !row.text(8).isEmpty { request["p"] = .string(row.text(8)) }
        if !row.text(9).isEmpty { request["c"] = .string(row.text(9)) }
        if row.number(11) != 1 { request["r"] = .integer(row.number(11)) }
        if row.number(12) > 0 { request["x"] = .string("\(row.number(12))/\(row.number(13))") }
        if !row.isNull(14) {
            request["z"] = .array([
                .string(row.text(15)), .string(row.text(16)), .string(row.text(17)), .integer(row.number(18)),
                .string(row.text(19)), .string(row.text(20)), .string(row.text(21)), .string(row.text(22)),
                .integer(row.number(23)), .string(row.text(24)), .integer(row.number(25) / 1000),
            ])
            if let place = try path(row) { request["w"] = .integer(Int64(place)) }
        }
        if isBad, let chain = try story(row) { request["y"] = chain }
        return .object(request)
    }

    /// The place of the way that a request took.
    private mutating func path(_ row: SavedRow) throws -> Int? {
        let began = row.number(0) - row.number(10)
        let key = ([3, 4, 5, 15, 16, 17, 19].map { row.text($0) } + ["\(row.number(18))"]).joined(
            separator: " "
        )
        if let place = known[key] { return place }
        let request = RunExplainer.RecordedRequest(
            method: row.text(3),
            host: row.text(4),
            path: row.text(5),
            loadBalancer: row.text(15),
            zone: row.text(16),
            listener: row.text(17),
            version: row.number(18),
            began: began
        )
        guard paths.count < Self.pathLimit, let way = try explainer?.way(of: request) else { return nil }
        paths.append(way.json)
        known[key] = paths.count - 1
        return paths.count - 1
    }

    /// What led to a request, told for the first of each kind.
    private mutating func story(_ row: SavedRow) throws -> JSONValue? {
        let key = [row.text(2), row.text(7), "\(row.number(6))", row.text(24), row.text(22)].joined(
            separator: " "
        )
        guard stories[key, default: 0] < 1, stories.count < Self.storyLimit else { return nil }
        stories[key, default: 0] += 1
        let chain = try CauseFinder(run: run).story(row.number(1))
        return chain.count > 1 ? .array(chain.map(PageData.json)) : nil
    }
}

extension RequestPath {
    /// The way as JSON.
    var json: JSONValue {
        var object: JSONObject = [
            "steps": .array(steps.map { [.string($0.subject), .string($0.finding)] }),
            "tried": .array(rules.filter { !$0.holds }.suffix(8).map { .string($0.description) }),
            "servers": .array(
                candidates.map { [.string($0.server), .string($0.health), .bool($0.isUsable)] }
            ),
            "outcome": .string(outcome.words),
        ]
        if let nearestMiss {
            object["miss"] = [
                "rule": .string("\(nearestMiss.name) (\(nearestMiss.priority))"),
                "conditions": .array(
                    nearestMiss.conditions.map {
                        [
                            .string($0.subject), .string($0.expected.joined(separator: " or ")),
                            .string($0.actual), .bool($0.holds),
                        ]
                    }
                ),
            ]
        }
        return .object(object)
    }
}

extension RequestPath.Outcome {
    /// The outcome in words.
    var words: String {
        switch self {
        case .refused: "connection refused"
        case .answered(let status, let reason): "\(status) \(reason)"
        case .redirected(let status, let location): "\(status) to \(location)"
        case .forwarded(let groups): "forwarded to \(groups.joined(separator: " or "))"
        }
    }
}
