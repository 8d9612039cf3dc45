// SPDX-License-Identifier: Apache-2.0
import JSON

/// An expression of the Common Expression Language, read.
///
/// - Source: the language definition of CEL and its use in custom resources (documented); what is read here is the part
///   that rules of custom resources commonly use.
indirect enum CELExpression: Sendable {
    /// An operator of two sides.
    enum Operator: String, Sendable {
        case or = "||"
        case and = "&&"
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case isIn = "in"
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case remainder = "%"
    }

    /// A macro over the items of a list or the keys of a map.
    enum Macro: String, Sendable {
        case all, exists, filter, map
        case existsOne = "exists_one"
    }

    case literal(JSONValue)
    case name(String)
    case member(CELExpression, String)
    /// `has(x.y)`
    case has(CELExpression, String)
    case item(CELExpression, CELExpression)
    /// A function, and what stands before its dot.
    case call(String, on: CELExpression?, [CELExpression])
    case list([CELExpression])
    case map([(key: CELExpression, value: CELExpression)])
    /// A macro, its collection, its variable, a condition (of a `map` with one) and its body.
    case macro(Macro, CELExpression, String, condition: CELExpression?, CELExpression)
    case not(CELExpression)
    case negate(CELExpression)
    case binary(Operator, CELExpression, CELExpression)
    case conditional(CELExpression, CELExpression, CELExpression)

    /// True when the expression asks for a variable.
    func uses(_ variable: String) -> Bool {
        switch self {
        case .literal: false
        case .name(let name): name == variable
        case .member(let inner, _), .has(let inner, _), .not(let inner), .negate(let inner):
            inner.uses(variable)
        case .item(let left, let right), .binary(_, let left, let right):
            left.uses(variable) || right.uses(variable)
        case .call(_, let target, let arguments):
            target?.uses(variable) ?? false || arguments.contains { $0.uses(variable) }
        case .list(let items): items.contains { $0.uses(variable) }
        case .map(let pairs): pairs.contains { $0.key.uses(variable) || $0.value.uses(variable) }
        case .macro(_, let range, _, let condition, let body):
            range.uses(variable) || condition?.uses(variable) ?? false || body.uses(variable)
        case .conditional(let test, let left, let right):
            test.uses(variable) || left.uses(variable) || right.uses(variable)
        }
    }
}

/// Why an expression can not be read, has no sense, or has no value.
struct CELMistake: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
