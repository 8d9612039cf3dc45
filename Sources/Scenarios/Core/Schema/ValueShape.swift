// SPDX-License-Identifier: Apache-2.0

/// What may be written in one place of a scenario: from it come messages, documentation and the JSON Schema.
public indirect enum ValueShape: Sendable, Hashable {
    /// A scalar that is read in our own way.
    case scalar(ScalarShape)
    /// One of a few words.
    case choice([String])
    /// A list.
    case list(ValueShape)
    /// A mapping from names of the author's choice.
    case map(ValueShape)
    /// A mapping with known members.
    case record(RecordShape)
    /// Any tree, as part of a Kubernetes object.
    case tree
    /// One of several.
    case either([ValueShape])

    /// What to call it in `expected …`.
    public var phrase: String {
        switch self {
        case .scalar(let scalar):
            scalar.example.isEmpty ? scalar.noun : "\(scalar.noun) such as \(scalar.example)"
        case .choice(let words):
            words.count == 1 ? "\"\(words[0])\"" : "one of \(words.joined(separator: ", "))"
        case .list: "a list"
        case .map, .record: "a mapping"
        case .tree: "part of an object"
        case .either(let shapes): Self.joined(shapes)
        }
    }

    /// How to write it, for who wrote something else.
    var help: String? {
        switch self {
        case .scalar(let scalar): scalar.example.isEmpty ? "write \(scalar.noun)" : "write \(scalar.example)"
        case .choice: "write one of these words"
        case .list: "begin each item with '-'"
        case .map: "write a name, and what belongs to it below"
        case .record(let record): "its keys are \(record.fields.map(\.key).joined(separator: ", "))"
        case .tree: "write a part of an object"
        case .either(let shapes): shapes.first?.help
        }
    }

    private static func joined(_ shapes: [ValueShape]) -> String {
        // A thing or a list of such things.
        if shapes.count == 2, case .list(let item) = shapes[1], item == shapes[0] {
            return "\(item.phrase), or a list of such"
        }
        return shapes.map(\.phrase).joined(separator: ", or ")
    }
}

/// A scalar's kind.
public struct ScalarShape: Sendable, Hashable {
    /// The JSON type that a schema gives.
    public enum Kind: String, Sendable, Hashable {
        /// A text.
        case string
        /// A whole number.
        case integer
        /// Any number.
        case number
        /// `true` or `false`.
        case boolean
    }

    /// What to call it: `a duration`.
    public var noun: String
    /// What it looks like: `10s`; empty when that goes without saying.
    public var example: String
    /// Its JSON type.
    public var kind: Kind

    /// Makes a shape.
    public init(_ noun: String, example: String = "", kind: Kind = .string) {
        self.noun = noun
        self.example = example
        self.kind = kind
    }
}

/// A mapping's known members.
public struct RecordShape: Sendable, Hashable {
    /// What to call it in messages: `traffic`, `scale`.
    public var name: String
    /// The members.
    public var fields: [FieldShape]
    /// What may stand in place of the mapping; nil for nothing.
    public var shorthand: ValueShape?

    /// Makes a shape.
    public init(name: String, fields: [FieldShape], shorthand: ValueShape? = nil) {
        self.name = name
        self.fields = fields
        self.shorthand = shorthand
    }
}

/// One member of a mapping.
public struct FieldShape: Sendable, Hashable {
    /// The key.
    public var key: String
    /// What its value may be.
    public var value: ValueShape
    /// True when it must be there.
    public var isRequired: Bool
    /// What it says, in one sentence.
    public var summary: String

    /// Makes a member.
    public init(key: String, value: ValueShape, isRequired: Bool, summary: String) {
        self.key = key
        self.value = value
        self.isRequired = isRequired
        self.summary = summary
    }
}

/// A word of the language: a step, a fault, an expectation.
public struct WordShape: Sendable, Hashable {
    /// The word: `set-image`.
    public var word: String
    /// What it does, in one sentence.
    public var summary: String
    /// How it is written.
    public var example: String
    /// What stands after it.
    public var value: ValueShape

    /// Makes a word.
    public init(word: String, summary: String, example: String, value: ValueShape) {
        self.word = word
        self.summary = summary
        self.example = example
        self.value = value
    }
}
