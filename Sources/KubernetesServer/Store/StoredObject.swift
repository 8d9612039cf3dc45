// SPDX-License-Identifier: Apache-2.0
import JSON

/// The present state of an object: its bytes, and what lists and watches look at.
final class StoredObject {
    let namespace: String
    let name: String
    let uid: String
    let revision: Int64
    /// JSON from behind the resourceVersion on.
    let tail: [UInt8]
    let labels: [String: String]
    /// The values of the resource's selectable fields.
    let fields: [String]
    /// The object taken apart, kept for those that were used of late; behind a reference, since most are not.
    private var whole: Whole?

    /// The object taken apart, if it is still there.
    var parsed: ResourceObject? { whole?.object }

    private final class Whole {
        let object: ResourceObject

        init(_ object: ResourceObject) {
            self.object = object
        }
    }

    /// What is kept of an object for long: nothing that is larger than it has to be.
    init(_ object: ResourceObject, revision: Int64, tail: [UInt8], fields: [String]) {
        namespace = object.metadata.namespace
        name = object.metadata.name
        uid = object.metadata.uid
        self.revision = revision
        // What was written piece by piece may have room for as much again.
        self.tail = tail.capacity > tail.count + tail.count / 8 ? Self.fitted(tail) : tail
        var labels: [String: String] = [:]
        if !object.metadata.labels.isEmpty { labels.reserveCapacity(object.metadata.labels.count) }
        for label in object.metadata.labels { labels[label.key] = label.value.stringValue ?? "" }
        self.labels = labels
        self.fields = fields
        whole = Whole(object)
    }

    /// A copy without room to grow.
    private static func fitted(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            count = buffer.initialize(fromContentsOf: bytes)
        }
    }

    /// Keeps the object taken apart too.
    func keep(_ object: ResourceObject) { whole = Whole(object) }

    /// Forgets the object taken apart; its bytes stay.
    func forgetParsed() { whole = nil }

    /// How the object is found in its store.
    var key: String { Self.key(namespace, name) }

    static func key(_ namespace: String, _ name: String) -> String { "\(namespace)/\(name)" }

    /// The object taken apart.
    ///
    /// - Throws: `JSONError` when the stored bytes are broken.
    func object() throws(JSONError) -> ResourceObject {
        if let parsed { return parsed }
        return try Self.parse(tail)
    }

    static func parse(_ tail: [UInt8]) throws(JSONError) -> ResourceObject {
        var bytes = Array("{\"metadata\":{\"resourceVersion\":\"\"".utf8)
        bytes += tail
        var object = ResourceObject(try JSONValue(parsing: bytes).objectValue ?? [:])
        object.metadata.resourceVersion = ""
        return object
    }
}
