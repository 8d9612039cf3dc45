// SPDX-License-Identifier: Apache-2.0

/// What may be said about streams that have ended.
enum StreamConditionRecord {
    private static let traffic = Field(
        "traffic",
        TrafficNames.reader,
        "Only streams of this traffic count."
    )
    private static let outcome = Field(
        "outcome",
        OutcomeWord.reader(OutcomeWord.streams),
        "How it ended: `finished` as the client wanted it, `server-ended`, `failed`, `no-answer`, `reset`, `closed` or another failure of the network."
    )
    private static let code = Field(
        "code",
        Reader<[Int]>.oneOrMany(of: .integer(0...4999)),
        "The WebSocket's close code or the gRPC status."
    )
    private static let servedBy = Field(
        "served-by",
        Reader<[Glob]>.oneOrMany(of: .glob("a pod or a Deployment", example: "tea or tea-*")),
        "Who was at the other end: a pod's name, a pattern, or a Deployment's name."
    )
    private static let answers = Field(
        "answers-within",
        .positiveDuration,
        "No answer to a message took longer."
    )
    private static let longer = Field("longer-than", .positiveDuration, "It was open for longer.")
    private static let shorter = Field("shorter-than", .positiveDuration, "It was open for less.")

    static let record = Record<StreamCondition>(
        "stream",
        fields: [
            AnyField(traffic), AnyField(outcome), AnyField(code), AnyField(servedBy), AnyField(answers),
            AnyField(longer), AnyField(shorter),
        ]
    ) { members in
        var condition = StreamCondition()
        condition.traffic = members[traffic] ?? []
        condition.outcome = members[outcome]
        condition.code = members[code]
        condition.servedBy = members[servedBy]?.map { ServerPattern(glob: $0) }
        condition.answersWithin = members[answers]
        condition.longerThan = members[longer]
        condition.shorterThan = members[shorter]
        return condition
    }
}
