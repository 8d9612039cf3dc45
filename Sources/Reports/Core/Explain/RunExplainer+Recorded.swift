// SPDX-License-Identifier: Apache-2.0
import DataPlane
import HTTPTypes
import Storage

extension RunExplainer {
    /// A request that went through a load balancer, as far as its way depends on it.
    struct RecordedRequest {
        var method: String
        var host: String
        var path: String
        var loadBalancer: String
        var zone: String
        /// `443/HTTPS`.
        var listener: String
        var version: Int64
        /// When the load balancer took it up, in nanoseconds from the Unix epoch.
        var began: Int64
    }

    /// The request of an entry; nil when no load balancer took it up.
    func recorded(_ entry: Int64) throws(StorageError) -> RecordedRequest? {
        let row = try run.rows(
            """
            SELECT r.method, r.host, r.path, p.load_balancer, p.zone, p.listener, p.version, e.at_ns - r.latency_ns
            FROM request r JOIN entry e ON e.id = r.entry
            JOIN proxied p ON p.connection = r.connection AND p.exchange = r.exchange
            WHERE r.entry = ? AND r.connection > 0 ORDER BY p.entry LIMIT 1
            """,
            [.integer(entry)]
        ).first
        return row.map { row in
            RecordedRequest(
                method: row.text(0),
                host: row.text(1),
                path: row.text(2),
                loadBalancer: row.text(3),
                zone: row.text(4),
                listener: row.text(5),
                version: row.number(6),
                began: row.number(7)
            )
        }
    }

    /// The way of a request through the version that its zone served; nil when the run file does not hold it.
    ///
    /// Header fields of requests are not recorded, so a rule that asks for one may have matched after all.
    func way(of request: RecordedRequest) throws -> RequestPath? {
        guard
            let zone = try zone(
                request.zone,
                of: request.loadBalancer,
                version: request.version,
                at: request.began
            ), let method = HTTPRequest.Method(request.method),
            let port = Int(request.listener.prefix { $0 != "/" })
        else { return nil }
        let head = HTTPRequest(
            method: method,
            scheme: request.listener.hasSuffix("HTTP") ? "http" : "https",
            authority: request.host,
            path: request.path
        )
        return zone.explain(ExplainedRequest(head: head), port: port)
    }
}

extension RequestPath {
    /// The way in a few lines: what was looked at, the rule that came closest, servers that were not used.
    var lines: [String] {
        var lines = steps.map(\.description)
        if let nearestMiss { lines.append("nearest miss: \(nearestMiss)") }
        let unused = candidates.filter { !$0.isUsable }
        lines += unused.prefix(4).map { "server \($0)" }
        if unused.count > 4 { lines.append("and \(unused.count - 4) more servers that are not used") }
        lines.append("outcome: \(outcome.words)")
        return lines
    }
}
