// SPDX-License-Identifier: Apache-2.0
import JSON

/// The part of kubectl's JSONPath that printer columns use: names, indices, `*` and filters by equality.
struct JSONPath: Sendable {
    private enum Step: Sendable {
        case name(String)
        case index(Int)
        case all
        case filter([String], equals: JSONValue)
    }

    private var steps: [Step] = []

    /// Reads a path such as `.status.conditions[?(@.type=="Ready")].status`; nil when it is none.
    init?(_ text: String) {
        var rest = Substring(
            text.hasPrefix("{") && text.hasSuffix("}") ? String(text.dropFirst().dropLast()) : text
        )
        if rest.first == "$" { rest = rest.dropFirst() }
        while let first = rest.first {
            rest = rest.dropFirst()
            switch first {
            case ".":
                if rest.first == "[" { continue }
                let name = Self.name(&rest)
                if name.isEmpty { return nil }
                steps.append(name == "*" ? .all : .name(name))
            case "[":
                guard let end = Self.end(of: rest) else { return nil }
                guard let step = Self.bracket(rest[..<end]) else { return nil }
                steps.append(step)
                rest = rest[rest.index(after: end)...]
            default: return nil
            }
        }
    }

    /// A name up to the next point or bracket; a backslash keeps what follows.
    private static func name(_ rest: inout Substring) -> String {
        var name = ""
        while let next = rest.first, next != ".", next != "[" {
            rest = rest.dropFirst()
            if next == "\\", let kept = rest.popFirst() { name.append(kept) } else { name.append(next) }
        }
        return name
    }

    private static func end(of rest: Substring) -> Substring.Index? {
        var quote: Character?
        for index in rest.indices {
            let letter = rest[index]
            if quote != nil {
                if letter == quote { quote = nil }
            } else if letter == "'" || letter == "\"" {
                quote = letter
            } else if letter == "]" {
                return index
            }
        }
        return nil
    }

    private static func bracket(_ text: Substring) -> Step? {
        if text == "*" { return .all }
        if let index = Int(text) { return .index(index) }
        if text.count > 2, let quote = text.first, "'\"".contains(quote), text.last == quote {
            return .name(String(text.dropFirst().dropLast()))
        }
        guard text.hasPrefix("?(@."), text.hasSuffix(")") else { return nil }
        let condition = text.dropFirst(4).dropLast()
        guard let sign = condition.firstIndex(of: "="), condition[sign...].hasPrefix("==") else { return nil }
        let path = condition[..<sign].filter { $0 != " " }.split(separator: ".").map(String.init)
        let value = condition[sign...].dropFirst(2).drop { $0 == " " }
        let trimmed = String(value.reversed().drop { $0 == " " }.reversed())
        if trimmed.count > 1, let quote = trimmed.first, "'\"".contains(quote) {
            return .filter(path, equals: .string(String(trimmed.dropFirst().dropLast())))
        }
        return (try? JSONValue(parsing: trimmed)).map { .filter(path, equals: $0) }
    }

    /// All values that the path leads to.
    func values(in root: JSONValue) -> [JSONValue] {
        steps.reduce([root]) { values, step in values.flatMap { Self.next($0, step) } }
    }

    private static func next(_ value: JSONValue, _ step: Step) -> [JSONValue] {
        switch step {
        case .name(let name): return value[name].map { [$0] } ?? []
        case .index(let index):
            let items = value.arrayValue ?? []
            let place = index < 0 ? items.count + index : index
            return items.indices.contains(place) ? [items[place]] : []
        case .all: return value.arrayValue ?? value.objectValue?.members.map(\.value) ?? []
        case .filter(let path, let wanted):
            return (value.arrayValue ?? []).filter { item in
                var found: JSONValue? = item
                for name in path { found = found?[name] }
                return found == wanted
            }
        }
    }
}
