// SPDX-License-Identifier: Apache-2.0

/// Lays one text over another: mappings member by member, steps by name and time, everything else as a whole.
enum Overlay {
    /// `top` over `base`; a member that is null in `top` is taken away.
    static func lay(_ top: YAMLNode, over base: YAMLNode) -> YAMLNode {
        guard let upper = top.entries, var entries = base.entries else { return top }
        for entry in upper {
            let key = entry.key.keyText
            let place = entries.firstIndex { $0.key.keyText == key }
            guard let place else {
                if !entry.value.isNull { entries.append(entry) }
                continue
            }
            let below = entries[place].value
            if entry.value.isNull {
                entries.remove(at: place)
            } else if key == "steps", let some = entry.value.items, let others = below.items {
                entries[place].value.content = .sequence(steps(some, over: others))
            } else if entry.value.entries != nil, below.entries != nil, !Self.wholes.contains(key) {
                entries[place].value = lay(entry.value, over: below)
            } else {
                entries[place].value = entry.value
            }
        }
        var merged = base
        merged.content = .mapping(entries)
        return merged
    }

    /// Members that make sense as a whole only.
    private static let wholes = ["sweep", "search"]

    /// A step with the name of another takes its place, and its time when it says none; others come in where their time puts them.
    private static func steps(_ upper: [YAMLNode], over base: [YAMLNode]) -> [YAMLNode] {
        var steps = base
        for step in upper {
            let name = step["name"]?.scalar?.text
            if let name, let place = steps.firstIndex(where: { $0["name"]?.scalar?.text == name }) {
                steps[place] = timed(step, like: steps[place])
            } else if let time = time(step),
                let place = steps.firstIndex(where: { self.time($0) ?? .zero > time })
            {
                steps.insert(step, at: place)
            } else {
                steps.append(step)
            }
        }
        return steps
    }

    /// A step that takes another's place begins when that one did, unless it says when.
    private static func timed(_ step: YAMLNode, like other: YAMLNode) -> YAMLNode {
        let times = ["at", "after", "delay"]
        guard step.entries != nil, !times.contains(where: { step[$0] != nil }) else { return step }
        return times.reduce(step) { step, key in other[key].map { step.with(key, $0) } ?? step }
    }

    private static func time(_ step: YAMLNode) -> Duration? {
        step["at"]?.scalar.flatMap { try? HumanDuration.parse($0.text) }
    }
}
