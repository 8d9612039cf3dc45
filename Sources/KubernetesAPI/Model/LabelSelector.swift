// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A label selector: requirements that must all hold.
public struct LabelSelector: Sendable, Hashable {
    /// One requirement on a label.
    public enum Requirement: Sendable, Hashable {
        /// The label has one of the values.
        case isIn(String, [String])
        /// The label is missing or has none of the values.
        case isNotIn(String, [String])
        /// The label is there.
        case exists(String)
        /// The label is missing.
        case doesNotExist(String)
        /// The label is a whole number above this one.
        case greaterThan(String, Int64)
        /// The label is a whole number below this one.
        case lessThan(String, Int64)
    }

    /// The requirements; none selects everything.
    public var requirements: [Requirement]

    /// Makes a selector.
    public init(_ requirements: [Requirement] = []) {
        self.requirements = requirements
    }

    /// Reads the `selector` of a Deployment or ReplicaSet: matchLabels and matchExpressions.
    ///
    /// nil when an expression has an operator that does not exist.
    public init?(object: JSONValue?) {
        var requirements: [Requirement] = []
        for member in object?["matchLabels"]?.objectValue ?? [:] {
            requirements.append(.isIn(member.key, [member.value.stringValue ?? ""]))
        }
        for expression in object?["matchExpressions"]?.arrayValue ?? [] {
            let key = expression["key"]?.stringValue ?? ""
            let values = expression["values"]?.arrayValue?.compactMap(\.stringValue) ?? []
            switch expression["operator"]?.stringValue {
            case "In": requirements.append(.isIn(key, values))
            case "NotIn": requirements.append(.isNotIn(key, values))
            case "Exists": requirements.append(.exists(key))
            case "DoesNotExist": requirements.append(.doesNotExist(key))
            default: return nil
            }
        }
        self.init(requirements)
    }

    /// Reads the `selector` of a Service: labels that must be equal.
    public init(equal labels: JSONValue?) {
        self.init(
            (labels?.objectValue ?? [:]).map { .isIn($0.key, [$0.value.stringValue ?? ""]) }
        )
    }

    /// True when the labels satisfy every requirement.
    public func matches(_ labels: [String: String]) -> Bool {
        matches { labels[$0] }
    }

    /// True when the object's labels satisfy every requirement; they are looked up where they are.
    public func matches(_ object: KubernetesObject) -> Bool {
        let labels = object.json["metadata"]?["labels"]
        return matches { labels?[$0]?.stringValue }
    }

    private func matches(_ label: (String) -> String?) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .isIn(let key, let values): label(key).map(values.contains) ?? false
            case .isNotIn(let key, let values): label(key).map { !values.contains($0) } ?? true
            case .exists(let key): label(key) != nil
            case .doesNotExist(let key): label(key) == nil
            case .greaterThan(let key, let bound): label(key).flatMap(Int64.init).map { $0 > bound } ?? false
            case .lessThan(let key, let bound): label(key).flatMap(Int64.init).map { $0 < bound } ?? false
            }
        }
    }

    /// Reads the text form of queries: `app=tea,tier in (a, b),!legacy,env!=test`.
    ///
    /// - Throws: `SelectorError` with what was expected and found.
    public init(parsing text: String) throws(SelectorError) {
        var parser = SelectorParser(text)
        try self.init(parser.requirements())
    }
}

/// Why the text of a selector could not be read.
public struct SelectorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected and what was found.
    public let message: String

    /// The message.
    public var description: String { message }
}

private struct SelectorParser {
    private var rest: Substring

    init(_ text: String) {
        rest = Substring(text)
    }

    mutating func requirements() throws(SelectorError) -> [LabelSelector.Requirement] {
        var found: [LabelSelector.Requirement] = []
        skipBlanks()
        if rest.isEmpty { return [] }
        while true {
            found.append(try requirement())
            skipBlanks()
            if rest.isEmpty { return found }
            guard take(",") else {
                throw SelectorError(message: "found '\(rest)', expected: ',' or 'end of string'")
            }
            skipBlanks()
        }
    }

    private mutating func requirement() throws(SelectorError) -> LabelSelector.Requirement {
        if take("!") { return .doesNotExist(try word("identifier")) }
        let key = try word("identifier")
        skipBlanks()
        if rest.isEmpty || rest.first == "," { return .exists(key) }
        if take("!=") { return .isNotIn(key, [value()]) }
        if take("==") || take("=") { return .isIn(key, [value()]) }
        if take(">") { return .greaterThan(key, try number()) }
        if take("<") { return .lessThan(key, try number()) }
        let operation = rest.prefix { !", )!=(<>".contains($0) }
        guard operation == "in" || operation == "notin" else {
            let found = operation.isEmpty ? rest.prefix(1) : operation
            throw SelectorError(message: "found '\(found)', expected: in, notin, =, ==, !=, gt, lt")
        }
        rest = rest.dropFirst(operation.count)
        let values = try list()
        return operation == "in" ? .isIn(key, values) : .isNotIn(key, values)
    }

    private mutating func list() throws(SelectorError) -> [String] {
        skipBlanks()
        guard take("(") else { throw SelectorError(message: "found '\(rest)', expected: '('") }
        var values: [String] = []
        while true {
            values.append(value())
            if take(")") { return values }
            guard take(",") else { throw SelectorError(message: "found '\(rest)', expected: ',' or ')'") }
        }
    }

    private mutating func number() throws(SelectorError) -> Int64 {
        let text = value()
        guard let number = Int64(text) else {
            throw SelectorError(message: "found '\(text)', expected: a whole number for 'Gt', 'Lt' operators")
        }
        return number
    }

    private mutating func value() -> String {
        skipBlanks()
        let text = rest.prefix { !", )!=(<>".contains($0) }
        rest = rest.dropFirst(text.count)
        skipBlanks()
        return String(text)
    }

    private mutating func word(_ what: String) throws(SelectorError) -> String {
        skipBlanks()
        let text = value()
        guard !text.isEmpty else { throw SelectorError(message: "found '\(rest)', expected: \(what)") }
        return text
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }

    private mutating func take(_ mark: String) -> Bool {
        guard rest.hasPrefix(mark) else { return false }
        rest = rest.dropFirst(mark.count)
        return true
    }
}
