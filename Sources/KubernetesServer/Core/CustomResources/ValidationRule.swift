// SPDX-License-Identifier: Apache-2.0
import JSON

/// A rule of a schema, `x-kubernetes-validations`, read.
///
/// - Source: validation rules of custom resources (documented), their messages seen in a real server's answers.
struct ValidationRule: Sendable {
    let text: String
    let expression: CELExpression
    /// True when the rule compares with the earlier state: it is not asked where there is none.
    let isTransition: Bool
    private let message: String
    private let messageExpression: CELExpression?
    private let reason: String
    /// Names below the rule's own place to which the complaint belongs.
    private let fieldPath: [String]

    static let reasons = [
        "FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate",
    ]

    /// Reads a rule.
    ///
    /// - Throws: `CELMistake` when the rule or its message can not be read.
    init(_ json: JSONValue) throws(CELMistake) {
        text = json["rule"]?.stringValue ?? ""
        expression = try CELParser.parse(text)
        isTransition = expression.uses("oldSelf")
        message = json["message"]?.stringValue ?? ""
        let words = json["messageExpression"]?.stringValue ?? ""
        messageExpression = words.isEmpty ? nil : try CELParser.parse(words)
        reason = json["reason"]?.stringValue ?? "FieldValueInvalid"
        fieldPath = SchemaPath.names(json["fieldPath"]?.stringValue ?? "") ?? []
    }

    /// A rule that can not be read holds for nothing.
    init(unreadable json: JSONValue) {
        text = json["rule"]?.stringValue ?? ""
        expression = .literal(false)
        isTransition = false
        message = ""
        messageExpression = nil
        reason = "FieldValueInvalid"
        fieldPath = []
    }

    /// Checks a rule as part of a definition: what is wrong with its expressions.
    static func check(
        _ json: JSONValue,
        _ schema: StructuralSchema,
        isRoot: Bool
    ) -> [(field: String, why: String)] {
        let type = CELType(schema, isRoot: isRoot)
        let variables = ["self": type, "oldSelf": type]
        var found: [(field: String, why: String)] = []
        for field in ["rule", "messageExpression"] {
            guard let text = json[field]?.stringValue, !text.isEmpty else { continue }
            if let why = mistake(text, variables, isRule: field == "rule") { found.append((field, why)) }
        }
        return found
    }

    private static func mistake(_ text: String, _ variables: [String: CELType], isRule: Bool) -> String? {
        do {
            let result = try CELCheck.type(try CELParser.parse(text), variables)
            if isRule { return result.isBool ? nil : "cel expression must evaluate to a bool" }
            switch result {
            case .string, .any: return nil
            default: return "messageExpression must evaluate to a string"
            }
        } catch {
            let place = isRule ? "compilation failed" : "messageExpression compilation failed"
            return "\(place): \(error.message)"
        }
    }

    /// Asks the rule about a value.
    func check(_ value: JSONValue, old: JSONValue?, _ path: FieldPath, _ errors: inout FieldErrors) {
        if isTransition, old == nil { return }
        var variables = ["self": value]
        variables["oldSelf"] = old
        let subject = message.isEmpty ? text : message
        do {
            let result = try CELEvaluator.value(expression, variables)
            if result == true { return }
            complain(value, path, words(variables), &errors)
        } catch {
            complain(value, path, "\(error.message) evaluating rule: \(subject)", &errors)
        }
    }

    private func words(_ variables: [String: JSONValue]) -> String {
        if let messageExpression, let found = try? CELEvaluator.value(messageExpression, variables),
            let text = found.stringValue, !text.allSatisfy(\.isWhitespace), !text.contains("\n")
        {
            return text
        }
        return message.isEmpty ? "failed rule: \(text)" : message
    }

    private func complain(_ value: JSONValue, _ path: FieldPath, _ words: String, _ errors: inout FieldErrors)
    {
        var place = path
        var subject: JSONValue? = value
        for name in fieldPath {
            if case .root("<nil>") = place { place = FieldPath(name) } else { place = place[name] }
            subject = subject?[name]
        }
        switch reason {
        case "FieldValueForbidden": errors.forbidden(place, words)
        case "FieldValueRequired": errors.required(place, words)
        case "FieldValueDuplicate": errors.add("Duplicate", place, "Duplicate value: \(words)")
        default:
            switch subject {
            case nil, .object?, .array?: errors.add("Invalid", place, "Invalid value: \(words)")
            case let scalar?: errors.invalid(place, scalar, words)
            }
        }
    }
}

extension StructuralSchema {
    /// Asks the rules of a value and of all below it.
    ///
    /// The earlier state is given where there is one that can be told to be this value's.
    func checkRules(_ value: JSONValue, old: JSONValue?, _ path: FieldPath?, _ errors: inout FieldErrors) {
        guard hasRules, !value.isNull else { return }
        // What did not change stays as it is, even where it breaks a rule that is new.
        if let old, old == value { return }
        let earlier = old?.isNull ?? true ? nil : old
        for rule in rules { rule.check(value, old: earlier, path ?? .root("<nil>"), &errors) }
        switch value {
        case .object(let object):
            for member in object.members {
                guard let inner = properties[member.key] ?? additional.first else { continue }
                let place: FieldPath
                if properties[member.key] == nil, let path {
                    place = path.key(member.key)
                } else {
                    place = path.map { $0[member.key] } ?? FieldPath(member.key)
                }
                inner.checkRules(member.value, old: earlier?[member.key], place, &errors)
            }
        case .array(let list):
            guard let item = items.first, item.hasRules else { return }
            for (place, one) in list.enumerated() {
                let twin = earlier.flatMap { self.twin(of: one, in: $0) }
                item.checkRules(one, old: twin, (path ?? .root("<nil>"))[place], &errors)
            }
        default: break
        }
    }

    /// The earlier state of an item; only lists whose items have keys tell.
    private func twin(of item: JSONValue, in old: JSONValue) -> JSONValue? {
        guard listType == "map" else { return nil }
        return old.arrayValue?.first { other in mapKeys.allSatisfy { other[$0] == item[$0] } }
    }
}
