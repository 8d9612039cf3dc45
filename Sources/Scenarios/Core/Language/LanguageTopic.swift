// SPDX-License-Identifier: Apache-2.0

/// Something that a tester wants to happen or to see, and the word for it.
public struct LanguageTopic: Sendable {
    /// What kind of thing it is: a page's heading.
    public enum Family: String, Sendable, CaseIterable {
        case event = "What may happen"
        case fault = "What may go wrong"
        case traffic = "Who asks"
        case claim = "What must be seen"
    }

    /// A short name: `E3`.
    public var code: String
    /// In words.
    public var title: String
    /// Where the word's page is: `steps/scale`.
    public var page: String
    /// The key of a scenario under which the line stands.
    public var key: String
    /// An example: an item of that key's list or mapping.
    public var line: String

    /// The family by the code's letter.
    public var family: Family {
        switch code.first {
        case "E": .event
        case "F": .fault
        case "T": .traffic
        default: .claim
        }
    }

    /// A scenario over the shop of `fixtures/cafe` with the example in it.
    public var scenario: String {
        let steps = key == "steps" ? ["{at: 6s, \(before)}"].filter { _ in !before.isEmpty } + [line] : []
        let extra = key == "traffic" ? ["  \(line)"] : []
        let claims = key == "expect" ? [line] : ["always: {traffic: shoppers, status: 200}"]
        let top = key == "top" ? [line] : []
        let chat =
            "chat: {request: GET https://cafe.example.com/tea, clients: 5, websocket: {message: 5s}, to: alb}"
        let speech = line.contains("chat") ? "websocket" : line.contains("grpc") ? "grpc" : ""
        let pods = speech.isEmpty ? "" : "  pods: [{image: \"tea:*\", \(speech): true}]\n"
        let nodes = page == "steps/add-node" ? "  nodes: [{name: node-2}, {name: node-1, later: true}]\n" : ""
        let lines =
            [
                "scenario: an example", "cluster:",
                "  manifests: ../fixtures/cafe\n\(nodes)\(pods)traffic:",
                "  shoppers: {request: GET https://cafe.example.com/tea, every: 1s, to: alb}",
                "  plain: {request: GET http://cafe.example.com/tea, every: 1s, to: alb}",
            ] + (key == "expect" && line.contains("chat") ? ["  \(chat)"] : []) + extra + [
                "steps:", "  - {at: 5s, name: change, note: something}",
            ] + steps.map { "  - \($0)" }
            + ["expect:"] + claims.map { "  - \($0)" } + top + ["duration: 60s"]
        return lines.joined(separator: "\n")
    }

    private var before: String {
        switch page {
        case "steps/expire-certificate":
            "upload-certificate: {name: cafe-2026, hosts: cafe.example.com}"
        default: ""
        }
    }
}

extension Language {
    /// Everything that scenarios are about, with its words.
    public static let topics = eventTopics + faultTopics + trafficTopics + claimTopics

    private static func topics(
        _ key: String,
        _ rows: [(code: String, title: String, page: String, line: String)]
    ) -> [LanguageTopic] {
        rows.map { LanguageTopic(code: $0.code, title: $0.title, page: $0.page, key: key, line: $0.line) }
    }

    private static let eventTopics = topics(
        "steps",
        [
            ("E1", "an Ingress comes", "steps/apply", "apply: ../fixtures/cafe/50-ingress.yaml"),
            (
                "E1", "an Ingress changes", "steps/patch",
                "patch: {ingress: cafe, merge: {metadata: {labels: {team: tea}}}}"
            ),
            ("E1", "an Ingress goes", "steps/delete", "delete: {ingress: cafe}"),
            (
                "E2", "a Service selects others", "steps/patch",
                "patch: {service: tea, merge: {spec: {selector: {app: coffee}}}}"
            ),
            ("E3", "a rolling update", "steps/set-image", "set-image: {deployment: tea, image: \"tea:v2\"}"),
            ("E4", "pods end in order", "steps/delete-pod", "delete-pod: {deployment: tea, count: 1}"),
            ("E4", "programs end at once", "steps/crash-pod", "crash-pod: {deployment: tea, count: 1}"),
            ("E4", "pods are not ready", "steps/set-script", "set-script: {deployment: tea, ready: false}"),
            ("E5", "more pods, fewer, none", "steps/scale", "scale: {deployment: tea, replicas: 0}"),
            ("E6", "a node comes", "steps/add-node", "add-node: node-1"),
            ("E6", "a node is emptied", "steps/drain-node", "drain-node: node-2"),
            ("E6", "a node fails", "steps/crash-node", "crash-node: node-2"),
            (
                "E7", "a certificate is renewed", "steps/rotate-certificate",
                "rotate-certificate: {secret: cafe-tls}"
            ),
            (
                "E7", "a certificate cannot be used", "steps/rotate-certificate",
                "rotate-certificate: {secret: cafe-tls, broken: malformed}"
            ),
            ("E7", "a Secret goes", "steps/delete", "delete: {secret: cafe-tls}"),
            (
                "E8", "a certificate in the cloud", "steps/upload-certificate",
                "upload-certificate: {name: cafe-2026, hosts: cafe.example.com}"
            ),
            ("E8", "it runs out", "steps/expire-certificate", "expire-certificate: cafe-2026"),
            (
                "E9", "the AlbConfig changes", "steps/patch",
                "patch: {albconfig: alb, merge: {spec: {listeners: [{port: 80, protocol: HTTP}]}}}"
            ),
            (
                "E10", "somebody at the console", "steps/console",
                "console: {action: DeleteListener, parameters: {ListenerId: $(listener 443)}}"
            ),
            ("E11", "the controller starts anew", "steps/restart", "restart: controller"),
            ("E11", "another version of it", "steps/upgrade", "upgrade: {profile: oss, for: 5s}"),
            ("E12", "the lead changes", "steps/pause", "pause: {host: leader, for: 20s}"),
            ("E13", "days go by", "steps/advance", "advance: 91d"),
            ("E14", "the account's limits change", "steps/account", "account: {quotas: {rules: 2}}"),
            (
                "E15", "EndpointSlices are written anew", "steps/reshuffle-endpoints",
                "reshuffle-endpoints: {service: tea, slices: 3, duplicates: 1, truncate: 1}"
            ),
        ]
    )

    private static let faultTopics = topics(
        "steps",
        [
            ("F1", "few calls pass", "faults/cloud", "fault: {cloud: throttle, rate: 2/s, burst: 3}"),
            ("F2", "calls fail", "faults/cloud", "fault: {cloud: SystemBusy, action: CreateRule*, times: 2}"),
            ("F3", "calls are slow", "faults/cloud", "fault: {cloud: latency, latency: 5s, for: 20s}"),
            (
                "F3", "jobs never end", "faults/cloud",
                "fault: {cloud: hang-job, action: CreateRules, times: 1}"
            ),
            ("F4", "zones learn late", "steps/set-cloud", "set-cloud: {propagation: 5s..30s, batching: 10s}"),
            (
                "F5", "a part of a batch fails", "faults/cloud",
                "fault: {cloud: apply-part, action: CreateRules, items: 1, times: 1}"
            ),
            ("F6", "watches are late", "faults/watch", "fault: {watch: delay, latency: 0s..5s, for: 20s}"),
            ("F6", "news are lost", "faults/watch", "fault: {watch: drop, client: controller, times: 1}"),
            ("F6", "news come twice", "faults/watch", "fault: {watch: duplicate, for: 20s}"),
            (
                "F6", "news overtake each other", "faults/watch",
                "fault: {watch: reorder, latency: 2s, for: 20s}"
            ),
            ("F6", "history is gone (410)", "faults/watch", "fault: {watch: compact}"),
            (
                "F7", "readers are told what was so", "faults/kubernetes",
                "fault: {kubernetes: stale, for: 20s}"
            ),
            (
                "F8", "writes are refused as late", "faults/kubernetes",
                "fault: {kubernetes: Conflict, verb: update, resource: ingresses, times: 2}"
            ),
            (
                "F9", "a webhook is down", "faults/kubernetes",
                "fault: {kubernetes: webhook-down, resource: pods, verb: create}"
            ),
            (
                "F9", "its certificate runs out", "faults/kubernetes",
                "fault: {kubernetes: webhook-certificate, secret: cafe-tls, resource: pods, verb: create}"
            ),
            (
                "F10", "not allowed by the cluster", "faults/kubernetes",
                "fault: {kubernetes: Forbidden, times: 1}"
            ),
            ("F10", "not allowed by the cloud", "faults/cloud", "fault: {cloud: Forbidden.RAM, times: 1}"),
            ("F11", "a crash between two calls", "steps/crash-at-call", "crash-at-call: {number: 2}"),
            (
                "F12", "a cache fills late", "faults/watch",
                "fault: {watch: stall, resource: pods, client: controller, for: 20s}"
            ),
            (
                "F13", "health comes and goes", "steps/set-script",
                "set-script: {deployment: tea, status: 503}"
            ),
            ("F14", "done, and the answer is lost", "faults/cloud", "fault: {cloud: lost-reply, times: 1}"),
        ]
    )

    private static let trafficTopics =
        topics(
            "traffic",
            [
                (
                    "T1", "so many a second, whatever becomes of them", "top/traffic",
                    "crowd: {request: GET https://cafe.example.com/tea, rate: 100/s, arrivals: random, to: alb}"
                ),
                (
                    "T2", "every host and path", "top/traffic",
                    "all: {request: [GET https://cafe.example.com/tea, GET https://cafe.example.com/coffee], selection: all, to: alb}"
                ),
                (
                    "T3", "connections that live long", "top/traffic",
                    "long: {request: GET https://cafe.example.com/tea, protocol: h2, connections: reuse, retry: false, to: alb}"
                ),
                (
                    "T3", "WebSockets that are held", "top/traffic",
                    "chat: {request: GET https://cafe.example.com/tea, clients: 5, websocket: {message: 5s}, to: alb}"
                ),
                (
                    "T3", "calls and streams of gRPC", "top/traffic",
                    "calls: {request: POST https://cafe.example.com/shop.Tea/Brew, rate: 2/s, grpc: true, to: alb}"
                ),
                (
                    "T4", "handshakes", "top/traffic",
                    "hands: {request: GET https://cafe.example.com/tea, connections: new, to: alb}"
                ),
                (
                    "T5", "clients that keep cookies", "top/traffic",
                    "sticky: {request: GET https://cafe.example.com/tea, clients: 5, cookies: true, to: alb}"
                ),
                (
                    "T6", "HTTP/3 clients that move", "top/traffic",
                    "phones: {request: GET https://cafe.example.com/tea, protocol: h3, addresses: [198.51.100.7, 203.0.113.7], moves: 10s, to: alb}"
                ),
                (
                    "T6", "QUIC, where it is offered", "top/traffic",
                    "quick: {request: GET https://cafe.example.com/tea, protocol: browser, to: alb}"
                ),
            ]
        )
        + topics(
            "expect",
            [
                (
                    "T7", "a sample that is weighed", "claims/share",
                    "share: {traffic: shoppers, served-by: tea, of: 100%, confidence: 99.9%}"
                )
            ]
        )
        + topics(
            "steps",
            [
                (
                    "T8", "requests that take long", "steps/set-script",
                    "set-script: {deployment: tea, latency: 5s}"
                )
            ]
        )

    private static let claimTopics =
        topics(
            "expect",
            [
                (
                    "A1", "no errors, or few", "claims/count",
                    "count: {traffic: shoppers, status: 5xx, at-most: 0}"
                ),
                (
                    "A2", "nobody asks pods that went", "claims/never",
                    "never: {traffic: shoppers, status: 502}"
                ),
                (
                    "A3", "every path keeps its Service", "subjects/traffic",
                    "always: {traffic: shoppers, served-by: tea}"
                ),
                (
                    "A4", "the newest certificate", "subjects/traffic",
                    "{within: 30s, after: change, traffic: {name: shoppers, certificate: newest}}"
                ),
                (
                    "A4", "handshakes succeed", "subjects/connection",
                    "never: {connection: {traffic: shoppers, outcome: certificate-*}}"
                ),
                (
                    "A5", "in time", "claims/within",
                    "{within: 30s, after: change, for: rest, traffic: {name: shoppers, status: 200}}"
                ),
                (
                    "A6", "others notice nothing", "claims/always",
                    "always: {traffic: [shoppers, plain], status: not 5xx}"
                ),
                ("A7", "nothing is left over", "subjects/cloud", "always: {cloud: {load-balancers: 1}}"),
                (
                    "A8", "deletions end", "subjects/gone",
                    "{within: 60s, after: change, gone: {kind: Ingress, name: cafe}}"
                ),
                (
                    "A9", "no change without need", "subjects/calls",
                    "{count: {calls: {writes: true}, at-most: 0}, from: 30s}"
                ),
                (
                    "A10", "one writer", "claims/sql",
                    "{sql: \"SELECT count(DISTINCT client) FROM cloud_calls\", equals: 1}"
                ),
                (
                    "A11", "weights", "claims/share",
                    "share: {traffic: shoppers, served-by: tea, at-least: 90%}"
                ),
                (
                    "A12", "always enough healthy servers", "subjects/servers",
                    "always: {servers: {deployment: tea, healthy: {at-least: 1}}}"
                ),
                (
                    "A13", "few calls", "claims/count",
                    "{count: {calls: {action: Create*}, at-most: 20}, figure: calls}"
                ),
                (
                    "A13", "few calls of the API", "subjects/api-calls",
                    "count: {api-calls: {client: controller, writes: true}, at-most: 50}"
                ),
                (
                    "A14", "sessions go on", "subjects/traffic",
                    "always: {traffic: shoppers, same-server: true}"
                ),
                (
                    "A14", "streams go on", "subjects/stream",
                    "always: {stream: {traffic: chat, outcome: finished}}"
                ),
                (
                    "A15", "states tell the truth", "subjects/object",
                    "eventually: {object: {kind: Ingress, name: cafe, status: {loadBalancer: {ingress: [{}]}}}}"
                ),
                (
                    "A15", "events tell the truth", "subjects/event",
                    "eventually: {event: {object: ingress/cafe, type: Normal}}"
                ),
                (
                    "A15", "in this order", "claims/order",
                    "order: [{servers: {healthy: {at-least: 1}}}, {object: {kind: Ingress, name: cafe}}]"
                ),
                (
                    "A16", "well again, and it stays so", "claims/stays",
                    "{stays: 20s, after: change, traffic: {name: shoppers, status: 200}}"
                ),
                (
                    "A19", "nothing in plain text", "claims/never",
                    "never: {traffic: plain, status: 200}"
                ),
            ]
        )
        + topics(
            "top",
            [
                ("A17", "the same input, the same rules", "top/profiles", "profiles: [managed, oss]"),
                (
                    "A18", "any order, the same end", "top/sweep",
                    "sweep: {order: {permutations: [a, b, c]}}"
                ),
            ]
        )
}
