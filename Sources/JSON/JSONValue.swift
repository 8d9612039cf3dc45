// SPDX-License-Identifier: Apache-2.0

/// A JSON value: members keep their order, numbers their exact text.
///
/// Equality is that of JSON: the order of an object's members does not matter, texts are equal when their
/// bytes are, and numbers when they are written alike.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number, as it was written: `1.50`, `1e400`, `-0`.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)
}

extension JSONValue {
    /// Compares two values, at every depth.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// The text, when this is one.
    public var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, when this is a whole one that fits.
    public var intValue: Int? {
        if case .integer(let number) = self { Int(number) } else { nil }
    }

    /// The number, when this is one.
    public var doubleValue: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let text): Double(text)
        default: nil
        }
    }

    /// The truth value, when this is one.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The list, when this is one.
    public var arrayValue: [JSONValue]? {
        if case .array(let items) = self { items } else { nil }
    }

    /// The object, when this is one.
    public var objectValue: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// True for `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// A member of an object; nil when this is no object or has no such member.
    ///
    /// Setting makes an object of anything that is none; setting nil removes the member.
    public subscript(_ key: String) -> JSONValue? {
        get {
            if case .object(let object) = self { object[key] } else { nil }
        }
        set {
            var object: JSONObject
            if case .object(let present) = self { object = present } else { object = [:] }
            self = .null  // so that the storage is not shared while it changes
            object[key] = newValue
            self = .object(object)
        }
    }

    /// A member of a member, such as `metadata` and `name`: what is asked most of objects; nil when there is none.
    public subscript(_ first: String, _ second: String) -> JSONValue? {
        if case .object(let object) = self { object[first, second] } else { nil }
    }

    /// An item of a list; nil when this is no list or is shorter.
    public subscript(_ index: Int) -> JSONValue? {
        if case .array(let items) = self, items.indices.contains(index) { items[index] } else { nil }
    }

    /// The value at a path of members; nil when any of them is missing.
    public subscript(path path: [String]) -> JSONValue? {
        switch path.count {
        case 1: self[path[0]]
        case 2: self[path[0], path[1]]
        default: path.dropFirst(2).reduce(path.isEmpty ? self : self[path[0], path[1]]) { $0?[$1] }
        }
    }

    /// Sets the value at a path of members, making objects on the way; nil removes the last member, and makes
    /// nothing on the way to it.
    public mutating func set(_ path: ArraySlice<String>, _ value: JSONValue?) {
        guard let key = path.first else {
            self = value ?? .null
            return
        }
        if path.count == 1 {
            if value != nil || objectValue != nil { self[key] = value }
            return
        }
        if value == nil, self[key]?.objectValue == nil { return }
        var child = self[key] ?? .object([:])
        if child.objectValue == nil { child = .object([:]) }
        self[key] = .null
        child.set(path.dropFirst(), value)
        self[key] = child
    }

    /// Sets the value at a path of members, making objects on the way; nil removes the last member.
    public mutating func set(_ path: [String], _ value: JSONValue?) {
        set(path[...], value)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral,
    ExpressibleByStringInterpolation
{
    /// Makes a text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Makes a number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes a list.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Makes an object; of two members of one name the last stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
    /// Makes `null`.
    public init(nilLiteral: ()) { self = .null }
}
