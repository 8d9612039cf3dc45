// SPDX-License-Identifier: Apache-2.0
import JSON

/// An object's `metadata`, taken apart.
struct ObjectMetadata: Equatable {
    var name = ""
    var generateName = ""
    var namespace = ""
    var uid = ""
    /// What the client sent; the stored revision has its own place.
    var resourceVersion = ""
    var generation: Int64 = 0
    /// RFC 3339, or empty.
    var creationTimestamp = ""
    var deletionTimestamp: String?
    var deletionGracePeriodSeconds: Int64?
    var labels: JSONObject = [:]
    var annotations: JSONObject = [:]
    var ownerReferences: [JSONValue] = []
    var finalizers: [String] = []
    /// Who owns which fields.
    var managedFields: [ManagedFieldsEntry] = []
    /// True when a client asks, with an empty list or an empty entry, to forget the owners.
    var forgetsManagers = false

    init() {}

    /// Reads metadata that a decoder has brought into form.
    init(_ json: JSONObject) {
        for member in json.members {
            switch member.key {
            case "name": name = member.value.stringValue ?? ""
            case "generateName": generateName = member.value.stringValue ?? ""
            case "namespace": namespace = member.value.stringValue ?? ""
            case "uid": uid = member.value.stringValue ?? ""
            case "resourceVersion": resourceVersion = member.value.stringValue ?? ""
            case "generation": generation = Int64(member.value.intValue ?? 0)
            case "creationTimestamp": creationTimestamp = member.value.stringValue ?? ""
            case "deletionTimestamp": deletionTimestamp = member.value.stringValue
            case "deletionGracePeriodSeconds":
                deletionGracePeriodSeconds = member.value.intValue.map(Int64.init)
            case "labels": labels = member.value.objectValue ?? [:]
            case "annotations": annotations = member.value.objectValue ?? [:]
            case "ownerReferences": ownerReferences = member.value.arrayValue ?? []
            case "finalizers": finalizers = (member.value.arrayValue ?? []).compactMap(\.stringValue)
            case "managedFields": takeManagers(member.value.arrayValue ?? [])
            default: break  // selfLink is gone
            }
        }
    }

    private mutating func takeManagers(_ list: [JSONValue]) {
        guard let first = list.first, first != [:] else {
            forgetsManagers = true
            return
        }
        // One that can not be read makes the server look at what is stored.
        let entries = list.map { ManagedFieldsEntry($0) }
        if entries.allSatisfy({ $0 != nil }) { managedFields = entries.compactMap(\.self) }
    }

    /// The members whose owners are kept, in the order of names.
    var ownable: JSONObject {
        var members: [JSONObject.Member] = []
        if !annotations.isEmpty { members.append(.init(key: "annotations", value: .object(annotations))) }
        if !finalizers.isEmpty {
            members.append(.init(key: "finalizers", value: .array(finalizers.map { .string($0) })))
        }
        if !generateName.isEmpty { members.append(.init(key: "generateName", value: .string(generateName))) }
        if !labels.isEmpty { members.append(.init(key: "labels", value: .object(labels))) }
        if !ownerReferences.isEmpty {
            members.append(.init(key: "ownerReferences", value: .array(ownerReferences)))
        }
        return JSONObject(distinct: members)
    }

    /// The members in the order of the real server, without the resourceVersion.
    var json: JSONObject { json(resourceVersion: nil) }

    /// The members in the order of the real server.
    func json(resourceVersion: Int64?) -> JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(10)
        func add(_ key: String, _ value: JSONValue) { members.append(.init(key: key, value: value)) }
        func text(_ key: String, _ value: String) { if !value.isEmpty { add(key, .string(value)) } }
        text("name", name)
        text("generateName", generateName)
        text("namespace", namespace)
        text("uid", uid)
        if let resourceVersion { add("resourceVersion", .string(String(resourceVersion))) }
        if generation != 0 { add("generation", .integer(generation)) }
        text("creationTimestamp", creationTimestamp)
        if let deletionTimestamp { add("deletionTimestamp", .string(deletionTimestamp)) }
        if let seconds = deletionGracePeriodSeconds { add("deletionGracePeriodSeconds", .integer(seconds)) }
        if !labels.isEmpty { add("labels", .object(labels)) }
        if !annotations.isEmpty { add("annotations", .object(annotations)) }
        if !ownerReferences.isEmpty { add("ownerReferences", .array(ownerReferences)) }
        if !finalizers.isEmpty { add("finalizers", .array(finalizers.map { .string($0) })) }
        if !managedFields.isEmpty { add("managedFields", .array(managedFields.map(\.json))) }
        return JSONObject(distinct: members)
    }
}

/// An object in form: its metadata, and everything else.
struct ResourceObject: Equatable {
    var metadata: ObjectMetadata
    /// The members besides kind, apiVersion and metadata.
    var content: JSONObject

    /// Takes a decoded object apart.
    init(_ decoded: JSONObject) {
        metadata = ObjectMetadata(decoded["metadata"]?.objectValue ?? [:])
        content = decoded
        content["metadata"] = nil
    }

    init(metadata: ObjectMetadata, content: JSONObject) {
        self.metadata = metadata
        self.content = content
    }

    /// The value at a path of the content.
    subscript(_ path: String...) -> JSONValue? {
        guard let first = path.first, var value = content[first] else { return nil }
        for key in path.dropFirst() {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }

    /// Sets or removes a value at a path of the content.
    mutating func set(_ path: [String], _ value: JSONValue?) {
        var whole = JSONValue.object(content)
        content = [:]
        whole.set(path, value)
        content = whole.objectValue ?? [:]
    }

    /// The whole object as JSON; without a resourceVersion when it is not stored.
    func json(kind: String, apiVersion: String, resourceVersion: Int64?) -> JSONValue {
        var members: [JSONObject.Member] = [
            .init(key: "kind", value: .string(kind)), .init(key: "apiVersion", value: .string(apiVersion)),
        ]
        let metadata = self.metadata.json(resourceVersion: resourceVersion)
        members.append(.init(key: "metadata", value: .object(metadata)))
        return .object(JSONObject(distinct: members + content.members))
    }

    /// What is stored and compared: JSON from behind the resourceVersion on.
    ///
    /// The beginning, up to the resourceVersion, is put before it when it is sent: it differs between a single
    /// object, an item of a list and an event.
    var tail: [UInt8] {
        var sink = JSONSink()
        for member in metadata.json.members {
            sink.append(UInt8(ascii: ","))
            sink.append(member.key, member.value)
        }
        sink.append(UInt8(ascii: "}"))
        for member in content.members {
            sink.append(UInt8(ascii: ","))
            sink.append(member.key, member.value)
        }
        sink.append(UInt8(ascii: "}"))
        return sink.bytes
    }
}
