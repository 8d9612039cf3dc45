// SPDX-License-Identifier: Apache-2.0

/// Whole scenarios, one for each word, over the tea and coffee shop of `fixtures/cafe`: all of them can be run.
enum LanguageExamples {
    /// A scenario that shows a word; empty where the word needs no example.
    static func whole(_ word: WordShape, in folder: String) -> String {
        switch folder {
        case "top": return word.example
        case "steps", "faults":
            guard !word.example.isEmpty else { return "" }
            let example = folder == "steps" ? word.example : word.example.replacing("fault: ", with: "")
            let step = folder == "steps" ? example : "fault: \(example)"
            return base(
                steps: before[word.word, default: ""] + "  - at: 5s\n    \(step)\n",
                setup: setup[word.word] ?? ""
            )
        default:
            let item =
                word.example.hasPrefix("{") || word.example.contains(": [") && folder == "subjects"
                ? word.example : "{\(word.example)}"
            return base(
                steps: steps[word.word] ?? "  - at: 5s\n    rotate-certificate: {secret: cafe-tls}\n",
                setup: setup[word.word] ?? "",
                traffic: traffic[word.word] ?? "",
                expect: "  - \(item)\n"
            )
        }
    }

    private static func base(
        steps: String,
        setup: String = "",
        traffic: String = "",
        expect: String = "  - eventually: {traffic: shoppers, status: 200}\n"
    ) -> String {
        """
        scenario: an example
        cluster:
          manifests: ../fixtures/cafe
        \(setup)traffic:
          shoppers: {request: GET https://cafe.example.com/tea, every: 1s, to: alb}
        \(traffic)steps:
        \(steps)expect:
        \(expect)duration: 60s
        """
    }

    /// What must be there for a word.
    private static let setup = [
        "add-node":
            "  nodes: [{name: node-0}, {name: node-2}, {name: node-3}, {name: node-1, later: true}]\n",
        "stream": "  pods: [{image: \"tea:*\", websocket: true}]\n",
    ]

    /// Who must ask beside the shoppers.
    private static let traffic = [
        "stream":
            "  chat: {request: GET https://cafe.example.com/tea, clients: 5, websocket: {message: 5s}, to: alb}\n"
    ]

    /// What must happen for an expectation to be met, where a rotation is not enough.
    private static let steps = ["gone": "  - {at: 5s, name: delete, delete: {ingress: cafe}}\n"]

    /// What must happen before a word makes sense.
    private static let before = [
        "start": "  - {at: 2s, stop: controller}\n",
        "restore-node": "  - {at: 2s, crash-node: node-1}\n",
        "uncordon-node": "  - {at: 2s, cordon-node: node-1}\n",
        "restore": "  - {at: 2s, export: {ingress: cafe}}\n",
        "expire-certificate":
            "  - {at: 2s, upload-certificate: {name: cafe-2026, hosts: cafe.example.com}}\n",
    ]

    /// What expectations may be about.
    static let subjects = [
        "traffic": "always: {traffic: shoppers, status: 200}",
        "connection": "never: {connection: {traffic: shoppers, outcome: certificate-expired}}",
        "stream": "always: {stream: {traffic: chat, outcome: finished}}",
        "object":
            "eventually: {object: {kind: Ingress, name: cafe, status: {loadBalancer: {ingress: [{}]}}}}",
        "gone": "within: 30s, after: delete, gone: {kind: Ingress, name: cafe}",
        "event": "eventually: {event: {object: ingress/cafe, type: Normal}}",
        "calls": "count: {calls: {action: CreateLoadBalancer}, at-most: 1}",
        "api-calls": "count: {api-calls: {client: controller, writes: true}, at-most: 50}",
        "cloud": "always: {cloud: {load-balancers: 1, listeners: {at-least: 1}}}",
        "servers": "always: {servers: {deployment: tea, healthy: {at-least: 1}}}",
        "secret": "always: {secret: {name: cafe-tls, valid-for: 7d}}",
    ]

    /// Keys of a scenario: parts of a file.
    static let top: [String: String] = [
        "scenario": "scenario: A rolling update loses no request",
        "description": "description: The readiness gate holds the rollout back.",
        "catalogue": "catalogue: [lbc#1124, 62]",
        "profile": "profile: oss",
        "profiles": "profiles: [managed, oss]",
        "controller": "controller: {defects: [B-25], replicas: 2}",
        "seed": "seed: 7",
        "start": "start: 2026-01-31T08:00:00Z",
        "duration": "duration: 5m",
        "cluster":
            "cluster:\n  manifests: ../fixtures/cafe\n  nodes: 4\n  pods:\n    - {image: \"tea:*\", latency: 20ms..120ms}",
        "cloud": "cloud:\n  propagation: 1s..5s\n  batching: 10s\n  quotas: {rules: 100}",
        "network": "network: {latency: 1ms..3ms, links: [{between: [controller, cloud], latency: 40ms}]}",
        "traffic": "traffic:\n  shoppers: {request: GET https://cafe.example.com/tea, rate: 100/s, to: alb}",
        "steps":
            "steps:\n  - at: 10s\n    name: rollout\n    set-image: {deployment: tea, image: \"tea:v2\"}",
        "expect": "expect:\n  - name: nothing-lost\n    always: {traffic: shoppers, status: 200}",
        "include": "include: common/cafe.yaml",
        "values": "values: {pods: 3}\nsteps:\n  - scale: {deployment: tea, replicas: \"${pods}\"}",
        "sweep": "sweep: {call: 1..24}\nsteps:\n  - crash-at-call: {number: \"${call}\"}",
        "search": "search: {pause: [0s, 5s, 10s, 20s]}",
        "law": "sweep: {n: [100, 200, 400]}\nlaw: {over: n, figure: cloud calls, at-most: 1.2}",
        "baseline": "baseline:\n  controller: {defects: [B-25]}\n  red: [nothing-lost]",
    ]
}
