// SPDX-License-Identifier: Apache-2.0
public import JSON
import Yams

extension JSONValue {
    /// The value as a YAML document, members in the order of their names, as the API server and kubectl print it.
    ///
    /// - Source: sigs.k8s.io/yaml, goyaml.v2; seen upstream.
    public var yaml: String {
        do {
            return try serialize(node: Self.node(self), allowUnicode: true)
        } catch {
            preconditionFailure("a JSON value could not be written as YAML: \(error)")
        }
    }

    private static func node(_ value: JSONValue) -> Node {
        switch value {
        case .null: return plain("null")
        case .bool(let truth): return plain(truth ? "true" : "false")
        case .integer(let number): return plain(String(number))
        case .number(let text): return plain(text)
        case .string(let text): return text.contains("\n") ? scalar(text, .literal) : quoted(text)
        case .array(let items):
            return .sequence(
                Node.Sequence(items.map(node), Tag(.seq), items.isEmpty ? .flow : .block)
            )
        case .object(let object):
            let members = object.members.sorted { KeyOrder.isBefore($0.key, $1.key) }
            let pairs = members.map { (quoted($0.key), node($0.value)) }
            return .mapping(Node.Mapping(pairs, Tag(.map), object.isEmpty ? .flow : .block))
        }
    }

    private static func quoted(_ text: String) -> Node {
        scalar(text, PlainScalar.isText(text) ? .plain : .doubleQuoted)
    }

    private static func plain(_ text: String) -> Node { scalar(text, .plain) }

    private static func scalar(_ text: String, _ style: Node.Scalar.Style) -> Node {
        .scalar(Node.Scalar(text, Tag(.str), style))
    }
}

/// The order of keys in a document: letters behind other characters, runs of digits as numbers.
///
/// - Source: goyaml.v2/sorter.go; seen upstream.
enum KeyOrder {
    static func isBefore(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        guard let place = (0..<min(left.count, right.count)).first(where: { left[$0] != right[$0] }) else {
            return left.count < right.count
        }
        let (mine, other) = (left[place], right[place])
        let (isMineLetter, isOtherLetter) = (mine.properties.isAlphabetic, other.properties.isAlphabetic)
        if isMineLetter, isOtherLetter { return mine < other }
        if isMineLetter || isOtherLetter { return isOtherLetter }
        let (mineDigits, otherDigits) = (digits(left[place...]), digits(right[place...]))
        let beginsWithZero = mine == "0" || other == "0"
        let isInside =
            beginsWithZero && left[..<place].reversed().prefix { isDigit($0) }.contains { $0 != "0" }
        let mineNumber = number(mineDigits, isInside)
        let otherNumber = number(otherDigits, isInside)
        if mineNumber != otherNumber { return mineNumber < otherNumber }
        if mineDigits.count != otherDigits.count { return mineDigits.count < otherDigits.count }
        return mine < other
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func digits(_ rest: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        rest.prefix { isDigit($0) }
    }

    private static func number(_ digits: ArraySlice<Unicode.Scalar>, _ isInside: Bool) -> Int64 {
        digits.reduce(isInside ? 1 : 0) { $0 &* 10 &+ Int64($1.value - 0x30) }
    }
}
