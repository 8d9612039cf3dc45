// SPDX-License-Identifier: Apache-2.0

/// How many requests there were, of which kind, and how long they took.
///
/// - Source: the metrics of k8s.io/apiserver, names and labels (documented).
struct RequestMetrics: Sendable {
    /// What requests are told apart by.
    struct Kind: Hashable, Comparable, Sendable {
        var verb: String
        var group = ""
        var version = ""
        var resource = ""
        var subresource = ""
        /// `cluster`, `namespace` or `resource`.
        var scope = ""
        var dryRun = ""

        /// The labels, in the order in which they are written.
        func labels(code: Int?) -> String {
            var pairs: [(String, String)] = []
            if let code { pairs.append(("code", String(code))) }
            pairs += [
                ("component", "apiserver"), ("dry_run", dryRun), ("group", group), ("resource", resource),
                ("scope", scope), ("subresource", subresource), ("verb", verb), ("version", version),
            ]
            return pairs.map { "\($0)=\"\(RequestMetrics.escaped($1))\"" }.joined(separator: ",")
        }

        /// What nearly always tells kinds apart; all of it would be read for each request.
        func hash(into hasher: inout Hasher) {
            hasher.combine(verb)
            hasher.combine(resource)
            hasher.combine(scope)
        }

        static func < (left: Kind, right: Kind) -> Bool { left.labels(code: nil) < right.labels(code: nil) }
    }

    private struct Times: Sendable {
        var buckets = [Int](repeating: 0, count: RequestMetrics.bounds.count)
        var count = 0
        var sum = Duration.zero
    }

    /// The upper bounds of the buckets, in milliseconds.
    static let bounds: [Int64] = [
        5, 25, 50, 100, 200, 400, 600, 800, 1000, 1250, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10_000,
        15_000, 20_000, 30_000, 45_000, 60_000,
    ]

    /// What is known of one kind.
    private struct Record: Sendable {
        let kind: Kind
        /// By status code; there are few of them.
        var counts: [(code: Int, count: Int)] = []
        var times: Times?
    }

    private var records: [Record] = []
    private var places: [Kind: Int] = [:]

    /// Counts a request; those that last as long as their caller likes have no time.
    mutating func count(_ kind: Kind, code: Int, took time: Duration?) {
        let place: Int
        if let known = places[kind] {
            place = known
        } else {
            place = records.count
            places[kind] = place
            records.append(Record(kind: kind))
        }
        if let known = records[place].counts.firstIndex(where: { $0.code == code }) {
            records[place].counts[known].count += 1
        } else {
            records[place].counts.append((code, 1))
        }
        guard let time else { return }
        let milliseconds = time / .milliseconds(1)
        let bucket = Self.bounds.firstIndex { milliseconds <= Double($0) }
        if records[place].times == nil { records[place].times = Times() }
        if let bucket { records[place].times?.buckets[bucket] += 1 }
        records[place].times?.count += 1
        records[place].times?.sum += time
    }

    /// The text that Prometheus reads.
    func text() -> String {
        var lines = [
            "# HELP apiserver_request_total [STABLE] Requests answered, by kind and status code.",
            "# TYPE apiserver_request_total counter",
        ]
        let ordered = records.sorted { $0.kind < $1.kind }
        for record in ordered {
            for (code, count) in record.counts.sorted(by: { $0.code < $1.code }) {
                lines.append("apiserver_request_total{\(record.kind.labels(code: code))} \(count)")
            }
        }
        lines += [
            "# HELP apiserver_request_duration_seconds [STABLE] How long answers took, by kind.",
            "# TYPE apiserver_request_duration_seconds histogram",
        ]
        for record in ordered {
            guard let times = record.times else { continue }
            let (name, labels) = ("apiserver_request_duration_seconds", record.kind.labels(code: nil))
            var sum = 0
            for (bound, count) in zip(Self.bounds, times.buckets) {
                sum += count
                lines.append("\(name)_bucket{\(labels),le=\"\(Self.seconds(bound))\"} \(sum)")
            }
            lines.append("\(name)_bucket{\(labels),le=\"+Inf\"} \(times.count)")
            lines.append("\(name)_sum{\(labels)} \(times.sum / .seconds(1))")
            lines.append("\(name)_count{\(labels)} \(times.count)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A bound in seconds as Go writes it.
    private static func seconds(_ milliseconds: Int64) -> String {
        milliseconds % 1000 == 0 ? String(milliseconds / 1000) : String(Double(milliseconds) / 1000)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
