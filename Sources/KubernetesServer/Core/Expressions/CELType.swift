// SPDX-License-Identifier: Apache-2.0
import JSON

/// The type of an expression, as far as it is known before it is evaluated.
indirect enum CELType: Sendable {
    case any, null, bool, int, double, string
    case list(CELType)
    case map(CELType)
    /// A value that a schema describes; the root of an object has its metadata too.
    case object(StructuralSchema, isRoot: Bool)

    /// The type of values of a schema.
    init(_ schema: StructuralSchema, isRoot: Bool = false) {
        if schema.isIntOrString {
            self = .any
            return
        }
        switch schema.type {
        case "boolean": self = .bool
        case "integer": self = .int
        case "number": self = .double
        case "string": self = .string
        case "array": self = .list(schema.items.first.map { CELType($0) } ?? .any)
        case "object":
            if !schema.properties.isEmpty || isRoot {
                self = .object(schema, isRoot: isRoot)
            } else if let more = schema.additional.first {
                self = .map(CELType(more))
            } else {
                self = .any
            }
        default: self = .any
        }
    }

    /// The name that messages use.
    var name: String {
        switch self {
        case .any: "dyn"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .double: "double"
        case .string: "string"
        case .list(let item): "list(\(item.name))"
        case .map(let value): "map(string, \(value.name))"
        case .object: "object"
        }
    }

    /// True when values of both types may be compared.
    func fits(_ other: CELType) -> Bool {
        switch (self, other) {
        case (.any, _), (_, .any), (.null, _), (_, .null), (.bool, .bool), (.string, .string): true
        case (.int, .int), (.int, .double), (.double, .int), (.double, .double): true
        case (.list(let left), .list(let right)): left.fits(right)
        case (.map(let left), .map(let right)): left.fits(right)
        case (.object, .object), (.object, .map), (.map, .object): true
        default: false
        }
    }

    var isBool: Bool {
        switch self {
        case .bool, .any: true
        default: false
        }
    }
}
