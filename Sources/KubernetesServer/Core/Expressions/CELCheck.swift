// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks an expression against the schema of what it will look at, before it is ever evaluated.
struct CELCheck {
    private var variables: [String: CELType]

    /// The type of an expression.
    ///
    /// - Throws: `CELMistake` for names and members that are not there, functions that are not known here, and
    ///   operators between types that do not fit.
    static func type(
        _ expression: CELExpression,
        _ variables: [String: CELType]
    ) throws(CELMistake) -> CELType {
        var check = CELCheck(variables: variables)
        return try check.type(expression)
    }

    private static func failed(_ what: String) -> CELMistake { CELMistake("ERROR: <input>: \(what)") }

    private mutating func type(_ expression: CELExpression) throws(CELMistake) -> CELType {
        switch expression {
        case .literal(let value): return Self.literal(value)
        case .name(let name):
            guard let type = variables[name] else {
                throw Self.failed("undeclared reference to '\(name)' (in container '')")
            }
            return type
        case .member(let inner, let name), .has(let inner, let name):
            let member = try Self.member(try type(inner), CELNames.plain(name))
            if case .has = expression { return .bool }
            return member
        case .item(let inner, let index):
            _ = try type(index)
            switch try type(inner) {
            case .list(let item): return item
            case .map(let value): return value
            case .any, .object: return .any
            case let other:
                throw Self.failed("found no matching overload for '_[_]' applied to '\(other.name)'")
            }
        case .list(let items):
            var item: CELType?
            for one in items {
                let found = try type(one)
                item = item.map { $0.name == found.name ? found : .any } ?? found
            }
            return .list(item ?? .any)
        case .map(let pairs):
            for pair in pairs {
                _ = try type(pair.key)
                _ = try type(pair.value)
            }
            return .map(.any)
        case .call(let name, let target, let arguments): return try call(name, target, arguments)
        case .macro(let macro, let range, let variable, let condition, let body):
            return try run(macro, range, variable, condition, body)
        case .not(let inner):
            try expectBool(inner, "!_")
            return .bool
        case .negate(let inner): return try type(inner)
        case .binary(let sign, let left, let right): return try binary(sign, left, right)
        case .conditional(let test, let left, let right):
            try expectBool(test, "_?_:_")
            let (first, second) = (try type(left), try type(right))
            return first.name == second.name ? first : .any
        }
    }

    private static func literal(_ value: JSONValue) -> CELType {
        switch value {
        case .null: .null
        case .bool: .bool
        case .integer: .int
        case .number: .double
        case .string: .string
        default: .any
        }
    }

    private static func member(_ type: CELType, _ name: String) throws(CELMistake) -> CELType {
        switch type {
        case .any: return .any
        case .map(let value): return value
        case .object(let schema, let isRoot):
            if isRoot {
                if name == "kind" || name == "apiVersion" { return .string }
                if name == "metadata" { return .any }
            }
            if let property = schema.properties[name] { return CELType(property) }
            throw failed("undefined field '\(name)'")
        default: throw failed("type '\(type.name)' does not support field selection")
        }
    }

    private mutating func expectBool(_ expression: CELExpression, _ sign: String) throws(CELMistake) {
        let found = try type(expression)
        guard found.isBool else {
            throw Self.failed("found no matching overload for '\(sign)' applied to '(\(found.name))'")
        }
    }

    private mutating func binary(
        _ sign: CELExpression.Operator,
        _ left: CELExpression,
        _ right: CELExpression
    ) throws(CELMistake) -> CELType {
        if sign == .and || sign == .or {
            try expectBool(left, "_\(sign.rawValue)_")
            try expectBool(right, "_\(sign.rawValue)_")
            return .bool
        }
        let (first, second) = (try type(left), try type(right))
        let mistake = Self.failed(
            "found no matching overload for '_\(sign.rawValue)_' applied to '(\(first.name), \(second.name))'"
        )
        switch sign {
        case .isIn:
            switch second {
            case .list(let item): if !first.fits(item) { throw mistake }
            case .map, .any, .object: break
            default: throw mistake
            }
            return .bool
        case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual:
            if !first.fits(second) { throw mistake }
            return .bool
        default:
            if !first.fits(second) { throw mistake }
            if case .any = first { return second }
            return first
        }
    }

    private mutating func call(
        _ name: String,
        _ target: CELExpression?,
        _ arguments: [CELExpression]
    ) throws(CELMistake) -> CELType {
        var count = arguments.count
        var full = name
        if case .name("sets")? = target, variables["sets"] == nil {
            full = "sets.\(name)"
        } else if let target {
            _ = try type(target)
            count += 1
        }
        for argument in arguments { _ = try type(argument) }
        guard let function = CELFunctions.table[full] else {
            throw Self.failed("the function '\(full)' is not evaluated here")
        }
        guard function.counts.contains(count) else {
            throw Self.failed("found no matching overload for '\(full)' with \(arguments.count) arguments")
        }
        return function.result
    }

    private mutating func run(
        _ macro: CELExpression.Macro,
        _ range: CELExpression,
        _ variable: String,
        _ condition: CELExpression?,
        _ body: CELExpression
    ) throws(CELMistake) -> CELType {
        let item: CELType
        switch try type(range) {
        case .list(let inner): item = inner
        case .map, .object: item = .string
        case .any: item = .any
        case let other:
            throw Self.failed("expression of type '\(other.name)' cannot be range of a comprehension")
        }
        let outer = variables[variable]
        defer { variables[variable] = outer }
        variables[variable] = item
        if let condition { try expectBool(condition, macro.rawValue) }
        if macro == .map { return .list(try type(body)) }
        try expectBool(body, macro.rawValue)
        return macro == .filter ? .list(item) : .bool
    }
}
