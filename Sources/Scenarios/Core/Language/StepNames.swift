// SPDX-License-Identifier: Apache-2.0

/// The names by which a scenario speaks of its steps: a step's name, or its word when only one step has it.
struct StepNames {
    struct Entry {
        var number: Int
        var name: String?
        var verb: String
        var mark: YAMLNode.Mark
    }

    private(set) var entries: [Entry] = []

    /// Adds a step; the entry that has its name already, if any.
    mutating func add(_ entry: Entry) -> Entry? {
        let twin = entry.name.flatMap { name in entries.first { $0.name == name } }
        entries.append(entry)
        return twin
    }

    /// The number of the step that a word names; reports when there is none or more than one.
    func number(of word: String, at mark: YAMLNode.Mark, _ decoding: Decoding) -> Int? {
        if let named = entries.first(where: { $0.name == word }) { return named.number }
        let verbs = entries.filter { $0.verb == word }
        if verbs.count == 1 { return verbs[0].number }
        if verbs.count > 1 {
            let lines = verbs.map { "\($0.mark.line)" }
            decoding.mistake(
                mark,
                "\(verbs.count) steps are called \"\(word)\" (lines \(lines.joined(separator: ", ")))",
                "give the one that you mean a `name:`"
            )
            return nil
        }
        var known: [String] = []
        for entry in entries {
            let title = entry.name ?? entry.verb
            if !known.contains(title) { known.append(title) }
        }
        decoding.mistake(
            mark,
            "no step is called \"\(word)\"",
            known.isEmpty ? "the scenario has no steps" : NearMiss.help(for: word, among: known)
        )
        return nil
    }
}

/// A moment as somebody wrote it.
struct WrittenMoment: Sendable {
    var moment: Moment
    var text: String
}

extension Reader where Value == WrittenMoment {
    /// `20s` after the start, a step's name, or a step's name and a delay: `first-rollout + 5s`.
    static var moment: Reader {
        let shape = ScalarShape(
            "a time or a step",
            example: "20s, rotate-certificate or rotate-certificate + 5s"
        )
        return Reader(.scalar(shape)) { node, decoding in
            guard let scalar = node.scalar, !scalar.isNull, let first = scalar.text.first else {
                decoding.wrongType(node, .scalar(shape))
                return nil
            }
            let parts = scalar.text.split(separator: "+", maxSplits: 1).map { part in
                part.drop { $0 == " " }
            }
            let word = String((parts.first ?? "").prefix { $0 != " " })
            do throws(ValueProblem) {
                if first.isNumber || first == "-" {
                    let time = try HumanDuration.parse(scalar.text)
                    return WrittenMoment(moment: .time(time), text: "+" + time.humanText)
                }
                let delay: Duration = parts.count == 2 ? try HumanDuration.parse(String(parts[1])) : .zero
                return decoding.steps.number(of: word, at: node.mark, decoding).map {
                    WrittenMoment(moment: .step($0, delay: delay), text: scalar.text)
                }
            } catch {
                decoding.mistake(node.mark, error.message, error.suggestion)
                return nil
            }
        }
    }
}
