// SPDX-License-Identifier: Apache-2.0
import Ports
import Scenarios
import Storage

/// An entry of a run in words: when, who, and what.
struct TracedEvent: Sendable, Hashable {
    /// The entry's number.
    var entry: Int64
    /// The table that tells more.
    var kind: String
    /// When it happened, from the scenario's zero.
    var at: Duration
    /// Who acted.
    var who: String
    /// What happened.
    var text: String
    /// How it is known that this led to the next event; empty for the last one, or for an entry by itself.
    var link = ""
    /// True when that was found out, and no entry says so itself.
    var isInferred = false

    /// One line.
    var line: String { "\(at.relativeText)  \(who)  \(text)" }
}

extension SavedRun {
    /// An entry in words; nil when there is none of that number.
    func event(_ entry: Int64) throws(StorageError) -> TracedEvent? {
        guard let head = try rows("SELECT kind, host, at_ns FROM entry WHERE id = ?", [.integer(entry)]).first
        else { return nil }
        let (kind, host) = (head.text(0), head.text(1))
        let words = try words(kind, entry, host: host)
        return TracedEvent(
            entry: entry,
            kind: kind,
            at: time(head.number(2)),
            who: words.who,
            text: words.text
        )
    }

    private func words(
        _ kind: String,
        _ entry: Int64,
        host: String
    ) throws(StorageError) -> (who: String, text: String) {
        guard let columns = EventWords.columns[kind],
            let row = try rows(
                "SELECT \(columns) FROM \"\(kind)\" WHERE entry = ?",
                [.integer(entry)]
            ).first
        else { return (host, kind) }
        return EventWords.words(kind, row, host: host, kindName: kindName)
    }
}

/// How each kind of entry is told.
enum EventWords {
    /// The columns that are told, by table.
    static let columns: [String: String] = [
        "object": "verb, resource, namespace, name, revision",
        "api_call": "client, verb, path, status, reason",
        "cloud_call": "client, action, resource, status, code",
        "reconcile": "controller, key, outcome, message",
        "configuration": "load_balancer, zone, version, cause",
        "health": "server, zone, state, reason",
        "pod": "namespace, name, node, stage, reason, ip",
        "connection": "traffic, server, server_name, outcome, certificate",
        "request": "traffic, method, host, path, status, outcome, served_by",
        "proxied": "zone, listener, version, rule, action, server, status, reason",
        "stream": "traffic, kind, host, path, stage, outcome, code, sent, received, served_by, duration_ns",
        "step": "number, verb, detail",
        "note": "topic, message",
    ]

    /// Who acted, and what happened.
    static func words(
        _ kind: String,
        _ row: SavedRow,
        host: String,
        kindName: (String) -> String
    ) -> (who: String, text: String) {
        func text(_ place: Int) -> String { row.text(place) }
        func tail(_ text: String, _ mark: String = ": ") -> String { text.isEmpty ? "" : mark + text }
        switch kind {
        case "object":
            let verb = ["create": "created", "update": "changed", "delete": "deleted"][text(0)] ?? text(0)
            let space = text(2).isEmpty ? "" : text(2) + "/"
            return (host, "\(kindName(text(1))) \(space)\(text(3)) \(verb), revision \(row.number(4))")
        case "api_call":
            return (text(0), "\(text(1)) \(text(2)) → \(row.number(3))\(tail(text(4), " "))")
        case "cloud_call":
            return (text(0), "\(text(1))\(tail(text(2), " ")) → \(row.number(3))\(tail(text(4), " "))")
        case "reconcile": return (host, "\(text(0)) \(text(1)): \(text(2))\(tail(text(3), ", "))")
        case "configuration":
            return (host, "zone \(text(1)) serves version \(row.number(2)) (\(text(3)))")
        case "health": return (host, "server \(text(0)) is \(text(2))\(tail(text(3)))")
        case "pod":
            let reason = text(4).isEmpty ? "" : " (\(text(4)))"
            return (
                text(2).isEmpty ? host : text(2),
                "Pod \(text(0))/\(text(1)) is \(text(3))\(reason), \(text(5))"
            )
        case "connection":
            let name = text(2).isEmpty ? "" : " for \(text(2))"
            return (host, "connection to \(text(1))\(name): \(text(3))")
        case "request":
            let answer = text(5) == "answered" ? "\(row.number(4))" : text(5)
            return (host, "\(text(1)) \(text(2))\(text(3)) → \(answer)\(tail(text(6), " from "))")
        case "proxied":
            let server = text(5).isEmpty ? "" : " at \(text(5))"
            return (
                host,
                "\(text(1)), version \(row.number(2)), rule \(text(3)): \(text(4))\(server) → "
                    + "\(row.number(6))\(tail(text(7)))"
            )
        case "stream":
            let name = "\(text(1)) \(text(2))\(text(3))"
            if text(4) == "opened" { return (host, "\(name) opened\(tail(text(9), " with "))") }
            let code = row.number(6) < 0 ? "" : " \(row.number(6))"
            let time = Duration.milliseconds(row.number(10) / 1_000_000).humanText
            return (
                host,
                "\(name) → \(text(5))\(code)\(tail(text(9), ", served by ")), after \(time), \(row.number(7)) sent and "
                    + "\(row.number(8)) received"
            )
        case "step": return ("scenario", "step \(row.number(0)), \(text(1)): \(text(2))")
        case "note": return (host, "\(text(0)): \(text(1))")
        default: return (host, kind)
        }
    }
}
