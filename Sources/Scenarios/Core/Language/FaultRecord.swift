// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// `fault`: the first word says what is hit, the others how.
enum FaultRecord {
    /// A kind of fault: a row of the language's table.
    struct Kind: Sendable {
        let word: FaultSpec.Word
        let summary: String
        let example: String
        let fields: [AnyField]
        let effect: @Sendable (Members) -> FaultSpec.Effect?
    }

    private static let duration = Field(
        "for",
        .positiveDuration,
        "How long it lasts; until it is cleared without it."
    )
    private static let times = Field("times", .integer(1...1_000_000), "How many times it strikes.")
    private static let probability = Field("probability", .percentage, "The chance that it strikes.")
    static let latency = Field("latency", .durationRange, "What it takes longer.")
    static let client = Field(
        "client",
        .text("a host", example: "controller"),
        "Only what this host asks."
    )
    static let resource = Field("resource", resourceReader, "Only this kind of object.")

    private static let kinds: [Kind] = [cloud, kubernetes, watch, network]
    private static let byWord = Dictionary(uniqueKeysWithValues: kinds.map { ($0.word.rawValue, $0) })

    static let reader: Reader<StepAction> = {
        let shape = ValueShape.either(kinds.map { .record(record($0).shape) })
        return Reader(shape) { node, decoding in
            let words = kinds.map(\.word.rawValue)
            guard let entries = node.entries else {
                decoding.mistake(
                    node.mark,
                    "expected a mapping that begins with one of \(words.joined(separator: ", ")), found \(node.found)",
                    "write fault: {cloud: Throttling.User, for: 20s}"
                )
                return nil
            }
            let heads = entries.filter { words.contains($0.key.keyText) }
            guard let head = heads.first, let kind = byWord[head.key.keyText] else {
                let strange = entries.first { NearMiss.nearest(to: $0.key.keyText, in: words) != nil }
                let help =
                    strange.flatMap { NearMiss.help(for: $0.key.keyText, among: words) }
                    ?? "begin with `cloud: …` and an error code, for example"
                decoding.mistake(
                    strange?.key.mark ?? node.mark,
                    "a fault needs one of \(words.joined(separator: ", "))",
                    help
                )
                return nil
            }
            if heads.count > 1 {
                decoding.mistake(
                    heads[1].key.mark,
                    "a fault hits one thing, found \(head.key.keyText) and \(heads[1].key.keyText)",
                    "make two steps"
                )
                return nil
            }
            return record(kind).decode(entries, at: node.mark, decoding).map { .fault($0) }
        }
    }()

    private static func record(_ kind: Kind) -> Record<FaultSpec> {
        let fields = kind.fields + [AnyField(duration), AnyField(times), AnyField(probability)]
        return Record("a \(kind.word.rawValue) fault", fields: fields) { members in
            kind.effect(members).map {
                FaultSpec(
                    effect: $0,
                    duration: members[duration],
                    times: members[times],
                    probability: members[probability] ?? 1
                )
            }
        }
    }

    // MARK: The kinds

    private static let network: Kind = {
        let action = Field("network", .cases() as Reader<NetworkFaultSpec.Action>, "What happens to packets.")
            .required
        let between = Field("between", NetworkRecord.pair, "The two hosts between which it happens.")
        let host = Field("host", .text("a host", example: "node-1"), "The host that it happens to.")
        let loss = Field("loss", .percentage, "The share that is lost, for `loss`.")
        return Kind(
            word: .network,
            summary: "Packets are lost or slow.",
            example: "fault: {network: cut, between: [controller, cloud], for: 30s}",
            fields: [AnyField(action), AnyField(between), AnyField(host), AnyField(loss), AnyField(latency)]
        ) { members in
            guard let word = members[action],
                let place = members.one(of: ["between", "host"], in: "a network fault")
            else { return nil }
            needLatency(word == .latency, members)
            if word == .loss, !members.has("loss") {
                members.decoding.mistake(members.mark, "network: loss needs \"loss\"", "add `loss: 10%`")
            }
            let hosts = place == "host" ? members[host].map { [$0] } : members[between]
            return hosts.map {
                .network(
                    NetworkFaultSpec(action: word, hosts: $0, loss: members[loss], latency: members[latency])
                )
            }
        }
    }()

    static func needLatency(_ isNeeded: Bool, _ members: Members) {
        guard isNeeded, !members.has("latency") else { return }
        members.decoding.mistake(
            members.mark,
            "a fault that slows things down needs \"latency\"",
            "add `latency: 2s`"
        )
    }

    /// A resource by any of its names, as its plural.
    private static let resourceReader = Reader<String>(
        .scalar(ScalarShape("a kind of object", example: "ingresses"))
    ) { node, decoding in
        guard let scalar = node.scalar, !scalar.isNull else {
            decoding.wrongType(node, .scalar(ScalarShape("a kind of object", example: "ingresses")))
            return nil
        }
        return decoding.type(named: scalar.text, at: node.mark)?.plural
    }

    /// The kinds, for documentation.
    static var words: [WordShape] {
        kinds.map { kind in
            WordShape(
                word: kind.word.rawValue,
                summary: kind.summary,
                example: kind.example,
                value: .record(record(kind).shape)
            )
        }
    }
}

extension Decoding {
    /// Reports an action that the cloud has not, when the actions are known.
    func checkAction(_ action: Glob, at mark: YAMLNode.Mark) {
        let known = vocabulary.cloudActions
        guard !known.isEmpty, !known.contains(where: { action.matches($0) }) else { return }
        let near =
            NearMiss.nearest(to: action.pattern, in: known).map { "did you mean \"\($0)\"?" }
            ?? "actions are spelled like \(known[0])"
        mistake(mark, "the cloud has no action \"\(action)\"", near)
    }
}
