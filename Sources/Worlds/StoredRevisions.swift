// SPDX-License-Identifier: Apache-2.0
public import JSON
import Storage

extension World {
    /// The body of an object's revision, as the API server's store keeps it; nil when there is no such revision,
    /// or when it deleted the object.
    public func storedBody(revision: Int64) -> JSONValue? {
        let sql = "SELECT body FROM revision WHERE revision = ? AND verb <> 'delete'"
        let row = try? kubernetesDatabase.read { try $0.rows(sql, [.integer(revision)]) }.first
        guard let row, case .text(let text) = row.value(0) else { return nil }
        return try? JSONValue(parsing: text)
    }
}
