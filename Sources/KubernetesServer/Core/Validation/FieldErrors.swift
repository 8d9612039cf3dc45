// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// What is wrong with an object, field by field, in the real server's words.
///
/// - Source: the field errors of the Kubernetes API machinery (seen upstream).
struct FieldErrors {
    private(set) var causes: [KubernetesStatus.Cause] = []

    var isEmpty: Bool { causes.isEmpty }
    var count: Int { causes.count }

    mutating func required(_ path: FieldPath, _ detail: String = "") {
        add("Required", path, "Required value" + suffix(detail))
    }

    mutating func invalid(_ path: FieldPath, _ value: JSONValue, _ detail: String) {
        add("Invalid", path, "Invalid value: \(Self.show(value))" + suffix(detail))
    }

    mutating func unsupported(_ path: FieldPath, _ value: JSONValue, _ supported: [String]) {
        let list = supported.map { Self.show(.string($0)) }.joined(separator: ", ")
        let detail = supported.isEmpty ? "" : ": supported values: \(list)"
        add("NotSupported", path, "Unsupported value: \(Self.show(value))\(detail)")
    }

    mutating func forbidden(_ path: FieldPath, _ detail: String) {
        add("Forbidden", path, "Forbidden" + suffix(detail))
    }

    mutating func duplicate(_ path: FieldPath, _ value: JSONValue) {
        add("Duplicate", path, "Duplicate value: \(Self.show(value))")
    }

    mutating func notFound(_ path: FieldPath, _ value: JSONValue) {
        add("NotFound", path, "Not found: \(Self.show(value))")
    }

    mutating func tooLong(_ path: FieldPath, limit: Int) {
        add("TooLong", path, "Too long: may not be more than \(limit) bytes")
    }

    mutating func tooMany(_ path: FieldPath, _ count: Int, limit: Int) {
        add("TooMany", path, "Too many: \(count): must have at most \(limit) items")
    }

    mutating func wrongType(_ path: FieldPath, _ found: String, _ detail: String) {
        add("TypeInvalid", path, "Invalid value: \"\(found)\"" + suffix(detail))
    }

    mutating func add(_ reason: String, _ path: FieldPath, _ message: String) {
        causes.append(.init(reason: "FieldValue\(reason)", message: message, field: path.description))
    }

    /// Brings the complaints into the order of their texts.
    mutating func sortByText() {
        causes.sort { "\($0.field): \($0.message)" < "\($1.field): \($1.message)" }
    }

    mutating func append(_ other: FieldErrors) {
        causes += other.causes
    }

    /// Adds the same complaints once more, as the real server does where two of its checks look at one thing.
    mutating func repeatAll() {
        causes += causes
    }

    private func suffix(_ detail: String) -> String { detail.isEmpty ? "" : ": \(detail)" }

    /// A value as messages show it: texts in quotes, objects as JSON.
    static func show(_ value: JSONValue) -> String {
        value.text
    }

    /// The refusal of an object.
    func status(_ type: ResourceType, name: String) -> KubernetesStatus {
        status(kind: type.kind, group: type.group, name: name)
    }

    /// The refusal of an object of a kind.
    func status(kind: String, group: String, name: String) -> KubernetesStatus {
        var seen: [String] = []
        for cause in causes {
            let line = "\(cause.field): \(cause.message)"
            if !seen.contains(line) { seen.append(line) }
        }
        let qualified = group.isEmpty ? kind : "\(kind).\(group)"
        let all = seen.count == 1 ? seen[0] : "[\(seen.joined(separator: ", "))]"
        return KubernetesStatus(
            code: 422,
            reason: "Invalid",
            message: "\(qualified) \"\(name)\" is invalid: \(all)",
            name: name,
            group: group,
            kind: kind,
            causes: causes
        )
    }
}
