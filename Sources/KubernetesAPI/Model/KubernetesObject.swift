// SPDX-License-Identifier: Apache-2.0
public import JSON
public import Ports

/// Names an object of one type: namespace and name.
public struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Empty for cluster-scoped objects.
    public var namespace: String
    /// The name.
    public var name: String

    /// Makes a key.
    public init(namespace: String = "", name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// `namespace/name`, or the name alone.
    public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    /// Orders keys as bytes of `namespace/name`.
    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
    }
}

/// A Kubernetes object as JSON, with the metadata that everybody reads.
public struct KubernetesObject: Sendable, Hashable {
    /// The whole object.
    public var json: JSONValue

    /// Wraps a JSON object.
    public init(_ json: JSONValue) {
        self.json = json
    }

    /// Makes an object with its type and key.
    public init(_ type: ResourceType, namespace: String? = nil, name: String, _ members: JSONObject = [:]) {
        var metadata: JSONObject = ["name": .string(name)]
        if let namespace, type.isNamespaced { metadata["namespace"] = .string(namespace) }
        var object: JSONObject = [
            "apiVersion": .string(type.apiVersion), "kind": .string(type.kind), "metadata": .object(metadata),
        ]
        for member in members {
            if member.key == "metadata", let more = member.value.objectValue {
                for extra in more { metadata[extra.key] = extra.value }
                object["metadata"] = .object(metadata)
            } else {
                object[member.key] = member.value
            }
        }
        json = .object(object)
    }

    /// A member of the object, for example `spec`.
    public subscript(_ key: String) -> JSONValue? {
        get { json[key] }
        set { json[key] = newValue }
    }

    /// A member of a member, such as `spec` and `replicas`; nil when there is none.
    public subscript(_ first: String, _ second: String) -> JSONValue? { json[first, second] }

    /// The value at a path of members.
    public subscript(path path: String...) -> JSONValue? {
        get { json[path: path] }
        set { json.set(path, newValue) }
    }

    /// `apiVersion`.
    public var apiVersion: String { json["apiVersion"]?.stringValue ?? "" }
    /// `kind`.
    public var kind: String { json["kind"]?.stringValue ?? "" }
    /// `metadata.name`.
    public var name: String { metadataText("name") }
    /// `metadata.namespace`; empty for cluster-scoped objects.
    public var namespace: String { metadataText("namespace") }
    /// `metadata.uid`.
    public var uid: String { metadataText("uid") }
    /// `metadata.resourceVersion`.
    public var resourceVersion: String { metadataText("resourceVersion") }
    /// `metadata.generation`, 0 when there is none.
    public var generation: Int { json["metadata", "generation"]?.intValue ?? 0 }
    /// Namespace and name.
    public var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
    /// `metadata.labels` whose values are texts.
    public var labels: [String: String] { texts("labels") }
    /// `metadata.annotations` whose values are texts.
    public var annotations: [String: String] { texts("annotations") }

    /// `metadata.finalizers`; setting an empty list removes the member.
    public var finalizers: [String] {
        get { json["metadata", "finalizers"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        set {
            json.set(
                ["metadata", "finalizers"],
                newValue.isEmpty ? nil : .array(newValue.map { .string($0) })
            )
        }
    }

    /// `metadata.creationTimestamp`.
    public var creationTime: Instant? { Instant(rfc3339: metadataText("creationTimestamp")) }
    /// `metadata.deletionTimestamp`; present while the object is being deleted.
    public var deletionTime: Instant? { Instant(rfc3339: metadataText("deletionTimestamp")) }
    /// True while the object is being deleted.
    public var isTerminating: Bool { json["metadata", "deletionTimestamp"]?.stringValue != nil }
    /// `metadata.ownerReferences`.
    public var ownerReferences: [JSONValue] { json["metadata", "ownerReferences"]?.arrayValue ?? [] }
    /// The owner reference with `controller: true`.
    public var controllerReference: JSONValue? {
        ownerReferences.first { $0["controller"]?.boolValue == true }
    }

    /// The condition of a type in `status.conditions`.
    public func condition(_ type: String) -> JSONValue? {
        json["status", "conditions"]?.arrayValue?.first { $0["type"]?.stringValue == type }
    }

    /// True when the condition of a type has status `True`.
    public func isTrue(_ condition: String) -> Bool {
        self.condition(condition)?["status"]?.stringValue == "True"
    }

    /// An owner reference to this object, as controllers write it.
    public func ownerReference(isController: Bool = true) -> JSONValue {
        [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name),
            "uid": .string(uid),
            "controller": .bool(isController), "blockOwnerDeletion": true,
        ]
    }

    private func metadataText(_ key: String) -> String {
        json["metadata", key]?.stringValue ?? ""
    }

    private func texts(_ key: String) -> [String: String] {
        var texts: [String: String] = [:]
        for member in json["metadata", key]?.objectValue ?? [:] {
            if let text = member.value.stringValue { texts[member.key] = text }
        }
        return texts
    }
}
