// SPDX-License-Identifier: Apache-2.0
import JSON

/// Compares a part of an object with the whole: given members must match, others do not matter.
///
/// Lists match item by item; `{contains: […]}` asks for items anywhere. Nothing (`null`) matches what is not
/// there.
enum TreeMatcher {
    /// Words that stand for more than a value: rows of a table.
    enum Word: String, CaseIterable {
        /// A list has items that match each of these.
        case contains
        /// A number is no less.
        case atLeast = "at-least"
        /// A number is no more.
        case atMost = "at-most"
        /// A text fits a pattern with `*`.
        case like
        /// It does not match this.
        case not
        /// A list or an object has so many items.
        case length
    }

    /// A place where the two differ.
    struct Mismatch: Hashable, Sendable {
        /// `status.loadBalancer.ingress[0].hostname`; empty for the object itself.
        var path: String
        var expected: String
        var found: String

        var text: String { "\(path.isEmpty ? "" : path + ": ")expected \(expected), found \(found)" }
    }

    /// The places where an object differs from what is expected; none when it matches.
    static func mismatches(_ actual: JSONValue?, _ expected: JSONValue, path: String = "") -> [Mismatch] {
        switch expected {
        case .object(let members):
            if let words = words(members, for: actual) {
                return words.flatMap { mismatches(actual, $0, $1, path) }
            }
            guard case .object(let object)? = actual else {
                return [Mismatch(path: path, expected: "an object", found: shown(actual))]
            }
            return members.flatMap { member in
                mismatches(object[member.key], member.value, path: joined(path, member.key))
            }
        case .array(let items):
            guard case .array(let list)? = actual else {
                return [Mismatch(path: path, expected: "a list", found: shown(actual))]
            }
            guard list.count == items.count else {
                return [
                    Mismatch(path: path, expected: "a list of \(items.count)", found: "one of \(list.count)")
                ]
            }
            return zip(list, items).enumerated().flatMap { index, pair in
                mismatches(pair.0, pair.1, path: "\(path)[\(index)]")
            }
        case .null:
            guard let actual, !actual.isNull else { return [] }
            return [Mismatch(path: path, expected: "nothing", found: shown(actual))]
        default:
            guard let actual, isEqual(actual, expected) else {
                return [Mismatch(path: path, expected: shown(expected), found: shown(actual))]
            }
            return []
        }
    }

    /// The words of a mapping that holds nothing else; nil for members of an object.
    private static func words(_ members: JSONObject, for actual: JSONValue?) -> [(Word, JSONValue)]? {
        guard !members.isEmpty else { return nil }
        var words: [(Word, JSONValue)] = []
        for member in members {
            guard let word = Word(rawValue: member.key) else { return nil }
            // An object that has such a member is meant by its name.
            if case .object(let object)? = actual, object[member.key] != nil { return nil }
            words.append((word, member.value))
        }
        return words
    }

    private static func mismatches(
        _ actual: JSONValue?,
        _ word: Word,
        _ value: JSONValue,
        _ path: String
    ) -> [Mismatch] {
        func differs(_ expected: String) -> [Mismatch] {
            [Mismatch(path: path, expected: expected, found: shown(actual))]
        }
        switch word {
        case .contains:
            guard case .array(let list)? = actual else { return differs("a list") }
            return (value.arrayValue ?? [value]).flatMap { item -> [Mismatch] in
                list.contains { mismatches($0, item).isEmpty }
                    ? [] : differs("a list that contains \(shown(item))")
            }
        case .atLeast, .atMost:
            guard let limit = value.doubleValue, let number = actual?.doubleValue,
                word == .atLeast ? number >= limit : number <= limit
            else { return differs("\(word == .atLeast ? "at least" : "at most") \(shown(value))") }
            return []
        case .like:
            guard let text = actual?.stringValue, Glob(value.stringValue ?? value.text).matches(text) else {
                return differs("a text like \(shown(value))")
            }
            return []
        case .not:
            return mismatches(actual, value).isEmpty ? differs("anything but \(shown(value))") : []
        case .length:
            let count = actual?.arrayValue?.count ?? actual?.objectValue?.count
            return count.map(Int64.init) == value.intValue.map(Int64.init) && count != nil
                ? [] : differs("\(shown(value)) items")
        }
    }

    private static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if left == right { return true }
        // 1 and 1.0 are one number.
        if let left = left.doubleValue, let right = right.doubleValue { return left == right }
        return false
    }

    private static func joined(_ path: String, _ key: String) -> String {
        if key.contains(".") || key.contains("/") { return "\(path)[\(key)]" }
        return path.isEmpty ? key : "\(path).\(key)"
    }

    /// A value for messages, not too long.
    static func shown(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "nothing" }
        let text = value.text
        return text.count > 100 ? text.prefix(99) + "…" : text
    }
}
