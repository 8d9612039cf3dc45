// SPDX-License-Identifier: Apache-2.0
import JSON

/// A parameter of an action as the tables describe it: its form, its limits, what it may hold.
struct Parameter: Sendable {
    /// What a value, or an item of a list, is.
    enum Form: Character, Sendable {
        case string = "s"
        case integer = "i"
        case decimal = "f"
        case boolean = "b"
        case object = "o"
    }

    let name: String
    let form: Form
    var isList = false
    var isRequired = false
    /// How many items a list may have.
    var items: Limits?
    /// Between what a number must be.
    var range: Limits?
    /// How many characters a text may have.
    var length: Limits?
    /// The documented spellings of an enumeration; compared without regard to case.
    var choices: [String] = []
    /// The value of a parameter that is not sent.
    var fallback: String?
    var rule: ValueRule?
    /// The members of an object.
    var block: ParameterBlock?
}

/// A lower and an upper bound, both included, either of which may be missing.
struct Limits: Sendable, Equatable {
    var least: Int64?
    var most: Int64?

    func contains(_ value: Int64) -> Bool {
        if let least, value < least { return false }
        if let most, value > most { return false }
        return true
    }
}

/// The parameters of an action or the members of an object, in the order of their table.
final class ParameterBlock: Sendable {
    let parameters: [Parameter]
    /// The values of parameters that are not sent, in the order of the table.
    let fallbacks: [(name: String, value: JSONValue)]
    private let places: [String: Int]

    init(_ parameters: [Parameter]) {
        self.parameters = parameters
        var places: [String: Int] = [:]
        for (place, parameter) in parameters.enumerated() { places[parameter.name] = place }
        self.places = places
        fallbacks = parameters.compactMap { parameter in
            parameter.fallbackValue.map { (parameter.name, $0) }
        }
    }

    static let empty = ParameterBlock([])

    func place(_ name: String) -> Int? { places[name] }

    subscript(_ name: String) -> Parameter? { places[name].map { parameters[$0] } }
}
