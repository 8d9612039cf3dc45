// SPDX-License-Identifier: Apache-2.0
import JSON

/// Events: one store, two views, `v1` and `events.k8s.io/v1`.
///
/// - Source: `ValidateEventCreate` and the conversion of Kubernetes 1.36 (seen upstream, and in a real server's
///   answers).
enum EventRules {
    static let core = KindRules(check: check)

    static let new = KindRules(check: check, checkCreate: checkNew)

    @Sendable private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let subject = object["involvedObject", "namespace"]?.stringValue ?? ""
        let namespace = object.metadata.namespace
        if subject.isEmpty ? namespace != "default" : subject != namespace {
            errors.invalid(
                FieldPath("involvedObject")["namespace"],
                .string(subject),
                "does not match event.namespace"
            )
        }
        guard object["eventTime"].map({ !$0.isNull }) ?? false else { return }
        let controller = object["reportingComponent"]?.stringValue ?? ""
        if controller.isEmpty { errors.required(FieldPath("reportingController")) }
        for message in controller.isEmpty ? [] : NameRules.qualifiedName(controller) {
            errors.invalid(FieldPath("reportingController"), .string(controller), message)
        }
        for field in ["reportingInstance", "action", "reason"]
        where (object[field]?.stringValue ?? "").isEmpty {
            errors.required(FieldPath(field))
        }
        let limits = [("reportingInstance", 128), ("action", 128), ("reason", 128), ("message", 1024)]
        for (field, limit) in limits where (object[field]?.stringValue ?? "").utf8.count > limit {
            errors.invalid(FieldPath(field), "", "can have at most \(limit) characters")
        }
    }

    @Sendable private static func checkNew(_ object: ResourceObject, _ errors: inout FieldErrors) {
        if object["eventTime"].map(\.isNull) ?? true { errors.required(FieldPath("eventTime")) }
        let type = object["type"]?.stringValue ?? ""
        if type != "Normal", type != "Warning" {
            errors.invalid(FieldPath("type"), "", "has invalid value: \(type)")
        }
        for field in ["firstTimestamp", "lastTimestamp"] where !(object[field] ?? .null).isNull {
            errors.invalid(FieldPath(field), "", "needs to be unset")
        }
        if (object["count"]?.intValue ?? 0) != 0 {
            errors.invalid(FieldPath("count"), "", "needs to be unset")
        }
    }

    /// The members that have another name in the new group: new, core.
    private static let names = [
        ("deprecatedCount", "count"), ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedSource", "source"), ("note", "message"),
        ("regarding", "involvedObject"), ("reportingController", "reportingComponent"),
    ]

    /// Renames the members of an event of the new group to those of the core group.
    static func asCore(_ content: JSONObject) -> JSONObject {
        rename(content, Dictionary(uniqueKeysWithValues: names))
    }

    /// Renames the members of an event of the core group to those of the new group.
    static func asNew(_ content: JSONObject) -> JSONObject {
        var renamed = rename(content, Dictionary(uniqueKeysWithValues: names.map { ($0.1, $0.0) }))
        // Always written in the core group only.
        for field in ["reportingController", "reportingInstance"] where renamed[field] == "" {
            renamed[field] = nil
        }
        return renamed
    }

    private static func rename(_ content: JSONObject, _ names: [String: String]) -> JSONObject {
        var renamed = JSONObject(
            distinct: content.members.map { member in
                JSONObject.Member(key: names[member.key] ?? member.key, value: member.value)
            }
        )
        renamed.sortKeys()
        return renamed
    }
}
