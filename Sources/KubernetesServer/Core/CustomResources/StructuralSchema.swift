// SPDX-License-Identifier: Apache-2.0
import JSON

/// The schema of a custom resource, as far as it is looked at.
///
/// - Source: structural schemas of apiextensions.k8s.io/v1 (documented).
struct StructuralSchema: Sendable {
    /// `object`, `array`, `string`, `integer`, `number`, `boolean`; empty for any.
    var type = ""
    var properties: [String: StructuralSchema] = [:]
    /// The names of the properties in the order of names.
    var names: [String] = []
    /// The schema of further members; none or one.
    var additional: [StructuralSchema] = []
    /// The schema of items; none or one.
    var items: [StructuralSchema] = []
    var required: [String] = []
    var values: [JSONValue] = []
    var defaultValue: JSONValue?
    var isNullable = false
    var isIntOrString = false
    var keepsUnknown = false
    var isEmbedded = false
    var pattern: String?
    var format = ""
    var minimum: (bound: Double, text: JSONValue, isExclusive: Bool)?
    var maximum: (bound: Double, text: JSONValue, isExclusive: Bool)?
    /// Bounds by their names: `minLength`, `maxLength`, `minItems`, `maxItems`, `minProperties`, `maxProperties`.
    var bounds: [String: Int] = [:]
    var multipleOf: JSONValue?
    var listType = ""
    var mapKeys: [String] = []
    var mapType = ""
    var allOf: [StructuralSchema] = []
    var anyOf: [StructuralSchema] = []
    var oneOf: [StructuralSchema] = []
    var not: [StructuralSchema] = []
    var rules: [ValidationRule] = []
    /// True when the schema or one below it has rules.
    var hasRules = false

    /// Takes everything.
    static let anything = StructuralSchema(keepsUnknown: true)

    private init(keepsUnknown: Bool) {
        self.keepsUnknown = keepsUnknown
    }

    /// Reads an `openAPIV3Schema`.
    init(_ json: JSONValue) {
        type = json["type"]?.stringValue ?? ""
        for property in json["properties"]?.objectValue ?? [:] {
            properties[property.key] = StructuralSchema(property.value)
        }
        names = properties.keys.sorted()
        if let more = json["additionalProperties"] {
            if more.objectValue != nil { additional = [StructuralSchema(more)] }
            if more == true { additional = [.anything] }
        }
        if let item = json["items"], item.objectValue != nil { items = [StructuralSchema(item)] }
        required = json["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        values = json["enum"]?.arrayValue ?? []
        defaultValue = json["default"]
        isNullable = json["nullable"] == true
        isIntOrString = json["x-kubernetes-int-or-string"] == true
        keepsUnknown = json["x-kubernetes-preserve-unknown-fields"] == true
        isEmbedded = json["x-kubernetes-embedded-resource"] == true
        pattern = json["pattern"]?.stringValue
        format = json["format"]?.stringValue ?? ""
        minimum = Self.bound(json, "minimum", "exclusiveMinimum")
        maximum = Self.bound(json, "maximum", "exclusiveMaximum")
        for name in ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"] {
            bounds[name] = json[name]?.intValue
        }
        multipleOf = json["multipleOf"]
        listType = json["x-kubernetes-list-type"]?.stringValue ?? ""
        mapKeys = json["x-kubernetes-list-map-keys"]?.arrayValue?.compactMap(\.stringValue) ?? []
        mapType = json["x-kubernetes-map-type"]?.stringValue ?? ""
        allOf = Self.list(json["allOf"])
        anyOf = Self.list(json["anyOf"])
        oneOf = Self.list(json["oneOf"])
        if let inner = json["not"] { not = [StructuralSchema(inner)] }
        rules = (json["x-kubernetes-validations"]?.arrayValue ?? []).map { rule in
            (try? ValidationRule(rule)) ?? ValidationRule(unreadable: rule)
        }
        hasRules = !rules.isEmpty || (items + additional).contains(where: \.hasRules)
        for name in names where properties[name]?.hasRules == true { hasRules = true }
    }

    private static func bound(
        _ json: JSONValue,
        _ name: String,
        _ exclusive: String
    ) -> (bound: Double, text: JSONValue, isExclusive: Bool)? {
        guard let value = json[name], let number = value.doubleValue else { return nil }
        return (number, value, json[exclusive] == true)
    }

    private static func list(_ json: JSONValue?) -> [StructuralSchema] {
        (json?.arrayValue ?? []).map { StructuralSchema($0) }
    }

    // MARK: Pruning and defaults

    /// Removes members that the schema does not know, and notes their paths.
    func prune(
        _ value: JSONValue,
        at path: String,
        isRoot: Bool = false,
        _ unknown: inout [String]
    ) -> JSONValue {
        switch value {
        case .object(let object):
            var kept: [JSONObject.Member] = []
            kept.reserveCapacity(object.count)
            for member in object.members {
                let place = path.isEmpty ? member.key : "\(path).\(member.key)"
                if (isRoot || isEmbedded), ["apiVersion", "kind", "metadata"].contains(member.key) {
                    kept.append(member)
                } else if let property = properties[member.key] ?? additional.first {
                    kept.append(
                        .init(key: member.key, value: property.prune(member.value, at: place, &unknown))
                    )
                } else if keepsUnknown {
                    kept.append(member)
                } else {
                    unknown.append(place)
                }
            }
            return .object(JSONObject(distinct: kept))
        case .array(let list):
            guard let item = items.first else { return value }
            return .array(
                list.enumerated().map { index, element in
                    item.prune(element, at: "\(path)[\(index)]", &unknown)
                }
            )
        default: return value
        }
    }

    /// Puts in defaults, and takes nulls away where a default stands or null is not allowed.
    func fill(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var object):
            for name in names {
                guard let property = properties[name] else { continue }
                if let present = object[name] {
                    if present.isNull, !property.isNullable {
                        object[name] = property.defaultValue.map(property.fill)
                    } else {
                        object[name] = property.fill(present)
                    }
                } else if let value = property.defaultValue {
                    object[name] = property.fill(value)
                }
            }
            if let more = additional.first {
                for member in object.members where properties[member.key] == nil {
                    object[member.key] = more.fill(member.value)
                }
            }
            return .object(object)
        case .array(let list):
            guard let item = items.first else { return value }
            return .array(list.map(item.fill))
        default: return value
        }
    }
}
