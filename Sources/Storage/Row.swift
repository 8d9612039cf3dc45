// SPDX-License-Identifier: Apache-2.0

/// One row of a result: its values, by place from 0 or by the column's name.
///
/// Reading a column that the statement does not have is a programming mistake and stops the program. Reading
/// as another type converts as SQLite does: NULL is 0 or the empty text.
public struct Row: Sendable, Hashable {
    /// The values from left to right.
    public let values: [SQLValue]
    /// The columns' names from left to right.
    public let columnNames: [String]

    /// A column's value.
    public func value(_ index: Int) -> SQLValue {
        precondition(
            values.indices.contains(index),
            "a row of \(values.count) columns has no column \(index)"
        )
        return values[index]
    }

    /// A column's value.
    public func value(_ name: String) -> SQLValue {
        guard let index = columnNames.firstIndex(of: name) else {
            preconditionFailure("no column \(name) among \(columnNames)")
        }
        return values[index]
    }

    /// A column as a whole number.
    public func int64(_ index: Int) -> Int64 { value(index).int64 ?? 0 }

    /// A column as a whole number.
    public func int64(_ name: String) -> Int64 { value(name).int64 ?? 0 }

    /// A column as a whole number.
    public func int(_ index: Int) -> Int { Int(int64(index)) }

    /// A column as a whole number.
    public func int(_ name: String) -> Int { Int(int64(name)) }

    /// A column as a truth value: anything but 0 and NULL is true.
    public func bool(_ index: Int) -> Bool { int64(index) != 0 }

    /// A column as a truth value: anything but 0 and NULL is true.
    public func bool(_ name: String) -> Bool { int64(name) != 0 }

    /// A column as a floating-point number.
    public func double(_ index: Int) -> Double { value(index).double ?? 0 }

    /// A column as a floating-point number.
    public func double(_ name: String) -> Double { value(name).double ?? 0 }

    /// A column as a text.
    public func text(_ index: Int) -> String { value(index).text ?? "" }

    /// A column as a text.
    public func text(_ name: String) -> String { value(name).text ?? "" }

    /// A column as a text; nil for NULL.
    public func optionalText(_ index: Int) -> String? { value(index).text }

    /// A column as a text; nil for NULL.
    public func optionalText(_ name: String) -> String? { value(name).text }

    /// A column as a whole number; nil for NULL.
    public func optionalInt64(_ index: Int) -> Int64? { value(index).int64 }

    /// A column as a whole number; nil for NULL.
    public func optionalInt64(_ name: String) -> Int64? { value(name).int64 }

    /// A column as bytes; a text gives its UTF-8.
    public func blob(_ index: Int) -> [UInt8] { value(index).bytes ?? [] }

    /// A column as bytes; a text gives its UTF-8.
    public func blob(_ name: String) -> [UInt8] { value(name).bytes ?? [] }

    /// True when the column is NULL.
    public func isNull(_ index: Int) -> Bool { value(index).isNull }

    /// True when the column is NULL.
    public func isNull(_ name: String) -> Bool { value(name).isNull }
}

extension SQLValue {
    /// The value as a whole number; nil for NULL.
    public var int64: Int64? {
        switch self {
        case .null: nil
        case .integer(let number): number
        case .real(let number): Int64(exactly: number.rounded(.towardZero)) ?? 0
        case .text(let text): Int64(text) ?? 0
        case .blob: 0
        }
    }

    /// The value as a floating-point number; nil for NULL.
    public var double: Double? {
        switch self {
        case .null: nil
        case .integer(let number): Double(number)
        case .real(let number): number
        case .text(let text): Double(text) ?? 0
        case .blob: 0
        }
    }

    /// The value as a text; nil for NULL.
    public var text: String? {
        switch self {
        case .null: nil
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The value as bytes; nil for NULL.
    public var bytes: [UInt8]? {
        switch self {
        case .null: nil
        case .blob(let bytes): bytes
        default: text.map { Array($0.utf8) }
        }
    }
}
