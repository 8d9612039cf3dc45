// SPDX-License-Identifier: Apache-2.0
import JSON

/// Compares members that are wanted with members that the cloud shows.
///
/// What is absent equals false, zero and empty; words of the API are compared without regard to case.
enum AttributeComparison {
    /// The wanted members that differ, whole.
    static func changes(wanted: JSONObject, present: JSONObject) -> JSONObject {
        JSONObject(
            wanted.members.filter { !equal($0.key, $0.value, present[$0.key]) }.map { ($0.key, $0.value) }
        )
    }

    /// True when the cloud shows what is wanted of one member.
    static func equal(_ key: String, _ wanted: JSONValue, _ present: JSONValue?) -> Bool {
        switch wanted {
        case .object(let members):
            return members.members.allSatisfy { equal($0.key, $0.value, present?[$0.key]) }
        case .array(let items):
            let others = present?.arrayValue ?? []
            return items.count == others.count && zip(items, others).allSatisfy { equal(key, $0, $1) }
        default:
            let left = text(wanted), right = present.map(text) ?? ""
            return words.contains(key) ? left.lowercased() == right.lowercased() : left == right
        }
    }

    /// Members whose values are words of the API.
    private static let words: Set<String> = [
        "Protocol", "Scheduler", "ServerGroupType", "HealthCheckProtocol", "HealthCheckMethod",
        "HealthCheckCodes",
        "HealthCheckHttpVersion", "StickySessionType", "Type",
    ]

    /// A plain value as text; nothing for what counts as absent.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null, .bool(false), .integer(0): return ""
        case .string("false"), .string("0"): return ""
        default: return value.plainText ?? value.text
        }
    }
}
