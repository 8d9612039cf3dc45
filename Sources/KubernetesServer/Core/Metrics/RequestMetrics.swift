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

    private var counts: [Kind: [Int: Int]] = [:]
    private var times: [Kind: Times] = [:]

    /// Counts a request; those that last as long as their caller likes have no time.
    mutating func count(_ kind: Kind, code: Int, took time: Duration?) {
        counts[kind, default: [:]][code, default: 0] += 1
        guard let time else { return }
        let milliseconds = time / .milliseconds(1)
        let place = Self.bounds.firstIndex { milliseconds <= Double($0) }
        if let place { times[kind, default: Times()].buckets[place] += 1 }
        times[kind, default: Times()].count += 1
        times[kind]?.sum += time
    }

    /// The text that Prometheus reads.
    func text() -> String {
        var lines = [
            "# HELP apiserver_request_total [STABLE] Requests answered, by kind and status code.",
            "# TYPE apiserver_request_total counter",
        ]
        for (kind, codes) in counts.sorted(by: { $0.key < $1.key }) {
            for (code, count) in codes.sorted(by: { $0.key < $1.key }) {
                lines.append("apiserver_request_total{\(kind.labels(code: code))} \(count)")
            }
        }
        lines += [
            "# HELP apiserver_request_duration_seconds [STABLE] How long answers took, by kind.",
            "# TYPE apiserver_request_duration_seconds histogram",
        ]
        for (kind, times) in times.sorted(by: { $0.key < $1.key }) {
            let (name, labels) = ("apiserver_request_duration_seconds", kind.labels(code: nil))
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
