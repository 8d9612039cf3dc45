// SPDX-License-Identifier: Apache-2.0
import JSON

extension JSONObject {
    /// A member's text; empty when there is none.
    func text(_ key: String) -> String { self[key]?.stringValue ?? "" }

    /// A member's text.
    func optionalText(_ key: String) -> String? { self[key]?.stringValue }

    /// A member's number.
    func number(_ key: String) -> Int? { self[key]?.intValue }

    /// True when a member is true.
    func flag(_ key: String) -> Bool { self[key]?.boolValue ?? false }

    /// The texts in a member that is a list.
    func texts(_ key: String) -> [String] { self[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }

    /// The objects in a member that is a list.
    func objects(_ key: String) -> [JSONObject] { self[key]?.arrayValue?.compactMap(\.objectValue) ?? [] }

    /// A member that is an object; empty when there is none.
    func object(_ key: String) -> JSONObject { self[key]?.objectValue ?? [:] }

    /// Sets the members that another object has.
    mutating func merge(_ other: JSONObject) {
        for member in other.members { self[member.key] = member.value }
    }

    /// The members with these names, in the given order.
    func keeping(_ keys: [String]) -> JSONObject {
        var kept = JSONObject()
        for key in keys {
            if let value = self[key] { kept[key] = value }
        }
        return kept
    }

    /// The object without some members.
    func without(_ keys: String...) -> JSONObject {
        var rest = self
        for key in keys { rest[key] = nil }
        return rest
    }
}
