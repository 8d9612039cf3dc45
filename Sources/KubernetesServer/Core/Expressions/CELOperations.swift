// SPDX-License-Identifier: Apache-2.0
import JSON

/// The operators of expressions.
enum CELOperations {
    private static let noOverload = CELMistake("no such overload")

    static func member(_ value: JSONValue, _ name: String) throws(CELMistake) -> JSONValue {
        guard let object = value.objectValue else { throw noOverload }
        guard let found = object[name] else { throw CELMistake("no such key: \(name)") }
        return found
    }

    static func item(_ value: JSONValue, _ index: JSONValue) throws(CELMistake) -> JSONValue {
        switch (value, index) {
        case (.object(let object), .string(let key)):
            guard let found = object[key] else { throw CELMistake("no such key: \(key)") }
            return found
        case (.array(let list), .integer(let place)):
            guard place >= 0, place < list.count else { throw CELMistake("index out of bounds: \(place)") }
            return list[Int(place)]
        default: throw noOverload
        }
    }

    static func negate(_ value: JSONValue) throws(CELMistake) -> JSONValue {
        switch value {
        case .integer(let number):
            guard number != .min else { throw CELMistake("integer overflow") }
            return .integer(-number)
        case .number(let text): return .number(text.hasPrefix("-") ? String(text.dropFirst()) : "-\(text)")
        default: throw noOverload
        }
    }

    /// Equality as the language has it: numbers of both kinds compare by their value.
    static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { equal($0, $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.members.allSatisfy { member in
                    right[member.key].map { equal(member.value, $0) } ?? false
                }
        case (.integer(let left), .integer(let right)): return left == right
        default:
            if let left = left.doubleValue, let right = right.doubleValue { return left == right }
            return left == right
        }
    }

    static func binary(
        _ sign: CELExpression.Operator,
        _ left: JSONValue,
        _ right: JSONValue
    ) throws(CELMistake) -> JSONValue {
        switch sign {
        case .equal: return .bool(equal(left, right))
        case .unequal: return .bool(!equal(left, right))
        case .less: return .bool(try order(left, right) < 0)
        case .lessOrEqual: return .bool(try order(left, right) <= 0)
        case .greater: return .bool(try order(left, right) > 0)
        case .greaterOrEqual: return .bool(try order(left, right) >= 0)
        case .isIn:
            switch right {
            case .array(let list): return .bool(list.contains { equal($0, left) })
            case .object(let object): return .bool(left.stringValue.map { object[$0] != nil } ?? false)
            default: throw noOverload
            }
        case .and, .or: throw noOverload
        default: return try arithmetic(sign, left, right)
        }
    }

    /// Negative, zero or positive.
    static func order(_ left: JSONValue, _ right: JSONValue) throws(CELMistake) -> Int {
        switch (left, right) {
        case (.string(let left), .string(let right)):
            if left == right { return 0 }
            return left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars) ? -1 : 1
        case (.integer(let left), .integer(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.bool(let left), .bool(let right)): return left == right ? 0 : right ? -1 : 1
        default:
            guard let left = left.doubleValue, let right = right.doubleValue else { throw noOverload }
            return left == right ? 0 : left < right ? -1 : 1
        }
    }

    private static func arithmetic(
        _ sign: CELExpression.Operator,
        _ left: JSONValue,
        _ right: JSONValue
    ) throws(CELMistake) -> JSONValue {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): return .integer(try whole(sign, left, right))
        case (.string(let left), .string(let right)) where sign == .add: return .string(left + right)
        case (.array(let left), .array(let right)) where sign == .add: return .array(left + right)
        default:
            guard let left = left.doubleValue, let right = right.doubleValue else { throw noOverload }
            switch sign {
            case .add: return .number("\(left + right)")
            case .subtract: return .number("\(left - right)")
            case .multiply: return .number("\(left * right)")
            case .divide: return .number("\(left / right)")
            default: throw noOverload
            }
        }
    }

    private static func whole(
        _ sign: CELExpression.Operator,
        _ left: Int64,
        _ right: Int64
    ) throws(CELMistake) -> Int64 {
        let result: (partialValue: Int64, overflow: Bool)
        switch sign {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide:
            if right == 0 { throw CELMistake("division by zero") }
            result = left.dividedReportingOverflow(by: right)
        default:
            if right == 0 { throw CELMistake("modulus by zero") }
            result = left.remainderReportingOverflow(dividingBy: right)
        }
        if result.overflow { throw CELMistake("integer overflow") }
        return result.partialValue
    }
}
