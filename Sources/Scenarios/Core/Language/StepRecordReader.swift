// SPDX-License-Identifier: Apache-2.0

/// `steps`.
enum StepRecordReader {
    private static let at = Field("at", .duration, "When it begins, counted from the start.")
    private static let after = Field("after", .name, "The earlier step that it waits for.")
    private static let delay = Field("delay", .duration, "How long after that step it begins.")
    private static let name = Field("name", .name, "Its name, for `after` and for expectations.")
    private static let common = [AnyField(at), AnyField(after), AnyField(delay), AnyField(name)]

    static let shape: ValueShape = .list(
        .record(
            RecordShape(
                name: "a step",
                fields: common.map(\.described)
                    + StepWord.all.map {
                        FieldShape(
                            key: $0.word,
                            value: $0.reader.shape,
                            isRequired: false,
                            summary: $0.summary
                        )
                    }
            )
        )
    )

    static let reader = Reader<[Step]>(shape) { node, decoding in
        guard let items = node.items else {
            decoding.mistake(
                node.mark,
                "expected a list of steps, found \(node.found)",
                "begin each step with '-'"
            )
            return nil
        }
        // Names first, so that a step that comes too late is told from one that does not exist.
        for (place, item) in items.enumerated() { register(item, number: place + 1, decoding) }
        var steps: [Step] = []
        for (place, item) in items.enumerated() {
            if let step = step(item, number: place + 1, decoding) { steps.append(step) }
        }
        checkOrder(steps, decoding)
        return steps
    }

    private static func register(_ item: YAMLNode, number: Int, _ decoding: Decoding) {
        let verb = item.entries?.first { entry in StepWord.find(entry.key.keyText) != nil }
        let name = item["name"]
        let entry = StepNames.Entry(
            number: number,
            name: name?.scalar?.text,
            verb: verb?.key.keyText ?? "",
            mark: item.mark
        )
        if let twin = decoding.steps.add(entry), let name {
            decoding.mistake(
                name.mark,
                "two steps are called \"\(name.keyText)\"",
                "the first is on line \(twin.mark.line)"
            )
        }
        if verb?.key.keyText == "probe" {
            decoding.trafficNames.append(name?.scalar?.text ?? "probe-\(number)")
        }
    }

    private static func step(_ item: YAMLNode, number: Int, _ decoding: Decoding) -> Step? {
        guard let entries = item.entries else {
            decoding.mistake(
                item.mark,
                "expected a step, found \(item.found)",
                "write a step such as `- wait: 10s`"
            )
            return nil
        }
        let verbs = entries.filter { StepWord.find($0.key.keyText) != nil }
        guard let verb = verbs.first, let word = StepWord.find(verb.key.keyText) else {
            reportMissingVerb(entries, at: item.mark, decoding)
            return nil
        }
        for extra in verbs.dropFirst() {
            decoding.mistake(
                extra.key.mark,
                "a step does one thing, found \(word.word) and \(extra.key.keyText)",
                "begin another step with '-'"
            )
        }
        decoding.currentStep = (number, item["name"]?.scalar?.text)
        let action = word.reader.read(verb.value, decoding)
        let rest = entries.filter { StepWord.find($0.key.keyText) == nil }
        let place = decoding.place(verb.key.mark)
        let record = Record<Step>("the step", fields: common) { members in
            guard let action, let time = time(members, number: number) else { return nil }
            return Step(
                number: number,
                name: members[name],
                verb: word.word,
                time: time,
                action: action,
                place: place
            )
        }
        return record.decode(rest, at: item.mark, decoding)
    }

    /// No word of the language is there: says what was probably meant.
    private static func reportMissingVerb(
        _ entries: [YAMLNode.Entry],
        at mark: YAMLNode.Mark,
        _ decoding: Decoding
    ) {
        let known = common.map(\.key)
        let words = StepWord.all.map(\.word)
        if let strange = entries.first(where: { !known.contains($0.key.keyText) }) {
            let word = strange.key.keyText
            if word == "each" {
                decoding.mistake(
                    strange.key.mark,
                    "the loop has nothing to do",
                    "add `do:` with a step or a list of steps"
                )
                return
            }
            decoding.mistake(
                strange.key.mark,
                "unknown step \"\(word)\"",
                NearMiss.help(for: word, among: words)
            )
        } else {
            decoding.mistake(mark, "the step does nothing", "add one of \(words.joined(separator: ", "))")
        }
    }

    private static func time(_ members: Members, number: Int) -> Step.Time? {
        if members.has("delay"), !members.has("after") {
            members.misplaced(
                "delay",
                "\"delay\" belongs to \"after\"",
                "use a step `- wait: …` before this one"
            )
        }
        switch (members.has("at"), members.has("after")) {
        case (true, true):
            members.misplaced("after", "a step takes either \"at\" or \"after\"", "keep one of the two")
            return nil
        case (true, false): return members[at].map(Step.Time.at)
        case (false, false): return .next
        case (false, true):
            guard let word = members[after],
                let earlier = members.decoding.steps.number(
                    of: word,
                    at: members.valueMark("after"),
                    members.decoding
                )
            else { return nil }
            guard earlier < number else {
                let message =
                    earlier == number ? "a step cannot wait for itself" : "\"\(word)\" is a later step"
                members.mistake("after", message, "steps begin in the order of the file")
                return nil
            }
            return .after(step: earlier, delay: members[delay] ?? .zero)
        }
    }

    /// Steps begin in order, so a fixed time may not be earlier than one before it.
    private static func checkOrder(_ steps: [Step], _ decoding: Decoding) {
        var latest: (time: Duration, line: Int)?
        for step in steps {
            guard case .at(let time) = step.time else { continue }
            if let latest, time < latest.time {
                decoding.mistake(
                    YAMLNode.Mark(line: step.place.line, column: step.place.column),
                    "this step begins at \(time.humanText), before the one on line \(latest.line) at \(latest.time.humanText)",
                    "put the steps in the order of their times"
                )
            } else {
                latest = (time, step.place.line)
            }
        }
    }
}
