// SPDX-License-Identifier: Apache-2.0
import Storage

/// Causes on the control side: objects, calls and passes of controllers.
extension CauseFinder {
    func ofObject(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows(
                "SELECT resource, namespace, name FROM object WHERE entry = ?",
                [.integer(place.entry)]
            ).first
        else { return nil }
        let plural = String(row.text(0).prefix { $0 != "." })
        // The call is recorded when it is answered, which is after what it stored.
        return try link(
            """
            SELECT c.entry FROM api_call c JOIN entry e ON e.id = c.entry
            WHERE c.entry > ?1 AND c.entry <= ?1 + 400 AND e.at_ns - c.duration_ns <= ?2
              AND c.verb IN ('create', 'update', 'patch', 'delete')
              AND (c.path LIKE '%/' || ?3 || '/' || ?4 || '%' OR c.path LIKE '%/' || ?3
                OR c.path LIKE '%/' || ?3 || '?%')
            ORDER BY c.entry LIMIT 1
            """,
            [.integer(place.entry), .integer(place.at), .text(plural), row.values[2]],
            "the call that stored it"
        )
    }

    func ofAPICall(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows(
                "SELECT client, path FROM api_call WHERE entry = ?",
                [.integer(place.entry)]
            ).first
        else { return nil }
        let host: String
        switch row.text(0) {
        case "kubectl": return try lastStep(before: place)
        case "kube-controller-manager", "kube-scheduler": host = "cluster"
        case "alb-ingress-controller": host = "controller"
        case let other: host = other.hasPrefix("kubelet") ? "node-%" : other
        }
        return try pass(of: host, over: place)
    }

    func ofCloudCall(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows(
                "SELECT client FROM cloud_call WHERE entry = ?",
                [.integer(place.entry)]
            ).first
        else { return nil }
        if row.text(0) == "alb-ingress-controller" { return try pass(of: "controller", over: place) }
        return try lastStep(before: place)
    }

    /// The pass of a controller during which something was done; it is recorded at its end.
    private func pass(of host: String, over place: Place) throws(StorageError) -> Link? {
        try link(
            """
            SELECT r.entry FROM reconcile r JOIN entry e ON e.id = r.entry
            WHERE r.entry > ? AND e.host LIKE ? AND e.at_ns - r.duration_ns <= ?
            ORDER BY (r.writes = 0), r.entry LIMIT 1
            """,
            [.integer(place.entry), .text(host), .integer(place.at)],
            "the pass that was under way"
        )
    }

    func ofReconcile(_ place: Place) throws(StorageError) -> Link? {
        guard
            let row = try run.rows(
                "SELECT controller, key, duration_ns FROM reconcile WHERE entry = ?",
                [.integer(place.entry)]
            ).first
        else { return nil }
        // `alb default/shop-web:80`: the object is named by the last word, without a port.
        let word = row.text(1).split(separator: " ").last ?? ""
        let parts = word.split(separator: "/", maxSplits: 1)
        let name = String((parts.last ?? "").prefix { $0 != ":" })
        let namespace = parts.count == 2 ? String(parts[0]) : ""
        if row.text(0) == "kubelet" { return try lifeOfPod(namespace, name, before: place) }
        let resources = Self.watched[row.text(0)] ?? []
        let list = resources.map { "'\($0)'" }.joined(separator: ", ")
        let kinds = resources.isEmpty ? "o.resource <> 'events'" : "o.resource IN (\(list))"
        let changed = try link(
            """
            SELECT max(o.entry) FROM object o JOIN entry e ON e.id = o.entry
            WHERE o.entry < ?1 AND e.at_ns <= ?2 AND (o.namespace = ?3 OR o.namespace = '')
              AND (o.name = ?4 OR o.name LIKE ?4 || '-%' OR ?4 LIKE '%-' || o.name) AND \(kinds)
            """,
            [
                .integer(place.entry), .integer(place.at - row.number(2)), .text(namespace), .text(name),
            ],
            "the last change of what it looked at"
        )
        return try changed.map { link throws(StorageError) in try wanted(link) }
    }

    /// True for a step, and for the revision of an object that brought what it wants; later ones only tell how it
    /// stands, and of pods that is all that anybody looks at.
    func brings(_ entry: Int64) throws(StorageError) -> Bool {
        guard
            let row = try run.rows(
                """
                SELECT e.kind, coalesce(o.resource, '') FROM entry e
                LEFT JOIN object o ON o.entry = e.id WHERE e.id = ?
                """,
                [.integer(entry)]
            ).first
        else { return false }
        switch row.text(0) {
        case "step": return true
        case "object" where row.text(1) != "pods":
            return try wanted(Link(entry: entry, how: "")).entry == entry
        default: return false
        }
    }

    /// The revision that brought what an object wants at a revision: later ones only told how it stands.
    ///
    /// Deletions and objects without a generation are left as they are.
    private func wanted(_ changed: Link) throws(StorageError) -> Link {
        guard run.format >= SavedRun.fullFormat else { return changed }
        let brought = try link(
            """
            SELECT min(a.entry) FROM object o JOIN object_body b ON b.revision = o.revision
            JOIN object a ON a.resource = o.resource AND a.namespace = o.namespace AND a.name = o.name
              AND a.entry <= o.entry
            JOIN object_body c ON c.revision = a.revision
            WHERE o.entry = ? AND json_extract(b.body, '$.metadata.generation') > 0
              AND json_extract(c.body, '$.metadata.generation') = json_extract(b.body, '$.metadata.generation')
              AND json_extract(c.body, '$.metadata.uid') IS json_extract(b.body, '$.metadata.uid')
            """,
            [.integer(changed.entry)],
            "the last change of what it is to be"
        )
        return brought ?? changed
    }

    /// What made a pod come or go: the call that deleted it, else the one that created it.
    func lifeOfPod(_ namespace: String, _ name: String, before place: Place) throws(StorageError) -> Link? {
        let deleted = try link(
            """
            SELECT max(entry) FROM api_call WHERE verb = 'delete' AND entry < ? AND status < 300
              AND path LIKE '%/namespaces/' || ? || '/pods/' || ? || '%'
            """,
            [.integer(place.entry), .text(namespace), .text(name)],
            "the call that deleted the pod"
        )
        if let deleted { return deleted }
        return try link(
            """
            SELECT min(entry) FROM object WHERE resource = 'pods' AND namespace = ? AND name = ? AND entry < ?
            """,
            [.text(namespace), .text(name), .integer(place.entry)],
            "the pod's creation"
        )
    }

    /// What controllers look at, by their names; a controller that is not named looks at everything of its key's
    /// name.
    private static let watched: [String: [String]] = [
        "servers": ["endpoints", "endpointslices.discovery.k8s.io"],
        "deployment": ["deployments.apps"],
        "replicaset": ["replicasets.apps"],
        "endpoints": ["pods", "services"],
        "endpointslice": ["pods", "services"],
    ]
}
