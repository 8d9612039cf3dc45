// SPDX-License-Identifier: Apache-2.0
import JSON

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
    static let all: [ClaimWord] = [always, never, within, eventually, count, share, sql]

    static func find(_ word: String) -> ClaimWord? { all.first { $0.word == word } }

    private static let members = ValueShape.record(RecordShape(name: "the expectation", fields: []))

    private static let always = ClaimWord(
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
        summary: "It is so at some time before the bound is over, counted from `after`.",
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
        summary: "Such a share of all that count is so.",
        example: "share: {traffic: shoppers, served-by: canary, at-least: 18%, at-most: 22%}",
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
        return bounds(members, in: "share") { Reader<Double>.percentage.read($0, members.decoding) }.map {
            .share($0)
        }
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
            members.decoding.mistake(value.mark, problem.message, problem.suggestion)
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
