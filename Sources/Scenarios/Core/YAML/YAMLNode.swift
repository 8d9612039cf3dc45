// SPDX-License-Identifier: Apache-2.0

/// A node of a YAML document with its place; aliases and merge keys are already expanded.
struct YAMLNode: Sendable {
    /// Where a node begins: line and column from 1, columns in Unicode scalars.
    struct Mark: Sendable, Hashable {
        var line: Int
        var column: Int
        /// The file: 0 for the scenario, more for those that it includes.
        var file = 0
    }

    /// A key and its value.
    struct Entry: Sendable {
        var key: YAMLNode
        var value: YAMLNode
    }

    /// What a node holds.
    enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// Keys are scalars, each once, in the order of the file.
        case mapping([Entry])
    }

    var content: Content
    var mark: Mark
}

extension YAMLNode {
    /// A plain text at a place: for values that stand for something left out.
    static func plain(_ text: String, at mark: Mark) -> YAMLNode {
        YAMLNode(content: .scalar(YAMLScalar(text: text, isPlain: true)), mark: mark)
    }

    /// The scalar, when this is one.
    var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The entries, when this is a mapping.
    var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The items, when this is a list.
    var items: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// True for an empty value, `~` and `null`.
    var isNull: Bool { scalar?.isNull ?? false }

    /// A key's text; empty for what is no scalar.
    var keyText: String { scalar?.text ?? "" }

    /// The value of a key, when this is a mapping that has it.
    subscript(_ key: String) -> YAMLNode? {
        entries?.first { $0.key.keyText == key }?.value
    }

    /// What this is, for messages: `a list`, `nothing`, `"abc"`.
    var found: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar): scalar.isNull ? "nothing" : "\"\(scalar.shown)\""
        }
    }
}
