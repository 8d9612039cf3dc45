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
            default: break  // selfLink is gone, managedFields are not kept
            }
        }
    }

    /// The members in the order of the real server, without the resourceVersion.
    var json: JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(10)
        func add(_ key: String, _ value: JSONValue) { members.append(.init(key: key, value: value)) }
        func text(_ key: String, _ value: String) { if !value.isEmpty { add(key, .string(value)) } }
        text("name", name)
        text("generateName", generateName)
        text("namespace", namespace)
        text("uid", uid)
        if generation != 0 { add("generation", .integer(generation)) }
        text("creationTimestamp", creationTimestamp)
        if let deletionTimestamp { add("deletionTimestamp", .string(deletionTimestamp)) }
        if let seconds = deletionGracePeriodSeconds { add("deletionGracePeriodSeconds", .integer(seconds)) }
        if !labels.isEmpty { add("labels", .object(labels)) }
        if !annotations.isEmpty { add("annotations", .object(annotations)) }
        if !ownerReferences.isEmpty { add("ownerReferences", .array(ownerReferences)) }
        if !finalizers.isEmpty { add("finalizers", .array(finalizers.map { .string($0) })) }
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
        var metadata = self.metadata.json
        if let resourceVersion { metadata["resourceVersion"] = .string(String(resourceVersion)) }
        members.append(.init(key: "metadata", value: .object(metadata)))
        return .object(JSONObject(distinct: members + content.members))
    }

    /// What is stored and compared: JSON from behind the resourceVersion on.
    ///
    /// The beginning, up to the resourceVersion, is put before it when it is sent: it differs between a single
    /// object, an item of a list and an event.
    var tail: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        for member in metadata.json.members {
            bytes.append(UInt8(ascii: ","))
            JSONValue.string(member.key).write(to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            member.value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        for member in content.members {
            bytes.append(UInt8(ascii: ","))
            JSONValue.string(member.key).write(to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            member.value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
