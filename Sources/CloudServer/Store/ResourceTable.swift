// SPDX-License-Identifier: Apache-2.0
import JSON
import Storage

/// The durable copy of an account: a row for each resource, its document as JSON.
enum ResourceTable {
    /// Marks the files of this kind: "Alb" and a 1.
    static let applicationID: Int32 = 0x416c_6201

    static let migrations = [
        """
        CREATE TABLE cloud_resource (
            serial INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            parent TEXT NOT NULL,
            status TEXT NOT NULL,
            document TEXT NOT NULL,
            hidden TEXT NOT NULL,
            tags TEXT NOT NULL
        );
        CREATE TABLE cloud_start (number INTEGER PRIMARY KEY);
        """
    ]

    static let put = """
        INSERT OR REPLACE INTO cloud_resource (serial, kind, id, parent, status, document, hidden, tags)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    /// For changes that leave the document alone, as most are: making its text costs more than all the rest.
    static let move = "UPDATE cloud_resource SET parent = ?, status = ?, hidden = ? WHERE serial = ?"
    static let drop = "DELETE FROM cloud_resource WHERE serial = ?"
    static let all = """
        SELECT serial, kind, id, parent, status, document, hidden, tags FROM cloud_resource ORDER BY serial
        """
    static let noteStart = "INSERT INTO cloud_start DEFAULT VALUES"

    /// Writes what a call changed.
    static func write(_ changes: [ResourceStore.Change], _ transaction: Transaction) throws(StorageError) {
        for change in changes {
            if let before = change.before, before.serial != change.after?.serial {
                try transaction.run(drop, [.integer(before.serial)])
            }
            guard let after = change.after, after != change.before else { continue }
            if let before = change.before, before.serial == after.serial, before.document == after.document,
                before.tags == after.tags
            {
                let hidden = JSONValue.object(after.hidden).text
                let values: [SQLValue] = [.text(after.parent), .text(after.status), .text(hidden)]
                try transaction.run(move, values + [.integer(after.serial)])
            } else {
                try transaction.run(put, row(after))
            }
        }
    }

    private static func row(_ resource: Resource) -> [SQLValue] {
        let tags = JSONObject(resource.tags.map { ($0.key, .string($0.value)) })
        return [
            .integer(resource.serial), .text(resource.kind.rawValue), .text(resource.id),
            .text(resource.parent),
            .text(resource.status), .text(JSONValue.object(resource.document).text),
            .text(JSONValue.object(resource.hidden).text), .text(JSONValue.object(tags).text),
        ]
    }

    /// Reads a resource; nil for a row that this program does not understand.
    static func resource(_ row: Row) -> Resource? {
        func object(_ column: Int) -> JSONObject {
            (try? JSONValue(parsing: row.text(column)))?.objectValue ?? [:]
        }
        guard let kind = ResourceKind(rawValue: row.text(1)) else { return nil }
        return Resource(
            kind: kind,
            id: row.text(2),
            serial: row.int64(0),
            parent: row.text(3),
            status: row.text(4),
            document: object(5),
            hidden: object(6),
            tags: object(7).members.map { Tag(key: $0.key, value: $0.value.stringValue ?? "") }
        )
    }
}
