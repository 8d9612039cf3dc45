// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// What became of a request or a connection: the words of the trace, with hyphens for blanks.
enum OutcomeWord {
    /// What a request can come to.
    static let requests = [
        "answered", "refused", "reset", "timed-out", "unreachable", "unresolved", "closed", "stopped",
        "malformed-answer", "tls-alert-*", "certificate-expired", "certificate-not-yet-valid",
        "certificate-name-mismatch", "certificate-authority-unknown", "certificate-self-signed",
        "certificate-signature-bad", "certificate-issuer-is-no-authority", "certificate-not-for-servers",
        "certificate-unreadable",
    ]
    /// What a connection can come to.
    static let connections = ["open"] + requests.filter { $0 != "answered" && $0 != "malformed-answer" }

    /// How a stream can end.
    static let streams = [
        "finished", "server-ended", "failed", "no-answer", "malformed-message", "reset", "closed",
        "timed-out", "unreachable", "stopped",
    ]

    /// Reads words, any of which fits; `*` stands for anything.
    static func reader(_ known: [String]) -> Reader<[Glob]> {
        let shape = ScalarShape("an outcome", example: "\(known[0]), refused or certificate-*")
        return Reader<[Glob]>.oneOrMany(
            of: .scalar(shape) { text throws(ValueProblem) in
                // The trace has blanks where a scenario has hyphens.
                let written = text.replacing(" ", with: "-")
                let glob = Glob(written)
                let isKnown = known.contains { word in
                    glob.matches(word) || (word.hasSuffix("*") && written.hasPrefix(word.dropLast()))
                }
                guard isKnown else {
                    throw ValueProblem(
                        "unknown outcome \"\(text)\"",
                        NearMiss.help(for: written, among: known)
                    )
                }
                return Glob(written.replacing("-", with: "?"))
            }
        )
    }
}

extension Reader where Value == CertificatePattern {
    /// `newest`, a subject or a serial.
    static var certificate: Reader {
        scalar(ScalarShape("a certificate", example: "newest, a serial or a name")) {
            text throws(ValueProblem) in
            if text == "newest" { return .newest }
            if let meant = NearMiss.nearest(to: text, in: ["newest"]), text != meant, text.count < 9 {
                throw ValueProblem("unknown certificate \"\(text)\"", "did you mean \"newest\"?")
            }
            return .named(Glob(text))
        }
    }
}

extension Reader where Value == [HeaderCondition] {
    /// Names with a pattern of their value, or with nothing when the field may not be there.
    static var headerConditions: Reader {
        let value = Reader<Glob?>(
            .scalar(ScalarShape("a pattern of the value", example: "https://*"))
        ) { node, decoding in
            if node.isNull { return .some(nil) }
            guard let text = node.scalar?.text else {
                decoding.wrongType(node, .scalar(ScalarShape("a pattern of the value", example: "https://*")))
                return nil
            }
            return .some(Glob(text))
        }
        return Reader<[Named<Glob?>]>.map(of: value).map { fields in
            fields.map { HeaderCondition(name: $0.name.lowercased(), value: $0.value) }
        }
    }
}

/// What may be said about requests, in expectations and in probes.
enum TrafficConditionFields {
    static let host = Field(
        "host",
        .glob("a host name", example: "cafe.example.com"),
        "Only requests to such a host count."
    )
    static let path = Field("path", .glob("a path", example: "/tea*"), "Only requests for such a path count.")
    static let status = Field("status", .status, "The status of the answer.")
    static let outcome = Field(
        "outcome",
        OutcomeWord.reader(OutcomeWord.requests),
        "What became of the request."
    )
    static let servedBy = Field(
        "served-by",
        Reader<[Glob]>.oneOrMany(of: .glob("a pod or a Deployment", example: "tea or tea-*")),
        "Who answered: a pod's name, a pattern, or a Deployment's name."
    )
    static let certificate = Field(
        "certificate",
        .certificate,
        "The certificate that was shown: `newest`, a serial or a name."
    )
    static let headers = Field(
        "headers",
        .headerConditions,
        "Header fields of the answer: a pattern of the value for each name, or nothing for one that is not there."
    )
    static let sameServer = Field(
        "same-server",
        .boolean,
        "True when it must be answered by whoever answered its traffic first: a session that goes on."
    )
    static let fasterThan = Field("faster-than", .positiveDuration, "It took less.")
    static let slowerThan = Field("slower-than", .duration, "It took more.")

    /// What is said about a request.
    static let claims: [AnyField] = [
        AnyField(status), AnyField(outcome), AnyField(servedBy), AnyField(certificate), AnyField(headers),
        AnyField(fasterThan), AnyField(slowerThan), AnyField(sameServer),
    ]
    /// Which requests count.
    static let scopes: [AnyField] = [AnyField(host), AnyField(path)]

    static func read(_ members: Members, into condition: inout TrafficCondition) {
        condition.host = members[host]
        condition.path = members[path]
        condition.status = members[status]
        condition.outcome = members[outcome]
        condition.servedBy = members[servedBy]?.map { ServerPattern(glob: $0) }
        condition.certificate = members[certificate]
        condition.headers = members[headers] ?? []
        condition.fasterThan = members[fasterThan]
        condition.isSameServer = members[sameServer] ?? false
        condition.slowerThan = members[slowerThan]
        if let limit = members[fasterThan], let floor = members[slowerThan], limit <= floor {
            members.mistake(
                "slower-than",
                "no request is both faster than \(limit.humanText) and slower than \(floor.humanText)",
                "make slower-than the shorter one"
            )
        }
    }
}

/// What may be said about connections.
enum ConnectionConditionRecord {
    private static let traffic = Field(
        "traffic",
        TrafficNames.reader,
        "Only connections of this traffic count."
    )
    private static let serverName = Field(
        "server-name",
        .glob("a host name", example: "cafe.example.com"),
        "Only connections that ask for such a TLS name count."
    )
    private static let outcome = Field(
        "outcome",
        OutcomeWord.reader(OutcomeWord.connections),
        "What became of the connection."
    )
    private static let certificate = Field("certificate", .certificate, "The certificate that was shown.")
    private static let version = Field(
        "version",
        .glob("a version of HTTP", example: "HTTP/2.0"),
        "The version of HTTP that it speaks."
    )

    static let record = Record<ConnectionCondition>(
        "connection",
        fields: [
            AnyField(traffic), AnyField(serverName), AnyField(outcome), AnyField(certificate),
            AnyField(version),
        ]
    ) { members in
        ConnectionCondition(
            traffic: members[traffic] ?? [],
            serverName: members[serverName],
            outcome: members[outcome],
            certificate: members[certificate],
            version: members[version]
        )
    }
}

/// Names of traffic.
enum TrafficNames {
    private static let name = Reader<String>(
        .scalar(ScalarShape("the name of traffic", example: "shoppers"))
    ) { node, decoding in
        guard let scalar = node.scalar, !scalar.isNull else {
            decoding.wrongType(node, .scalar(ScalarShape("the name of traffic", example: "shoppers")))
            return nil
        }
        if decoding.trafficNames.contains(scalar.text) { return scalar.text }
        decoding.mistake(
            node.mark,
            "there is no traffic \"\(scalar.shown)\"",
            decoding.trafficNames.isEmpty
                ? "declare it under `traffic:`"
                : NearMiss.help(for: scalar.text, among: decoding.trafficNames)
        )
        return nil
    }

    /// One name or several.
    static let reader = Reader<[String]>.oneOrMany(of: name)
}

/// What may be said about events.
enum EventConditionRecord {
    private static let reason = Field(
        "reason",
        .glob("a reason", example: "FailedApplyModel"),
        "The event's reason."
    )
    private static let type = Field("type", .choice(["Normal", "Warning"]), "The event's type.")
    private static let object = Field(
        "object",
        .text("an object", example: "ingress/cafe"),
        "The object that it is about: `kind/name`."
    )
    private static let contains = Field("message-contains", .text, "A text within the message.")

    static let record = Record<EventCondition>(
        "event",
        fields: [
            AnyField(reason), AnyField(type), AnyField(object), AnyField(ObjectTarget.namespace),
            AnyField(contains),
        ]
    ) { members in
        var condition = EventCondition(
            reason: members[reason],
            type: members[type],
            kind: nil,
            name: nil,
            namespace: members[ObjectTarget.namespace],
            messageContains: members[contains]
        )
        if let text = members[object] {
            let parts = text.split(separator: "/", maxSplits: 1)
            guard parts.count == 2 else {
                members.mistake("object", "\"\(text)\" is no object", "write kind/name, such as ingress/cafe")
                return nil
            }
            condition.kind =
                members.decoding.type(named: String(parts[0]), at: members.valueMark("object"))?.kind
            condition.name = Glob(String(parts[1]))
        }
        if condition == EventCondition() {
            members.decoding.mistake(members.mark, "this says nothing about an event", "add `reason: …`")
        }
        return condition
    }
}

/// What may be said about calls of the cloud.
enum CallConditionRecord {
    private static let action = Field(
        "action",
        .glob("an action", example: "CreateRule"),
        "The action; `*Rules` for several."
    )
    private static let product = Field("product", .glob("a product", example: "Alb"), "The product.")
    private static let resource = Field(
        "resource",
        .glob("an id", example: "alb-*"),
        "The id of the main object."
    )
    private static let client = Field("client", .glob("a host", example: "controller"), "Who calls.")
    private static let writes = Field(
        "writes",
        .boolean,
        "True for calls that change something, false for those that only read."
    )
    private static let code = Field(
        "code",
        .glob("an error code", example: "Throttling.*"),
        "The error code; `none` for calls that succeed."
    )

    static let fields = [
        AnyField(action), AnyField(product), AnyField(resource), AnyField(client), AnyField(writes),
        AnyField(code),
    ]

    static func condition(_ members: Members) -> CallCondition {
        if let action = members[action] {
            members.decoding.checkAction(action, at: members.valueMark("action"))
        }
        return CallCondition(
            action: members[action],
            product: members[product],
            resource: members[resource],
            client: members[client],
            isWrite: members[writes],
            code: members[code]
        )
    }
}
