// SPDX-License-Identifier: Apache-2.0
import JSON

/// Values as Go prints them, where the real server's messages show them so.
enum GoText {
    /// `map[a:1 b:map[c:d]]`, keys in order.
    static func describe(_ value: JSONValue) -> String {
        switch value {
        case .null: return "<nil>"
        case .bool(let truth): return truth ? "true" : "false"
        case .integer(let number): return String(number)
        case .number(let text): return text
        case .string(let text): return text
        case .array(let items): return "[\(items.map(describe).joined(separator: " "))]"
        case .object(var object):
            object.sortKeys()
            return "map[\(object.members.map { "\($0.key):\(describe($0.value))" }.joined(separator: " "))]"
        }
    }

    /// A patched object as the real server writes it: what the patch has looked into has its members in the order of
    /// their names, all else is as it was.
    static func patched(_ object: JSONValue, _ body: RequestBody) -> JSONValue {
        guard case .json(let patch, let type, _) = body else { return object }
        if type == "application/merge-patch+json" { return merged(object, patch) }
        var result = object
        for operation in patch.arrayValue ?? [] {
            let path = operation["path"]?.stringValue ?? ""
            let steps = path.split(separator: "/").map {
                String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
            }
            result = sorted(result, along: steps.dropLast())
        }
        return result
    }

    private static func merged(_ value: JSONValue, _ patch: JSONValue) -> JSONValue {
        guard case .object(var object) = value, case .object(let changes) = patch else { return value }
        object.sortKeys()
        for change in changes.members {
            if let member = object[change.key] { object[change.key] = merged(member, change.value) }
        }
        return .object(object)
    }

    private static func sorted(_ value: JSONValue, along path: ArraySlice<String>) -> JSONValue {
        switch value {
        case .object(var object):
            object.sortKeys()
            if let step = path.first, let member = object[step] {
                object[step] = sorted(member, along: path.dropFirst())
            }
            return .object(object)
        case .array(var items):
            if let step = path.first.flatMap(Int.init), items.indices.contains(step) {
                items[step] = sorted(items[step], along: path.dropFirst())
            }
            return .array(items)
        default: return value
        }
    }
}
