// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// A selector over a resource's selectable fields: requirements that must all hold.
struct FieldSelector: Equatable {
    /// One requirement.
    struct Requirement: Equatable {
        /// The field's place among the resource's selectable fields.
        let field: Int
        let value: String
        let isEqual: Bool
    }

    var requirements: [Requirement] = []

    /// Selects everything.
    init() {}

    /// Reads `a=b,c!=d`.
    ///
    /// - Parameters:
    ///   - text: The selector.
    ///   - fields: The names that may stand in it.
    ///   - unknown: What to say of another name.
    /// - Throws: `KubernetesStatus`: a bad request.
    init(_ text: String, fields: [String], unknown: (String) -> String) throws(KubernetesStatus) {
        for part in text.split(separator: ",") {
            let isEqual: Bool
            let sides: (Substring, Substring)
            if let place = part.firstRange(of: "!=") {
                isEqual = false
                sides = (part[..<place.lowerBound], part[place.upperBound...])
            } else if let place = part.firstRange(of: "==") ?? part.firstRange(of: "=") {
                isEqual = true
                sides = (part[..<place.lowerBound], part[place.upperBound...])
            } else {
                throw Refusal.badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            let name = String(sides.0)
            guard let field = fields.firstIndex(of: name) else { throw Refusal.badRequest(unknown(name)) }
            requirements.append(Requirement(field: field, value: String(sides.1), isEqual: isEqual))
        }
    }

    /// True when the values, in the order of the resource's fields, satisfy every requirement.
    func matches(_ values: [String]) -> Bool {
        requirements.allSatisfy { (values[$0.field] == $0.value) == $0.isEqual }
    }

    /// The name that is asked for, when one is.
    func only(_ field: Int) -> String? {
        requirements.first { $0.field == field && $0.isEqual }?.value
    }
}
