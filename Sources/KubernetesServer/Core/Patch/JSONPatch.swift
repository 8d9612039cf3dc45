// SPDX-License-Identifier: Apache-2.0
import JSON

/// RFC 6902: operations on paths, all of them or none.
///
/// - Source: RFC 6902, with the laxness of the real server's library: `replace` of a member that is missing
///   adds it (seen in its answers).
enum JSONPatch {
    /// Why a patch does not apply.
    struct Mistake: Error, Equatable {
        let message: String
    }

    /// How many operations one patch may have.
    static let limit = 10_000

    /// The patched value.
    ///
    /// - Throws: `Mistake` of the first operation that fails.
    static func apply(_ operations: [JSONValue], to target: JSONValue) throws(Mistake) -> JSONValue {
        var result = target
        for operation in operations { try apply(operation, &result) }
        return result
    }

    private static func apply(_ operation: JSONValue, _ target: inout JSONValue) throws(Mistake) {
        let path = try tokens(operation, "path")
        switch operation["op"]?.stringValue {
        case "add": try add(try value(operation), at: path, &target)
        case "replace":
            if path.isEmpty {
                target = try value(operation)
            } else {
                try replace(try value(operation), path, &target)
            }
        case "remove": try remove(path, &target)
        case "test":
            guard read(path, target) ?? .null == operation["value"] ?? .null else {
                throw Mistake(message: "testing value \(pointer(operation)) failed: test failed")
            }
        case "copy", "move":
            let from = try tokens(operation, "from")
            guard let moved = read(from, target) else {
                throw Mistake(
                    message: "unable to find \(operation["from"]?.stringValue ?? ""): missing value"
                )
            }
            if operation["op"] == "move" { try remove(from, &target) }
            try add(moved, at: path, &target)
        default:
            throw Mistake(message: "Unexpected kind: \(operation["op"]?.stringValue ?? "unknown")")
        }
    }

    private static func pointer(_ operation: JSONValue) -> String { operation["path"]?.stringValue ?? "" }

    private static func value(_ operation: JSONValue) throws(Mistake) -> JSONValue {
        guard let value = operation["value"] else {
            throw Mistake(message: "\(operation["op"]?.stringValue ?? "") operation: missing value")
        }
        return value
    }

    private static func tokens(_ operation: JSONValue, _ member: String) throws(Mistake) -> [String] {
        guard let text = operation[member]?.stringValue else {
            throw Mistake(message: "operation without a \(member)")
        }
        if text.isEmpty { return [] }
        guard text.hasPrefix("/") else { throw Mistake(message: "\(text) is no JSON pointer") }
        return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(unescape)
    }

    private static func unescape(_ token: Substring) -> String {
        guard token.contains("~") else { return String(token) }
        var result = ""
        var isEscape = false
        for character in token {
            if isEscape {
                result += character == "0" ? "~" : character == "1" ? "/" : "~\(character)"
                isEscape = false
            } else if character == "~" {
                isEscape = true
            } else {
                result.append(character)
            }
        }
        return result
    }

    private static func index(_ token: String, _ count: Int) -> Int? {
        guard let number = Int(token), token == "0" || token.first != "0" else { return nil }
        // The real server's library takes -1 for the last item.
        let place = number < 0 ? number + count : number
        return place >= 0 && place <= count ? place : nil
    }

    private static func read(_ path: [String], _ target: JSONValue) -> JSONValue? {
        var value = target
        for token in path {
            switch value {
            case .object(let object):
                guard let next = object[token] else { return nil }
                value = next
            case .array(let list):
                guard let place = index(token, list.count), place < list.count else { return nil }
                value = list[place]
            default: return nil
            }
        }
        return value
    }

    /// Changes the container that a path ends in.
    private static func change(
        _ path: ArraySlice<String>,
        _ target: inout JSONValue,
        _ action: (String, inout JSONValue) throws(Mistake) -> Void
    ) throws(Mistake) {
        guard let token = path.first else { throw Mistake(message: "the whole document can not be removed") }
        if path.count == 1 { return try action(token, &target) }
        switch target {
        case .object(var object):
            guard var child = object[token] else { throw Mistake(message: "missing path \(token)") }
            target = .null
            object[token] = .null
            defer { target = .object(object) }
            try change(path.dropFirst(), &child, action)
            object[token] = child
        case .array(var list):
            guard let place = index(token, list.count), place < list.count else {
                throw Mistake(message: "missing path \(token)")
            }
            target = .null
            defer { target = .array(list) }
            try change(path.dropFirst(), &list[place], action)
        default: throw Mistake(message: "missing path \(token)")
        }
    }

    private static func add(_ value: JSONValue, at path: [String], _ target: inout JSONValue) throws(Mistake)
    {
        if path.isEmpty {
            target = value
            return
        }
        try change(path[...], &target) { token, container throws(Mistake) in
            if case .array(var list) = container {
                guard let place = token == "-" ? list.count : index(token, list.count) else {
                    throw Mistake(message: "add operation does not apply: index \(token) out of bounds")
                }
                list.insert(value, at: place)
                container = .array(list)
            } else if container.objectValue != nil {
                container[token] = value
            } else {
                throw Mistake(message: "add operation does not apply: doc is missing path")
            }
        }
    }

    private static func replace(
        _ value: JSONValue,
        _ path: [String],
        _ target: inout JSONValue
    ) throws(Mistake) {
        try change(path[...], &target) { token, container throws(Mistake) in
            if case .array(var list) = container {
                guard let place = index(token, list.count), place < list.count else {
                    throw Mistake(message: "replace operation does not apply: index \(token) out of bounds")
                }
                list[place] = value
                container = .array(list)
            } else if container.objectValue != nil {
                container[token] = value
            } else {
                throw Mistake(message: "replace operation does not apply: doc is missing path")
            }
        }
    }

    private static func remove(_ path: [String], _ target: inout JSONValue) throws(Mistake) {
        try change(path[...], &target) { token, container throws(Mistake) in
            if case .array(var list) = container {
                guard let place = index(token, list.count), place < list.count else {
                    throw Mistake(message: "remove operation does not apply: index \(token) out of bounds")
                }
                list.remove(at: place)
                container = .array(list)
            } else if container[token] != nil {
                container[token] = nil
            } else {
                throw Mistake(
                    message: "remove operation does not apply: unable to remove nonexistent key: \(token)"
                )
            }
        }
    }
}
