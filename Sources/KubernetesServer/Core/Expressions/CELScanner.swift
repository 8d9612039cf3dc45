// SPDX-License-Identifier: Apache-2.0
import JSON

/// Takes the text of an expression apart into words.
struct CELScanner {
    /// A word, and where it begins.
    struct Token: Equatable {
        /// What a word is.
        enum Kind: Equatable {
            case name(String)
            case literal(JSONValue)
            case sign(String)
            case end
        }

        let kind: Kind
        /// From 0, in characters.
        let place: Int
    }

    private static let signs = [
        "||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(",
        ")",
        "[", "]", "{", "}",
    ]

    private let text: [Character]
    private var place = 0

    private init(_ text: String) {
        self.text = Array(text)
    }

    /// The words of a text, the last one `end`.
    ///
    /// - Throws: `CELMistake` at the first character that begins none.
    static func tokens(_ text: String) throws(CELMistake) -> [Token] {
        var scanner = CELScanner(text)
        var tokens: [Token] = []
        while true {
            let token = try scanner.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func peek(_ offset: Int = 0) -> Character? {
        place + offset < text.count ? text[place + offset] : nil
    }

    private func fail(_ words: String) -> CELMistake {
        CELMistake("ERROR: <input>:1:\(place + 1): Syntax error: \(words)")
    }

    private mutating func next() throws(CELMistake) -> Token {
        while let character = peek(), character.isWhitespace { place += 1 }
        let start = place
        guard let character = peek() else { return Token(kind: .end, place: start) }
        if character == "/", peek(1) == "/" {
            while let character = peek(), !character.isNewline { place += 1 }
            return try next()
        }
        if character.isASCII, character.isLetter || character == "_" {
            if let quote = peek(1), character == "r" || character == "R", quote == "\"" || quote == "'" {
                place += 1
                return Token(kind: .literal(.string(try string(isRaw: true))), place: start)
            }
            return Token(kind: word(), place: start)
        }
        if character == "\"" || character == "'" {
            return Token(kind: .literal(.string(try string(isRaw: false))), place: start)
        }
        if character.isASCII, character.isNumber {
            return Token(kind: .literal(try number()), place: start)
        }
        for sign in Self.signs where Array(sign).indices.allSatisfy({ peek($0) == Array(sign)[$0] }) {
            place += sign.count
            return Token(kind: .sign(sign), place: start)
        }
        throw fail("token recognition error at: '\(character)'")
    }

    private mutating func word() -> Token.Kind {
        var name = ""
        while let character = peek(), character.isASCII,
            character.isLetter || character.isNumber || character == "_"
        {
            name.append(character)
            place += 1
        }
        switch name {
        case "true": return .literal(true)
        case "false": return .literal(false)
        case "null": return .literal(.null)
        case "in": return .sign("in")
        default: return .name(name)
        }
    }

    private mutating func number() throws(CELMistake) -> JSONValue {
        var digits = ""
        if peek() == "0", peek(1) == "x" {
            place += 2
            while let character = peek(), character.isHexDigit {
                digits.append(character)
                place += 1
            }
            guard let value = Int64(digits, radix: 16) else { throw fail("invalid int literal") }
            return .integer(value)
        }
        var isWhole = true
        while let character = peek() {
            let isExponent = (character == "e" || character == "E") && !digits.isEmpty
            let isFraction = character == "." && peek(1)?.isNumber ?? false
            let isSign = (character == "+" || character == "-") && digits.last?.lowercased() == "e"
            guard character.isNumber || isExponent || isFraction || isSign else { break }
            if !character.isNumber { isWhole = false }
            digits.append(character)
            place += 1
        }
        if peek() == "u" || peek() == "U" { throw fail("unsigned literals are not evaluated here") }
        if isWhole {
            guard let value = Int64(digits) else { throw fail("invalid int literal") }
            return .integer(value)
        }
        guard Double(digits) != nil else { throw fail("invalid double literal") }
        return .number(digits)
    }

    private mutating func string(isRaw: Bool) throws(CELMistake) -> String {
        guard let quote = peek() else { throw fail("missing string") }
        let isTriple = peek(1) == quote && peek(2) == quote
        place += isTriple ? 3 : 1
        var result = ""
        while true {
            guard let character = peek() else { throw fail("missing end of string") }
            if character == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                place += isTriple ? 3 : 1
                return result
            }
            if character.isNewline, !isTriple { throw fail("newline in string") }
            place += 1
            if character == "\\", !isRaw {
                result += try escape()
            } else {
                result.append(character)
            }
        }
    }

    private mutating func escape() throws(CELMistake) -> String {
        guard let character = peek() else { throw fail("missing end of string") }
        place += 1
        switch character {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "a": return "\u{7}"
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "v": return "\u{b}"
        case "\\", "'", "\"", "`", "?": return String(character)
        case "x": return try scalar(2, radix: 16)
        case "u": return try scalar(4, radix: 16)
        case "U": return try scalar(8, radix: 16)
        case "0", "1", "2", "3":
            place -= 1
            return try scalar(3, radix: 8)
        default: throw fail("invalid escape \\\(character)")
        }
    }

    private mutating func scalar(_ count: Int, radix: Int) throws(CELMistake) -> String {
        let end = min(place + count, text.count)
        guard let value = UInt32(String(text[place..<end]), radix: radix), let scalar = Unicode.Scalar(value)
        else { throw fail("invalid escape") }
        place = end
        return String(Character(scalar))
    }
}
