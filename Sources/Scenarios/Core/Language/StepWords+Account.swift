// SPDX-License-Identifier: Apache-2.0

extension StepWord {
    static let account: StepWord = {
        let arrears = Field(
            "arrears",
            .boolean,
            "True when the account owes money: its load balancers forward nothing and cannot be changed."
        )
        let quotas = Field(
            "quotas",
            Reader<[Named<Int>]>.map(of: .integer(0...1_000_000)),
            "Limits of the account, by name."
        )
        let transitions = Field(
            "transitions",
            Reader<[Named<ClosedRange<Duration>>]>.map(of: .durationRange),
            "How long state transitions take that begin from now on, by name."
        )
        let propagation = Field(
            "propagation",
            .durationRange,
            "From an accepted change to its use, drawn for each zone."
        )
        let batching = Field(
            "batching",
            .positiveDuration,
            "Zones take configurations at multiples of this only."
        )
        let fields = [
            AnyField(arrears), AnyField(quotas), AnyField(transitions), AnyField(propagation),
            AnyField(batching),
        ]
        let record = Record<StepAction>("account", fields: fields) { members in
            var edit = AccountEdit()
            edit.isInArrears = members[arrears]
            edit.quotas = CloudRecord.quotas(members[quotas] ?? [], members.decoding)
            edit.transitions = CloudRecord.transitions(members[transitions] ?? [], members.decoding)
            edit.propagation = members[propagation]
            edit.batching = members[batching]
            if edit == AccountEdit() {
                members.decoding.mistake(members.mark, "nothing to change", "write account: {arrears: true}")
            }
            return .account(edit)
        }
        return StepWord(
            "account",
            "Changes the cloud's account: limits, pace, debts; `clear-faults: cloud` takes it back.",
            example: "account: {quotas: {rules: 2}, propagation: 1s..3s}",
            record.reader
        )
    }()

    static let expireCertificate = StepWord(
        "expire-certificate",
        "Lets a certificate of the cloud's certificate service run out, by its name or id.",
        example: "expire-certificate: cafe-2026",
        Reader<String>.text("a name or an id", example: "cafe-2026").map { .expireCertificate($0) }
    )
}
