// SPDX-License-Identifier: Apache-2.0
import Yams

/// Reads YAML documents into nodes.
struct YAMLParser {
    private let source: SourceText
    /// The number that marks get for the file.
    private let file: Int
    /// How many nodes may still come: aliases of aliases can make a small file endless.
    private var remaining: Int

    /// The documents of a file; one that is empty is a node that holds nothing.
    ///
    /// - Throws: the first mistake in the file's form.
    static func documents(
        _ source: SourceText,
        file: Int = 0,
        limit: Int = 5_000_000
    ) throws(SourceMistake) -> [YAMLNode] {
        var parser = YAMLParser(source: source, file: file, remaining: limit)
        var documents: [YAMLNode] = []
        // Without rules every plain scalar stays a text, which is also much faster.
        let reader: Parser
        do {
            reader = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
        } catch {
            throw YAMLProblem.mistake(error, in: source)
        }
        while true {
            let root: Node?
            do {
                root = try reader.nextRoot()
            } catch {
                throw YAMLProblem.mistake(error, in: source)
            }
            guard let root else { return documents }
            documents.append(try parser.node(root))
        }
    }

    private mutating func node(_ node: Node) throws(SourceMistake) -> YAMLNode {
        let mark = YAMLNode.Mark(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, file: file)
        remaining -= 1
        if remaining < 0 {
            throw source.mistake(
                mark,
                "the file has too many nodes once its aliases are expanded",
                "write it without aliases"
            )
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(content: .scalar(Self.scalar(scalar)), mark: mark)
        case .sequence(let sequence):
            var items: [YAMLNode] = []
            for item in sequence { items.append(try self.node(item)) }
            return YAMLNode(content: .sequence(items), mark: mark)
        case .mapping(let mapping):
            return YAMLNode(content: .mapping(try entries(mapping)), mark: mark)
        case .alias:
            throw source.mistake(mark, "the alias has no anchor", "write the value itself")
        }
    }

    private static func scalar(_ scalar: Node.Scalar) -> YAMLScalar {
        let isPlain = scalar.style == .plain || scalar.style == .any
        let long = "tag:yaml.org,2002:"
        var tag = scalar.tag.rawValue
        if tag.hasPrefix(long) { tag = "!!" + tag.dropFirst(long.count) }
        // The reader marks quoted texts as !!str too, which says nothing that the quotes do not.
        if !isPlain, tag == "!!str" { tag = "" }
        return YAMLScalar(text: scalar.string, isPlain: isPlain, tag: tag == "!" ? "!!str" : tag)
    }

    private mutating func entries(_ mapping: Node.Mapping) throws(SourceMistake) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var merged: [(place: Int, entries: [YAMLNode.Entry])] = []
        for (key, value) in mapping {
            var key = try node(key)
            guard var scalar = key.scalar else {
                if let template = YAMLProblem.template(key.mark, in: source) { throw template }
                throw source.mistake(
                    key.mark,
                    "a key must be a text, found \(key.found)",
                    "put the key in quotes"
                )
            }
            // Keys have been resolved while twins were looked for; a plain one has no tag of its own.
            if scalar.isPlain { scalar.tag = "" }
            key.content = .scalar(scalar)
            let value = try node(value)
            if scalar.isPlain, scalar.text == "<<" {
                merged.append((entries.count, try mergedEntries(value)))
            } else {
                entries.append(YAMLNode.Entry(key: key, value: value))
            }
        }
        for (place, extra) in merged.reversed() {
            let known = Set(entries.map(\.key.keyText))
            entries.insert(contentsOf: extra.filter { !known.contains($0.key.keyText) }, at: place)
        }
        return entries
    }

    /// What a merge key brings: of several mappings the first one that has a key gives its value.
    private func mergedEntries(_ value: YAMLNode) throws(SourceMistake) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        for mapping in value.items ?? [value] {
            guard let more = mapping.entries else {
                throw source.mistake(
                    mapping.mark,
                    "\"<<\" merges mappings, found \(mapping.found)",
                    "write `<<: *anchor`"
                )
            }
            let known = Set(entries.map(\.key.keyText))
            entries += more.filter { !known.contains($0.key.keyText) }
        }
        return entries
    }
}
