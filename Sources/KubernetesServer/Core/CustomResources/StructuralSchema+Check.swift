// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks values against the schema of a custom resource.
///
/// - Source: the validation messages of a kube-apiserver 1.36 (seen in its answers), the others seen upstream.
extension StructuralSchema {
    /// Checks a value and all below it.
    func check(_ value: JSONValue, _ path: FieldPath?, _ errors: inout FieldErrors) {
        let place = path ?? .root("")
        if value.isNull, isNullable { return }
        guard hasRightType(value) else {
            let found = Self.word(value)
            let expected = isIntOrString ? "integer,string" : type
            return errors.wrongType(
                place,
                found,
                "\(body(place)) in body must be of type \(expected): \"\(found)\""
            )
        }
        checkScalar(value, place, &errors)
        switch value {
        case .object(let object): checkObject(object, path, &errors)
        case .array(let list): checkList(list, place, &errors)
        default: break
        }
        checkCombinations(value, path, &errors)
        if !values.isEmpty, !values.contains(value) {
            errors.unsupported(place, value, values.map { $0.stringValue ?? $0.text })
        }
    }

    private func body(_ path: FieldPath) -> String { path.description }

    private func child(_ path: FieldPath?, _ name: String) -> FieldPath {
        path.map { $0[name] } ?? FieldPath(name)
    }

    private func hasRightType(_ value: JSONValue) -> Bool {
        if isIntOrString {
            return switch value {
            case .integer, .string: true
            default: false
            }
        }
        return switch (type, value) {
        case ("", _): true
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool): true
        case ("integer", .integer), ("number", .integer), ("number", .number): true
        case ("integer", .number(let text)): Double(text).map { $0.rounded() == $0 } ?? false
        default: false
        }
    }

    private static func word(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private func checkScalar(_ value: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        if let text = value.stringValue {
            let length = text.unicodeScalars.count
            if let limit = bounds["maxLength"], length > limit { errors.tooLong(path, limit: limit) }
            if let limit = bounds["minLength"], length < limit {
                errors.invalid(path, value, "\(body(path)) in body should be at least \(limit) chars long")
            }
            if let pattern, !Self.matches(text, pattern) {
                errors.invalid(path, value, "\(body(path)) in body should match '\(pattern)'")
            }
            if !FormatRules.matches(text, format) {
                errors.wrongType(path, text, "\(body(path)) in body must be of type \(format): \"\(text)\"")
            }
        }
        guard let number = value.doubleValue else { return }
        if let maximum, maximum.isExclusive ? number >= maximum.bound : number > maximum.bound {
            let words = maximum.isExclusive ? "less than" : "less than or equal to"
            errors.invalid(path, value, "\(body(path)) in body should be \(words) \(maximum.text.text)")
        }
        if let minimum, minimum.isExclusive ? number <= minimum.bound : number < minimum.bound {
            let words = minimum.isExclusive ? "greater than" : "greater than or equal to"
            errors.invalid(path, value, "\(body(path)) in body should be \(words) \(minimum.text.text)")
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let regex = try? Regex(pattern) else { return true }
        return (try? regex.firstMatch(in: text)) != nil
    }

    private func checkObject(_ object: JSONObject, _ path: FieldPath?, _ errors: inout FieldErrors) {
        let place = path ?? .root("")
        if let limit = bounds["maxProperties"], object.count > limit {
            errors.tooMany(place, object.count, limit: limit)
        }
        if let limit = bounds["minProperties"], object.count < limit {
            errors.invalid(
                place,
                .object(object),
                "\(body(place)) in body should have at least \(limit) properties"
            )
        }
        for name in required where object[name] == nil { errors.required(child(path, name)) }
        for name in names {
            guard let property = properties[name], let value = object[name] else { continue }
            property.check(value, child(path, name), &errors)
        }
        guard let more = additional.first else { return }
        for member in object.members where properties[member.key] == nil {
            more.check(member.value, child(path, member.key), &errors)
        }
    }

    private func checkList(_ list: [JSONValue], _ path: FieldPath, _ errors: inout FieldErrors) {
        if let limit = bounds["maxItems"], list.count > limit {
            errors.tooMany(path, list.count, limit: limit)
        }
        if let limit = bounds["minItems"], list.count < limit {
            errors.invalid(
                path,
                .integer(Int64(list.count)),
                "\(body(path)) in body should have at least \(limit) items"
            )
        }
        if let item = items.first {
            for (index, value) in list.enumerated() { item.check(value, path[index], &errors) }
        }
        for (index, value) in list.enumerated() {
            let earlier = list[..<index]
            if listType == "map" {
                let keys = JSONObject(mapKeys.compactMap { key in value[key].map { (key, $0) } })
                guard keys.count == mapKeys.count else { continue }
                if earlier.contains(where: { other in mapKeys.allSatisfy { other[$0] == value[$0] } }) {
                    errors.duplicate(path[index], .object(keys))
                }
            } else if listType == "set" || hasUniqueItems, earlier.contains(value) {
                errors.duplicate(path[index], value)
            }
        }
    }

    private func checkCombinations(_ value: JSONValue, _ path: FieldPath?, _ errors: inout FieldErrors) {
        let place = path ?? .root("")
        func holds(_ schema: StructuralSchema) -> Bool {
            var found = FieldErrors()
            schema.check(value, path, &found)
            return found.isEmpty
        }
        for schema in allOf { schema.check(value, path, &errors) }
        if !anyOf.isEmpty, !isIntOrString, !anyOf.contains(where: holds) {
            errors.invalid(place, value, "\(body(place)) in body must validate at least one schema (anyOf)")
        }
        if !oneOf.isEmpty, oneOf.filter(holds).count != 1 {
            errors.invalid(
                place,
                value,
                "\(body(place)) in body must validate one and only one schema (oneOf)"
            )
        }
        if let inner = not.first, holds(inner) {
            errors.invalid(place, value, "\(body(place)) in body must not validate the schema (not)")
        }
    }
}
