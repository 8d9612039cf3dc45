// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

extension FaultRecord {
    static let kubernetes: Kind = {
        let reasons = KubernetesFaultSpec.reasons.map(\.reason)
        let words = reasons + ["latency", "stale", "webhook-down", "webhook-certificate"]
        let reason = Field(
            "kubernetes",
            .choice(words),
            "The reason that calls answer; or `latency`, `stale` (reads tell what was so when it began), `webhook-down`, `webhook-certificate` (a webhook counts while the certificate in a Secret is valid)."
        ).required
        let verb = Field(
            "verb",
            .choice(["get", "list", "watch", "create", "update", "patch", "delete"]),
            "Only this verb."
        )
        let afterEffect = Field(
            "after-effect",
            .boolean,
            "True when the call has its effect and only the answer is a refusal."
        )
        let secret = Field(
            "secret",
            .text("a Secret's name", example: "webhook-tls"),
            "The Secret with the webhook's certificate."
        )
        let age = Field(
            "age",
            .duration,
            "How old the state is that reads tell when the fault begins, for `stale`; 0s without it."
        )
        let fields = [
            AnyField(age), AnyField(reason), AnyField(verb), AnyField(resource), AnyField(client),
            AnyField(latency),
            AnyField(afterEffect), AnyField(secret), AnyField(ObjectTarget.namespace),
        ]
        return Kind(
            word: .kubernetes,
            summary: "Calls of the API server fail, are slow, or tell what was so before.",
            example: "fault: {kubernetes: Conflict, verb: update, resource: albconfigs, times: 2}",
            fields: fields
        ) { members in
            guard let word = members[reason] else { return nil }
            needLatency(word == "latency", members)
            let effect: KubernetesFaultSpec.Effect?
            switch word {
            case "latency": effect = members[latency].map { .latency($0) }
            case "stale": effect = .stale(age: members[age] ?? .zero)
            case "webhook-down": effect = .webhookDown
            case "webhook-certificate":
                if !members.has("secret") {
                    members.decoding.mistake(
                        members.mark,
                        "kubernetes: webhook-certificate needs \"secret\"",
                        "add `secret: webhook-tls`"
                    )
                }
                effect = members[secret].map {
                    .webhookCertificate(
                        secret: ObjectReference(
                            type: .secrets,
                            namespace: members[ObjectTarget.namespace] ?? "default",
                            name: $0
                        )
                    )
                }
            default: effect = .reason(word)
            }
            return effect.map {
                .kubernetes(
                    KubernetesFaultSpec(
                        effect: $0,
                        verb: members[verb],
                        resource: members[resource],
                        client: members[client],
                        isAfterEffect: members[afterEffect] ?? false
                    )
                )
            }
        }
    }()

    static let watch: Kind = {
        let action = Field(
            "watch",
            .cases() as Reader<WatchFaultSpec.Action>,
            "What happens to watches: `cut` ends them, `stall` keeps them silent, `compact` takes their history (410), `drop`, `duplicate`, `delay` and `reorder` are about single events."
        ).required
        return Kind(
            word: .watch,
            summary:
                "Watches end, stall or lose their history; their events are lost, doubled, late or out of order.",
            example: "fault: {watch: reorder, resource: endpoints, latency: 0s..5s, for: 30s}",
            fields: [AnyField(action), AnyField(resource), AnyField(client), AnyField(latency)]
        ) { members in
            guard let word = members[action] else { return nil }
            if word == .stall, !members.has("for") {
                members.decoding.mistake(
                    members.mark,
                    "a watch that stalls needs \"for\"",
                    "add `for: 10s`: without an end nothing would be seen again"
                )
            }
            needLatency(word == .delay || word == .reorder, members)
            return .watch(
                WatchFaultSpec(
                    action: word,
                    resource: members[resource],
                    client: members[client],
                    latency: members[latency]
                )
            )
        }
    }()
}
