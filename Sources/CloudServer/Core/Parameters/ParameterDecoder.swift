// SPDX-License-Identifier: Apache-2.0
import JSON

/// Turns flattened parameters into a JSON object by an action's table, or refuses them.
///
/// The object has its members in the order of the table, values in their types, enumerations in their
/// documented spelling, and the defaults of its outermost members. An empty value is the same as none.
///
/// - Source: flattening and spelling seen upstream in the SDKs; the codes of refusals are documented in two
///   styles, and the one that the load balancer's own errors use is taken for it (assumed).
struct ParameterDecoder {
    private let service: CloudService

    init(service: CloudService) {
        self.service = service
    }

    static func decode(
        _ pairs: [(String, String)],
        for action: ActionDescription
    ) throws(CloudRefusal) -> JSONObject {
        let tree = ParameterTree(pairs, block: action.block)
        let decoder = ParameterDecoder(service: action.service)
        var object = try decoder.object(tree.root, action.block)
        decoder.applyFallbacks(action.block, to: &object)
        return object
    }

    private func object(
        _ node: ParameterTree.Node,
        _ block: ParameterBlock
    ) throws(CloudRefusal) -> JSONObject {
        var object = JSONObject()
        // By place: a copy of each parameter's description costs more than the look.
        for place in block.parameters.indices {
            if let child = node.child(block.parameters[place].name),
                let value = try value(child, block.parameters[place])
            {
                object[block.parameters[place].name] = value
            } else if block.parameters[place].isRequired {
                throw .missing(block.parameters[place].name)
            }
        }
        return object
    }

    /// The value, or nil when there is nothing in it.
    private func value(_ node: ParameterTree.Node, _ parameter: Parameter) throws(CloudRefusal) -> JSONValue?
    {
        guard parameter.isList else { return try item(node, parameter) }
        var nodes = node.items
        // A scalar list of one that came without a number.
        if nodes.isEmpty, let value = node.value, !value.isEmpty, parameter.form != .object { nodes = [node] }
        var items: [JSONValue] = []
        for node in nodes {
            if let item = try item(node, parameter) { items.append(item) }
        }
        guard !items.isEmpty else { return nil }
        if let limits = parameter.items, !limits.contains(Int64(items.count)) { throw refusal(parameter) }
        return .array(items)
    }

    private func item(_ node: ParameterTree.Node, _ parameter: Parameter) throws(CloudRefusal) -> JSONValue? {
        if parameter.form == .object {
            guard !node.children.isEmpty, let block = parameter.block else { return nil }
            let object = try object(node, block)
            return object.isEmpty ? nil : .object(object)
        }
        guard let text = node.value, !text.isEmpty else { return nil }
        return try scalar(text, parameter)
    }

    private func scalar(_ text: String, _ parameter: Parameter) throws(CloudRefusal) -> JSONValue {
        switch parameter.form {
        case .integer:
            guard let number = Int64(text), parameter.range?.contains(number) ?? true else {
                throw refusal(parameter)
            }
            return .integer(number)
        case .decimal:
            guard let number = Double(text), number.isFinite else { throw refusal(parameter) }
            return .number("\(number)")
        case .boolean:
            switch text.lowercased() {
            case "true": return true
            case "false": return false
            default: throw refusal(parameter)
            }
        case .string, .object: return .string(try string(text, parameter))
        }
    }

    private func string(_ text: String, _ parameter: Parameter) throws(CloudRefusal) -> String {
        if !parameter.choices.isEmpty {
            if parameter.choices.contains(text) { return text }
            let lower = text.lowercased()
            guard let choice = parameter.choices.first(where: { $0.lowercased() == lower }) else {
                throw refusal(parameter)
            }
            return choice
        }
        if let length = parameter.length, !length.contains(Int64(text.unicodeScalars.count)) {
            throw refusal(parameter)
        }
        if let rule = parameter.rule, !rule.allows(text) { throw refusal(parameter) }
        return text
    }

    private func refusal(_ parameter: Parameter) -> CloudRefusal {
        let message = "The value of the parameter \(parameter.name) is not valid."
        return service == .alb
            ? .illegal(parameter.name, message) : CloudRefusal("Invalid\(parameter.name)", message)
    }

    /// Gives the outermost members that were not sent their defaults.
    ///
    /// Objects are not made, nor filled: callers compare what they read with what they sent.
    private func applyFallbacks(_ block: ParameterBlock, to object: inout JSONObject) {
        for fallback in block.fallbacks where object[fallback.name] == nil {
            object[fallback.name] = fallback.value
        }
    }
}

extension Parameter {
    /// The default as a JSON value.
    var fallbackValue: JSONValue? {
        guard let fallback, form != .object, !isList else { return nil }
        switch form {
        case .integer: return Int64(fallback).map { .integer($0) }
        case .boolean: return .bool(fallback == "true")
        default: return .string(fallback)
        }
    }
}

extension ParameterBlock {
    /// The object with the block's defaults for members that it lacks.
    func filled(_ object: JSONObject) -> JSONObject {
        var filled = object
        for fallback in fallbacks where filled[fallback.name] == nil {
            filled[fallback.name] = fallback.value
        }
        return filled
    }
}
