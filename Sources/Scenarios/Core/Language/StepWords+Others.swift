// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

extension StepWord {
    static let rotateCertificate: StepWord = {
        let secret = Field(
            "secret",
            .text("a Secret's name", example: "cafe-tls"),
            "The Secret that gets another certificate."
        ).required
        let hosts = Field(
            "hosts",
            Reader<[String]>.oneOrMany(of: .text("a host name", example: "cafe.example.com")),
            "The names in the certificate; those of the present one without it."
        )
        let validity = Field("valid-for", .positiveDuration, "How long it is valid; 90 days without it.")
        let expired = Field("expired", .boolean, "True for a certificate that is already over.")
        let broken = Field(
            "broken",
            .cases() as Reader<CertificateRotation.Damage>,
            "What is wrong with the new Secret."
        )
        let fields = [
            AnyField(secret), AnyField(ObjectTarget.namespace), AnyField(hosts), AnyField(validity),
            AnyField(expired),
            AnyField(broken),
        ]
        let record = Record<StepAction>("rotate-certificate", fields: fields) { members in
            guard let name = members[secret] else { return nil }
            let reference = ObjectReference(
                type: .secrets,
                namespace: members[ObjectTarget.namespace] ?? "default",
                name: name
            )
            // With names of its own it may make a Secret that was not there.
            if members.has("hosts") {
                members.decoding.learnSecret(reference, at: members.mark)
            } else {
                members.decoding.checkExists(reference, at: members.valueMark("secret"))
            }
            if members[expired] == true, members.has("valid-for") {
                members.misplaced(
                    "valid-for",
                    "a certificate that is over takes no \"valid-for\"",
                    "keep one of the two"
                )
            }
            return .rotateCertificate(
                CertificateRotation(
                    secret: reference,
                    hosts: members[hosts],
                    validity: members[validity],
                    isExpired: members[expired] ?? false,
                    damage: members[broken]
                )
            )
        }
        return StepWord(
            "rotate-certificate",
            "Puts another certificate into a TLS Secret.",
            example: "rotate-certificate: {secret: cafe-tls}",
            record.reader
        )
    }()

    static let fault = StepWord(
        "fault",
        "Makes something go wrong, for a while or so many times.",
        example: "fault: {cloud: Throttling.User, action: UpdateRulesAttribute, for: 20s}",
        FaultRecord.reader
    )

    static let clearFaults: StepWord = {
        let word = (.cases() as Reader<FaultSpec.Word>)
        let shape = ValueShape.choice(FaultSpec.Word.allCases.map(\.rawValue) + ["all"])
        let reader = Reader<StepAction>(shape) { node, decoding in
            if node.isNull || node.scalar?.text == "all" { return .clearFaults(nil) }
            guard let scalar = node.scalar, FaultSpec.Word(rawValue: scalar.text) != nil else {
                decoding.wrongType(
                    node,
                    shape,
                    NearMiss.nearest(to: node.keyText, in: FaultSpec.Word.allCases.map(\.rawValue))
                        .map { "did you mean \"\($0)\"?" }
                )
                return nil
            }
            return word.read(node, decoding).map { .clearFaults($0) }
        }
        return StepWord(
            "clear-faults",
            "Ends faults: those of one word, or all.",
            example: "clear-faults: cloud",
            reader
        )
    }()

    static let wait = StepWord(
        "wait",
        "Does nothing for a while.",
        example: "wait: 10s",
        Reader<Duration>.positiveDuration.map { .wait($0) }
    )

    static let note = StepWord(
        "note",
        "Leaves a remark in the trace.",
        example: "note: the second rollout begins",
        Reader<String>.text.map { .note($0) }
    )

    static let probe: StepWord = {
        let request = Field("request", .request, "What is asked for.").required
        let fields =
            [
                AnyField(request), AnyField(TrafficRecord.protocol), AnyField(TrafficRecord.headers),
                AnyField(TrafficRecord.body), AnyField(TrafficRecord.timeout), AnyField(TrafficRecord.to),
            ] + TrafficConditionFields.claims
        let shorthand = Reader<RequestLine>.request
        let name: @Sendable (Decoding) -> String = { $0.currentStep.name ?? "probe-\($0.currentStep.number)" }
        let record = Record<ProbeSpec>(
            "probe",
            fields: fields,
            shorthand: Reader<ProbeSpec>(shorthand.shape) { node, decoding in
                shorthand.read(node, decoding).map {
                    ProbeSpec(
                        name: name(decoding),
                        request: $0,
                        protocol: .auto,
                        headers: [],
                        body: "",
                        timeout: TrafficRecord.usualTimeout,
                        albConfig: nil
                    )
                }
            }
        ) { members in
            guard let line = members[request] else { return nil }
            let title = name(members.decoding)
            var condition = TrafficCondition(traffic: [title])
            TrafficConditionFields.read(members, into: &condition)
            if !condition.isEmpty {
                members.decoding.probeExpectations.append(
                    Expectation(
                        claim: .always,
                        subject: .traffic(condition),
                        place: members.decoding.place(members.mark)
                    )
                )
            }
            members.checkAlbConfigLater(TrafficRecord.to)
            return ProbeSpec(
                name: title,
                request: line,
                protocol: members[TrafficRecord.protocol] ?? .auto,
                headers: members[TrafficRecord.headers] ?? [],
                body: members[TrafficRecord.body] ?? "",
                timeout: members[TrafficRecord.timeout] ?? TrafficRecord.usualTimeout,
                albConfig: members[TrafficRecord.to]
            )
        }
        return StepWord(
            "probe",
            "Sends one request, and says what must become of it.",
            example: "probe: {request: \"GET https://cafe.example.com/tea\", status: 200}",
            record.reader.map { .probe($0) }
        )
    }()
}
