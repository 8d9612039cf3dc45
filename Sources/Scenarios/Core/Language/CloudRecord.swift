// SPDX-License-Identifier: Apache-2.0

/// `cloud`.
enum CloudRecord {
    private static let region = Field("region", .text("a region", example: "cn-hangzhou"), "The region.")
    private static let zones = Field(
        "zones",
        Reader<[String]>.list(of: .text("a zone", example: "cn-hangzhou-h")),
        "The zones, in order."
    )
    private static let propagation = Field(
        "propagation",
        .durationRange,
        "From an accepted change to its use, drawn for each zone."
    )
    private static let batching = Field(
        "batching",
        .duration,
        "Zones take changes at multiples of this only."
    )
    private static let oldConnections = Field(
        "old-connections",
        .positiveDuration,
        "How long requests and streams that began under an older configuration may go on once there is a newer one, as with proxies that reload; for ever without it, as ALB has it."
    )
    private static let transitions = Field(
        "transitions",
        Reader<[Named<ClosedRange<Duration>>]>.map(of: .durationRange),
        "How long state transitions take, by name."
    )
    private static let quotas = Field(
        "quotas",
        Reader<[Named<Int>]>.map(of: .integer(0...1_000_000)),
        "Limits of the account, by name."
    )

    static let record = Record<CloudSpec>(
        "cloud",
        fields: [
            AnyField(region), AnyField(zones), AnyField(propagation), AnyField(batching),
            AnyField(transitions), AnyField(quotas), AnyField(oldConnections),
        ]
    ) { members in
        var spec = pace(members)
        spec.region = members[region]
        spec.zones = members[zones]
        spec.oldConnections = members[oldConnections]
        return spec
    }

    /// What may be changed while the account is in use.
    static let change = Record<CloudSpec>(
        "set-cloud",
        fields: [AnyField(propagation), AnyField(batching), AnyField(transitions), AnyField(quotas)]
    ) { members in
        let spec = pace(members)
        let isEmpty = !["propagation", "batching", "transitions", "quotas"].contains(where: members.has)
        if spec == CloudSpec(), isEmpty {
            members.decoding.mistake(
                members.mark,
                "this changes nothing",
                "add `quotas: {rules: 20}`, for example"
            )
        }
        return spec
    }

    private static func pace(_ members: Members) -> CloudSpec {
        var spec = CloudSpec()
        spec.batching = members[batching]
        spec.propagation = members[propagation]
        spec.transitions = transitions(members[transitions] ?? [], members.decoding)
        spec.quotas = quotas(members[quotas] ?? [], members.decoding)
        return spec
    }

    /// State transitions by names that are known.
    static func transitions(
        _ named: [Named<ClosedRange<Duration>>],
        _ decoding: Decoding
    ) -> [CloudSpec.Transition] {
        named.map { named in
            check(named.name, named.mark, "state transition", decoding.vocabulary.transitions, decoding)
            return CloudSpec.Transition(name: named.name, time: named.value)
        }
    }

    /// Quotas by names that are known.
    static func quotas(_ named: [Named<Int>], _ decoding: Decoding) -> [CloudSpec.Quota] {
        named.map { named in
            check(named.name, named.mark, "quota", decoding.vocabulary.quotas, decoding)
            return CloudSpec.Quota(name: named.name, limit: named.value)
        }
    }

    private static func check(
        _ name: String,
        _ mark: YAMLNode.Mark,
        _ noun: String,
        _ known: [String],
        _ decoding: Decoding
    ) {
        guard !known.isEmpty, !known.contains(name) else { return }
        decoding.mistake(mark, "unknown \(noun) \"\(name)\"", NearMiss.help(for: name, among: known))
    }
}

/// `network`.
enum NetworkRecord {
    private static let latency = Field("latency", .durationRange, "How long a packet takes.")
    private static let loss = Field("loss", .percentage, "The share of packets that is lost.")
    private static let links = Field(
        "links",
        Reader<[NetworkSpec.Link]>.list(of: link.reader),
        "Ways between two hosts with a quality of their own."
    )

    static let record = Record<NetworkSpec>(
        "network",
        fields: [AnyField(latency), AnyField(loss), AnyField(links)]
    ) { members in
        var spec = NetworkSpec()
        spec.latency = members[latency]
        spec.loss = members[loss]
        spec.links = members[links] ?? []
        return spec
    }

    /// Two hosts.
    static let pair = Reader<[String]>.list(of: .text("a host", example: "controller"))
        .tryMap { hosts throws(ValueProblem) in
            guard hosts.count == 2 else {
                throw ValueProblem(
                    "expected two hosts, found \(hosts.count)",
                    "write [controller, kubernetes]"
                )
            }
            return hosts
        }

    private static let between = Field("between", pair, "The two hosts.").required
    private static let link = Record<NetworkSpec.Link>(
        "a link",
        fields: [AnyField(between), AnyField(latency), AnyField(loss)]
    ) { members in
        guard let hosts = members[between] else { return nil }
        return NetworkSpec.Link(hosts: hosts, latency: members[latency], loss: members[loss])
    }
}
