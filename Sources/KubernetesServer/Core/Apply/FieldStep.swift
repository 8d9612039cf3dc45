// SPDX-License-Identifier: Apache-2.0
import JSON

/// One step of a path in a set of fields: its order and its spelling.
enum FieldStep {
    /// Puts steps in the order of the real server: names, items by key, items by value.
    static func sorted(_ steps: [JSONObject.Member]) -> [JSONObject.Member] {
        for place in steps.indices.dropFirst() where precedes(steps[place].key, steps[place - 1].key) {
            return steps.sorted { precedes($0.key, $1.key) }
        }
        return steps
    }

    static func precedes(_ left: String, _ right: String) -> Bool {
        let (first, second) = (rank(left), rank(right))
        if first != second { return first < second }
        if first == 0 { return left.utf8.lexicographicallyPrecedes(right.utf8) }
        return compare(content(left), content(right)) < 0
    }

    private static func rank(_ step: String) -> Int {
        switch step.utf8.first {
        case UInt8(ascii: "k"): 1
        case UInt8(ascii: "v"): 2
        case UInt8(ascii: "i"): 3
        default: 0
        }
    }

    private static func content(_ step: String) -> JSONValue {
        (try? JSONValue(parsing: Array(step.utf8.dropFirst(2)))) ?? .string(step)
    }

    private static func compare(_ left: JSONValue, _ right: JSONValue) -> Int {
        switch (left, right) {
        case (.object(let left), .object(let right)):
            for (one, other) in zip(left.members, right.members) {
                if one.key != other.key { return one.key < other.key ? -1 : 1 }
                let order = compare(one.value, other.value)
                if order != 0 { return order }
            }
            return left.count - right.count
        case (.string(let left), .string(let right)):
            if left == right { return 0 }
            return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
        default:
            if let left = left.doubleValue, let right = right.doubleValue {
                return left == right ? 0 : left < right ? -1 : 1
            }
            return left.doubleValue != nil ? -1 : 1
        }
    }

    /// A step as messages write it: `.spec`, `[name="x"]`, `[="x"]`.
    static func describe(_ step: String) -> String {
        let rest = step.dropFirst(2)
        switch rank(step) {
        case 0: return ".\(rest)"
        case 1:
            let keys = content(step).objectValue ?? [:]
            return "[\(keys.map { "\($0.key)=\($0.value.text)" }.joined(separator: ","))]"
        case 2: return "[=\(rest)]"
        default: return "[\(rest)]"
        }
    }

    /// The step to an item of a list of objects.
    ///
    /// - Throws: `MergeMistake` when a key is missing and has no default.
    static func item(_ item: JSONValue, keys: [MergeSchema.Key]) throws(MergeMistake) -> String {
        guard case .object(let object) = item else {
            throw MergeMistake("associative list with keys may not have non-map elements")
        }
        var step = "k:{"
        var isFirst = true
        for key in keys {
            guard let value = object[key.name] ?? key.defaultValue, !value.isNull else {
                throw MergeMistake(
                    "associative list with keys has an element that omits key field \"\(key.name)\" "
                        + "(and doesn't have default value)"
                )
            }
            step += "\(isFirst ? "" : ",")\"\(key.name)\":\(value.text)"
            isFirst = false
        }
        return step + "}"
    }
}

/// Why a value does not fit its type, and where.
struct MergeMistake: Error, Equatable {
    var path: String
    let message: String

    init(_ message: String, path: String = "") {
        self.message = message
        self.path = path
    }

    /// The mistake as it looks from a step above.
    func below(_ step: String) -> MergeMistake { MergeMistake(message, path: step + path) }

    var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
