// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected and what was found.
    public let message: String
    /// The byte's place, from 0.
    public let offset: Int
    /// The line, from 1.
    public let line: Int
    /// The byte's column in its line, from 1.
    public let column: Int

    /// `line 3, column 14: expected ',' or '}', found 'x'`.
    public var description: String { "line \(line), column \(column): \(message)" }
}

extension JSONValue {
    /// How deep arrays and objects may be nested.
    public static let depthLimit = 512

    /// Reads one JSON value as RFC 8259 has it: strict, UTF-8 checked, nothing after it but white space.
    ///
    /// Of two members of one name the last value stays.
    ///
    /// - Throws: `JSONError` with the first byte that does not fit.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
            try JSONValue(parsing: buffer)
        }
    }

    /// Reads one JSON value from bytes in memory.
    ///
    /// - Throws: `JSONError` with the first byte that does not fit.
    public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.document()
    }

    /// Reads one JSON value from a text.
    ///
    /// - Throws: `JSONError` with the first byte that does not fit.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// A recursive reader over bytes in memory.
private struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONError) -> JSONValue {
        skipSpace()
        let value = try value()
        skipSpace()
        guard at == bytes.count else { throw failure("expected the end, found \(found(at))") }
        return value
    }

    private mutating func skipSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0a, 0x0d, 0x09: at += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard at < bytes.count else { throw failure("expected a value, found the end") }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        default: throw failure("expected a value, found \(found(at))")
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for place in 0..<text.utf8CodeUnitCount {
            guard at < bytes.count, bytes[at] == text.utf8Start[place] else {
                throw failure("expected '\(text)', found \(found(at))")
            }
            at += 1
        }
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        if depth > JSONValue.depthLimit { throw failure("nested deeper than \(JSONValue.depthLimit)") }
        at += 1
        skipSpace()
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var items: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(items) }
        while true {
            items.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard take(UInt8(ascii: ",")) else { throw failure("expected ',' or ']', found \(found(at))") }
            skipSpace()
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var object = JSONObject()
        if take(UInt8(ascii: "}")) { return .object(object) }
        object.reserve(4)
        while true {
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
                throw failure("expected a member's name, found \(found(at))")
            }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("expected ':', found \(found(at))") }
            skipSpace()
            object.appendUnchecked(key, try value())
            skipSpace()
            if take(UInt8(ascii: "}")) {
                object.settle()
                return .object(object)
            }
            guard take(UInt8(ascii: ",")) else { throw failure("expected ',' or '}', found \(found(at))") }
            skipSpace()
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        let isNegative = take(UInt8(ascii: "-"))
        let digits = at
        var magnitude: UInt64 = 0
        var isSmall = true
        while at < bytes.count, case 0x30...0x39 = bytes[at] {
            let (product, high) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[at] - 0x30))
            magnitude = sum
            isSmall = isSmall && !high && !carry
            at += 1
        }
        guard at > digits else { throw failure("expected a digit, found \(found(at))") }
        if bytes[digits] == 0x30, at > digits + 1 {
            at = digits + 1
            throw failure("a number may not begin with a superfluous 0")
        }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try someDigits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try someDigits()
        }
        if isWhole, isSmall, !(isNegative && magnitude == 0) {
            if !isNegative, let number = Int64(exactly: magnitude) { return .integer(number) }
            if isNegative, magnitude <= UInt64(Int64.max) + 1 {
                return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
            }
        }
        return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func someDigits() throws(JSONError) {
        let start = at
        while at < bytes.count, case 0x30...0x39 = bytes[at] { at += 1 }
        guard at > start else { throw failure("expected a digit, found \(found(at))") }
    }

    /// Reads a text; its opening quote is the present byte.
    private mutating func string() throws(JSONError) -> String {
        at += 1
        let start = at
        var isASCII = true
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                let text = try decode(start..<at, isASCII: isASCII)
                at += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw failure("expected a control character to be escaped, found \(found(at))") }
            if byte >= 0x80 { isASCII = false }
            at += 1
        }
        throw failure("expected '\"', found the end")
    }

    private func decode(_ range: Range<Int>, isASCII: Bool) throws(JSONError) -> String {
        let part = UnsafeBufferPointer(rebasing: bytes[range])
        if isASCII { return String(decoding: part, as: UTF8.self) }
        guard let text = String(validating: part, as: UTF8.self) else {
            throw invalidUTF8(range)
        }
        return text
    }

    private func invalidUTF8(_ range: Range<Int>) -> JSONError {
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes[range].makeIterator()
        var place = range.lowerBound
        while case .valid(let scalar) = parser.parseScalar(from: &rest) { place += scalar.count }
        return failure("invalid UTF-8 in a text", at: place)
    }

    /// Goes on with a text at its first backslash.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var content = Array(bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""):
                // Escapes are ASCII, so the text as written is valid UTF-8 where its content is.
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw invalidUTF8(start..<at)
                }
                at += 1
                return text
            case UInt8(ascii: "\\"):
                at += 1
                try escape(into: &content)
            case 0..<0x20:
                throw failure("expected a control character to be escaped, found \(found(at))")
            default:
                content.append(byte)
                at += 1
            }
        }
        throw failure("expected '\"', found the end")
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        guard at < bytes.count else { throw failure("expected an escape, found the end") }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0c)
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content.append(contentsOf: Array(String(try scalar()).utf8))
        default: throw failure("expected an escape, found \(found(at - 1))", at: at - 1)
        }
    }

    /// Reads the digits of a \u escape, with its second half when it is a surrogate; a lone one becomes U+FFFD.
    private mutating func scalar() throws(JSONError) -> Character {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        let mark = at
        if first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            let second = try fourHexDigits()
            if (0xdc00...0xdfff).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
            {
                return Character(scalar)
            }
        }
        at = mark
        return "\u{fffd}"
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.count else { throw failure("expected a hexadecimal digit, found the end") }
            let byte = bytes[at]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x37
            case 0x61...0x66: digit = byte - 0x57
            default: throw failure("expected a hexadecimal digit, found \(found(at))")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    private func found(_ place: Int) -> String {
        guard place < bytes.count else { return "the end" }
        let byte = bytes[place]
        if (0x21...0x7e).contains(byte) { return "'\(Character(Unicode.Scalar(byte)))'" }
        return byte == 0x20 ? "a blank" : "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private func failure(_ message: String, at place: Int? = nil) -> JSONError {
        let offset = place ?? at
        var line = 1
        var lineStart = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0a {
            line += 1
            lineStart = index + 1
        }
        return JSONError(message: message, offset: offset, line: line, column: offset - lineStart + 1)
    }
}
