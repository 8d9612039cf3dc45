// SPDX-License-Identifier: Apache-2.0
import Ports
import Storage

/// Follows an entry back to what led to it.
///
/// Causes that were recorded are taken as they are (the run file's view `causes`). Where there is none, as in files of
/// older formats, one is found by what entries have in common: connection and exchange, configuration version, server
/// address, object name, and the time that a call or a pass took. Each link says how it was found.
struct CauseFinder {
    /// More links than any story has.
    static let limit = 60

    let run: SavedRun

    /// A cause and how it was found.
    struct Link {
        var entry: Int64
        var how: String
        /// False when the entries themselves say so.
        var isInferred = true
    }

    /// The entries that led to one, the first cause first and the entry itself last.
    func chain(_ entry: Int64) throws(StorageError) -> [TracedEvent] {
        var chain: [TracedEvent] = []
        var next: Link? = Link(entry: entry, how: "")
        while let link = next, chain.count < Self.limit, !chain.contains(where: { $0.entry == link.entry }) {
            guard var event = try run.event(link.entry) else { break }
            event.link = link.how
            event.isInferred = link.isInferred
            chain.append(event)
            next = try cause(of: link.entry, kind: event.kind)
        }
        return chain.reversed()
    }

    /// The chain without what only carried it on: calls of controllers, objects between two passes, passes that only
    /// reported how things stand.
    func story(_ entry: Int64) throws(StorageError) -> [TracedEvent] {
        let chain = try chain(entry)
        var story: [TracedEvent] = []
        for (place, event) in chain.enumerated() {
            let next = chain.indices.contains(place + 1) ? chain[place + 1] : nil
            let isCarrier: Bool =
                switch event.kind {
                case "api_call": event.who != "kubectl" || next?.kind == "object"
                case "object": place > 0 && chain[place - 1].who != "kubectl"
                case "reconcile": event.text.hasSuffix(": done") || event.text.hasSuffix(": done, status")
                // Of a pod's stages in a row the last one led on.
                case "pod": try areOfOnePod(event.entry, next?.entry ?? 0)
                default: false
                }
            if next == nil || !isCarrier || (place == 0 && event.kind != "reconcile") { story.append(event) }
        }
        return story
    }

    /// True when two entries are stages of one pod.
    private func areOfOnePod(_ one: Int64, _ other: Int64) throws(StorageError) -> Bool {
        try !run.rows(
            """
            SELECT 1 FROM pod p JOIN pod o ON o.namespace = p.namespace AND o.name = p.name
            WHERE p.entry = ? AND o.entry = ?
            """,
            [.integer(one), .integer(other)]
        ).isEmpty
    }

    /// What led to an entry; nil when nothing is known.
    func cause(of entry: Int64, kind: String) throws(StorageError) -> Link? {
        let head = try run.rows("SELECT cause, at_ns, host FROM entry WHERE id = ?", [.integer(entry)]).first
        guard let head else { return nil }
        let place = Place(entry: entry, at: head.number(1), host: head.text(2))
        if !["request", "proxied", "stream"].contains(kind) {
            if let link = try decisive(try causes(of: entry)) { return link }
            if head.number(0) > 0 { return Link(entry: head.number(0), how: "recorded", isInferred: false) }
        }
        switch kind {
        case "request": return try ofRequest(place)
        case "stream": return try ofStream(place)
        case "proxied": return try ofProxied(place)
        case "object": return try ofObject(place)
        case "api_call": return try ofAPICall(place)
        case "cloud_call": return try ofCloudCall(place)
        case "reconcile": return try ofReconcile(place)
        case "pod": return try ofPod(place)
        case "health": return try ofHealth(place)
        case "note": return try lastStep(before: place)
        default: return nil
        }
    }

    /// All that was recorded to have led to an entry, the earliest first; files of older formats have none.
    func causes(of entry: Int64) throws(StorageError) -> [Link] {
        guard run.format >= SavedRun.causesFormat else { return [] }
        return try run.rows(
            "SELECT DISTINCT cause, how FROM causes WHERE entry = ? ORDER BY cause",
            [.integer(entry)]
        ).map { Link(entry: $0.number(0), how: $0.text(1), isInferred: false) }
    }

    /// Of several causes the last one that brought something new to want; else the last one.
    private func decisive(_ links: [Link]) throws(StorageError) -> Link? {
        guard links.count > 1 else { return links.first }
        for link in links.reversed() where try brings(link.entry) { return link }
        return links.last
    }

    struct Place {
        var entry: Int64
        var at: Int64
        var host: String
    }

    /// The first row's first column as a link.
    func link(_ sql: String, _ arguments: [SQLValue], _ how: String) throws(StorageError) -> Link? {
        guard let row = try run.rows(sql, arguments).first, row.number(0) > 0 else { return nil }
        return Link(entry: row.number(0), how: how)
    }

    func lastStep(before place: Place) throws(StorageError) -> Link? {
        try link(
            "SELECT max(entry) FROM step WHERE entry < ?",
            [.integer(place.entry)],
            "the step under way"
        )
    }

    // MARK: Traffic

    private func ofRequest(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows(
                "SELECT connection, exchange FROM request WHERE entry = ?",
                [.integer(place.entry)]
            ).first, row.number(0) > 0
        else { return nil }
        let proxied = try link(
            "SELECT min(entry) FROM proxied WHERE connection = ? AND exchange = ?",
            [row.values[0], row.values[1]],
            "the same connection and exchange"
        )
        if let proxied { return proxied }
        return try link(
            "SELECT min(entry) FROM connection WHERE id = ? AND entry < ?",
            [row.values[0], .integer(place.entry)],
            "its connection"
        )
    }

    /// A stream that its server ended leads to the server's pod; any other to what its load balancer knows of it.
    private func ofStream(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows(
                "SELECT connection, exchange, stage, outcome, served_by FROM stream WHERE entry = ?",
                [.integer(place.entry)]
            ).first
        else { return nil }
        if row.text(2) == "opened" {
            return try link(
                "SELECT max(entry) FROM request WHERE connection = ? AND exchange = ? AND entry < ?",
                [row.values[0], row.values[1], .integer(place.entry)],
                "the request that opened it"
            )
        }
        if row.text(3) == "server ended" || row.text(3) == "failed",
            let stage = try run.rows(
                "SELECT entry, stage FROM pod WHERE name = ? AND entry < ? ORDER BY entry DESC LIMIT 1",
                [row.values[4], .integer(place.entry)]
            ).first, stage.text(1) != "ready"
        {
            return Link(entry: stage.number(0), how: "the pod at the other end")
        }
        return try link(
            "SELECT min(entry) FROM proxied WHERE connection = ? AND exchange = ?",
            [row.values[0], row.values[1]],
            "the same connection and exchange"
        )
    }

    private func ofProxied(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows(
                "SELECT server, reason, load_balancer, zone, version FROM proxied WHERE entry = ?",
                [.integer(place.entry)]
            ).first
        else { return nil }
        let ip = String(row.text(0).prefix { $0 != ":" })
        if !row.text(1).isEmpty, !ip.isEmpty,
            let stage = try run.rows(
                "SELECT entry, stage FROM pod WHERE ip = ? AND entry < ? ORDER BY entry DESC LIMIT 1",
                [.text(ip), .integer(place.entry)]
            ).first, stage.text(1) != "ready"
        {
            return Link(entry: stage.number(0), how: "the pod at that address")
        }
        return try link(
            "SELECT max(entry) FROM configuration WHERE load_balancer = ? AND zone = ? AND version = ? AND entry < ?",
            [row.values[2], row.values[3], row.values[4], .integer(place.entry)],
            "the version that the zone served"
        )
    }

    private func ofHealth(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows("SELECT server FROM health WHERE entry = ?", [.integer(place.entry)]).first
        else { return nil }
        return try link(
            "SELECT max(entry) FROM pod WHERE ip = ? AND entry < ?",
            [.text(String(row.text(0).prefix { $0 != ":" })), .integer(place.entry)],
            "the pod at that address"
        )
    }

    private func ofPod(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows(
                "SELECT namespace, name, stage FROM pod WHERE entry = ?",
                [.integer(place.entry)]
            ).first
        else { return nil }
        if row.text(2) == "crashed" {
            // A program that ends by itself has no step behind it.
            return try link(
                """
                SELECT max(s.entry) FROM step s JOIN entry e ON e.id = s.entry
                WHERE s.entry < ? AND e.at_ns >= ? AND s.verb LIKE 'crash%'
                """,
                [.integer(place.entry), .integer(place.at - 1_000_000_000)],
                "the step of that moment"
            )
        }
        return try lifeOfPod(row.text(0), row.text(1), before: place)
    }
}
