// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports
import Storage

/// The objects of the page: every revision with what it changed.
struct PageObjects {
    /// Bytes for bodies and changes; kinds that people write come first.
    private static let budget = 2_000_000
    /// Objects at most.
    private static let objectLimit = 600
    /// Revisions whose writer is looked for, at most.
    private static let writerLimit = 800

    private let run: SavedRun
    private let finder: CauseFinder

    init(_ run: SavedRun, _ finder: CauseFinder) {
        self.run = run
        self.finder = finder
    }

    private struct Lane {
        var resource: String
        var namespace: String
        var name: String
        var revisions: [SavedRow] = []
    }

    /// The objects, those that people write first.
    func json() throws -> JSONValue {
        var lanes: [String: Lane] = [:]
        var order: [String] = []
        let rows = try run.rows(
            """
            SELECT e.at_ns, o.entry, o.verb, o.revision, o.resource, o.namespace, o.name
            FROM object o JOIN entry e ON e.id = o.entry
            WHERE o.resource NOT IN ('events', 'leases.coordination.k8s.io') ORDER BY o.entry LIMIT 40000
            """
        )
        for row in rows {
            let key = "\(row.text(4)) \(row.text(5)) \(row.text(6))"
            if lanes[key] == nil {
                order.append(key)
                lanes[key] = Lane(resource: row.text(4), namespace: row.text(5), name: row.text(6))
            }
            lanes[key]?.revisions.append(row)
        }
        let sorted = order.compactMap { lanes[$0] }.enumerated().sorted {
            (Self.rank($0.element.resource), $0.offset) < (Self.rank($1.element.resource), $1.offset)
        }.map(\.element)
        var left = Self.budget
        var writers = Self.writerLimit
        return .array(try sorted.prefix(Self.objectLimit).map { try json($0, &left, &writers) })
    }

    private func json(_ lane: Lane, _ left: inout Int, _ writers: inout Int) throws -> JSONValue {
        var previous: JSONValue?
        var revisions: [JSONValue] = []
        for row in lane.revisions {
            let body = row.text(2) == "delete" || left <= 0 ? nil : try body(row.number(3))
            var change = JSONValue.null
            if let body {
                change = previous.map { .array(ObjectChange.between($0, body).map(\.json)) } ?? body
            }
            let size = change.bytes.count
            if size > left { change = .null }
            left -= size
            // Once something is left out, later changes cannot be put on top of anything.
            previous = change == .null ? nil : body
            revisions.append(
                .array([
                    .integer((row.number(0) - run.zero.nanoseconds) / 1000), .integer(row.number(1)),
                    .string(row.text(2)), .integer(row.number(3)), change, try writer(row, &writers),
                ])
            )
        }
        return [
            "kind": .string(run.kindName(lane.resource)), "resource": .string(lane.resource),
            "namespace": .string(lane.namespace), "name": .string(lane.name),
            "revisions": .array(revisions),
        ]
    }

    /// Who wrote a revision and why, in a line; empty when it is not known.
    private func writer(_ row: SavedRow, _ left: inout Int) throws -> JSONValue {
        guard left > 0, Self.rank(row.text(4)) < 6 else { return "" }
        left -= 1
        guard let call = try finder.cause(of: row.number(1), kind: "object"),
            let event = try run.event(call.entry)
        else { return "" }
        let pass = try finder.cause(of: call.entry, kind: event.kind).flatMap { try run.event($0.entry) }
        return .string("\(event.who)\(pass.map { ": \($0.text)" } ?? "")")
    }

    private func body(_ revision: Int64) throws -> JSONValue? {
        let row = try run.rows("SELECT body FROM object_body WHERE revision = ?", [.integer(revision)]).first
        guard let row, var body = try? JSONValue(parsing: row.text(0)) else { return nil }
        body.set(["metadata", "managedFields"], nil)
        return body
    }

    /// What people write comes before what controllers make.
    private static func rank(_ resource: String) -> Int {
        let order = ["ingresses", "albconfigs", "services", "secrets", "deployments"]
        let plural = resource.prefix { $0 != "." }
        if let place = order.firstIndex(of: String(plural)) { return place }
        switch plural {
        case "replicasets": return 6
        case "endpoints", "endpointslices": return 7
        case "pods": return 8
        case "customresourcedefinitions", "namespaces", "nodes": return 9
        default: return 5
        }
    }
}

/// A place in an object whose value changed.
struct ObjectChange: Hashable {
    var path: [String]
    var before: JSONValue?
    var after: JSONValue?

    /// Path, old and new value; a value that is missing is told as an empty list.
    var json: JSONValue {
        .array([
            .array(path.map { .string($0) }), before.map { .array([$0]) } ?? [],
            after.map { .array([$0]) } ?? [],
        ])
    }

    /// What must be changed in one value to get another; lists of other lengths are changed as a whole.
    static func between(_ one: JSONValue, _ other: JSONValue, path: [String] = []) -> [ObjectChange] {
        if one == other { return [] }
        switch (one, other) {
        case (.object(let one), .object(let other)):
            var changes: [ObjectChange] = []
            for member in one {
                let path = path + [member.key]
                if let after = other[member.key] {
                    changes += between(member.value, after, path: path)
                } else {
                    changes.append(ObjectChange(path: path, before: member.value, after: nil))
                }
            }
            for member in other where one[member.key] == nil {
                changes.append(ObjectChange(path: path + [member.key], before: nil, after: member.value))
            }
            return changes
        case (.array(let one), .array(let other)) where one.count == other.count:
            return zip(one, other).enumerated().flatMap { place, pair in
                between(pair.0, pair.1, path: path + [String(place)])
            }
        default: return [ObjectChange(path: path, before: one, after: other)]
        }
    }
}
