// SPDX-License-Identifier: Apache-2.0
import JSON

/// The annotation in which kubectl keeps what it applied before the server did.
///
/// - Source: the last-applied managers of a kube-apiserver 1.36 (seen upstream).
enum LastApplied {
    static let annotation = "kubectl.kubernetes.io/last-applied-configuration"

    /// The object with the annotation brought up to date; nil when it has none.
    static func update(_ object: JSONValue, _ config: JSONValue) -> JSONValue? {
        guard object["metadata"]?["annotations"]?[annotation] != nil else { return nil }
        var given = config
        given.set(["metadata", "annotations", annotation], nil)
        var result = object
        result.set(["metadata", "annotations", annotation], .string(given.sorted.text + "\n"))
        return result
    }

    /// The conflicts that the annotation does not explain: about fields that kubectl did not set, or that have
    /// changed since.
    static func unexplained(
        _ conflicts: [FieldManager.Conflict],
        _ live: JSONValue,
        _ manager: FieldManager
    ) -> [FieldManager.Conflict] {
        guard let text = live["metadata"]?["annotations"]?[annotation]?.stringValue,
            var applied = try? JSONValue(parsing: text)
        else { return conflicts }
        for name in ["kind", "apiVersion"] { applied[name] = nil }
        guard let fields = try? ValueMerge(schema: manager.schema).fields(applied, manager.root),
            let found = try? ValueComparison(schema: manager.schema).compare(applied, live, manager.root)
        else { return conflicts }
        let explained = Set(fields.subtracting(found.modified).subtracting(found.removed).paths)
        return conflicts.filter { !explained.contains($0.path) }
    }
}
