// SPDX-License-Identifier: Apache-2.0

/// A value as SQLite stores it.
public enum SQLValue: Sendable, Hashable {
    /// NULL.
    case null
    /// A whole number.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// A text.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}

extension SQLValue {
    /// Makes a whole number, or NULL of nil.
    public init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }

    /// Makes a whole number, or NULL of nil.
    public init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }

    /// Makes a text, or NULL of nil.
    public init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    /// Makes bytes, or NULL of nil.
    public init(_ bytes: [UInt8]?) { self = bytes.map { .blob($0) } ?? .null }

    /// Makes 1 of true and 0 of false.
    public init(_ truth: Bool) { self = .integer(truth ? 1 : 0) }

    /// True for NULL.
    public var isNull: Bool { self == .null }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    /// Makes a text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// Makes a whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes a floating-point number.
    public init(floatLiteral value: Double) { self = .real(value) }
    /// Makes 1 of true and 0 of false.
    public init(booleanLiteral value: Bool) { self.init(value) }
    /// Makes NULL.
    public init(nilLiteral: ()) { self = .null }
}

extension SQLValue: CustomStringConvertible {
    /// The value as a table shows it: a text without quotes, bytes in hexadecimal.
    public var description: String {
        switch self {
        case .null: "NULL"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .blob(let bytes):
            "x'" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "'"
        }
    }
}
