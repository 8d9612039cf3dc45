// SPDX-License-Identifier: Apache-2.0
import JSON

extension Resource {
    /// The whole resource as one object, for a work that may have to take a change back after a restart.
    var image: JSONObject {
        [
            "Kind": .string(kind.rawValue), "Id": .string(id), "Serial": .integer(serial),
            "Parent": .string(parent),
            "Status": .string(status), "Document": .object(document), "Hidden": .object(hidden),
            "Tags": .array(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] }),
        ]
    }

    /// Reads what `image` wrote; nil for anything else.
    init?(image: JSONObject) {
        guard let kind = ResourceKind(rawValue: image.text("Kind")), let serial = image["Serial"]?.intValue
        else { return nil }
        self.init(
            kind: kind,
            id: image.text("Id"),
            serial: Int64(serial),
            parent: image.text("Parent"),
            status: image.text("Status"),
            document: image.object("Document"),
            hidden: image.object("Hidden"),
            tags: image.objects("Tags").map { Tag(key: $0.text("Key"), value: $0.text("Value")) }
        )
    }
}
