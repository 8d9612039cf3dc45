// SPDX-License-Identifier: Apache-2.0
import JSON

/// Finds the value of an expression.
struct CELEvaluator {
    /// How many steps an evaluation may take: the real server has a budget too.
    static let stepLimit = 1_000_000

    private var variables: [String: JSONValue]
    private var steps = 0

    private init(_ variables: [String: JSONValue]) {
        self.variables = variables
    }

    /// The value of an expression with variables.
    ///
    /// - Throws: `CELMistake` when it has none.
    static func value(
        _ expression: CELExpression,
        _ variables: [String: JSONValue]
    ) throws(CELMistake) -> JSONValue {
        var evaluator = CELEvaluator(variables)
        return try evaluator.value(expression)
    }

    private mutating func value(_ expression: CELExpression) throws(CELMistake) -> JSONValue {
        steps += 1
        if steps > Self.stepLimit { throw CELMistake("operation cancelled: actual cost limit exceeded") }
        switch expression {
        case .literal(let value): return value
        case .name(let name):
            guard let value = variables[name] else {
                throw CELMistake("no such attribute(s): \(name)")
            }
            return value
        case .member(let inner, let name):
            return try CELOperations.member(try value(inner), CELNames.plain(name))
        case .has(let inner, let name):
            let object = try value(inner)
            guard object.objectValue != nil else { throw CELMistake("no such overload") }
            return .bool(object[CELNames.plain(name)] != nil)
        case .item(let inner, let index): return try CELOperations.item(try value(inner), try value(index))
        case .list(let items):
            var result: [JSONValue] = []
            for item in items { result.append(try value(item)) }
            return .array(result)
        case .map(let pairs): return try map(pairs)
        case .call(let name, let target, let arguments): return try call(name, target, arguments)
        case .macro(let macro, let range, let variable, let condition, let body):
            return try run(macro, range, variable, condition, body)
        case .not(let inner): return .bool(!(try truth(inner)))
        case .negate(let inner): return try CELOperations.negate(try value(inner))
        case .binary(let sign, let left, let right): return try binary(sign, left, right)
        case .conditional(let test, let left, let right):
            return try truth(test) ? try value(left) : try value(right)
        }
    }

    private mutating func truth(_ expression: CELExpression) throws(CELMistake) -> Bool {
        guard case .bool(let truth) = try value(expression) else { throw CELMistake("no such overload") }
        return truth
    }

    private mutating func map(
        _ pairs: [(key: CELExpression, value: CELExpression)]
    ) throws(CELMistake) -> JSONValue {
        var result: JSONObject = [:]
        for pair in pairs {
            guard let key = try value(pair.key).stringValue else {
                throw CELMistake("keys of maps that are no strings are not evaluated here")
            }
            result[key] = try value(pair.value)
        }
        return .object(result)
    }

    private mutating func call(
        _ name: String,
        _ target: CELExpression?,
        _ arguments: [CELExpression]
    ) throws(CELMistake) -> JSONValue {
        var values: [JSONValue] = []
        if case .name("sets")? = target, variables["sets"] == nil {
            for argument in arguments { values.append(try value(argument)) }
            return try CELFunctions.call("sets.\(name)", values)
        }
        if let target { values.append(try value(target)) }
        for argument in arguments { values.append(try value(argument)) }
        return try CELFunctions.call(name, values)
    }

    /// A mistake on one side does not matter where the other side settles it.
    private mutating func binary(
        _ sign: CELExpression.Operator,
        _ left: CELExpression,
        _ right: CELExpression
    ) throws(CELMistake) -> JSONValue {
        guard sign == .and || sign == .or else {
            return try CELOperations.binary(sign, try value(left), try value(right))
        }
        let settles = sign == .or
        let first: Result<Bool, CELMistake>
        do throws(CELMistake) { first = .success(try truth(left)) } catch { first = .failure(error) }
        if case .success(settles) = first { return .bool(settles) }
        let second = try truth(right)
        if second == settles { return .bool(settles) }
        if case .failure(let mistake) = first { throw mistake }
        return .bool(!settles)
    }

    private mutating func run(
        _ macro: CELExpression.Macro,
        _ range: CELExpression,
        _ variable: String,
        _ condition: CELExpression?,
        _ body: CELExpression
    ) throws(CELMistake) -> JSONValue {
        let items: [JSONValue]
        switch try value(range) {
        case .array(let list): items = list
        case .object(let object): items = object.keys.map { .string($0) }
        default: throw CELMistake("no such overload")
        }
        let outer = variables[variable]
        defer { variables[variable] = outer }
        var found: [JSONValue] = []
        var count = 0
        var mistake: CELMistake?
        for item in items {
            variables[variable] = item
            switch macro {
            case .map:
                if let condition, !(try truth(condition)) { continue }
                found.append(try value(body))
            case .filter: if try truth(body) { found.append(item) }
            case .existsOne: if try truth(body) { count += 1 }
            case .all, .exists:
                do throws(CELMistake) {
                    if try truth(body) == (macro == .exists) { return .bool(macro == .exists) }
                } catch {
                    mistake = error
                }
            }
        }
        if let mistake { throw mistake }
        switch macro {
        case .map, .filter: return .array(found)
        case .existsOne: return .bool(count == 1)
        case .all: return true
        case .exists: return false
        }
    }
}

/// How expressions write names of members that are no plain words.
///
/// - Source: the escaping of property names in rules of custom resources (documented).
enum CELNames {
    private static let words = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
        "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    /// The member's real name.
    static func plain(_ name: String) -> String {
        guard name.contains("__") else { return name }
        if name.hasPrefix("__"), name.hasSuffix("__"), name.count > 4 {
            let word = String(name.dropFirst(2).dropLast(2))
            if words.contains(word) { return word }
        }
        var result = ""
        var rest = name[...]
        while !rest.isEmpty {
            let known = [
                ("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/"),
            ].first { rest.hasPrefix($0.0) }
            if let known {
                result += known.1
                rest = rest.dropFirst(known.0.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
