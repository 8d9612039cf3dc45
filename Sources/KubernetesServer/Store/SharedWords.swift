// SPDX-License-Identifier: Apache-2.0

/// Texts that many objects have in common, each kept once: `default-scheduler`, the names of nodes.
struct SharedWords {
    /// Beyond that they are none in common.
    private static let limit = 4096
    /// Shorter ones stand in the text itself.
    private static let shortest = 16

    private var known: Set<String> = []

    /// The same texts, sharing what is known.
    mutating func shared(_ texts: [String]) -> [String] {
        guard texts.contains(where: { $0.utf8.count >= Self.shortest }) else { return texts }
        return texts.map { text in
            guard text.utf8.count >= Self.shortest else { return text }
            let (isNew, word) = known.insert(text)
            if isNew, known.count > Self.limit { known = [] }
            return word
        }
    }
}
