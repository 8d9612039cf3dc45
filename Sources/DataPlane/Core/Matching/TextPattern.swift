// SPDX-License-Identifier: Apache-2.0

/// One value of a condition, read.
enum TextPattern: Sendable {
    /// The text itself.
    case exact(String)
    /// Anything that begins with the text: `/tea/*`.
    case prefix(String)
    /// Anything that ends with the text: `*.example.com`.
    case suffix(String)
    /// Any other use of `*` and `?`.
    case wildcard(Wildcard)
    /// A regular expression.
    case expression(Expression)
    /// A value that could not be read; it matches nothing.
    case never

    /// What a value is compared with: it settles the meaning of letters and of the leading `~`.
    enum Subject: Sendable {
        /// A host name, in lower case.
        case host
        /// A path without its query.
        case path
        /// The value of a header field: no case, no expressions.
        case headerValue
        /// The value of a query parameter or a cookie: case counts, no expressions.
        case parameter
    }

    /// Reads a condition's value.
    ///
    /// - Source: documented; that header values ignore case is from the newer text, that parameters do not is
    ///   assumed.
    init(_ value: String, subject: Subject, settings: DataPlaneSettings) {
        switch subject {
        case .host where value.hasPrefix("~"):
            self.init(expression: value.dropFirst(), isCaseIgnored: true)
        case .path where value.hasPrefix("~*"):
            self.init(expression: value.dropFirst(2), isCaseIgnored: settings.isCaseIgnoredAfterTildeStar)
        case .path where value.hasPrefix("~"):
            self.init(expression: value.dropFirst(), isCaseIgnored: false)
        case .host, .headerValue:
            self.init(wildcards: value.asciiLowercased, isCaseIgnored: true)
        case .path, .parameter:
            self.init(wildcards: value, isCaseIgnored: false)
        }
    }

    private init(expression: Substring, isCaseIgnored: Bool) {
        self =
            Expression(String(expression), isCaseIgnored: isCaseIgnored).map(TextPattern.expression) ?? .never
    }

    private init(wildcards value: String, isCaseIgnored: Bool) {
        let stars = value.utf8.count { $0 == UInt8(ascii: "*") }
        if value.utf8.contains(UInt8(ascii: "?")) || stars > 1 {
            self = .wildcard(Wildcard(value, isCaseIgnored: isCaseIgnored))
        } else if stars == 0 {
            self = .exact(value)
        } else if value.hasSuffix("*") {
            self = .prefix(String(value.dropLast()))
        } else if value.hasPrefix("*") {
            self = .suffix(String(value.dropFirst()))
        } else {
            self = .wildcard(Wildcard(value, isCaseIgnored: isCaseIgnored))
        }
    }

    /// True when `text` fits; hosts and header values must come in lower case.
    func matches(_ text: String) -> Bool {
        switch self {
        case .exact(let literal): text == literal
        case .prefix(let literal): text.hasBytePrefix(literal)
        case .suffix(let literal): text.hasByteSuffix(literal)
        case .wildcard(let wildcard): text.withBytes(wildcard.matches)
        case .expression(let expression): expression.matches(text)
        case .never: false
        }
    }
}

extension String {
    /// Compares bytes, not characters: an accent after the prefix must not hide it.
    func hasBytePrefix(_ literal: String) -> Bool {
        utf8.count >= literal.utf8.count && zip(utf8, literal.utf8).allSatisfy { $0 == $1 }
    }

    /// Compares bytes, not characters.
    func hasByteSuffix(_ literal: String) -> Bool {
        utf8.count >= literal.utf8.count
            && zip(utf8.suffix(literal.utf8.count), literal.utf8).allSatisfy { $0 == $1 }
    }
}
