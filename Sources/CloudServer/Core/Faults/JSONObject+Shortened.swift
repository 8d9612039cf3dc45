// SPDX-License-Identifier: Apache-2.0
import JSON

extension JSONObject {
    /// The object with the last items of its lists left out: those of the outermost lists, wherever they stand.
    func shortened(by count: Int) -> JSONObject {
        var shorter = self
        for member in self { shorter[member.key] = member.value.shortened(by: count) }
        return shorter
    }
}

extension JSONValue {
    fileprivate func shortened(by count: Int) -> JSONValue {
        switch self {
        case .array(let items): .array(Array(items.dropLast(count)))
        case .object(let object): .object(object.shortened(by: count))
        default: self
        }
    }
}
