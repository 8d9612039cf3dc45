// SPDX-License-Identifier: Apache-2.0
import JSON

/// What one manager owns of an object: an entry of `metadata.managedFields`.
///
/// - Source: the Kubernetes documentation on server-side apply (documented).
struct ManagedFieldsEntry: Equatable, Sendable {
    var manager: String
    /// True when the fields were applied, false when they were set in another way.
    var isApplied: Bool
    var apiVersion: String
    /// RFC 3339; nil when the manager never changed the object.
    var time: String?
    var fields: FieldSet
    /// Through which subresource; empty for the object itself.
    var subresource = ""

    init(
        manager: String,
        isApplied: Bool,
        apiVersion: String,
        time: String?,
        fields: FieldSet,
        subresource: String = ""
    ) {
        self.manager = manager
        self.isApplied = isApplied
        self.apiVersion = apiVersion
        self.time = time
        self.fields = fields
        self.subresource = subresource
    }

    /// Reads an entry; nil when it is none.
    init?(_ json: JSONValue) {
        let operation = json["operation"]?.stringValue ?? ""
        let type = json["fieldsType"]?.stringValue ?? "FieldsV1"
        guard ["Apply", "Update"].contains(operation), type == "FieldsV1" || type.isEmpty else { return nil }
        let fields = json["fieldsV1"] ?? [:]
        guard let root = fields.objectValue, Self.isTree(root) else { return nil }
        self.init(
            manager: json["manager"]?.stringValue ?? "",
            isApplied: operation == "Apply",
            apiVersion: json["apiVersion"]?.stringValue ?? "",
            time: json["time"]?.stringValue,
            fields: FieldSet(root),
            subresource: json["subresource"]?.stringValue ?? ""
        )
    }

    private static func isTree(_ node: JSONObject) -> Bool {
        node.members.allSatisfy { step in
            guard let inner = step.value.objectValue else { return false }
            return (step.key == FieldSet.own || step.key.dropFirst().first == ":") && isTree(inner)
        }
    }

    var json: JSONValue {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(7)
        if !manager.isEmpty { members.append(.init(key: "manager", value: .string(manager))) }
        members.append(.init(key: "operation", value: isApplied ? "Apply" : "Update"))
        if !apiVersion.isEmpty { members.append(.init(key: "apiVersion", value: .string(apiVersion))) }
        if let time { members.append(.init(key: "time", value: .string(time))) }
        members.append(.init(key: "fieldsType", value: "FieldsV1"))
        members.append(.init(key: "fieldsV1", value: .object(fields.root)))
        if !subresource.isEmpty { members.append(.init(key: "subresource", value: .string(subresource))) }
        return .object(JSONObject(distinct: members))
    }

    /// True when two entries stand for one manager; of applied fields the version does not matter.
    func isSameManager(as other: ManagedFieldsEntry) -> Bool {
        manager == other.manager && isApplied == other.isApplied && subresource == other.subresource
            && (isApplied || apiVersion == other.apiVersion)
    }

    /// The manager as messages name it.
    var title: String {
        var title = JSONValue.string(manager).text
        if !subresource.isEmpty { title += " with subresource \(JSONValue.string(subresource).text)" }
        return isApplied ? title : "\(title) using \(apiVersion)"
    }

    /// Puts entries in order: applied first, then by time and name.
    static func sort(_ entries: inout [ManagedFieldsEntry]) {
        guard entries.count > 1 else { return }
        entries.sort { left, right in
            if left.isApplied != right.isApplied { return left.isApplied }
            let (earlier, later) = (left.time ?? "", right.time ?? "")
            if earlier != later { return earlier < later }
            if left.manager != right.manager { return left.manager < right.manager }
            if left.apiVersion != right.apiVersion { return left.apiVersion < right.apiVersion }
            return left.subresource < right.subresource
        }
    }
}

extension [ManagedFieldsEntry] {
    /// True when two lists say the same but for the times.
    func isSame(as other: [ManagedFieldsEntry]) -> Bool {
        if count != other.count { return false }
        func timeless(_ entry: ManagedFieldsEntry) -> ManagedFieldsEntry {
            var entry = entry
            entry.time = nil
            return entry
        }
        // A time moves an entry among its neighbours.
        return allSatisfy { entry in
            other.contains { $0 == entry || timeless($0) == timeless(entry) }
        }
    }
}

/// Who writes, and through what.
struct FieldWriter: Sendable {
    var manager: String
    /// Through which subresource; empty for the object itself.
    var subresource = ""
}
