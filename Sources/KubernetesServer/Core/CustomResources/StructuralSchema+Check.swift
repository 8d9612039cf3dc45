// SPDX-License-Identifier: Apache-2.0
import JSON

/// Checks values against the schema of a custom resource.
///
/// - Source: the validation messages of a kube-apiserver 1.36 (seen in its answers), the others seen upstream.
extension StructuralSchema {
    /// Checks a value and all below it.
    ///
    /// - Returns: True when nothing is wrong with it.
    @discardableResult
    func check(_ value: JSONValue, _ path: FieldPath?, _ errors: inout FieldErrors) -> Bool {
        let before = errors.count
        let place = path ?? .root("<nil>")
        if value.isNull, isNullable { return true }
        if !hasRightType(value) {
            let found = Self.word(value)
            let expected = isIntOrString ? "integer,string" : type
            errors.wrongType(place, found, "\(body(path)) in body must be of type \(expected): \"\(found)\"")
        }
        if !value.isNull {
            checkCombinations(value, path, &errors)
            checkText(value, path, &errors)
            checkNumber(value, path, &errors)
            if case .array(let list) = value { checkList(list, path, &errors) }
        }
        if !values.isEmpty, !values.contains(value) {
            errors.unsupported(place, value, values.map { $0.stringValue ?? $0.text })
        }
        if case .object(let object) = value { checkObject(object, path, &errors) }
        return errors.count == before
    }

    private func body(_ path: FieldPath?) -> String { path?.description ?? "" }

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

    /// Checks a text; of its bounds and its pattern only the first that does not hold is told.
    private func checkText(_ value: JSONValue, _ path: FieldPath?, _ errors: inout FieldErrors) {
        guard let text = value.stringValue else { return }
        let place = path ?? .root("<nil>")
        let length = text.unicodeScalars.count
        if let limit = bounds["maxLength"], length > limit {
            errors.tooLong(place, limit: limit)
        } else if let limit = bounds["minLength"], length < limit {
            errors.invalid(place, value, "\(body(path)) in body should be at least \(limit) chars long")
        } else if let pattern, !Self.matches(text, pattern) {
            errors.invalid(place, value, "\(body(path)) in body should match '\(pattern)'")
        }
        if !FormatRules.matches(text, format) {
            errors.wrongType(place, text, "\(body(path)) in body must be of type \(format): \"\(text)\"")
        }
    }

    private func checkNumber(_ value: JSONValue, _ path: FieldPath?, _ errors: inout FieldErrors) {
        guard let number = value.doubleValue, value.stringValue == nil else { return }
        let place = path ?? .root("<nil>")
        if let factor = multipleOf, let size = factor.doubleValue, size > 0 {
            let quotient = number / size
            if quotient.rounded() != quotient {
                errors.invalid(place, value, "\(body(path)) in body should be a multiple of \(factor.text)")
            }
        }
        if let maximum, maximum.isExclusive ? number >= maximum.bound : number > maximum.bound {
            let words = maximum.isExclusive ? "less than" : "less than or equal to"
            errors.invalid(place, value, "\(body(path)) in body should be \(words) \(maximum.text.text)")
        }
        if let minimum, minimum.isExclusive ? number <= minimum.bound : number < minimum.bound {
            let words = minimum.isExclusive ? "greater than" : "greater than or equal to"
            errors.invalid(place, value, "\(body(path)) in body should be \(words) \(minimum.text.text)")
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let regex = try? Regex(pattern) else { return true }
        return (try? regex.firstMatch(in: text)) != nil
    }

    /// Checks an object; where it has too few or too many members nothing else is told.
    private func checkObject(_ object: JSONObject, _ path: FieldPath?, _ errors: inout FieldErrors) {
        let place = path ?? .root("<nil>")
        if let limit = bounds["minProperties"], object.count < limit {
            return errors.invalid(
                place,
                .object(object),
                "\(body(path)) in body should have at least \(limit) properties"
            )
        }
        if let limit = bounds["maxProperties"], object.count > limit {
            return errors.tooMany(place, object.count, limit: limit)
        }
        if let more = additional.first {
            for member in object.members where properties[member.key] == nil {
                more.check(member.value, child(path, member.key), &errors)
            }
        }
        for name in names {
            guard let property = properties[name], let value = object[name] else { continue }
            property.check(value, child(path, name), &errors)
        }
        for name in required where object[name] == nil { errors.required(child(path, name)) }
    }

    private func checkList(_ list: [JSONValue], _ path: FieldPath?, _ errors: inout FieldErrors) {
        let place = path ?? .root("<nil>")
        if let item = items.first {
            for (index, value) in list.enumerated() { item.check(value, place[index], &errors) }
        }
        if let limit = bounds["minItems"], list.count < limit {
            errors.invalid(
                place,
                .integer(Int64(list.count)),
                "\(body(path)) in body should have at least \(limit) items"
            )
        }
        if let limit = bounds["maxItems"], list.count > limit {
            errors.tooMany(place, list.count, limit: limit)
        }
    }

    /// Checks what is combined of other schemas; the complaints name no field, and what is wrong with the first of
    /// several choices is told besides.
    private func checkCombinations(_ value: JSONValue, _ path: FieldPath?, _ errors: inout FieldErrors) {
        func complain(_ words: String) {
            errors.invalid(.root("<nil>"), "", "\"\(body(path))\" \(words)")
        }
        func findings(_ schema: StructuralSchema) -> FieldErrors {
            var found = FieldErrors()
            schema.check(value, path, &found)
            return found
        }
        if !anyOf.isEmpty, !isIntOrString {
            let all = anyOf.map(findings)
            if !all.contains(where: \.isEmpty) {
                complain("must validate at least one schema (anyOf)")
                errors.append(all[0])
            }
        }
        if !oneOf.isEmpty {
            let all = oneOf.map(findings)
            let count = all.filter(\.isEmpty).count
            if count != 1 {
                let found = count == 0 ? "Found none valid" : "Found \(count) valid alternatives"
                complain("must validate one and only one schema (oneOf). \(found)")
                if count == 0 { errors.append(all[0]) }
            }
        }
        if !allOf.isEmpty {
            let all = allOf.map(findings)
            let count = all.filter(\.isEmpty).count
            for one in all { errors.append(one) }
            if count < all.count {
                complain("must validate all the schemas (allOf)\(count == 0 ? ". None validated" : "")")
            }
        }
        if let inner = not.first, findings(inner).isEmpty {
            complain("must not validate the schema (not)")
        }
    }

    /// Checks that no item of a set, and no key of a list by keys, stands twice, here and below.
    ///
    /// - Source: the validation of list types in Kubernetes 1.36 (seen upstream): after all else.
    func checkListTypes(_ value: JSONValue, _ path: FieldPath?, _ errors: inout FieldErrors) {
        switch value {
        case .object(let object):
            for member in object.members {
                guard let inner = properties[member.key] ?? additional.first else { continue }
                let isKey = properties[member.key] == nil && path != nil
                let place = isKey ? path?.key(member.key) : child(path, member.key)
                inner.checkListTypes(member.value, place, &errors)
            }
        case .array(let list):
            let place = path ?? .root("<nil>")
            for (index, item) in list.enumerated() {
                let earlier = list[..<index]
                if listType == "map" {
                    let keys = JSONObject(mapKeys.compactMap { key in item[key].map { (key, $0) } })
                    if earlier.contains(where: { other in mapKeys.allSatisfy { other[$0] == item[$0] } }) {
                        errors.duplicate(place[index], .object(keys))
                    }
                } else if listType == "set", earlier.contains(item) {
                    errors.duplicate(place[index], item)
                }
            }
            guard let item = items.first else { return }
            for (index, one) in list.enumerated() { item.checkListTypes(one, place[index], &errors) }
        default: break
        }
    }
}
