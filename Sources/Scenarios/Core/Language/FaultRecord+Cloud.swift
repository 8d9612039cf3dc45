// SPDX-License-Identifier: Apache-2.0
import Ports

extension FaultRecord {
    /// The words that stand in place of an error code.
    private static let cloudWords = [
        "latency", "lost-reply", "hang", "throttle", "apply-part", "short-answer", "omit-rows", "fail-job",
        "hang-job",
    ]

    static let cloud: Kind = {
        let code = Field(
            "cloud",
            .text("an error code", example: "Throttling.User"),
            "The error code that calls answer; or `latency`, `lost-reply` (carried out, never answered), `hang` (neither), `throttle` (so many pass), `apply-part` (so many items are carried out), `short-answer` and `omit-rows` (lists in the answer lack items), `fail-job` and `hang-job` (accepted, and never done)."
        ).required
        let action = Field("action", .glob("an action", example: "UpdateRulesAttribute"), "Only this action.")
        let afterEffect = Field(
            "after-effect",
            .boolean,
            "True when the call has its effect and only the answer is an error, or late."
        )
        let rate = Field("rate", .rate, "How many calls pass, for `throttle`; each action has its own count.")
        let burst = Field(
            "burst",
            .integer(1...10_000),
            "How many calls pass at once, for `throttle`; 1 without it."
        )
        let job = Field(
            "code",
            .text("an error code", example: "SystemBusy"),
            "The code that the work ends with, for `fail-job`; the answer of `apply-part`, a success without it."
        )
        let items = Field(
            "items",
            .integer(0...1000),
            "How many items of a call are carried out, for `apply-part`, 1 without it; how many the lists in the answer lack at their end, for `short-answer`, all without it."
        )
        let values = Field(
            "values",
            Reader<[String]>.list(of: .text("a value", example: "10.0.0.12")),
            "The lists in the answer lack the rows that hold one of these, for `omit-rows`."
        )
        let fields = [
            AnyField(code), AnyField(action), AnyField(latency), AnyField(afterEffect), AnyField(rate),
            AnyField(burst), AnyField(job), AnyField(items), AnyField(values),
        ]
        return Kind(
            word: .cloud,
            summary: "Calls of the cloud fail, are slow, or are never answered.",
            example: "fault: {cloud: Throttling.User, action: UpdateRulesAttribute, for: 20s}",
            fields: fields
        ) { members in
            guard let word = members[code] else { return nil }
            needLatency(word == "latency", members)
            if let action = members[action] {
                members.decoding.checkAction(action, at: members.valueMark("action"))
            }
            if word == "throttle", !members.has("rate") {
                members.decoding.mistake(members.mark, "cloud: throttle needs \"rate\"", "add `rate: 5/s`")
            }
            if word == "omit-rows", members[values]?.isEmpty ?? true {
                members.decoding.mistake(
                    members.mark,
                    "cloud: omit-rows needs \"values\"",
                    "add `values: [10.0.0.12]`"
                )
            }
            if word.allSatisfy({ $0.isLowercase || $0 == "-" }), !cloudWords.contains(word) {
                members.mistake(
                    "cloud",
                    "\"\(word)\" is no error code and no word for a fault of the cloud",
                    NearMiss.nearest(to: word, in: cloudWords).map { "did you mean \"\($0)\"?" }
                        ?? "codes are spelled like Throttling.User; words are \(cloudWords.joined(separator: ", "))"
                )
            }
            let effect: CloudFaultSpec.Effect? =
                switch word {
                case "latency": members[latency].map { .latency($0) }
                case "lost-reply": .lostReply
                case "hang": .hang
                case "throttle":
                    members[rate].map {
                        .throttle(perSecond: 1 / $0.interval.inSeconds, burst: members[burst] ?? 1)
                    }
                case "apply-part": .applyPart(items: members[items] ?? 1, code: members[job])
                case "short-answer": .shortAnswer(items: members[items])
                case "omit-rows": .omitRows(members[values] ?? [])
                case "fail-job": .failJob(code: members[job] ?? "SystemBusy")
                case "hang-job": .hangJob
                default: .code(word)
                }
            return effect.map {
                .cloud(
                    CloudFaultSpec(
                        effect: $0,
                        action: members[action],
                        isAfterEffect: members[afterEffect] ?? false
                    )
                )
            }
        }
    }()
}
