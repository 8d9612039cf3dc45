// SPDX-License-Identifier: Apache-2.0

/// `expect`.
///
/// Everything about an expectation may stand inside the braces of its first word or beside it, so that
/// `always: {traffic: shoppers, status: 200}` and `within: 30s` with `traffic: …` below read alike.
enum ExpectationRecord {
    private static let name = Field("name", .name, "Its name, for reports.")
    private static let profiles = Field(
        "profile",
        Reader<[Scenario.Profile]>.oneOrMany(of: .cases()),
        "It counts under this profile only."
    )
    private static let figure = Field(
        "figure",
        .text("a text", example: "failed requests"),
        "What its number is called in reports, which print it."
    )
    private static let traffic = Field("traffic", TrafficNames.reader, "The traffic whose requests count.")
    private static let connection = Field(
        "connection",
        ConnectionConditionRecord.record.reader,
        "Connections as their clients saw them."
    )
    private static let stream = Field(
        "stream",
        StreamConditionRecord.record.reader,
        "WebSockets and calls of gRPC that have ended, as their clients saw them."
    )
    private static let object = Field(
        "object",
        ObjectConditionReader.reader,
        "The state of an object, as a part of it."
    )
    private static let gone = Field("gone", ObjectConditionReader.reader, "That there is no such object.")
    private static let event = Field(
        "event",
        EventConditionRecord.record.reader,
        "Events that components report."
    )
    private static let calls = Field("calls", callsReader, "Calls that the cloud answered.")
    private static let after = Field("after", .moment, "Where the window begins: a step or a time.")
    private static let from = Field("from", .moment, "Where the window begins: a time or a step.")
    private static let before = Field("before", .moment, "Where the window ends: a step or a time.")
    private static let until = Field("until", .moment, "Where the window ends: a time or a step.")
    private static let hold = Field(
        "for",
        holdReader,
        "How long it must stay so: a duration, or `rest` for the rest of the window."
    )
    static let atLeast = Field("at-least", .scalarNode, "The least that there may be.")
    static let atMost = Field("at-most", .scalarNode, "The most that there may be.")
    static let of = Field("of", .percentage, "The share that is meant, for `share`.")
    static let confidence = Field(
        "confidence",
        .percentage,
        "How sure to be that chance is not the reason, for `of`; 99.9% without it."
    )
    static let percentile = Field(
        "percentile",
        .decimal,
        "How many in a hundred, for `latency`; 50 without it."
    )
    private static let apiCalls = Field(
        "api-calls",
        APICallConditionRecord.record.reader,
        "Calls that the API server answered."
    )
    private static let cloud = Field(
        "cloud",
        CloudConditionRecord.record.reader,
        "How many resources there are in the cloud, by kind."
    )
    private static let servers = Field(
        "servers",
        ServersConditionRecord.record.reader,
        "How many servers the load balancers hold for healthy."
    )
    private static let secret = Field(
        "secret",
        CertificateConditionRecord.record.reader,
        "How long the certificate of a Secret is still valid."
    )
    static let equals = Field("equals", .scalarNode, "Exactly what there must be.")

    static let subjects = [
        "traffic", "connection", "stream", "object", "gone", "event", "calls", "api-calls", "cloud",
        "servers",
        "secret",
    ]
    private static let bounds = [AnyField(atLeast), AnyField(atMost), AnyField(equals)]

    private static let callsReader: Reader<CallCondition> = Record<CallCondition>(
        "calls",
        fields: CallConditionRecord.fields
    ) { members in CallConditionRecord.condition(members) }.reader

    private static let holdReader = Reader<Hold>.scalar(ScalarShape("a duration", example: "1m, or rest")) {
        text throws(ValueProblem) in
        text == "rest" ? .toTheEnd : .lasting(try HumanDuration.parse(text))
    }

    static let fields: [AnyField] =
        [
            AnyField(traffic), AnyField(connection), AnyField(stream), AnyField(object), AnyField(gone),
            AnyField(event), AnyField(calls), AnyField(apiCalls), AnyField(cloud), AnyField(servers),
            AnyField(secret),
        ] + TrafficConditionFields.claims + TrafficConditionFields.scopes + [
            AnyField(after), AnyField(from), AnyField(before), AnyField(until), AnyField(hold),
            AnyField(name), AnyField(profiles), AnyField(figure),
            AnyField(of), AnyField(confidence), AnyField(percentile),
        ] + bounds

    static let shape: ValueShape = .list(
        .record(
            RecordShape(
                name: "an expectation",
                fields: ClaimWord.all.map {
                    FieldShape(key: $0.word, value: $0.shape, isRequired: false, summary: $0.summary)
                } + fields.map(\.described)
            )
        )
    )

    static let reader = Reader<[Expectation]>(shape) { node, decoding in
        guard let items = node.items else {
            decoding.mistake(
                node.mark,
                "expected a list of expectations, found \(node.found)",
                "begin each expectation with '-'"
            )
            return nil
        }
        return items.compactMap { expectation($0, decoding) }
    }

    private static func expectation(_ item: YAMLNode, _ decoding: Decoding) -> Expectation? {
        guard let entries = item.entries, let first = entries.first else {
            decoding.mistake(
                item.mark,
                "expected an expectation, found \(item.found)",
                "write `- always: {traffic: …, status: 200}`"
            )
            return nil
        }
        guard let (word, value, rest) = claim(entries, at: item.mark, decoding) else { return nil }
        guard let flat = flattened(word, value, rest, decoding) else { return nil }
        let place = decoding.place(first.key.mark)
        let known = decoding.mistakes.count
        let record = Record<Expectation>("the expectation", fields: fields) { members in
            build(word, value, members, place, mistakes: known)
        }
        return record.decode(flat, at: item.mark, decoding)
    }

    // MARK: All together

    private static func build(
        _ word: ClaimWord,
        _ value: YAMLNode?,
        _ members: Members,
        _ place: SourcePlace,
        mistakes known: Int
    ) -> Expectation? {
        // Everything is read even when something is missing, so that all mistakes are found at once.
        var window = window(members)
        let claim = word.claim(value, members)
        if word.word == "stays", let value, let time = try? HumanDuration.parse(value.keyText) {
            window.before = window.after.map { $0.later(by: time) } ?? .time(time)
            window.text += "\(window.text.isEmpty ? "" : ", ")for \(time.humanText)"
        }
        let subject = word.takesSubject ? subject(members) : nil
        check(word, members)
        if !word.takesSubject {
            for key in subjects + ["after", "from", "before", "until"] where members.has(key) {
                members.misplaced(
                    key,
                    "\(word.word) takes no \"\(key)\"",
                    word.word == "sql" ? "say it in the query" : "say it in the list"
                )
            }
        }
        guard let claim, subject != nil || !word.takesSubject else { return nil }
        // What was written and could not be read has been reported; only true silence is a mistake of its own.
        if let subject, !says(subject), word.needsCondition, members.decoding.mistakes.count == known {
            let (noun, help) =
                members.has("connection")
                ? ("connections", "add `outcome: …`, `certificate: …` or `version: …`")
                : members.has("stream")
                    ? ("streams", "add `outcome: finished`, `code: …` or `longer-than: …`")
                    : ("requests", "add `status: 200`, `outcome: …`, `served-by: …` or `certificate: …`")
            members.decoding.mistake(members.mark, "this says nothing about the \(noun)", help)
        }
        var expectation = Expectation(
            name: members[name],
            claim: claim,
            subject: subject,
            window: window,
            hold: members[hold],
            place: place
        )
        expectation.profiles = members[profiles]
        expectation.figure = members[figure]
        expectation.isSometimes = word.word == "sometimes"
        return expectation
    }

    private static func says(_ subject: Subject) -> Bool {
        switch subject {
        case .traffic(let condition): !condition.isEmpty
        case .connections(let condition): !condition.isEmpty
        case .streams(let condition): !condition.isEmpty
        default: true
        }
    }

    private static func subject(_ members: Members) -> Subject? {
        guard let key = members.one(of: subjects, in: "the expectation") else { return nil }
        if key != "traffic" {
            for field in TrafficConditionFields.claims + TrafficConditionFields.scopes
            where members.has(field.key) {
                members.misplaced(field.key, "\"\(field.key)\" belongs to \"traffic\"", "leave it out")
            }
        }
        switch key {
        case "traffic":
            guard let names = members[traffic] else { return nil }
            var condition = TrafficCondition(traffic: names)
            TrafficConditionFields.read(members, into: &condition)
            return .traffic(condition)
        case "connection": return members[connection].map(Subject.connections)
        case "stream": return members[stream].map(Subject.streams)
        case "object": return members[object].map(Subject.object)
        case "gone": return members[gone].map(Subject.gone)
        case "event": return members[event].map(Subject.events)
        case "calls": return members[calls].map(Subject.calls)
        case "api-calls": return members[apiCalls].map(Subject.apiCalls)
        case "cloud": return members[cloud].map(Subject.cloud)
        case "servers": return members[servers].map(Subject.servers)
        default: return members[secret].map(Subject.certificate)
        }
    }

    /// One of the things of `order`: a subject, on one level or in braces.
    static func subject(of node: YAMLNode, _ decoding: Decoding) -> Subject? {
        guard let entries = node.entries else {
            decoding.mistake(
                node.mark,
                "expected a mapping with one of \(subjects.joined(separator: ", ")), found \(node.found)",
                "write {traffic: …, status: 200}"
            )
            return nil
        }
        guard let flat = flattened(ClaimWord.always, nil, entries, decoding) else { return nil }
        return Record<Subject>("an item of order", fields: fields) { subject($0) }
            .decode(flat, at: node.mark, decoding)
    }

    private static func window(_ members: Members) -> Window {
        func one(_ first: Field<WrittenMoment>, _ second: Field<WrittenMoment>) -> WrittenMoment? {
            if members.has(first.key), members.has(second.key) {
                members.misplaced(
                    second.key,
                    "\"\(first.key)\" and \"\(second.key)\" mean the same here",
                    "keep one of the two"
                )
            }
            return members[first] ?? members[second]
        }
        let begin = one(after, from)
        let end = one(before, until)
        var texts: [String] = []
        if let begin { texts.append("after \(begin.text)") }
        if let end { texts.append("before \(end.text)") }
        if case .time(let start)? = begin?.moment, case .time(let stop)? = end?.moment, stop <= start {
            members.misplaced(
                members.has("before") ? "before" : "until",
                "the window ends before it begins",
                "swap the two"
            )
        }
        return Window(after: begin?.moment, before: end?.moment, text: texts.joined(separator: ", "))
    }

    /// Reports what does not go with the claim.
    private static func check(_ word: ClaimWord, _ members: Members) {
        if members.has("for"), !word.takesHold {
            members.misplaced(
                "for",
                "\"for\" belongs to within and eventually",
                "set the window with \"after\" and \"before\""
            )
        }
        if !word.takesBounds {
            for key in ["at-least", "at-most", "equals"] where members.has(key) {
                members.misplaced(
                    key,
                    "\"\(key)\" belongs to count, share and sql",
                    "leave it out, or begin with `count:`"
                )
            }
        }
        if word.takesBounds, word.takesSubject {
            for key in ["object", "gone"] where members.has(key) {
                members.misplaced(
                    key,
                    "the states of an object cannot be counted",
                    "use always, never, within or eventually"
                )
            }
        }
    }
}

extension Reader where Value == YAMLNode {
    /// A scalar that its owner reads later.
    static var scalarNode: Reader {
        let shape = ValueShape.scalar(ScalarShape("a number, a percentage or a text"))
        return Reader(shape) { node, decoding in
            guard node.scalar != nil else {
                decoding.wrongType(node, shape)
                return nil
            }
            return node
        }
    }
}
