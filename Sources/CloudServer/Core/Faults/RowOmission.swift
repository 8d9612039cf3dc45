// SPDX-License-Identifier: Apache-2.0
import JSON

/// Takes rows out of the answer of a list action, as a service does that forgot some.
enum RowOmission {
    /// The answer without the rows that hold one of the values; its count follows.
    static func apply(_ values: [String], to answer: JSONObject) -> JSONObject {
        var removed = 0
        var changed = JSONObject()
        for member in answer.members { changed[member.key] = strip(member.value, values, &removed) }
        if let total = answer.number("TotalCount") {
            changed["TotalCount"] = .integer(Int64(max(total - removed, 0)))
        }
        return changed
    }

    private static func strip(_ value: JSONValue, _ values: [String], _ removed: inout Int) -> JSONValue {
        switch value {
        case .array(let rows):
            let kept = rows.filter { row in !holds(row, values) }
            removed += rows.count - kept.count
            return .array(kept)
        // Some products wrap a list in an object.
        case .object(let object) where object.members.count == 1:
            var wrapped = JSONObject()
            for member in object.members { wrapped[member.key] = strip(member.value, values, &removed) }
            return .object(wrapped)
        default: return value
        }
    }

    private static func holds(_ value: JSONValue, _ values: [String]) -> Bool {
        switch value {
        case .string(let text): values.contains(text)
        case .array(let items): items.contains { holds($0, values) }
        case .object(let object): object.members.contains { holds($0.value, values) }
        default: false
        }
    }
}
