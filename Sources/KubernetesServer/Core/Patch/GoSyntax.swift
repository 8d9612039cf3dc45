// SPDX-License-Identifier: Apache-2.0

/// What Go's reader of JSON says of a text that is none.
///
/// - Source: the scanner of Go's `encoding/json` (seen upstream, and in a real server's answers).
struct GoSyntax {
    private struct Mistake: Error {
        let message: String
    }

    /// How deep texts may nest: less than Go allows, since threads have small stacks here.
    private static let depthLimit = 400

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The first mistake in a text; nil when it is JSON.
    static func mistake(in bytes: [UInt8]) -> String? {
        var scanner = GoSyntax(bytes)
        do throws(Mistake) {
            try scanner.value(depth: 0)
            scanner.skip()
            if scanner.place < bytes.count { throw scanner.fail("after top-level value") }
            return nil
        } catch {
            return error.message
        }
    }

    private func fail(_ where: String) -> Mistake {
        guard place < bytes.count else { return Mistake(message: "unexpected end of JSON input") }
        let shown: String =
            switch bytes[place] {
            case UInt8(ascii: "'"): #"'\''"#
            case UInt8(ascii: "\""): #"'"'"#
            case 0x0a: #"'\n'"#
            case 0x09: #"'\t'"#
            case 0x0d: #"'\r'"#
            case 0x20...0x7e: "'\(Character(Unicode.Scalar(bytes[place])))'"
            case 0x80...0xff: "'\(Character(Unicode.Scalar(bytes[place])))'"
            default: "'\\x\(bytes[place] < 16 ? "0" : "")\(String(bytes[place], radix: 16))'"
            }
        return Mistake(message: "invalid character \(shown) \(`where`)")
    }

    private mutating func skip() {
        while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
    }

    private func isNext(_ character: Unicode.Scalar) -> Bool {
        place < bytes.count && bytes[place] == UInt8(ascii: character)
    }

    private mutating func value(depth: Int) throws(Mistake) {
        if depth > Self.depthLimit { throw Mistake(message: "exceeded max depth") }
        skip()
        guard place < bytes.count else { throw fail("") }
        switch bytes[place] {
        case UInt8(ascii: "{"): try object(depth)
        case UInt8(ascii: "["): try list(depth)
        case UInt8(ascii: "\""): try text()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case UInt8(ascii: "-"), 0x30...0x39: try number()
        default: throw fail("looking for beginning of value")
        }
    }

    private mutating func object(_ depth: Int) throws(Mistake) {
        place += 1
        skip()
        if isNext("}") {
            place += 1
            return
        }
        while true {
            skip()
            guard isNext("\"") else { throw fail("looking for beginning of object key string") }
            try text()
            skip()
            guard isNext(":") else { throw fail("after object key") }
            place += 1
            try value(depth: depth + 1)
            skip()
            if isNext("}") { break }
            guard isNext(",") else { throw fail("after object key:value pair") }
            place += 1
        }
        place += 1
    }

    private mutating func list(_ depth: Int) throws(Mistake) {
        place += 1
        skip()
        if isNext("]") {
            place += 1
            return
        }
        while true {
            try value(depth: depth + 1)
            skip()
            if isNext("]") { break }
            guard isNext(",") else { throw fail("after array element") }
            place += 1
        }
        place += 1
    }

    private mutating func text() throws(Mistake) {
        place += 1
        while !isNext("\"") {
            guard place < bytes.count, bytes[place] >= 0x20 else { throw fail("in string literal") }
            if isNext("\\") {
                place += 1
                if isNext("u") {
                    for _ in 0..<4 {
                        place += 1
                        guard place < bytes.count, Character(Unicode.Scalar(bytes[place])).isHexDigit else {
                            throw fail("in \\u hexadecimal character escape")
                        }
                    }
                } else {
                    guard place < bytes.count, "\"\\/bfnrt".utf8.contains(bytes[place]) else {
                        throw fail("in string escape code")
                    }
                }
            }
            place += 1
        }
        place += 1
    }

    private mutating func word(_ word: String) throws(Mistake) {
        for letter in word.utf8 {
            guard place < bytes.count, bytes[place] == letter else {
                throw fail("in literal \(word) (expecting '\(Character(Unicode.Scalar(letter)))')")
            }
            place += 1
        }
    }

    private mutating func digits(_ where: String) throws(Mistake) {
        guard place < bytes.count, (0x30...0x39).contains(bytes[place]) else { throw fail(`where`) }
        while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
    }

    private mutating func number() throws(Mistake) {
        if isNext("-") { place += 1 }
        if isNext("0") { place += 1 } else { try digits("in numeric literal") }
        if isNext(".") {
            place += 1
            try digits("after decimal point in numeric literal")
        }
        if isNext("e") || isNext("E") {
            place += 1
            if isNext("+") || isNext("-") { place += 1 }
            try digits("in exponent of numeric literal")
        }
    }
}
