// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// What may be said about calls that the API server answered.
enum APICallConditionRecord {
    private static let client = Field(
        "client",
        .glob("a host or a user agent", example: "controller"),
        "Who calls."
    )
    private static let verb = Field("verb", .glob("a verb", example: "patch"), "The verb.")
    private static let resource = Field(
        "resource",
        .text("a kind of object", example: "ingresses"),
        "The kind of object."
    )
    private static let path = Field("path", .glob("a path", example: "*/status"), "The path with its query.")
    private static let writes = Field(
        "writes",
        .boolean,
        "True for calls that change something, false for those that only read."
    )
    private static let status = Field("status", .status, "The status of the answer.")
    private static let reason = Field(
        "reason",
        .glob("a reason", example: "Conflict"),
        "The reason of a refusal."
    )

    private static let verbs = [
        "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection",
    ]

    /// Reports a verb that no call has.
    private static func checkVerb(_ members: Members) {
        guard let wanted = members[verb], !verbs.contains(where: wanted.matches) else { return }
        members.mistake(
            "verb",
            "the API has no verb \"\(wanted)\"",
            NearMiss.help(for: "\(wanted)", among: verbs)
        )
    }

    static let record = Record<APICallCondition>(
        "api-calls",
        fields: [
            AnyField(client), AnyField(verb), AnyField(resource), AnyField(path), AnyField(writes),
            AnyField(status), AnyField(reason),
        ]
    ) { members in
        checkVerb(members)
        return APICallCondition(
            client: members[client],
            verb: members[verb],
            resource: members[resource].flatMap {
                members.decoding.type(named: $0, at: members.valueMark("resource"))?.plural
            },
            path: members[path],
            isWrite: members[writes],
            status: members[status],
            reason: members[reason]
        )
    }
}

/// What may be counted in the cloud: a number for exactly so many, or limits.
enum CloudConditionRecord {
    private static let least = Field("at-least", .integer(0...1_000_000), "The least that there may be.")
    private static let most = Field("at-most", .integer(0...1_000_000), "The most that there may be.")

    /// A number, or its limits.
    static let number = Record<Bounds>(
        "limits",
        fields: [AnyField(least), AnyField(most)],
        shorthand: Reader<Int>.integer(0...1_000_000).map { Bounds(atLeast: Double($0), atMost: Double($0)) }
    ) { members in
        if !members.has("at-least"), !members.has("at-most") {
            members.decoding.mistake(members.mark, "this limits nothing", "write a number, or {at-most: 3}")
        }
        return Bounds(atLeast: members[least].map(Double.init), atMost: members[most].map(Double.init))
    }

    private static let kinds = CloudKind.allCases.map { kind in
        (kind, Field(kind.rawValue, number.reader, "How many \(kind.noun) there are."))
    }

    static let record = Record<CloudCondition>("cloud", fields: kinds.map { AnyField($0.1) }) { members in
        let parts = kinds.compactMap { kind, field in
            members[field].map { CloudCondition.Part(kind: kind, bounds: $0) }
        }
        if parts.isEmpty, kinds.allSatisfy({ !members.has($0.1.key) }) {
            members.decoding.mistake(members.mark, "this counts nothing", "write {load-balancers: 1}")
        }
        return CloudCondition(parts: parts)
    }
}

extension CloudKind {
    /// What to call several of them.
    var noun: String {
        switch self {
        case .certificates: "certificates in the certificate service"
        case .listenerCertificates: "certificates on listeners"
        case .acls: "access lists"
        default: rawValue.replacing("-", with: " ")
        }
    }
}

/// What may be said about healthy servers.
enum ServersConditionRecord {
    private static let deployment = Field(
        "deployment",
        .text("a name", example: "tea"),
        "Only pods of this Deployment count."
    )
    private static let healthy = Field(
        "healthy",
        CloudConditionRecord.number.reader,
        "How many are healthy in the eyes of the zone that sees the fewest: a number or its limits."
    ).required

    static let record = Record<ServersCondition>(
        "servers",
        fields: [AnyField(deployment), AnyField(healthy)]
    ) { members in
        members[healthy].map { ServersCondition(deployment: members[deployment], healthy: $0) }
    }
}

/// What may be said about the certificate of a Secret.
enum CertificateConditionRecord {
    private static let name = Field("name", .text("a Secret's name", example: "cafe-tls"), "The Secret.")
        .required
    private static let left = Field(
        "valid-for",
        .duration,
        "How long its certificate is still valid, at least."
    ).required

    static let record = Record<CertificateCondition>(
        "secret",
        fields: [AnyField(name), AnyField(ObjectTarget.namespace), AnyField(left)]
    ) { members in
        guard let secret = members[name], let time = members[left] else { return nil }
        return CertificateCondition(
            secret: ObjectReference(
                type: .secrets,
                namespace: members[ObjectTarget.namespace] ?? "default",
                name: secret
            ),
            left: time
        )
    }
}
