// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Storage

/// What led to the entries that the page shows: each entry in words, with all that is known to have led to it.
struct PageCauses {
    /// Entries told at most; those that people click first come first.
    private static let limit = 5000

    private let run: SavedRun
    private let finder: CauseFinder

    init(_ run: SavedRun, _ finder: CauseFinder) {
        self.run = run
        self.finder = finder
    }

    /// By entry: time, who, what, kind, and the causes, of which the first is the one that tells most.
    func json() throws -> JSONValue {
        var told: [(key: String, value: JSONValue)] = []
        var seen: Set<Int64> = []
        // From what is shown back to what led to it, one layer after another.
        var layer = try shown()
        while !layer.isEmpty, told.count < Self.limit {
            var next: [Int64] = []
            for entry in layer where told.count < Self.limit && seen.insert(entry).inserted {
                guard let event = try run.event(entry) else { continue }
                let first = try finder.cause(of: entry, kind: event.kind)
                let others = try finder.causes(of: entry).map(\.entry).filter { $0 != first?.entry }
                let causes = (first.map { [$0.entry] } ?? []) + others.suffix(7)
                next += causes
                told.append(
                    (
                        "\(entry)",
                        .array([
                            .integer(event.at.nanoseconds / 1000), .string(event.who), .string(event.text),
                            .string(event.kind), .array(causes.map { .integer($0) }),
                        ])
                    )
                )
            }
            layer = next
        }
        return .object(JSONObject(told))
    }

    /// Entries that can be clicked: what zones serve, calls that write or fail, the Ingress controller's passes that did
    /// something, what pods did, and objects that people write.
    private func shown() throws -> [Int64] {
        try [
            "SELECT entry FROM configuration ORDER BY entry LIMIT 800",
            """
            SELECT entry FROM cloud_call WHERE code <> ''
              OR NOT (action LIKE 'List%' OR action LIKE 'Get%' OR action LIKE 'Describe%')
            ORDER BY code = '', entry LIMIT 800
            """,
            """
            SELECT r.entry FROM reconcile r JOIN entry e ON e.id = r.entry
            WHERE r.outcome <> 'done' OR r.writes > 0 ORDER BY e.host <> 'controller', r.entry LIMIT 800
            """,
            "SELECT entry FROM pod ORDER BY stage <> 'crashed', entry LIMIT 800",
            """
            SELECT o.entry FROM object o JOIN entry e ON e.id = o.entry
            WHERE o.resource NOT IN ('events', 'leases.coordination.k8s.io') AND e.at_ns > \(run.zero.nanoseconds)
            ORDER BY o.entry LIMIT 800
            """,
        ].flatMap { try run.rows($0).map { $0.number(0) } }
    }
}
