// SPDX-License-Identifier: Apache-2.0
import CloudAPI
public import DataPlane
import HTTPTypes
import JSON
import Ports
import Scenarios
import Storage

/// Works out what would have become of a request at some instant of a saved run.
public final class RunExplainer {
    /// What one zone would have done.
    public struct Answer: Sendable {
        /// The load balancer's id.
        public var loadBalancer: String
        /// The zone.
        public var zone: String
        /// The configuration version that the zone served, and since when.
        public var version: Int64
        /// When the zone began to serve it, from the scenario's zero.
        public var since: Duration
        /// The way of the request.
        public var path: RequestPath
        /// What led to that version, the first cause first; empty when the run does not tell.
        var causes: [TracedEvent] = []
    }

    let run: SavedRun
    private var configurations: [String: LoadBalancerConfiguration] = [:]
    private var parts: [Int64: JSONValue] = [:]
    private var zones: [String: SavedZone] = [:]

    /// Makes an explainer.
    ///
    /// - Throws: `ReportError` when the run file holds no configurations.
    public init(_ run: SavedRun) throws(ReportError) {
        self.run = run
        try run.require(for: "explaining a request")
    }

    /// The versions that zones served at an instant, by load balancer and zone.
    func served(
        at instant: Int64
    ) throws(StorageError) -> [(balancer: String, zone: String, version: Int64, since: Int64, entry: Int64)] {
        try run.rows(
            """
            SELECT c.load_balancer, c.zone, c.version, e.at_ns, c.entry FROM configuration c JOIN entry e ON e.id = c.entry
            WHERE c.entry IN (SELECT max(c2.entry) FROM configuration c2 JOIN entry e2 ON e2.id = c2.entry
              WHERE e2.at_ns <= ? GROUP BY c2.load_balancer, c2.zone)
            ORDER BY c.load_balancer, c.zone
            """,
            [.integer(instant)]
        ).map { ($0.text(0), $0.text(1), $0.number(2), $0.number(3), $0.number(4)) }
    }

    /// What each zone would have done with a request at an instant.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - port: The listener's port.
    ///   - instant: The instant, in nanoseconds from the Unix epoch.
    /// - Returns: An answer for each zone, by load balancer and zone.
    /// - Throws: `ReportError` or `StorageError` when the run holds too little.
    public func explain(_ request: ExplainedRequest, port: Int, at instant: Int64) throws -> [Answer] {
        var answers: [Answer] = []
        for served in try served(at: instant) {
            guard
                let zone = try zone(served.zone, of: served.balancer, version: served.version, at: instant)
            else { continue }
            answers.append(
                Answer(
                    loadBalancer: served.balancer,
                    zone: served.zone,
                    version: served.version,
                    since: run.time(served.since),
                    path: zone.explain(request, port: port),
                    causes: Array(try CauseFinder(run: run).story(served.entry).dropLast())
                )
            )
        }
        return answers
    }

    /// A zone as it was at an instant; nil when the run file does not hold the version.
    func zone(_ zone: String, of balancer: String, version: Int64, at instant: Int64) throws -> SavedZone? {
        guard let configuration = try configuration(of: balancer, version: version) else { return nil }
        let changes = try run.rows(
            """
            SELECT h.server_group, h.server, h.state, max(h.entry) FROM health h JOIN entry e ON e.id = h.entry
            WHERE h.zone = ? AND e.at_ns <= ? GROUP BY h.server_group, h.server
            """,
            [.text(zone), .integer(instant)]
        )
        var states: [String: String] = [:]
        for change in changes { states["\(change.text(0)) \(change.text(1))"] = change.text(2) }
        let key = "\(balancer) \(zone) \(version) " + states.sorted { $0.key < $1.key }.description
        if let known = zones[key] { return known }
        let made = SavedZone(configuration, zone: zone, health: { states["\($0) \($1)"] })
        if zones.count > 200 { zones = [:] }
        zones[key] = made
        return made
    }

    /// A version of a load balancer's configuration; nil when the run file does not hold it.
    func configuration(of balancer: String, version: Int64) throws -> LoadBalancerConfiguration? {
        let key = "\(balancer) \(version)"
        if let known = configurations[key] { return known }
        let row = try run.rows(
            """
            SELECT head, listeners, server_groups FROM configuration_body
            WHERE load_balancer = ? AND version = ?
            """,
            [.text(balancer), .integer(version)]
        ).first
        guard let row else { return nil }
        let configuration = try LoadBalancerConfiguration(
            headJSON: JSONValue(parsing: row.text(0)),
            listeners: try parts(row.text(1)).map { try ListenerConfiguration(json: $0) },
            serverGroups: try parts(row.text(2)).map { try ServerGroupConfiguration(json: $0) }
        )
        if configurations.count > 200 { configurations = [:] }
        configurations[key] = configuration
        return configuration
    }

    private func parts(_ list: String) throws -> [JSONValue] {
        let numbers = try JSONValue(parsing: list).arrayValue?.compactMap(\.intValue) ?? []
        return try numbers.map { number in
            if let known = parts[Int64(number)] { return known }
            let rows = try run.rows(
                "SELECT body FROM configuration_part WHERE id = ?",
                [.integer(Int64(number))]
            )
            guard let row = rows.first else {
                throw ReportError("the run file is damaged: the configuration's part \(number) is missing")
            }
            let value = try JSONValue(parsing: row.text(0))
            parts[Int64(number)] = value
            return value
        }
    }
}
