// SPDX-License-Identifier: Apache-2.0
public import JSON
public import Ports
import Storage

extension World {
    /// The newest revision of the API server's store at an instant; 1 before there was any.
    public func storedRevision(at instant: Instant) -> Int64 {
        let sql = "SELECT max(revision) FROM revision WHERE time <= ?"
        let row = try? kubernetesDatabase.read { try $0.rows(sql, [.integer(instant.nanoseconds)]) }.first
        guard let row, case .integer(let revision) = row.value(0) else { return 1 }
        return revision
    }

    /// The body of an object as it is now; nil when there is none.
    public func latestBody(_ resource: String, namespace: String, name: String) -> JSONValue? {
        let sql = """
            SELECT verb, body FROM revision WHERE resource = ? AND namespace = ? AND name = ?
            ORDER BY revision DESC LIMIT 1
            """
        let row = try? kubernetesDatabase.read {
            try $0.rows(sql, [.text(resource), .text(namespace), .text(name)])
        }.first
        guard let row, case .text(let verb) = row.value(0), verb != "delete",
            case .text(let text) = row.value(1)
        else { return nil }
        return try? JSONValue(parsing: text)
    }

    /// The body of an object's revision, as the API server's store keeps it; nil when there is no such revision,
    /// or when it deleted the object.
    public func storedBody(revision: Int64) -> JSONValue? {
        let sql = "SELECT body FROM revision WHERE revision = ? AND verb <> 'delete'"
        let row = try? kubernetesDatabase.read { try $0.rows(sql, [.integer(revision)]) }.first
        guard let row, case .text(let text) = row.value(0) else { return nil }
        return try? JSONValue(parsing: text)
    }

    /// The bodies of all revisions that are no deletions, with their resources, in the order of revisions.
    ///
    /// - Throws: `StorageError` when the API server's store cannot be read.
    public func storedBodies() throws -> [(revision: Int64, resource: String, body: String)] {
        let sql = "SELECT revision, resource, body FROM revision WHERE verb <> 'delete' ORDER BY revision"
        return try kubernetesDatabase.read { transaction in
            try transaction.rows(sql).map { ($0.int64(0), $0.text(1), $0.text(2)) }
        }
    }

    /// The bodies of the revisions of one resource, in the order of revisions.
    ///
    /// - Throws: `StorageError` when the API server's store cannot be read.
    public func storedBodies(of resource: String) throws -> [String] {
        let sql = "SELECT body FROM revision WHERE resource = ? AND verb <> 'delete' ORDER BY revision"
        return try kubernetesDatabase.read { transaction in
            try transaction.rows(sql, [.text(resource)]).map { $0.text(0) }
        }
    }
}
