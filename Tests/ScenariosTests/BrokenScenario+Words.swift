// SPDX-License-Identifier: Apache-2.0

extension BrokenScenario {
    /// A mistake with each of the words that the other tables do not have.
    static let words: [BrokenScenario] = [
        BrokenScenario(
            "a row of the catalogue that is a mapping",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            catalogue: {row: 1}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:12: error: expected a row of the catalogue such as lbc#1124 or 62, found a mapping
            catalogue: {row: 1}
                       ^
            help: write lbc#1124 or 62
            """
        ),
        BrokenScenario(
            "a law over a value that no sweep has",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            sweep: {n: [1, 2]}
            law: {over: m, figure: failures, at-most: 1.2}
            expect:
              - name: g
                always: {traffic: a, status: 200}
                figure: failures
            """,
            """
            s.yaml:5:13: error: no sweep goes through "m"
            law: {over: m, figure: failures, at-most: 1.2}
                        ^
            help: only "n" is allowed here
            """
        ),
        BrokenScenario(
            "a search through one text",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            search: {pause: 10s}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:17: error: expected a list, a range such as 1..9 or {permutations: […]}, found "10s"
            search: {pause: 10s}
                            ^
            help: write [a, b, c]
            """
        ),
        BrokenScenario(
            "an account with a quota that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - account: {quotas: {rulez: 2}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:24: error: unknown quota "rulez"
              - account: {quotas: {rulez: 2}}
                                   ^
            help: did you mean "rules"?
            """
        ),
        BrokenScenario(
            "a node that nothing announced",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - add-node: node-9
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:15: error: the cluster has no node "node-9"
              - add-node: node-9
                          ^
            help: did you mean "node-1"?
            """
        ),
        BrokenScenario(
            "an advance by a number",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - advance: 90
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:14: error: the duration "90" has no unit
              - advance: 90
                         ^
            help: write 90s for seconds; units: ms, s, m, h, d
            """
        ),
        BrokenScenario(
            "an apply of a file that is not there",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - apply: shop/caffe.yaml
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:12: error: there is no file or folder "shop/caffe.yaml"
              - apply: shop/caffe.yaml
                       ^
            help: did you mean "shop/cafe.yaml"?
            """
        ),
        BrokenScenario(
            "a call at the console that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - console: {action: DeleteListner}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:23: error: the cloud has no action "DeleteListner"
              - console: {action: DeleteListner}
                                  ^
            help: did you mean "DeleteListener"?
            """
        ),
        BrokenScenario(
            "a node to cordon that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - cordon-node: node-77
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:18: error: the cluster has no node "node-77"
              - cordon-node: node-77
                             ^
            help: did you mean "node-1"?
            """
        ),
        BrokenScenario(
            "a crash at the zeroth call",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - crash-at-call: {number: 0}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:29: error: expected a whole number between 1 and 100000, found 0
              - crash-at-call: {number: 0}
                                        ^
            help: write a number that is between 1 and 100000
            """
        ),
        BrokenScenario(
            "a template of a chart",
            """
            scenario: x
            cluster: {manifests: {{ .Values.manifests }}}
            expect: []
            """,
            """
            s.yaml:2:23: error: this is a template that has not been filled in
            cluster: {manifests: {{ .Values.manifests }}}
                                  ^
            help: write the manifests out first, as `helm template` does
            """
        ),
        BrokenScenario(
            "a crash of a node without a name",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - crash-node:
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:16: error: expected a node's name such as node-1, found nothing
              - crash-node:
                           ^
            help: write node-1
            """
        ),
        BrokenScenario(
            "a node to drain, and one word too many",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - drain-node: {node: node-1, grace: 5s}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:17: error: expected a node's name such as node-1, found a mapping
              - drain-node: {node: node-1, grace: 5s}
                            ^
            help: write node-1
            """
        ),
        BrokenScenario(
            "an expired certificate as a list",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - expire-certificate: [a]
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:25: error: expected a name or an id such as cafe-2026, found a list
              - expire-certificate: [a]
                                    ^
            help: write cafe-2026
            """
        ),
        BrokenScenario(
            "an export of an Ingress that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - export: {ingress: caffe}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:23: error: no manifest of the scenario has an Ingress "caffe" in the namespace default
              - export: {ingress: caffe}
                                  ^
            help: did you mean "cafe"?
            """
        ),
        BrokenScenario(
            "a pause without an end",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - pause: {host: controller}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:12: error: pause needs "for"
              - pause: {host: controller}
                       ^
            help: add `for: …` (a duration such as 10s)
            """
        ),
        BrokenScenario(
            "endpoints of a Service that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - reshuffle-endpoints: {service: te, slices: 3}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:36: error: no manifest of the scenario has a Service "te" in the namespace default
              - reshuffle-endpoints: {service: te, slices: 3}
                                               ^
            help: did you mean "tea"?
            """
        ),
        BrokenScenario(
            "a node to restore that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - restore-node: node-7
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:19: error: the cluster has no node "node-7"
              - restore-node: node-7
                              ^
            help: did you mean "node-1"?
            """
        ),
        BrokenScenario(
            "a restore of what was never exported",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - restore: {ingress: cafe}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:14: error: nothing before this step exports the Ingress "cafe"
              - restore: {ingress: cafe}
                         ^
            help: put a step `export: {ingress: cafe}` before it
            """
        ),
        BrokenScenario(
            "a pace of the cloud that ends before it begins",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - set-cloud: {propagation: 5s..1s}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:30: error: the range "5s..1s" ends before it begins
              - set-cloud: {propagation: 5s..1s}
                                         ^
            help: write 1s..5s
            """
        ),
        BrokenScenario(
            "a script with a status beyond all",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - set-script: {deployment: tea, status: 1000}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:43: error: expected a whole number between 100 and 599, found 1000
              - set-script: {deployment: tea, status: 1000}
                                                      ^
            help: write a number that is between 100 and 599
            """
        ),
        BrokenScenario(
            "a component to stop that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - stop: controler
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:11: error: expected one of controller, kubernetes, cluster, leader, found "controler"
              - stop: controler
                      ^
            help: did you mean "controller"?
            """
        ),
        BrokenScenario(
            "a node to uncordon as a number",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - uncordon-node: 3
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:20: error: the cluster has no node "3"
              - uncordon-node: 3
                               ^
            help: allowed: node-1, node-2, node-3, node-4
            """
        ),
        BrokenScenario(
            "an upgrade to a profile that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - upgrade: {profile: ose}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:24: error: expected one of managed, oss, found "ose"
              - upgrade: {profile: ose}
                                   ^
            help: did you mean "oss"?
            """
        ),
        BrokenScenario(
            "an upload without names",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - upload-certificate: {name: cafe-2026}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:25: error: upload-certificate needs "hosts"
              - upload-certificate: {name: cafe-2026}
                                    ^
            help: add `hosts: …` (a host name such as cafe.example.com, or a list of such)
            """
        ),
        BrokenScenario(
            "a fault of a reason that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - fault: {kubernetes: Conflikt, verb: update}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:25: error: expected one of Conflict, Forbidden, InternalError, ServiceUnavailable, Timeout, TooManyRequests, Unauthorized, latency, stale, webhook-down, webhook-certificate, found "Conflikt"
              - fault: {kubernetes: Conflikt, verb: update}
                                    ^
            help: did you mean "Conflict"?
            """
        ),
        BrokenScenario(
            "a latency without a percentile",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - latency: {traffic: a, percentile: 101, at-most: 100ms}
            """,
            """
            s.yaml:5:39: error: a percentile lies between 0.1 and 100
              - latency: {traffic: a, percentile: 101, at-most: 100ms}
                                                  ^
            help: write 99 or 99.9
            """
        ),
        BrokenScenario(
            "an order of one thing",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - order: [{traffic: a, status: 200}]
            """,
            """
            s.yaml:5:12: error: order needs a list of at least two things
              - order: [{traffic: a, status: 200}]
                       ^
            help: write `order: [{calls: {…}}, {event: {…}}]`
            """
        ),
        BrokenScenario(
            "something that is so sometimes, of nothing",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - sometimes: {status: 200}
            """,
            """
            s.yaml:5:5: error: the expectation needs one of traffic, connection, stream, object, gone, event, calls, api-calls, cloud, servers, secret
              - sometimes: {status: 200}
                ^
            help: add `traffic: …`
            """
        ),
        BrokenScenario(
            "something that stays without a time",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - stays: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:5: error: the expectation needs one of traffic, connection, stream, object, gone, event, calls, api-calls, cloud, servers, secret
              - stays: {traffic: a, status: 200}
                ^
            help: add `traffic: …`

            s.yaml:5:12: error: expected a duration such as 10s, found a mapping
              - stays: {traffic: a, status: 200}
                       ^
            help: write 10s
            """
        ),
        BrokenScenario(
            "calls of a verb that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - count: {api-calls: {verb: updates}, at-most: 3}
            """,
            """
            s.yaml:5:31: error: the API has no verb "updates"
              - count: {api-calls: {verb: updates}, at-most: 3}
                                          ^
            help: did you mean "update"?
            """
        ),
        BrokenScenario(
            "a connection with an outcome in a list of its own",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - never: {connection: {traffic: b, outcome: reset}}
            """,
            """
            s.yaml:5:35: error: there is no traffic "b"
              - never: {connection: {traffic: b, outcome: reset}}
                                              ^
            help: only "a" is allowed here
            """
        ),
        BrokenScenario(
            "the end of an object that there never is",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - eventually: {gone: {kind: Ingres, name: cafe}}
            """,
            """
            s.yaml:5:31: error: unknown kind "Ingres"
              - eventually: {gone: {kind: Ingres, name: cafe}}
                                          ^
            help: did you mean "Ingress"?
            """
        ),
        BrokenScenario(
            "servers without a number",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - always: {servers: {deployment: tea}}
            """,
            """
            s.yaml:5:23: error: servers needs "healthy"
              - always: {servers: {deployment: tea}}
                                  ^
            help: add `healthy: …` (a whole number, or a mapping)
            """
        ),
        BrokenScenario(
            "a dash without its blank",
            """
            scenario: x
            cluster: {manifests: shop}
            steps:
              -at: 5s
                name: first
                wait: 1s
            expect: []
            """,
            """
            s.yaml:5:9: error: a ':' may not stand here
                name: first
                    ^
            help: line 4 needs a blank after "-"
            """
        ),
        BrokenScenario(
            "a key without its colon",
            """
            scenario: x
            cluster: {manifests: shop}
            steps:
              - at 5s
                name: first
                wait: 1s
            expect: []
            """,
            """
            s.yaml:5:9: error: a ':' may not stand here
                name: first
                    ^
            help: line 4 needs a ':' after "at"
            """
        ),
        BrokenScenario(
            "a quote that closes far below",
            """
            scenario: x
            traffic:
              a:
                request: "GET https://cafe.example.com/tea
              b:
                request: "GET https://cafe.example.com/tea"
            expect: []
            """,
            """
            s.yaml:4:14: error: the quote that opens here closes on a later line
                request: "GET https://cafe.example.com/tea
                         ^
            help: close it on the same line
            """
        ),
    ]
}
