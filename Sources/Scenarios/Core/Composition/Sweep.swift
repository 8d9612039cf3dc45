// SPDX-License-Identifier: Apache-2.0
import Ports

/// The combinations of values that a sweep, a search or a loop goes through.
struct Sweep {
    /// One value of one name.
    struct Choice {
        var name: String
        var value: YAMLNode

        /// `k=3`.
        var text: String { "\(name)=\(Self.shown(value))" }

        private static func shown(_ node: YAMLNode) -> String {
            switch node.content {
            case .scalar(let scalar): scalar.shown
            case .sequence(let items): "[\(items.map(shown).joined(separator: ", "))]"
            case .mapping(let entries):
                "{\(entries.map { "\($0.key.keyText): \(shown($0.value))" }.joined(separator: ", "))}"
            }
        }
    }

    /// How many orders of a list are gone through one by one; of more a sample is drawn.
    static let exhaustive = 7
    /// How many orders are drawn of a longer list unless the file says.
    static let usualSample = 50

    let decoding: Decoding

    /// Every combination of the names' values, each laid after every one of those given.
    func combinations(_ node: YAMLNode, after earlier: [[Choice]]) -> [[Choice]] {
        guard let entries = node.entries, !entries.isEmpty else {
            decoding.mistake(
                node.mark,
                "expected names with their values, found \(node.found)",
                "write `{k: 1..9}`"
            )
            return earlier
        }
        var combinations = earlier
        for entry in entries {
            guard Reader<String>.name.read(entry.key, decoding) != nil else { continue }
            let values = values(entry.value)
            if combinations.count * values.count > Composition.limit * 10 {
                decoding.mistake(entry.value.mark, "this makes too many combinations", "use fewer values")
                return earlier
            }
            combinations = combinations.flatMap { combination in
                values.map { combination + [Choice(name: entry.key.keyText, value: $0)] }
            }
        }
        return combinations
    }

    /// The values: a list, a range of whole numbers, or the orders of a list.
    private func values(_ node: YAMLNode) -> [YAMLNode] {
        if let items = node.items {
            if items.isEmpty {
                decoding.mistake(node.mark, "there is no value to go through", "write at least one")
            }
            return items
        }
        if let text = node.scalar?.text, let range = range(text) {
            if range.count > Composition.limit * 10 {
                decoding.mistake(node.mark, "the range has \(range.count) numbers", "use a shorter range")
                return []
            }
            return (0..<range.count).map {
                .plain(String(range.first + $0 * range.step), at: node.mark)
            }
        }
        if let list = node["permutations"]?.items, !list.isEmpty {
            return orders(list, node)
        }
        decoding.mistake(
            node.mark,
            "expected a list, a range such as 1..9 or {permutations: […]}, found \(node.found)",
            "write [a, b, c]"
        )
        return []
    }

    /// The numbers of `1..9`, or of `9..1` downwards, and how many they are.
    private func range(_ text: String) -> (first: Int, step: Int, count: Int)? {
        guard let dots = text.firstRange(of: ".."), let first = Int(text[..<dots.lowerBound]),
            let last = Int(text[dots.upperBound...]), abs(first) < 1_000_000_000, abs(last) < 1_000_000_000
        else { return nil }
        return (first, first <= last ? 1 : -1, abs(last - first) + 1)
    }

    private func orders(_ list: [YAMLNode], _ node: YAMLNode) -> [YAMLNode] {
        let size = node["sample"].flatMap { Reader<Int>.integer(1...Composition.limit).read($0, decoding) }
        if let strange = node.entries?.first(where: { !["permutations", "sample"].contains($0.key.keyText) })
        {
            decoding.mistake(
                strange.key.mark,
                "unknown key \"\(strange.key.keyText)\" beside permutations",
                "only \"sample\" is allowed here"
            )
        }
        var orders: [[YAMLNode]] = []
        if list.count <= Self.exhaustive, size == nil {
            orders = Self.permutations(list)
        } else {
            // The same sample each time: it is part of what the file means.
            var random = RandomSource(seed: 1).stream("permutations")
            orders = (0..<(size ?? Self.usualSample)).map { _ in Self.shuffled(list, &random) }
        }
        return orders.map { YAMLNode(content: .sequence($0), mark: node.mark) }
    }

    static func permutations<Item>(_ items: [Item]) -> [[Item]] {
        guard items.count > 1 else { return [items] }
        return items.indices.flatMap { place -> [[Item]] in
            var others = items
            let first = others.remove(at: place)
            return permutations(others).map { [first] + $0 }
        }
    }

    private static func shuffled<Item>(_ items: [Item], _ random: inout RandomStream) -> [Item] {
        var items = items
        for place in items.indices.dropLast() {
            items.swapAt(place, Int.random(in: place..<items.count, using: &random))
        }
        return items
    }
}
