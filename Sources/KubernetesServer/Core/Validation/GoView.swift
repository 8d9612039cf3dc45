// SPDX-License-Identifier: Apache-2.0
import JSON

/// A value as messages of the real server show it where it is one of Go's own types without names for JSON.
enum GoView {
    /// Some fields of an object by Go's names, all of them and in Go's order.
    ///
    /// The fields are the names in JSON; `name=Name` where Go's is not the same with a capital letter.
    static func structure(_ value: JSONValue, _ fields: [String]) -> JSONValue {
        .object(
            JSONObject(
                distinct: fields.map { field in
                    let parts = field.split(separator: "=").map(String.init)
                    let name =
                        parts.count > 1 ? parts[1] : parts[0].prefix(1).uppercased() + parts[0].dropFirst()
                    return .init(key: name, value: value[parts[0]] ?? .null)
                }
            )
        )
    }
}
