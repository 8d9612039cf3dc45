// SPDX-License-Identifier: Apache-2.0

extension ExpectationRecord {
    /// The keys that may stand inside the braces of a subject although they belong to the whole expectation.
    private static let common = [
        "after", "from", "before", "until", "for", "at-least", "at-most", "equals", "profile", "figure",
    ]
    private static let limits = ["at-least", "at-most", "equals"]

    /// Finds the word that says what is claimed, its value, and the other entries; reports when there is none or
    /// more than one.
    static func claim(
        _ entries: [YAMLNode.Entry],
        at mark: YAMLNode.Mark,
        _ decoding: Decoding
    ) -> (ClaimWord, YAMLNode?, [YAMLNode.Entry])? {
        let heads = entries.filter { ClaimWord.find($0.key.keyText) != nil }
        let rest = entries.filter { ClaimWord.find($0.key.keyText) == nil }
        if let second = heads.dropFirst().first {
            decoding.mistake(
                second.key.mark,
                "an expectation claims one thing, found \(heads[0].key.keyText) and \(second.key.keyText)",
                "begin another expectation with '-'"
            )
            return nil
        }
        if let head = heads.first, let word = ClaimWord.find(head.key.keyText) {
            return (word, head.value, rest)
        }
        // `calls: {action: CreateRule, at-most: 1}` counts, and so does whatever else has limits.
        let hasLimits = entries.contains { entry in
            limits.contains(entry.key.keyText) || limits.contains { entry.value[$0] != nil }
        }
        if hasLimits, let word = ClaimWord.find("count") { return (word, nil, rest) }
        let words = ClaimWord.all.map(\.word)
        let known = fields.map(\.key)
        let strange = entries.first { !known.contains($0.key.keyText) }
        let near = strange.flatMap { NearMiss.nearest(to: $0.key.keyText, in: words) }
        decoding.mistake(
            strange?.key.mark ?? mark,
            "an expectation needs one of \(words.joined(separator: ", "))",
            near.map { "did you mean \"\($0)\"?" }
                ?? "begin with `always: {traffic: …, status: 200}`, for example"
        )
        return nil
    }

    /// Brings what stands inside braces to one level; nil after reporting that there is nothing.
    static func flattened(
        _ word: ClaimWord,
        _ value: YAMLNode?,
        _ rest: [YAMLNode.Entry],
        _ decoding: Decoding
    ) -> [YAMLNode.Entry]? {
        var flat = FlatEntries(decoding: decoding)
        if word.holdsMembers, let value {
            guard let members = value.entries else {
                decoding.mistake(
                    value.mark,
                    "expected a mapping with one of \(subjects.joined(separator: ", ")), found \(value.found)",
                    "write \(word.word): {traffic: …, status: 200}"
                )
                return nil
            }
            for member in members { flat.add(member) }
        }
        for entry in rest { flat.add(entry) }
        return flat.entries
    }

    /// Entries on one level, each key once.
    private struct FlatEntries {
        let decoding: Decoding
        private(set) var entries: [YAMLNode.Entry] = []

        init(decoding: Decoding) {
            self.decoding = decoding
        }

        mutating func add(_ entry: YAMLNode.Entry) {
            let key = entry.key.keyText
            guard let members = entry.value.entries, subjects.contains(key) else { return append(entry) }
            if key == "traffic" { return addTraffic(members, at: entry.value.mark) }
            for member in members where common.contains(member.key.keyText) { append(member) }
            var copy = entry
            copy.value.content = .mapping(members.filter { !common.contains($0.key.keyText) })
            append(copy)
        }

        /// `traffic: {name: shoppers, status: 200}` says what `traffic: shoppers` and `status: 200` say.
        private mutating func addTraffic(_ members: [YAMLNode.Entry], at mark: YAMLNode.Mark) {
            if !members.contains(where: { $0.key.keyText == "name" }) {
                decoding.mistake(mark, "traffic needs \"name\"", "add `name: …`")
            }
            for var member in members {
                if member.key.keyText == "name" { member.key = .plain("traffic", at: member.key.mark) }
                append(member)
            }
        }

        private mutating func append(_ entry: YAMLNode.Entry) {
            let key = entry.key.keyText
            if let twin = entries.first(where: { $0.key.keyText == key }) {
                decoding.mistake(
                    entry.key.mark,
                    "\"\(key)\" is given twice",
                    "it is first given on line \(twin.key.mark.line)"
                )
            } else {
                entries.append(entry)
            }
        }
    }
}
