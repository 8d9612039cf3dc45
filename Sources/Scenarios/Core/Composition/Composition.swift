// SPDX-License-Identifier: Apache-2.0

/// A file written out as runs: what it includes is taken in, baselines are laid over it, a sweep makes a run of
/// each combination, loops are written out, values are put in.
///
/// All of this happens on nodes, before anything is read, so that every word of the language may be templated
/// and every mistake keeps its place.
struct Composition {
    /// One run's text.
    struct Run {
        /// What sets it apart: `oss, order=[b, a]`; empty for the only one.
        var label: String
        /// The values of the sweep, by name.
        var values: [String: String] = [:]
        var root: YAMLNode
    }

    /// Runs that are judged together.
    struct Part {
        /// The baseline's name; empty for the corrected form.
        var name: String
        /// The expectations that must be red; nil for the corrected form.
        var red: [YAMLNode]?
        /// True when the runs are tried in order until one is as it should be.
        var isSearch: Bool
        var law: YAMLNode?
        var mark: YAMLNode.Mark
        var runs: [Run]
    }

    /// How many runs a file may make.
    static let limit = 10_000

    let decoding: Decoding

    /// The parts of a file, the corrected form first; what is wrong is reported.
    func parts(of root: YAMLNode) -> [Part] {
        guard root.entries != nil else {
            return [
                Part(
                    name: "",
                    red: nil,
                    isSearch: false,
                    law: nil,
                    mark: root.mark,
                    runs: [Run(label: "", root: root)]
                )
            ]
        }
        var parts = [part(root.without(["baseline"]), name: "", red: nil, at: root.mark)]
        guard let written = root["baseline"] else { return parts }
        for (place, baseline) in (written.items ?? [written]).enumerated() {
            guard let over = checked(baseline) else { continue }
            let name =
                baseline["name"]?.scalar?.text
                ?? "baseline\(written.items.map { $0.count > 1 } == true ? " \(place + 1)" : "")"
            let reds = baseline["red"].map { $0.items ?? [$0] } ?? []
            // A profile of its own takes the place of all; without one it runs under the first profile only.
            let base = root.without(baseline["profile"] == nil ? ["baseline"] : ["baseline", "profiles"])
            let merged = Overlay.lay(over, over: base)
            let narrowed =
                baseline["profiles"] == nil && baseline["profile"] == nil ? merged.withFirstProfile : merged
            parts.append(part(narrowed, name: name, red: reds, at: baseline.mark))
        }
        return parts
    }

    /// A baseline's overrides, without its own words; nil after reporting why there are none.
    private func checked(_ baseline: YAMLNode) -> YAMLNode? {
        guard baseline.entries != nil else {
            decoding.mistake(
                baseline.mark,
                "expected a baseline, found \(baseline.found)",
                "write `baseline: {controller: {defects: [B-01]}, red: [name]}`"
            )
            return nil
        }
        if baseline["red"]?.items?.isEmpty ?? (baseline["red"] == nil) {
            decoding.mistake(
                baseline.mark,
                "a baseline needs \"red\"",
                "add `red: [name]` with the names of expectations that it must break"
            )
        }
        if let inner = baseline["baseline"] {
            decoding.mistake(inner.mark, "a baseline has no baseline of its own", "write a list of baselines")
        }
        var over = baseline.without(["name", "red", "baseline"])
        if let own = over["expect"] {
            over = over.without(["expect"]).with(Self.ownKey, own)
        }
        return over
    }

    /// The key under which expectations of a baseline itself are read.
    static let ownKey = "(expect)"

    // MARK: Runs

    private func part(_ root: YAMLNode, name: String, red: [YAMLNode]?, at mark: YAMLNode.Mark) -> Part {
        let sweep = Sweep(decoding: decoding)
        let searched = root["search"]
        var combinations: [[Sweep.Choice]] = [[]]
        for word in ["sweep", "search"] {
            if let node = root[word] { combinations = sweep.combinations(node, after: combinations) }
        }
        if combinations.count > Self.limit {
            decoding.mistake(
                (root["sweep"] ?? root).mark,
                "the sweep makes \(combinations.count) runs",
                "keep it below \(Self.limit)"
            )
            combinations = [[]]
        }
        let profiles = profileNodes(root)
        let plain = root.without(["sweep", "search", "law", "profiles", "values", "include"])
        let values = Values(decoding: decoding).read(root["values"])
        var runs: [Run] = []
        for profile in profiles {
            for choices in combinations {
                var all = values
                for choice in choices { all[choice.name] = choice.value }
                let templates = Templates(decoding: decoding, values: all)
                var text = templates.expand(profile.map { plain.with("profile", $0) } ?? plain)
                if text.entries == nil { text = plain }
                let words = (profiles.count > 1 ? [profile?.scalar?.text ?? ""] : []) + choices.map(\.text)
                runs.append(
                    Run(
                        label: words.joined(separator: ", "),
                        values: Dictionary(choices.map { ($0.name, $0.value.keyText) }) { $1 },
                        root: text
                    )
                )
            }
        }
        return Part(
            name: name,
            red: red,
            isSearch: searched != nil,
            law: root["law"],
            mark: mark,
            runs: runs
        )
    }

    private func profileNodes(_ root: YAMLNode) -> [YAMLNode?] {
        guard let list = root["profiles"] else { return [nil] }
        if let one = root["profile"] {
            decoding.mistake(
                one.mark,
                "\"profile\" and \"profiles\" exclude each other",
                "keep one of the two"
            )
        }
        let items = list.items ?? [list]
        if items.isEmpty {
            decoding.mistake(list.mark, "the list of profiles is empty", "write `profiles: [managed, oss]`")
            return [nil]
        }
        return items
    }
}

extension YAMLNode {
    /// The mapping without some keys.
    func without(_ keys: [String]) -> YAMLNode {
        guard let entries else { return self }
        var copy = self
        copy.content = .mapping(entries.filter { !keys.contains($0.key.keyText) })
        return copy
    }

    /// The mapping with a key set, in its old place or at the end.
    func with(_ key: String, _ value: YAMLNode) -> YAMLNode {
        guard var entries else { return self }
        if let place = entries.firstIndex(where: { $0.key.keyText == key }) {
            entries[place].value = value
        } else {
            entries.append(Entry(key: .plain(key, at: value.mark), value: value))
        }
        var copy = self
        copy.content = .mapping(entries)
        return copy
    }

    fileprivate var withFirstProfile: YAMLNode {
        guard let list = self["profiles"], let first = list.items?.first else { return self }
        return without(["profiles"]).with("profile", first)
    }
}
