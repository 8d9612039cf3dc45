// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Stored objects in the forms that clients ask for.
enum Views {
    /// The bytes behind the resourceVersion, as a view of the store shows them.
    static func tail(_ resource: ServedResource, _ stored: StoredObject) -> [UInt8] {
        guard resource.isNewEvents, let object = try? stored.object() else { return stored.tail }
        return ResourceObject(metadata: object.metadata, content: EventRules.asNew(object.content)).tail
    }

    /// A whole object in a form, with a revision shown as its resourceVersion.
    static func object(
        _ resource: ServedResource,
        _ form: AnswerForm,
        _ stored: StoredObject,
        revision: Int64
    ) -> [UInt8] {
        if form == .metadata, let object = try? stored.object() {
            return metadata(object.metadata, revision: revision).bytes
        }
        return Encoding.whole(resource, revision, tail(resource, stored))
    }

    /// An object's metadata alone.
    static func metadata(_ metadata: ObjectMetadata, revision: Int64) -> JSONValue {
        var json = metadata.json
        json["resourceVersion"] = .string(String(revision))
        return ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": .object(json)]
    }

    /// The object of a bookmark: empty but for its resourceVersion.
    static func bookmark(
        _ resource: ServedResource,
        _ form: AnswerForm,
        revision: Int64,
        endsInitial: Bool
    ) -> [UInt8] {
        var metadata: JSONObject = ["resourceVersion": .string(String(revision))]
        if endsInitial { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        if form == .metadata {
            let object: JSONValue = [
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": .object(metadata),
            ]
            return object.bytes
        }
        var object: JSONObject = [
            "kind": .string(resource.type.kind), "apiVersion": .string(resource.type.apiVersion),
            "metadata": .object(metadata),
        ]
        if case .builtIn(let place) = resource.shape, case .object(let empty) = Schema.builtIn.empty[place] {
            for member in empty.members where object[member.key] == nil { object[member.key] = member.value }
        }
        return JSONValue.object(object).bytes
    }
}
