// SPDX-License-Identifier: Apache-2.0
import Storage

/// The SQL of the one table: every revision of every object.
enum RevisionTable {
    /// Marks files of this kind: "ALBK".
    static let applicationID: Int32 = 0x414c_424b

    /// The steps of the schema, oldest first.
    static let steps = [
        """
        CREATE TABLE revision (
            revision INTEGER PRIMARY KEY,
            resource TEXT NOT NULL,
            namespace TEXT NOT NULL,
            name TEXT NOT NULL,
            verb TEXT NOT NULL,
            previous INTEGER NOT NULL,
            time INTEGER NOT NULL,
            body TEXT NOT NULL
        );
        CREATE INDEX revision_object ON revision (resource, namespace, name, revision);
        CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
        """
    ]

    static let insert = """
        INSERT INTO revision (revision, resource, namespace, name, verb, previous, time, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// The present state: the newest revision of every object that is not deleted.
    static let current = """
        SELECT revision, resource, namespace, name, body FROM revision
        WHERE revision IN (SELECT max(revision) FROM revision GROUP BY resource, namespace, name)
            AND verb <> 'delete'
        ORDER BY resource, namespace, name
        """

    static let newest = "SELECT coalesce(max(revision), 0) FROM revision"

    /// What happened to a resource after a revision, with each object's state before.
    static let history = """
        SELECT now.revision, now.verb, now.body, before.body FROM revision AS now
        LEFT JOIN revision AS before ON before.revision = now.previous
        WHERE now.revision > ? AND now.resource = ? AND (?3 = '' OR now.namespace = ?3)
        ORDER BY now.revision
        """

    /// The state of a resource at a revision.
    static let past = """
        SELECT revision, namespace, name, body FROM revision
        WHERE revision IN (
            SELECT max(revision) FROM revision
            WHERE resource = ?1 AND revision <= ?2 AND (?3 = '' OR namespace = ?3)
            GROUP BY namespace, name)
            AND verb <> 'delete'
        ORDER BY namespace, name
        """

    /// Forgets the states that revisions after one and up to another have replaced.
    static let compact = """
        DELETE FROM revision WHERE revision IN (
            SELECT previous FROM revision WHERE revision > ?1 AND revision <= ?2 AND previous > 0)
        """

    /// Forgets the ends of objects that ended in the same time.
    static let compactEnds =
        "DELETE FROM revision WHERE revision > ?1 AND revision <= ?2 AND verb = 'delete'"

    static let setting = "SELECT value FROM setting WHERE name = ?"

    static let set =
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
}
