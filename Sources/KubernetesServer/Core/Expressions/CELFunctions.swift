// SPDX-License-Identifier: Apache-2.0
import JSON

/// The functions of expressions; what stands before the dot is the first argument.
///
/// - Source: the standard functions of CEL, its extended strings, and the list functions of Kubernetes (documented).
enum CELFunctions {
    /// The functions, with how many arguments each may have, and the type of what they give.
    static let table: [String: (counts: ClosedRange<Int>, result: CELType)] = [
        "size": (1...1, .int), "startsWith": (2...2, .bool), "endsWith": (2...2, .bool),
        "contains": (2...2, .bool), "matches": (2...2, .bool), "lowerAscii": (1...1, .string),
        "upperAscii": (1...1, .string), "trim": (1...1, .string), "replace": (3...4, .string),
        "split": (2...3, .list(.string)), "join": (1...2, .string), "substring": (2...3, .string),
        "indexOf": (2...2, .int), "lastIndexOf": (2...2, .int), "charAt": (2...2, .string),
        "find": (2...2, .string), "findAll": (2...2, .list(.string)), "isSorted": (1...1, .bool),
        "sum": (1...1, .any), "min": (1...1, .any), "max": (1...1, .any), "int": (1...1, .int),
        "double": (1...1, .double), "string": (1...1, .string), "dyn": (1...1, .any), "isIP": (1...1, .bool),
        "sets.contains": (2...2, .bool), "sets.equivalent": (2...2, .bool), "sets.intersects": (2...2, .bool),
    ]

    private static let noOverload = CELMistake("no such overload")

    static func call(_ name: String, _ values: [JSONValue]) throws(CELMistake) -> JSONValue {
        guard let first = values.first, table[name]?.counts.contains(values.count) ?? false else {
            throw noOverload
        }
        switch name {
        case "size": return try size(first)
        case "int", "double", "string": return try convert(name, first)
        case "dyn": return first
        case "isIP": return .bool(IPAddress(first.stringValue ?? "") != nil)
        case "join": return try join(first, values.dropFirst().first)
        case "isSorted", "sum", "min", "max": return try overList(name, first)
        case "sets.contains", "sets.equivalent", "sets.intersects": return try sets(name, first, values[1])
        case "indexOf", "lastIndexOf":
            if case .array(let list) = first {
                let isEqual = { (item: JSONValue) in CELOperations.equal(item, values[1]) }
                let place =
                    name == "indexOf" ? list.firstIndex(where: isEqual) : list.lastIndex(where: isEqual)
                return .integer(Int64(place ?? -1))
            }
            return try text(name, first, values)
        default: return try text(name, first, values)
        }
    }

    private static func size(_ value: JSONValue) throws(CELMistake) -> JSONValue {
        switch value {
        case .string(let text): return .integer(Int64(text.unicodeScalars.count))
        case .array(let list): return .integer(Int64(list.count))
        case .object(let object): return .integer(Int64(object.count))
        default: throw noOverload
        }
    }

    private static func convert(_ name: String, _ value: JSONValue) throws(CELMistake) -> JSONValue {
        switch (name, value) {
        case ("string", .string), ("int", .integer), ("double", .number): return value
        case ("string", .integer), ("string", .number), ("string", .bool): return .string(value.text)
        case ("int", .string(let text)):
            guard let number = Int64(text) else {
                throw CELMistake("type conversion error from 'string' to 'int'")
            }
            return .integer(number)
        case ("int", .number(let text)):
            guard let number = Double(text), abs(number) < 9e18 else { throw CELMistake("integer overflow") }
            return .integer(Int64(number))
        case ("double", .integer(let number)): return .number("\(Double(number))")
        case ("double", .string(let text)):
            guard let number = Double(text) else {
                throw CELMistake("type conversion error from 'string' to 'double'")
            }
            return .number("\(number)")
        default: throw noOverload
        }
    }

    private static func join(_ value: JSONValue, _ separator: JSONValue?) throws(CELMistake) -> JSONValue {
        guard let parts = value.arrayValue?.map(\.stringValue), !parts.contains(nil) else { throw noOverload }
        return .string(parts.compactMap(\.self).joined(separator: separator?.stringValue ?? ""))
    }

    private static func overList(_ name: String, _ value: JSONValue) throws(CELMistake) -> JSONValue {
        guard let list = value.arrayValue else { throw noOverload }
        if name == "sum" {
            var sum: JSONValue = 0
            for item in list { sum = try CELOperations.binary(.add, sum, item) }
            return sum
        }
        var best = list.first
        for (place, item) in list.enumerated().dropFirst() {
            if name == "isSorted" {
                if try CELOperations.order(list[place - 1], item) > 0 { return false }
            } else if let present = best {
                let order = try CELOperations.order(item, present)
                if name == "min" ? order < 0 : order > 0 { best = item }
            }
        }
        if name == "isSorted" { return true }
        guard let best else { throw CELMistake("\(name) called on empty list") }
        return best
    }

    private static func sets(
        _ name: String,
        _ left: JSONValue,
        _ right: JSONValue
    ) throws(CELMistake) -> JSONValue {
        guard let left = left.arrayValue, let right = right.arrayValue else { throw noOverload }
        func has(_ list: [JSONValue], _ value: JSONValue) -> Bool {
            list.contains { CELOperations.equal($0, value) }
        }
        switch name {
        case "sets.contains": return .bool(right.allSatisfy { has(left, $0) })
        case "sets.intersects": return .bool(right.contains { has(left, $0) })
        default: return .bool(right.allSatisfy { has(left, $0) } && left.allSatisfy { has(right, $0) })
        }
    }

    // MARK: Texts

    private static func text(
        _ name: String,
        _ value: JSONValue,
        _ values: [JSONValue]
    ) throws(CELMistake) -> JSONValue {
        guard case .string(let text) = value else { throw noOverload }
        switch name {
        case "lowerAscii": return .string(ascii(text, 0x41...0x5a) { $0 + 32 })
        case "upperAscii": return .string(ascii(text, 0x61...0x7a) { $0 - 32 })
        case "trim": return .string(trim(text))
        case "substring", "charAt": return .string(try part(name, text, values))
        default: break
        }
        guard case .string(let other) = values[1] else { throw noOverload }
        switch name {
        case "startsWith": return .bool(text.utf8.starts(with: other.utf8))
        case "endsWith": return .bool(text.utf8.reversed().starts(with: other.utf8.reversed()))
        case "contains": return .bool(find(other, in: text) != nil)
        case "indexOf": return .integer(Int64(find(other, in: text) ?? -1))
        case "lastIndexOf": return .integer(Int64(find(other, in: text, isLast: true) ?? -1))
        case "matches": return .bool(try !matches(text, other).isEmpty)
        case "find": return .string(try matches(text, other).first ?? "")
        case "findAll": return .array(try matches(text, other).map { .string($0) })
        case "split": return .array(split(text, other, values.count > 2 ? values[2].intValue ?? -1 : -1))
        case "replace":
            guard case .string(let new) = values[2] else { throw noOverload }
            return .string(replace(text, other, new, values.count > 3 ? values[3].intValue ?? -1 : -1))
        default: throw noOverload
        }
    }

    private static func ascii(
        _ text: String,
        _ range: ClosedRange<UInt8>,
        _ change: (UInt8) -> UInt8
    ) -> String {
        String(decoding: text.utf8.map { range.contains($0) ? change($0) : $0 }, as: UTF8.self)
    }

    private static func trim(_ text: String) -> String {
        let start = text.drop { $0.isWhitespace }
        let end = start.reversed().prefix { $0.isWhitespace }.count
        return String(start.dropLast(end))
    }

    private static func part(
        _ name: String,
        _ text: String,
        _ values: [JSONValue]
    ) throws(CELMistake) -> String {
        let scalars = Array(text.unicodeScalars)
        guard let start = values[1].intValue else { throw noOverload }
        let isChar = name == "charAt"
        let end =
            isChar
            ? min(start + 1, scalars.count) : values.count > 2 ? values[2].intValue ?? -1 : scalars.count
        guard start >= 0, end >= start, end <= scalars.count, start <= scalars.count else {
            throw CELMistake("index out of range: \(start)")
        }
        return String(String.UnicodeScalarView(scalars[start..<end]))
    }

    private static func find(_ part: String, in text: String, isLast: Bool = false) -> Int? {
        let (whole, wanted) = (Array(text.unicodeScalars), Array(part.unicodeScalars))
        guard whole.count >= wanted.count else { return nil }
        let places = 0...(whole.count - wanted.count)
        func fits(_ place: Int) -> Bool { whole[place...].starts(with: wanted) }
        return isLast ? places.last(where: fits) : places.first(where: fits)
    }

    private static func matches(_ text: String, _ pattern: String) throws(CELMistake) -> [String] {
        guard let regex = try? Regex(pattern) else {
            throw CELMistake("error parsing regexp: `\(pattern)`")
        }
        return text.matches(of: regex).map { String(text[$0.range]) }
    }

    private static func split(_ text: String, _ separator: String, _ limit: Int) -> [JSONValue] {
        if limit == 0 { return [] }
        if separator.isEmpty { return text.unicodeScalars.map { .string(String($0)) } }
        var parts: [JSONValue] = []
        var rest = text
        while limit < 0 || parts.count < limit - 1, let place = find(separator, in: rest) {
            let scalars = Array(rest.unicodeScalars)
            parts.append(.string(String(String.UnicodeScalarView(scalars[..<place]))))
            rest = String(String.UnicodeScalarView(scalars[(place + separator.unicodeScalars.count)...]))
        }
        return parts + [.string(rest)]
    }

    private static func replace(_ text: String, _ old: String, _ new: String, _ limit: Int) -> String {
        let parts = split(text, old, limit < 0 ? -1 : limit + 1).compactMap(\.stringValue)
        return parts.joined(separator: new)
    }
}
