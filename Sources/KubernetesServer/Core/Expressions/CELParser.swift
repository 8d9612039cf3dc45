// SPDX-License-Identifier: Apache-2.0
import JSON

/// Reads expressions.
struct CELParser {
    /// How deep expressions may nest.
    static let depthLimit = 100

    private let tokens: [CELScanner.Token]
    private var place = 0
    private var depth = 0

    private init(_ tokens: [CELScanner.Token]) {
        self.tokens = tokens
    }

    /// Reads an expression.
    ///
    /// - Throws: `CELMistake` at the first word that does not fit.
    static func parse(_ text: String) throws(CELMistake) -> CELExpression {
        var parser = CELParser(try CELScanner.tokens(text))
        let expression = try parser.expression()
        guard parser.tokens[parser.place].kind == .end else { throw parser.unexpected() }
        return expression
    }

    private func unexpected() -> CELMistake {
        let token = tokens[place]
        let shown: String =
            switch token.kind {
            case .name(let name): name
            case .literal(let value): value.text
            case .sign(let sign): sign
            case .end: "<EOF>"
            }
        return CELMistake("ERROR: <input>:1:\(token.place + 1): Syntax error: mismatched input '\(shown)'")
    }

    private mutating func take(_ sign: String) -> Bool {
        guard tokens[place].kind == .sign(sign) else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ sign: String) throws(CELMistake) {
        guard take(sign) else { throw unexpected() }
    }

    private mutating func expression() throws(CELMistake) -> CELExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw CELMistake("ERROR: the expression nests too deep") }
        let test = try binary(0)
        guard take("?") else { return test }
        let left = try binary(0)
        try expect(":")
        return .conditional(test, left, try expression())
    }

    private static let levels: [[CELExpression.Operator]] = [
        [.or], [.and], [.equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn],
        [.add, .subtract], [.multiply, .divide, .remainder],
    ]

    private mutating func binary(_ level: Int) throws(CELMistake) -> CELExpression {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level + 1)
        while case .sign(let sign) = tokens[place].kind,
            let found = Self.levels[level].first(where: { $0.rawValue == sign })
        {
            place += 1
            left = .binary(found, left, try binary(level + 1))
        }
        return left
    }

    private mutating func unary() throws(CELMistake) -> CELExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw CELMistake("ERROR: the expression nests too deep") }
        if take("!") { return .not(try unary()) }
        if take("-") { return .negate(try unary()) }
        return try postfix(try primary())
    }

    private mutating func postfix(_ first: CELExpression) throws(CELMistake) -> CELExpression {
        var result = first
        while true {
            if take(".") {
                if tokens[place].kind == .sign("?") {
                    throw CELMistake("optional values are not evaluated here")
                }
                let name = try name()
                result = take("(") ? try call(name, on: result) : .member(result, name)
            } else if take("[") {
                if tokens[place].kind == .sign("?") {
                    throw CELMistake("optional values are not evaluated here")
                }
                result = .item(result, try expression())
                try expect("]")
            } else {
                return result
            }
        }
    }

    private mutating func name() throws(CELMistake) -> String {
        if case .name(let name) = tokens[place].kind {
            place += 1
            return name
        }
        // `in` may be the name of a member.
        if take("in") { return "in" }
        throw unexpected()
    }

    private mutating func primary() throws(CELMistake) -> CELExpression {
        switch tokens[place].kind {
        case .literal(let value):
            place += 1
            return .literal(value)
        case .name(let name):
            place += 1
            return take("(") ? try call(name, on: nil) : .name(name)
        case .sign("("):
            place += 1
            let inner = try expression()
            try expect(")")
            return inner
        case .sign("["):
            place += 1
            return .list(try list(until: "]"))
        case .sign("{"):
            place += 1
            return try map()
        default: throw unexpected()
        }
    }

    private mutating func list(until end: String) throws(CELMistake) -> [CELExpression] {
        var items: [CELExpression] = []
        while !take(end) {
            items.append(try expression())
            if !take(",") {
                try expect(end)
                break
            }
        }
        return items
    }

    private mutating func map() throws(CELMistake) -> CELExpression {
        var pairs: [(key: CELExpression, value: CELExpression)] = []
        while !take("}") {
            let key = try expression()
            try expect(":")
            pairs.append((key, try expression()))
            if !take(",") {
                try expect("}")
                break
            }
        }
        return .map(pairs)
    }

    private mutating func call(_ name: String, on target: CELExpression?) throws(CELMistake) -> CELExpression
    {
        let start = tokens[place].place
        let arguments = try list(until: ")")
        if name == "has", target == nil {
            guard arguments.count == 1, case .member(let inner, let member) = arguments[0] else {
                throw CELMistake("ERROR: <input>:1:\(start + 1): invalid argument to has() macro")
            }
            return .has(inner, member)
        }
        guard let target, let macro = CELExpression.Macro(rawValue: name) else {
            return .call(name, on: target, arguments)
        }
        guard arguments.count == 2 || (macro == .map && arguments.count == 3) else {
            if arguments.count == 3 { throw CELMistake("macros over two variables are not evaluated here") }
            throw CELMistake("ERROR: <input>:1:\(start + 1): invalid arguments to \(name)() macro")
        }
        guard case .name(let variable) = arguments[0] else {
            throw CELMistake("ERROR: <input>:1:\(start + 1): argument must be a simple name")
        }
        let condition = arguments.count == 3 ? arguments[1] : nil
        return .macro(macro, target, variable, condition: condition, arguments[arguments.count - 1])
    }
}
