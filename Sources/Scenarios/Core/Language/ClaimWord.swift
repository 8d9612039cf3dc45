// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// A word that says what an expectation claims: a row of the language's table.
struct ClaimWord: Sendable {
    let word: String
    let summary: String
    let example: String
    let shape: ValueShape
    /// True when the word's value holds the subject and all the rest.
    var holdsMembers = true
    /// False when it is about no subject.
    var takesSubject = true
    /// True when something must be said about requests, else nothing could fail.
    var needsCondition = true
    var takesHold = false
    var takesBounds = false
    /// Makes the claim of the word's value and its limits.
    let claim: @Sendable (YAMLNode?, Members) -> Claim?

    /// Every word, in the order of documentation.
    static let all: [ClaimWord] = [
        always, never, within, eventually, stays, sometimes, count, share, latency, order, sql,
    ]

    static func find(_ word: String) -> ClaimWord? { all.first { $0.word == word } }

    private static let members = ValueShape.record(RecordShape(name: "the expectation", fields: []))

    static let always = ClaimWord(
        word: "always",
        summary: "It is so every time, all the time.",
        example: "always: {traffic: shoppers, status: 200}",
        shape: members
    ) { _, _ in .always }

    private static let never = ClaimWord(
        word: "never",
        summary: "It is so at no time.",
        example: "never: {traffic: shoppers, status: 5xx}",
        shape: members
    ) { _, _ in .never }

    private static let eventually = ClaimWord(
        word: "eventually",
        summary: "It is so at some time; with `for`, for so long.",
        example: "eventually: {traffic: shoppers, status: 200}",
        shape: members,
        takesHold: true
    ) { _, _ in .eventually }

    private static let within = ClaimWord(
        word: "within",
        summary:
            "It is so at some time before the bound is over, counted from `after`; a state counts once that step has been carried out, and a status once it tells of the present spec.",
        example: "{within: 30s, after: rotate-certificate, traffic: {name: shoppers, certificate: newest}}",
        shape: Reader<Duration>.positiveDuration.shape,
        holdsMembers: false,
        takesHold: true
    ) { value, members in
        value.flatMap { Reader<Duration>.positiveDuration.read($0, members.decoding) }.map { .within($0) }
    }

    private static let count = ClaimWord(
        word: "count",
        summary: "So many are so.",
        example: "count: {traffic: shoppers, status: 502, at-least: 1, at-most: 40}",
        shape: members,
        needsCondition: false,
        takesBounds: true
    ) { _, members in
        bounds(members, in: "count") { node in
            Reader<Int>.integer(0...Int.max).read(node, members.decoding).map(Double.init)
        }.map { .count($0) }
    }

    private static let share = ClaimWord(
        word: "share",
        summary:
            "Such a share of all that count is so; with `of`, as close to it as chance lets so many requests be.",
        example: "share: {traffic: shoppers, served-by: canary, of: 20%, confidence: 99.9%}",
        shape: members,
        takesBounds: true
    ) { _, members in
        if members.has("calls") || members.has("event") {
            members.misplaced(
                members.has("calls") ? "calls" : "event",
                "share is about traffic and connections",
                "use count"
            )
        }
        if let wanted = members[ExpectationRecord.of] {
            let sure = members[ExpectationRecord.confidence] ?? 0.999
            if sure <= 0 || sure >= 1 {
                members.mistake("confidence", "no share is certain", "write a confidence such as 99.9%")
            }
            return .split(of: wanted, confidence: min(0.999_999, max(0.5, sure)))
        }
        return bounds(members, in: "share") { Reader<Double>.percentage.read($0, members.decoding) }.map {
            .share($0)
        }
    }

    private static let stays = ClaimWord(
        word: "stays",
        summary: "It is so all the time for so long, counted from `after`.",
        example: "{stays: 30s, after: rotate-certificate, traffic: {name: shoppers, status: 200}}",
        shape: Reader<Duration>.positiveDuration.shape,
        holdsMembers: false
    ) { value, members in
        if members.has("before") || members.has("until") {
            members.misplaced(
                members.has("before") ? "before" : "until",
                "\"stays\" says itself how long its window is",
                "leave it out"
            )
        }
        return value.flatMap { Reader<Duration>.positiveDuration.read($0, members.decoding) }.map { _ in
            .always
        }
    }

    private static let sometimes = ClaimWord(
        word: "sometimes",
        summary: "It is so at some time, in one at least of the runs that a sweep or several profiles make.",
        example: "sometimes: {traffic: shoppers, status: 502}",
        shape: members,
        takesHold: true
    ) { _, _ in .eventually }

    private static let latency = ClaimWord(
        word: "latency",
        summary: "So many in a hundred of the requests take no longer than that.",
        example: "latency: {traffic: shoppers, percentile: 99, at-most: 200ms}",
        shape: members,
        needsCondition: false,
        takesBounds: true
    ) { _, members in
        let perMille = Int(((members[ExpectationRecord.percentile] ?? 50) * 10).rounded())
        if !(1...1000).contains(perMille) {
            members.mistake("percentile", "a percentile lies between 0.1 and 100", "write 99 or 99.9")
        }
        return bounds(members, in: "latency") { node in
            Reader<Duration>.duration.read(node, members.decoding)?.inSeconds
        }.map { .latency(perMille: min(1000, max(1, perMille)), $0) }
    }

    private static let order = ClaimWord(
        word: "order",
        summary: "Each of several things begins to be so, in this order.",
        example: "order: [{servers: {healthy: 1}}, {event: {reason: SuccessfullyReconciled}}]",
        shape: .list(members),
        holdsMembers: false,
        takesSubject: false
    ) { value, members in
        guard let value, let items = value.items, items.count > 1 else {
            members.decoding.mistake(
                value?.mark ?? members.mark,
                "order needs a list of at least two things",
                "write `order: [{calls: {…}}, {event: {…}}]`"
            )
            return nil
        }
        return .order(items.compactMap { ExpectationRecord.subject(of: $0, members.decoding) })
    }

    private static let sql = ClaimWord(
        word: "sql",
        summary: "A query over the run's tables gives a value.",
        example: "{sql: SELECT count(*) FROM request WHERE status >= 500, equals: 0}",
        shape: Reader<String>.text.shape,
        holdsMembers: false,
        takesSubject: false,
        takesBounds: true
    ) { value, members in
        guard let value, let text = Reader<String>.text.read(value, members.decoding) else { return nil }
        if let problem = members.decoding.problem(ofQuery: text) {
            members.decoding.mistake(
                members.decoding.mark(ofWord: problem.word, in: value),
                problem.message,
                problem.suggestion
            )
        }
        if members.has("equals"), !members.has("at-least"), !members.has("at-most") {
            guard let node = members[ExpectationRecord.equals] else { return nil }
            return Reader<JSONValue>.scalarValue.read(node, members.decoding).map {
                .query(sql: text, .equals($0))
            }
        }
        let limits = bounds(members, in: "sql") { node in
            guard let number = Reader<JSONValue>.scalarValue.read(node, members.decoding) else { return nil }
            if let value = number.doubleValue { return value }
            members.decoding.mistake(
                node.mark,
                "expected a number, found \(node.found)",
                "write a number such as 0"
            )
            return nil
        }
        return limits.map { .query(sql: text, .bounds($0)) }
    }

    /// Reads limits; reports when there are none, or none that can be met.
    private static func bounds(
        _ members: Members,
        in word: String,
        _ read: (YAMLNode) -> Double?
    ) -> Bounds? {
        let fields = [ExpectationRecord.atLeast, ExpectationRecord.atMost, ExpectationRecord.equals]
        guard fields.contains(where: { members.has($0.key) }) else {
            members.decoding.mistake(
                members.mark,
                "\(word) needs a limit",
                "add `at-least: …`, `at-most: …` or `equals: …`"
            )
            return nil
        }
        if members.has("equals"), members.has("at-least") || members.has("at-most") {
            members.misplaced(
                "equals",
                "\"equals\" stands alone",
                "use \"at-least\" and \"at-most\" for a range"
            )
        }
        var bounds = Bounds()
        if let node = members[ExpectationRecord.atLeast] { bounds.atLeast = read(node) }
        if let node = members[ExpectationRecord.atMost] { bounds.atMost = read(node) }
        if let node = members[ExpectationRecord.equals], let value = read(node) {
            bounds = Bounds(atLeast: value, atMost: value)
        }
        if let least = bounds.atLeast, let most = bounds.atMost, least > most {
            members.mistake("at-least", "\"at-least\" is more than \"at-most\"", "swap the two")
        }
        return bounds
    }
}
