// SPDX-License-Identifier: Apache-2.0

extension BrokenScenario {
    /// What a tester broke on the first day.
    static let firstDay: [BrokenScenario] = [
        BrokenScenario(
            "a mistyped key that is needed is told once",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secert: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:7:27: error: unknown key "secert" in rotate-certificate
                rotate-certificate: { secert: cafe-tls }
                                      ^
            help: did you mean "secret"?
            """
        ),
        BrokenScenario(
            "a loop without anything to do",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - each: { k: [1] }
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:6:5: error: the loop has nothing to do
              - each: { k: [1] }
                ^
            help: add `do:` with a step or a list of steps
            """
        ),
        BrokenScenario(
            "a value that is never closed",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: "${beat" }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:4:65: error: "${beat" is never closed
              shoppers: { request: GET https://cafe.example.com/tea, every: "${beat" }
                                                                            ^
            help: write ${beat}, or $${beat for the text itself
            """
        ),
        BrokenScenario(
            "a step after the end of the run",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 90s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:7:5: error: this step begins at 1m30s, after the end of the run at 1m
                rotate-certificate: { secret: cafe-tls }
                ^
            help: make `duration` longer, or the step earlier
            """
        ),
        BrokenScenario(
            "a mistyped column in a query",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - sql: SELECT count(*) FROM request WHERE stauts >= 500
                equals: 0
            duration: 60s
            """,
            """
            s.yaml:9:45: error: the query cannot be asked: no such column: stauts
              - sql: SELECT count(*) FROM request WHERE stauts >= 500
                                                        ^
            help: did you mean "status"?
            """
        ),
        BrokenScenario(
            "a mistyped table in a query",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - sql: SELECT count(*) FROM reqests
                equals: 0
            duration: 60s
            """,
            """
            s.yaml:9:31: error: the query cannot be asked: no such table: reqests
              - sql: SELECT count(*) FROM reqests
                                          ^
            help: did you mean "requests"?
            """
        ),
        BrokenScenario(
            "a duration without a unit",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60
            """,
            """
            s.yaml:10:11: error: the duration "60" has no unit
            duration: 60
                      ^
            help: write 60s for seconds; units: ms, s, m, h, d
            """
        ),
        BrokenScenario(
            "a unit that is none",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60sec
            """,
            """
            s.yaml:10:11: error: unknown unit "sec" in the duration "60sec"
            duration: 60sec
                      ^
            help: units: ms, s, m, h, d; did you mean 60s?
            """
        ),
        BrokenScenario(
            "a tab as indentation",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
            \trotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:7:1: error: found a tab character that violates indentation
            \trotate-certificate: { secret: cafe-tls }
            ^
            help: check the quotes and the indentation here
            """
        ),
        BrokenScenario(
            "a list whose items do not stand below each other",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
               rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:7:4: error: expected '-'
               rotate-certificate: { secret: cafe-tls }
               ^
            help: begin the items of one list in the same column
            """
        ),
        BrokenScenario(
            "an alias without its anchor",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: *beat }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:4:65: error: the alias names an anchor that does not exist
              shoppers: { request: GET https://cafe.example.com/tea, every: *beat }
                                                                            ^
            help: define it above with &name
            """
        ),
        BrokenScenario(
            "two scenarios in one file",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            ---
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:12:1: error: a file holds one scenario, found another
            scenario: an example
            ^
            help: move it to a file of its own
            """
        ),
        BrokenScenario(
            "a step without a verb",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:6:5: error: the step does nothing
              - at: 5s
                ^
            help: add one of apply, delete, export, restore, patch, scale, set-image, delete-pod, crash-pod, set-script, reshuffle-endpoints, crash-node, restore-node, cordon-node, uncordon-node, drain-node, add-node, restart, stop, start, pause, upgrade, crash-at-call, set-cloud, rotate-certificate, upload-certificate, expire-certificate, console, account, fault, clear-faults, probe, wait, advance, note
            """
        ),
        BrokenScenario(
            "a step that is not there to wait for",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - within: 5s
                after: rotat
                traffic: { name: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:10:12: error: no step is called "rotat"
                after: rotat
                       ^
            help: did you mean "rotate-certificate"?
            """
        ),
        BrokenScenario(
            "a time before the beginning",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: -5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:6:9: error: a duration may not be negative: "-5s"
              - at: -5s
                    ^
            help: leave the minus out
            """
        ),
        BrokenScenario(
            "fewer replicas than none",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                scale: { deployment: tea, replicas: -1 }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:7:41: error: expected a whole number between 0 and 5000, found -1
                scale: { deployment: tea, replicas: -1 }
                                                    ^
            help: write a number that is between 0 and 5000
            """
        ),
        BrokenScenario(
            "half a replica",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                scale: { deployment: tea, replicas: 1.5 }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:7:41: error: expected a whole number, found "1.5"
                scale: { deployment: tea, replicas: 1.5 }
                                                    ^
            help: write a whole number
            """
        ),
        BrokenScenario(
            "more than all",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - share: { traffic: shoppers, status: 200, at-least: 101% }
            duration: 60s
            """,
            """
            s.yaml:9:56: error: a share must lie between 0% and 100%, found 101%
              - share: { traffic: shoppers, status: 200, at-least: 101% }
                                                                   ^
            help: write 100% at most
            """
        ),
        BrokenScenario(
            "a rate below nothing",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, rate: -3/s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:4:64: error: a rate must lie between 1 and 1000000, found -3
              shoppers: { request: GET https://cafe.example.com/tea, rate: -3/s }
                                                                           ^
            help: write 1/h or more, and 1000000/s or less
            """
        ),
        BrokenScenario(
            "a method that there is not",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GTE https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:4:24: error: unknown method "GTE"
              shoppers: { request: GTE https://cafe.example.com/tea, every: 1s }
                                   ^
            help: did you mean "GET"?
            """
        ),
        BrokenScenario(
            "a scheme that there is not",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET htps://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:4:24: error: the scheme "htps" cannot be used
              shoppers: { request: GET htps://cafe.example.com/tea, every: 1s }
                                   ^
            help: write http:// or https://
            """
        ),
        BrokenScenario(
            "a status that is none",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 2xy }
            duration: 60s
            """,
            """
            s.yaml:9:46: error: "2xy" is no status
              - eventually: { traffic: shoppers, status: 2xy }
                                                         ^
            help: write 200, 2xx, "not 5xx" or a list such as [200, 503]
            """
        ),
        BrokenScenario(
            "a law without its sweep",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            law: { over: n, figure: x, at-most: 1 }
            """,
            """
            s.yaml:11:14: error: no sweep goes through "n"
            law: { over: n, figure: x, at-most: 1 }
                         ^
            help: add `sweep: {n: [100, 200, 400]}`

            s.yaml:11:25: error: no expectation tells a figure "x"
            law: { over: n, figure: x, at-most: 1 }
                                    ^
            help: give an expectation `figure: x`
            """
        ),
        BrokenScenario(
            "a sweep over nothing",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            sweep: { n: [] }
            """,
            """
            s.yaml:11:13: error: there is no value to go through
            sweep: { n: [] }
                        ^
            help: write at least one
            """
        ),
        BrokenScenario(
            "a loop without end",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - each: { k: "1..100000000" }
                do: { scale: { deployment: tea, replicas: 1 } }
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:6:16: error: the range has 100000000 numbers
              - each: { k: "1..100000000" }
                           ^
            help: use a shorter range
            """
        ),
        BrokenScenario(
            "a control character",
            """
            scenario: an \u{1} example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:1:14: error: the control character U+0001 is not allowed
            scenario: an \u{1} example
                         ^
            help: write it as an escape in double quotes
            """
        ),
        BrokenScenario(
            "a run that is too long",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 100000d
            """,
            """
            s.yaml:10:11: error: the duration "100000d" is too long
            duration: 100000d
                      ^
            help: at most 30000d
            """
        ),
        BrokenScenario(
            "traffic that never ends",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1ns }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:4:3: error: shoppers would send 60,000,000,000 requests in 1m, which never ends
              shoppers: { request: GET https://cafe.example.com/tea, every: 1ns }
              ^
            help: send fewer, or for a shorter time: `every: 1m`, `until: 10m`
            """
        ),
        BrokenScenario(
            "a file that includes itself",
            """
            include: s.yaml
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            """,
            """
            s.yaml:1:10: error: files include each other without end
            include: s.yaml
                     ^
            help: take one `include` out
            """
        ),
        BrokenScenario(
            "a brace that is not closed",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200
            duration: 60s
            """,
            """
            s.yaml:10:9: error: expected ',' or '}'
            duration: 60s
                    ^
            help: the bracket that opens on line 9 is not closed
            """
        ),
        BrokenScenario(
            "a list instead of a scenario",
            """
            - scenario: x
            """,
            """
            s.yaml:1:1: error: expected a mapping, found a list
            - scenario: x
            ^
            help: its keys are scenario, description, catalogue, profile, controller, seed, start, duration, cluster, cloud, network, traffic, steps, expect, profiles, include, values, sweep, search, law, baseline
            """
        ),
        BrokenScenario(
            "a seed beyond all numbers",
            """
            scenario: an example
            cluster: { manifests: shop }
            traffic:
              shoppers: { request: GET https://cafe.example.com/tea, every: 1s }
            steps:
              - at: 5s
                rotate-certificate: { secret: cafe-tls }
            expect:
              - eventually: { traffic: shoppers, status: 200 }
            duration: 60s
            seed: 99999999999999999999999
            """,
            """
            s.yaml:11:7: error: a seed is a whole number between 0 and 18446744073709551615, found "99999999999999999999999"
            seed: 99999999999999999999999
                  ^
            help: write a number such as 7
            """
        ),
    ]
}
