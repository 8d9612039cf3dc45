// SPDX-License-Identifier: Apache-2.0

/// Puts values in the place of `${name}` and writes loops out.
///
/// A name begins with a letter, so that `${1}` of a rewrite rule is left alone; `$${` stands for `${`. A text
/// that is nothing but `${name}` becomes the value itself, a list or a mapping too.
struct Templates {
    let decoding: Decoding
    var values: [String: YAMLNode]

    /// How many times a loop may go round, with all that is inside it.
    private static let limit = 100_000

    func expand(_ node: YAMLNode) -> YAMLNode {
        switch node.content {
        case .scalar(let scalar): return expand(scalar, node)
        case .sequence(let items):
            var copy = node
            copy.content = .sequence(items.flatMap { item in loop(item) ?? [expand(item)] })
            return copy
        case .mapping(let entries):
            var copy = node
            copy.content = .mapping(expand(entries, node))
            return copy
        }
    }

    private func expand(_ entries: [YAMLNode.Entry], _ node: YAMLNode) -> [YAMLNode.Entry] {
        var expanded: [YAMLNode.Entry] = []
        if node["each"] != nil, node["do"]?.entries != nil {
            for body in rounds(node) { expanded += body.entries ?? [] }
        }
        let isLoop = !expanded.isEmpty
        for entry in entries where !(isLoop && ["each", "do"].contains(entry.key.keyText)) {
            var key = entry.key
            if let scalar = key.scalar, scalar.text.hasTemplate { key = expand(scalar, key) }
            expanded.append(YAMLNode.Entry(key: key, value: expand(entry.value)))
        }
        return expanded
    }

    // MARK: Loops

    /// The items that a loop stands for; nil for what is no loop.
    private func loop(_ item: YAMLNode) -> [YAMLNode]? {
        guard item["each"] != nil, let body = item["do"] else { return nil }
        if let strange = item.entries?.first(where: { !["each", "do"].contains($0.key.keyText) }) {
            decoding.mistake(strange.key.mark, "a loop has \"each\" and \"do\" only", "put it below `do:`")
        }
        return rounds(item).flatMap { round in body.items == nil ? [round] : round.items ?? [] }
    }

    /// The body of a loop, once for each combination of its values.
    private func rounds(_ loop: YAMLNode) -> [YAMLNode] {
        guard let each = loop["each"], let body = loop["do"] else { return [] }
        let sweep = Sweep(decoding: decoding)
        let choices = sweep.combinations(expand(each), after: [[]])
        if choices.count > Self.limit {
            decoding.mistake(
                each.mark,
                "the loop goes round \(choices.count) times",
                "keep it below \(Self.limit)"
            )
            return []
        }
        return choices.map { combination in
            var inner = self
            for choice in combination { inner.values[choice.name] = choice.value }
            return inner.expand(body)
        }
    }

    // MARK: Values

    private func expand(_ scalar: YAMLScalar, _ node: YAMLNode) -> YAMLNode {
        guard scalar.text.hasTemplate else { return node }
        if let open = Self.unclosed(scalar.text) {
            decoding.mistake(
                node.mark,
                "\"\(open)\" is never closed",
                "write \(open)}, or $\(open) for the text itself"
            )
            return node
        }
        let pieces = Self.pieces(scalar.text)
        if pieces.count == 1, case .name(let name) = pieces[0] {
            guard let value = value(name, at: node.mark) else { return node }
            // It keeps the place where it is used, which is where a mistake in it shows.
            var copy = value
            copy.mark = node.mark
            return copy
        }
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .name(let name):
                guard let value = value(name, at: node.mark) else { return node }
                guard let scalar = value.scalar else {
                    decoding.mistake(
                        node.mark,
                        "${\(name)} is \(value.found), which cannot be part of a text",
                        "use it alone"
                    )
                    return node
                }
                text += scalar.text
            }
        }
        var copy = node
        copy.content = .scalar(YAMLScalar(text: text, isPlain: scalar.isPlain, tag: scalar.tag))
        return copy
    }

    private func value(_ name: String, at mark: YAMLNode.Mark) -> YAMLNode? {
        if let value = values[name] { return value }
        decoding.mistake(
            mark,
            "there is no value \"\(name)\"",
            values.isEmpty
                ? "declare it under `values:`" : NearMiss.help(for: name, among: values.keys.sorted())
        )
        return nil
    }

    /// The last `${name` of a text when nothing closes it; it is none when its dollar is doubled.
    private static func unclosed(_ text: String) -> String? {
        guard let start = text.ranges(of: "${").last, !text[..<start.lowerBound].hasSuffix("$") else {
            return nil
        }
        let rest = text[start.lowerBound...]
        guard !rest.contains("}"), rest.dropFirst(2).first?.isLetter ?? false else { return nil }
        return String(rest.prefix { !$0.isWhitespace })
    }

    enum Piece: Equatable {
        case text(String)
        case name(String)
    }

    /// A text cut at its `${name}`s.
    static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var plain = ""
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            if before.hasSuffix("$") {
                plain += before.dropLast() + "${"
                rest = rest[start.upperBound...]
                continue
            }
            plain += before
            let name = rest[start.upperBound...].prefix { $0 != "}" }
            let isName =
                name.first.map { $0.isASCII && $0.isLetter } ?? false
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
                && name.endIndex < rest.endIndex
            if isName {
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                pieces.append(.name(String(name)))
                rest = rest[rest.index(after: name.endIndex)...]
            } else {
                plain += "${"
                rest = rest[start.upperBound...]
            }
        }
        plain += rest
        if !plain.isEmpty { pieces.append(.text(plain)) }
        return pieces
    }
}

/// `values`.
struct Values {
    let decoding: Decoding

    /// The values by name; an earlier one may be used in a later one.
    func read(_ node: YAMLNode?) -> [String: YAMLNode] {
        guard let node else { return [:] }
        guard let entries = node.entries else {
            decoding.mistake(
                node.mark,
                "expected values by name, found \(node.found)",
                "write `values: {x: 1}`"
            )
            return [:]
        }
        var values: [String: YAMLNode] = [:]
        for entry in entries where Reader<String>.name.read(entry.key, decoding) != nil {
            values[entry.key.keyText] = Templates(decoding: decoding, values: values).expand(entry.value)
        }
        return values
    }
}

extension String {
    /// True when there is a `${`; most texts have no dollar at all.
    fileprivate var hasTemplate: Bool {
        utf8.contains(UInt8(ascii: "$")) && contains("${")
    }
}
