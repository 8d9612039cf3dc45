// SPDX-License-Identifier: Apache-2.0
import JSON

/// Rows that the lists of an answer lack, as if the service had forgotten them.
public enum RowOmission: Sendable, Hashable {
    /// So many at the end of each list.
    case last(Int)
    /// All.
    case all
    /// Those that hold one of these values.
    case holding([String])

    /// The answer without the rows; its count follows.
    ///
    /// Lists are the outermost ones, wherever they stand: some products wrap a list in an object.
    func apply(to answer: JSONObject) -> JSONObject {
        var removed = 0
        var changed = strip(answer, &removed)
        if let total = answer.number("TotalCount") {
            changed["TotalCount"] = .integer(Int64(max(total - removed, 0)))
        }
        return changed
    }

    private func strip(_ object: JSONObject, _ removed: inout Int) -> JSONObject {
        var changed = object
        for member in object {
            switch member.value {
            case .array(let rows):
                let kept = keep(rows)
                removed += rows.count - kept.count
                changed[member.key] = .array(kept)
            case .object(let inner): changed[member.key] = .object(strip(inner, &removed))
            default: break
            }
        }
        return changed
    }

    private func keep(_ rows: [JSONValue]) -> [JSONValue] {
        switch self {
        case .last(let count): rows.dropLast(count)
        case .all: []
        case .holding(let values): rows.filter { !Self.holds($0, values) }
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

extension RowOmission: CustomStringConvertible {
    /// What is missing, in a few words.
    public var description: String {
        switch self {
        case .last(let count): "the last \(count) of the items"
        case .all: "any of the items"
        case .holding(let values): "the rows of \(values.joined(separator: ", "))"
        }
    }
}
