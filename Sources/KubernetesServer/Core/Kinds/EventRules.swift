// SPDX-License-Identifier: Apache-2.0
import JSON

/// Events: one store, two views, `v1` and `events.k8s.io/v1`.
///
/// - Source: `ValidateEventCreate` and the conversion of Kubernetes 1.36 (seen upstream, and in a real server's
///   answers).
enum EventRules {
    static let core = KindRules(nameRule: RoleRules.pathSegment, check: check)

    static let new = KindRules(check: check, checkCreate: checkNew, checkUpdate: checkNewChange)

    private static func isGiven(_ value: JSONValue?) -> Bool { value.map { !$0.isNull } ?? false }

    @Sendable private static func check(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let subject = object["involvedObject", "namespace"]?.stringValue ?? ""
        let namespace = object.metadata.namespace
        let isTimed = isGiven(object["eventTime"])
        let fits =
            subject.isEmpty
            ? namespace == "default" || (isTimed && namespace == "kube-system")
            : isTimed || subject == namespace
        if !fits {
            errors.invalid(
                FieldPath("involvedObject")["namespace"],
                .string(subject),
                "does not match event.namespace"
            )
        }
        if isTimed { checkTimed(object, &errors) }
    }

    /// What an event with a time of its own has to say.
    private static func checkTimed(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let controller = object["reportingComponent"]?.stringValue ?? ""
        if controller.isEmpty { errors.required(FieldPath("reportingController")) }
        errors.check(controller, NameRules.qualifiedName, FieldPath("reportingController"))
        let limits = [("reportingInstance", 128), ("action", 128), ("reason", 128), ("message", 1024)]
        for (field, limit) in limits {
            let text = object[field]?.stringValue ?? ""
            if text.isEmpty, field != "message" { errors.required(FieldPath(field)) }
            if text.utf8.count > limit {
                errors.invalid(FieldPath(field), "", "can have at most \(limit) characters")
            }
        }
    }

    @Sendable private static func checkNew(_ object: ResourceObject, _ errors: inout FieldErrors) {
        checkSeries(object, &errors)
        if !isGiven(object["eventTime"]) { errors.required(FieldPath("eventTime")) }
        let type = object["type"]?.stringValue ?? ""
        if type != "Normal", type != "Warning" {
            errors.invalid(FieldPath("type"), "", "has invalid value: \(type)")
        }
        for field in ["firstTimestamp", "lastTimestamp"] where isGiven(object[field]) {
            errors.invalid(FieldPath(field), "", "needs to be unset")
        }
        if (object["count"]?.intValue ?? 0) != 0 {
            errors.invalid(FieldPath("count"), "", "needs to be unset")
        }
        if ["component", "host"].contains(where: { !(object["source", $0]?.stringValue ?? "").isEmpty }) {
            errors.invalid(FieldPath("source"), "", "needs to be unset")
        }
    }

    private static func checkSeries(_ object: ResourceObject, _ errors: inout FieldErrors) {
        guard let series = object["series"], !series.isNull else { return }
        if series["count"]?.intValue ?? 0 < 2 {
            errors.invalid(FieldPath("series.count"), "", "should be at least 2")
        }
        if !isGiven(series["lastObservedTime"]) { errors.required(FieldPath("series.lastObservedTime")) }
    }

    /// What an event says stays; only how often it happened may change.
    private static let fixed = [
        "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "reason",
        "type",
        "eventTime", "action", "related", "reportingComponent", "reportingInstance",
    ]

    @Sendable private static func checkNewChange(
        _ new: ResourceObject,
        _ old: ResourceObject,
        _ errors: inout FieldErrors
    ) {
        if new["series"] != old["series"] { checkSeries(new, &errors) }
        for field in fixed where new[field] != old[field] {
            let name = field == "reportingComponent" ? "reportingController" : field
            errors.invalid(FieldPath(name), shown(new[field], field), "field is immutable")
        }
    }

    private static func shown(_ value: JSONValue?, _ field: String) -> JSONValue {
        let fields: [String]
        switch field {
        case "involvedObject", "related":
            fields = [
                "kind", "namespace", "name", "uid=UID", "apiVersion=APIVersion", "resourceVersion",
                "fieldPath",
            ]
        case "source": fields = ["component", "host"]
        case "count": return value ?? 0
        case "firstTimestamp", "lastTimestamp", "eventTime": return value ?? .null
        default: return value ?? ""
        }
        guard let value, !value.isNull else { return .null }
        var shown = GoView.structure(value, fields)
        for member in shown.objectValue ?? [:] where member.value.isNull { shown[member.key] = "" }
        return shown
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
