// SPDX-License-Identifier: Apache-2.0

extension StepWord {
    static let advance = StepWord(
        "advance",
        "Lets time pass, days as cheaply as seconds.",
        example: "advance: 1h",
        Reader<Duration>.positiveDuration.map { .wait($0) }
    )

    static let pause: StepWord = {
        let host = Field(
            "host",
            .text("a host", example: "controller"),
            "The host: `controller`, `leader`, `kubernetes`, `cloud`, a node."
        ).required
        let time = Field("for", .positiveDuration, "How long.").required
        let record = Record<StepAction>("pause", fields: [AnyField(host), AnyField(time)]) { members in
            guard let name = members[host], let duration = members[time] else { return nil }
            return .pause(name, duration)
        }
        return StepWord(
            "pause",
            "Makes a host look at nothing that arrives for a while; then it goes on with all of it.",
            example: "pause: {host: controller, for: 16s}",
            record.reader
        )
    }()

    static let upgrade: StepWord = {
        let profile = Field(
            "profile",
            .cases() as Reader<Scenario.Profile>,
            "The profile of the new version; the same without it."
        )
        let down = Field("for", .duration, "How long the controller is away.")
        let record = Record<StepAction>(
            "upgrade",
            fields: [AnyField(profile)] + ControllerRecord.changes + [AnyField(down)]
        ) { members in
            .upgrade(
                ControllerChange(
                    profile: members[profile],
                    defects: ControllerRecord.change(members),
                    down: members[down] ?? .seconds(2)
                )
            )
        }
        return StepWord(
            "upgrade",
            "Puts another version of the controller in the place of the present one.",
            example: "upgrade: {profile: oss, for: 5s}",
            record.reader
        )
    }()

    static let crashAtCall: StepWord = {
        let number = Field("number", .integer(1...100_000), "Behind the how many-th call from now.").required
        let action = Field("action", .glob("an action", example: "CreateRule*"), "Only this action counts.")
        let reads = Field("reads", .boolean, "True when calls that only read count too.")
        let down = Field("for", .duration, "How long the controller is away; 5s without it.")
        let fields = [AnyField(number), AnyField(action), AnyField(reads), AnyField(down)]
        let record = Record<StepAction>("crash-at-call", fields: fields) { members in
            if let action = members[action] {
                members.decoding.checkAction(action, at: members.valueMark("action"))
            }
            return members[number].map {
                .crashAtCall(
                    CrashPoint(
                        number: $0,
                        action: members[action],
                        countsReads: members[reads] ?? false,
                        down: members[down] ?? .seconds(5)
                    )
                )
            }
        }
        return StepWord(
            "crash-at-call",
            "Kills the controller as soon as the cloud has carried out one of its next calls, before the answer arrives, and starts it again.",
            example: "crash-at-call: {number: 3, action: CreateRule*}",
            record.reader
        )
    }()

    static let setCloud = StepWord(
        "set-cloud",
        "Changes the account's limits and pace from now on.",
        example: "set-cloud: {quotas: {rules: 20}}",
        CloudRecord.change.reader.map { .setCloud($0) }
    )
}
