// SPDX-License-Identifier: Apache-2.0
public import JSON

/// RPC-style parameters: `Rules.1.RuleName` and the like, in order.
public enum Flattening {
    /// Flattens an object into pairs: lists count from 1, members are joined by dots.
    ///
    /// Null, empty lists and empty objects are left out, as the SDKs do.
    public static func flatten(_ object: JSONObject) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for member in object.members { append(member.value, name: member.key, to: &pairs) }
        return pairs
    }

    private static func append(_ value: JSONValue, name: String, to pairs: inout [(String, String)]) {
        switch value {
        case .null: break
        case .bool(let flag): pairs.append((name, flag ? "true" : "false"))
        case .integer(let number): pairs.append((name, String(number)))
        case .number(let text), .string(let text): pairs.append((name, text))
        case .array(let items):
            for (place, item) in items.enumerated() { append(item, name: "\(name).\(place + 1)", to: &pairs) }
        case .object(let object):
            for member in object.members { append(member.value, name: "\(name).\(member.key)", to: &pairs) }
        }
    }
}
