// SPDX-License-Identifier: Apache-2.0
import JSON

extension JSONValue {
    /// A member whose name is written in letters of either case.
    func member(_ name: String) -> JSONValue? {
        if let exact = self[name] { return exact }
        let wanted = name.lowercased()
        return objectValue?.first { $0.key.lowercased() == wanted }?.value
    }

    /// A text, or a number or truth value as text.
    var plainText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .integer(let number): String(number)
        case .bool(let value): value ? "true" : "false"
        default: nil
        }
    }

    /// A whole number, also one written as text.
    var wholeNumber: Int? { intValue ?? stringValue.flatMap { Int($0) } }

    /// A truth value, also one written as text.
    var truth: Bool? { boolValue ?? stringValue.flatMap { Bool($0.lowercased()) } }

    /// The texts of a list.
    var texts: [String]? {
        guard let items = arrayValue else { return nil }
        let texts = items.compactMap(\.plainText)
        return texts.count == items.count ? texts : nil
    }
}
