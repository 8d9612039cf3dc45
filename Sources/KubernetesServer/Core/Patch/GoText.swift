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
}
