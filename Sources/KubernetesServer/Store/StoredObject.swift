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
    /// The object taken apart; kept for those that were used of late.
    var parsed: ResourceObject?

    init(_ object: ResourceObject, revision: Int64, tail: [UInt8], fields: [String]) {
        namespace = object.metadata.namespace
        name = object.metadata.name
        uid = object.metadata.uid
        self.revision = revision
        self.tail = tail
        var labels: [String: String] = [:]
        for label in object.metadata.labels { labels[label.key] = label.value.stringValue ?? "" }
        self.labels = labels
        self.fields = fields
        parsed = object
    }

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

/// The present objects of one resource, in the order of their keys.
struct ObjectStore {
    private(set) var objects: [String: StoredObject] = [:]
    /// The keys in order.
    private(set) var keys: [String] = []

    subscript(_ key: String) -> StoredObject? { objects[key] }

    var count: Int { keys.count }

    /// The place of a key, or where it would stand.
    private func place(_ key: String) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func put(_ object: StoredObject) {
        let key = object.key
        if objects.updateValue(object, forKey: key) == nil { keys.insert(key, at: place(key)) }
    }

    mutating func remove(_ key: String) {
        guard objects.removeValue(forKey: key) != nil else { return }
        keys.remove(at: place(key))
    }

    /// The objects of a namespace, or of all, from a key on.
    func list(namespace: String?, after start: String? = nil) -> some Sequence<StoredObject> {
        let prefix = namespace.map { "\($0)/" } ?? ""
        var place = prefix.isEmpty ? 0 : place(prefix)
        if let start {
            let next = self.place(start)
            place = max(place, next < keys.count && keys[next] == start ? next + 1 : next)
        }
        return keys[place...].lazy.prefix { $0.hasPrefix(prefix) }.compactMap { objects[$0] }
    }
}
