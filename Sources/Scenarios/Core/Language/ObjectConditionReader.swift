// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What may be said about an object: its kind and name, and a part of it.
enum ObjectConditionReader {
    private static let kind = Field("kind", .text("a kind", example: "Ingress"), "The object's kind.")
        .required
    private static let name = Field(
        "name",
        .text("a name", example: "cafe"),
        "The object's name; any object of the kind without it."
    )
    private static let apiVersion = Field(
        "apiVersion",
        .text,
        "The object's group and version, which its kind tells already."
    )
    private static let labels = Field("labels", Reader<[Named<String>]>.map(of: .text), "Labels that it has.")

    /// The members that objects have beside those above.
    private static let parts = [
        "metadata", "spec", "status", "data", "stringData", "type", "immutable", "subsets", "addressType",
        "endpoints",
        "ports", "reason", "message", "involvedObject", "count", "secrets", "webhooks", "rules", "parameters",
    ]

    private static let head = [
        AnyField(kind), AnyField(name), AnyField(ObjectTarget.namespace), AnyField(apiVersion),
        AnyField(labels),
    ]

    static let reader: Reader<ObjectCondition> = {
        let fields =
            head.map(\.described)
            + parts.map {
                FieldShape(key: $0, value: .tree, isRequired: false, summary: "A part of the object.")
            }
        let shape = ValueShape.record(RecordShape(name: "object", fields: fields))
        return Reader(shape) { node, decoding in
            guard let entries = node.entries else {
                decoding.mistake(
                    node.mark,
                    "expected a part of an object, found \(node.found)",
                    "write {kind: Ingress, name: cafe, status: {…}}"
                )
                return nil
            }
            let headKeys = head.map(\.key)
            var tree = JSONObject()
            for entry in entries where !headKeys.contains(entry.key.keyText) {
                let key = entry.key.keyText
                let isUnknown =
                    !parts.contains(key) && (node["kind"]?.scalar).map { isBuiltIn($0.text) } ?? true
                let meant = NearMiss.nearest(to: key, in: headKeys + parts)
                if !parts.contains(key), isUnknown || meant != nil {
                    decoding.mistake(
                        entry.key.mark,
                        "unknown key \"\(key)\" in object",
                        meant.map { "did you mean \"\($0)\"?" }
                            ?? "the parts of objects are metadata, spec, status, data and the like"
                    )
                    continue
                }
                checkMatchers(entry.value, decoding)
                tree[key] = decoding.json(entry.value)
            }
            let record = Record<ObjectCondition>("object", fields: head) { [tree] members in
                condition(members, tree: .object(tree))
            }
            return record.decode(
                entries.filter { headKeys.contains($0.key.keyText) },
                at: node.mark,
                decoding
            )
        }
    }()

    private static func condition(_ members: Members, tree: JSONValue) -> ObjectCondition? {
        guard let word = members[kind],
            let type = members.decoding.type(named: word, at: members.valueMark("kind"))
        else { return nil }
        if let version = members[apiVersion], version != type.apiVersion {
            members.mistake(
                "apiVersion",
                "\(type.kind) belongs to \(type.apiVersion), found \"\(version)\"",
                "leave it out"
            )
        }
        let namespace = type.isNamespaced ? members[ObjectTarget.namespace] ?? "default" : ""
        if let name = members[name] {
            members.decoding.checkExists(
                ObjectReference(type: type, namespace: namespace, name: name),
                at: members.valueMark("name")
            )
        }
        return ObjectCondition(
            type: type,
            namespace: namespace,
            name: members[name],
            labels: (members[labels] ?? []).map { LabelValue(key: $0.name, value: $0.value) },
            tree: tree
        )
    }

    /// True for the kinds whose parts are known.
    private static func isBuiltIn(_ kind: String) -> Bool { KindTable().type(named: kind) != nil }

    /// Reports what can match nothing: limits that are no numbers, lists that are none.
    private static func checkMatchers(_ node: YAMLNode, _ decoding: Decoding) {
        for item in node.items ?? [] { checkMatchers(item, decoding) }
        for entry in node.entries ?? [] {
            switch TreeMatcher.Word(rawValue: entry.key.keyText) {
            case .atLeast, .atMost:
                if case .string = decoding.json(entry.value) {
                    decoding.mistake(
                        entry.value.mark,
                        "expected a number, found \(entry.value.found)",
                        "write a number such as 3"
                    )
                }
            case .contains where entry.value.items == nil:
                decoding.mistake(
                    entry.value.mark,
                    "\"contains\" takes a list, found \(entry.value.found)",
                    "begin each item with '-'"
                )
            default: checkMatchers(entry.value, decoding)
            }
        }
    }
}
