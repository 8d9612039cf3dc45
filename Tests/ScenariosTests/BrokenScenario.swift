// SPDX-License-Identifier: Apache-2.0
import Testing

/// A scenario that somebody wrote wrong, and all that is said about it.
struct BrokenScenario: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let files: [String: String]
    let messages: String

    init(_ description: String, _ text: String, _ messages: String, files: [String: String] = [:]) {
        testDescription = description
        self.text = text
        self.files = files
        self.messages = messages
    }

    static let all =
        form + top + world + traffic + steps + expectations + composition + words + streams + firstDay

    static let form: [BrokenScenario] = [
        BrokenScenario(
            "an empty file",
            """
            # nothing
            """,
            """
            s.yaml:1:1: error: the file is empty
            # nothing
            ^
            help: begin with `scenario: what it is about`
            """
        ),
        BrokenScenario(
            "an unclosed bracket",
            """
            scenario: x
            cluster: {manifests: [shop
            expect: []
            """,
            """
            s.yaml:3:7: error: expected ',' or ']'
            expect: []
                  ^
            help: the bracket that opens on line 2 is not closed
            """
        ),
        BrokenScenario(
            "an unclosed quote",
            """
            scenario: "x
            expect: []
            """,
            """
            s.yaml:1:11: error: the quote is never closed
            scenario: "x
                      ^
            help: close it on the same line
            """
        ),
        BrokenScenario(
            "a tab",
            """
            scenario: x
            cluster:
            	manifests: shop
            """,
            """
            s.yaml:3:1: error: a tab may not be used for indentation
            	manifests: shop
            ^
            help: use blanks
            """
        ),
        BrokenScenario(
            "a colon in a text",
            """
            scenario: Rolling update: nothing is lost
            """,
            """
            s.yaml:1:25: error: a ':' may not stand here
            scenario: Rolling update: nothing is lost
                                    ^
            help: put a text that holds ': ' in quotes, or check the indentation
            """
        ),
        BrokenScenario(
            "a key without its blank",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait:10s
                name: a
            """,
            """
            s.yaml:9:9: error: a ':' may not stand here
                name: a
                    ^
            help: line 8 needs a blank after "wait:"
            """
        ),
        BrokenScenario(
            "a wrong indentation",
            """
            scenario: x
            traffic:
              a:
                rate: 1/s
               every: 1s
            """,
            """
            s.yaml:5:4: error: expected a key
               every: 1s
               ^
            help: begin the keys of one mapping in the same column
            """
        ),
        BrokenScenario(
            "an unknown alias",
            """
            scenario: x
            traffic: *shoppers
            """,
            """
            s.yaml:2:10: error: the alias names an anchor that does not exist
            traffic: *shoppers
                     ^
            help: define it above with &name
            """
        ),
        BrokenScenario(
            "a text that begins with an at sign",
            """
            scenario: @home
            """,
            """
            s.yaml:1:11: error: a text may not begin with '@'
            scenario: @home
                      ^
            help: put the text in quotes
            """
        ),
        BrokenScenario(
            "an unknown escape",
            #"""
            scenario: "a\q"
            """#,
            #"""
            s.yaml:1:13: error: unknown escape in double quotes
            scenario: "a\q"
                        ^
            help: double the backslash, or use single quotes
            """#
        ),
        BrokenScenario(
            "a key given twice",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
              shoppers:
                request: GET https://a.example/
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:3: error: the key "shoppers" is given twice
              shoppers:
              ^
            help: it is first given on line 4
            """
        ),
        BrokenScenario(
            "a key given twice in braces",
            """
            scenario: {a: 1, a: 2}
            """,
            """
            s.yaml:1:12: error: the key "a" is given twice
            scenario: {a: 1, a: 2}
                       ^
            help: keep one of the two
            """
        ),
        BrokenScenario(
            "a merge of a list",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            cloud: {<<: [1]}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:14: error: "<<" merges mappings, found "1"
            cloud: {<<: [1]}
                         ^
            help: write `<<: *anchor`
            """
        ),
        BrokenScenario(
            "a control character",
            "scenario: a\u{1}b",
            "s.yaml:1:12: error: the control character U+0001 is not allowed\nscenario: a\u{1}b\n           ^\nhelp: write it as an escape in double quotes"
        ),
        BrokenScenario(
            "two documents",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            ---
            scenario: another
            """,
            """
            s.yaml:10:1: error: a file holds one scenario, found another
            scenario: another
            ^
            help: move it to a file of its own
            """
        ),
        BrokenScenario(
            "a list at the top",
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
    ]

    static let top: [BrokenScenario] = [
        BrokenScenario(
            "an unknown key at the top",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            step:
              - wait: 1s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:1: error: unknown key "step" in the scenario
            step:
            ^
            help: did you mean "steps"?
            """
        ),
        BrokenScenario(
            "a key that is like nothing",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            zebra: 1
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:1: error: unknown key "zebra" in the scenario
            zebra: 1
            ^
            help: allowed: scenario, description, catalogue, profile, controller, seed, start, duration, cluster, cloud, network, traffic, steps, expect, profiles, include, values, sweep, search, law, baseline
            """
        ),
        BrokenScenario(
            "no name",
            """
            cluster: {manifests: shop}
            expect:
              - always: {object: {kind: Ingress, name: cafe}}
            """,
            """
            s.yaml:1:1: error: the scenario needs "scenario"
            cluster: {manifests: shop}
            ^
            help: add `scenario: …` (a text such as A rolling update loses no request)
            """
        ),
        BrokenScenario(
            "a wrong profile",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            profile: managd
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:10: error: expected one of managed, oss, found "managd"
            profile: managd
                     ^
            help: did you mean "managed"?
            """
        ),
        BrokenScenario(
            "a seed that is no number",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            seed: lucky
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:7: error: a seed is a whole number between 0 and 18446744073709551615, found "lucky"
            seed: lucky
                  ^
            help: write a number such as 7
            """
        ),
        BrokenScenario(
            "a start that is no time",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            start: tomorrow
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:8: error: "tomorrow" is no date and time
            start: tomorrow
                   ^
            help: write it as 2026-01-31T08:00:00Z
            """
        ),
        BrokenScenario(
            "nothing expected",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            """,
            """
            s.yaml:1:1: error: the scenario expects nothing, so it cannot fail
            scenario: broken
            ^
            help: add `expect:` with a line such as `- always: {traffic: …, status: 200}`
            """
        ),
        BrokenScenario(
            "several mistakes at once",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rat: 100/s
            seed: -1
            steps:
              - wait: 10
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:6:5: error: unknown key "rat" in traffic
                rat: 100/s
                ^
            help: did you mean "rate"?

            s.yaml:7:7: error: a seed is a whole number between 0 and 18446744073709551615, found "-1"
            seed: -1
                  ^
            help: write a number such as 7

            s.yaml:9:11: error: the duration "10" has no unit
              - wait: 10
                      ^
            help: write 10s for seconds; units: ms, s, m, h, d
            """
        ),
    ]

    static let world: [BrokenScenario] = [
        BrokenScenario(
            "a missing manifest",
            """
            scenario: x
            cluster: {manifests: [shop/caffe.yaml]}
            expect:
              - eventually: {object: {kind: Pod}}
            """,
            """
            s.yaml:2:23: error: there is no file or folder "shop/caffe.yaml"
            cluster: {manifests: [shop/caffe.yaml]}
                                  ^
            help: did you mean "shop/cafe.yaml"?
            """
        ),
        BrokenScenario(
            "a missing folder",
            """
            scenario: x
            cluster: {manifests: shops/all}
            expect:
              - eventually: {object: {kind: Pod}}
            """,
            """
            s.yaml:2:22: error: there is no file or folder "shops/all"
            cluster: {manifests: shops/all}
                                 ^
            help: there is no folder "shops" either
            """
        ),
        BrokenScenario(
            "a folder without manifests",
            """
            scenario: x
            cluster: {manifests: notes}
            expect:
              - eventually: {object: {kind: Pod}}
            """,
            """
            s.yaml:2:22: error: the folder "notes" holds no manifest
            cluster: {manifests: notes}
                                 ^
            help: manifests end in .yaml, .yml or .json
            """,
            files: ["notes/read.md": "hello"]
        ),
        BrokenScenario(
            "a manifest that is not YAML",
            """
            scenario: broken
            cluster: {manifests: [shop, bad.yaml]}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            bad.yaml:2:11: error: expected ',' or ']'
            apiVersion: v1
                      ^
            help: the bracket that opens on line 1 is not closed
            """,
            files: ["bad.yaml": "kind: [Ingress\napiVersion: v1"]
        ),
        BrokenScenario(
            "a manifest without a kind",
            """
            scenario: broken
            cluster: {manifests: [shop, bad.yaml]}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            bad.yaml:2:1: error: the object has no kind
            Kind: Service
            ^
            help: "Kind" is spelled kind
            """,
            files: ["bad.yaml": "apiVersion: v1\nKind: Service\nmetadata: {name: a}"]
        ),
        BrokenScenario(
            "a manifest whose name is a number",
            """
            scenario: broken
            cluster: {manifests: [shop, bad.yaml]}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            bad.yaml:4:3: error: Service needs a name that is a text, found 7
              name: 007
              ^
            help: write name: "007"
            """,
            files: ["bad.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: 007"]
        ),
        BrokenScenario(
            "a manifest with infinity",
            """
            scenario: broken
            cluster: {manifests: [shop, bad.yaml]}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            bad.yaml:5:10: error: .inf has no form in JSON
              limit: .inf
                     ^
            help: put it in quotes if it is a text
            """,
            files: ["bad.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  limit: .inf"]
        ),
        BrokenScenario(
            "a JSON manifest with a comma too many",
            """
            scenario: broken
            cluster: {manifests: [shop, bad.json]}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            bad.json:2:21: error: expected a member's name, found '}'
             "apiVersion": "v1",}
                                ^
            help: take the comma before it away
            """,
            files: ["bad.json": "{\"kind\": \"Service\",\n \"apiVersion\": \"v1\",}"]
        ),
        BrokenScenario(
            "nodes that are a mapping",
            """
            scenario: broken
            cluster: {manifests: shop, nodes: {count: 3}}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:2:35: error: expected a whole number, or a list, found a mapping
            cluster: {manifests: shop, nodes: {count: 3}}
                                              ^
            help: begin each node with '-'
            """
        ),
        BrokenScenario(
            "two nodes of one name",
            """
            scenario: broken
            cluster: {manifests: shop, nodes: [{name: a}, {name: a}]}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:2:35: error: the node "a" is given twice
            cluster: {manifests: shop, nodes: [{name: a}, {name: a}]}
                                              ^
            help: give one of them another name
            """
        ),
        BrokenScenario(
            "a node with the address of one that nobody knows",
            """
            scenario: broken
            cluster: {manifests: shop, nodes: [{name: a}, {name: b, later: true, address-of: c}]}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:2:35: error: the node "b" cannot have the address of "c"
            cluster: {manifests: shop, nodes: [{name: a}, {name: b, later: true, address-of: c}]}
                                              ^
            help: give it `later: true` and the name of another node of the list
            """
        ),
        BrokenScenario(
            "a wrong SIGTERM",
            """
            scenario: broken
            cluster: {manifests: shop, pods: [{on-sigterm: drains}]}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:2:48: error: expected one of drain, exit, ignore, found "drains"
            cluster: {manifests: shop, pods: [{on-sigterm: drains}]}
                                                           ^
            help: did you mean "drain"?
            """
        ),
        BrokenScenario(
            "a range that ends before it begins",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            cloud: {propagation: 5s..1s}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:22: error: the range "5s..1s" ends before it begins
            cloud: {propagation: 5s..1s}
                                 ^
            help: write 1s..5s
            """
        ),
        BrokenScenario(
            "an unknown quota",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            cloud: {quotas: {rule: 100}}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:18: error: unknown quota "rule"
            cloud: {quotas: {rule: 100}}
                             ^
            help: did you mean "rules"?
            """
        ),
        BrokenScenario(
            "an unknown transition",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            cloud: {transitions: {loadbalancers: 5s}}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:23: error: unknown state transition "loadbalancers"
            cloud: {transitions: {loadbalancers: 5s}}
                                  ^
            help: did you mean "LoadBalancer"?
            """
        ),
        BrokenScenario(
            "a loss without a percent sign",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            network: {loss: 0.1}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:17: error: the share "0.1" has no % sign
            network: {loss: 0.1}
                            ^
            help: write 10%
            """
        ),
        BrokenScenario(
            "a link of three hosts",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            network: {links: [{between: [a, b, c]}]}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:29: error: expected two hosts, found 3
            network: {links: [{between: [a, b, c]}]}
                                        ^
            help: write [controller, kubernetes]
            """
        ),
    ]

    static let traffic: [BrokenScenario] = [
        BrokenScenario(
            "a rate without a unit",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:6:11: error: the rate "100" has no unit
                rate: 100
                      ^
            help: write 100/s, 100/min or 100/h
            """
        ),
        BrokenScenario(
            "a rate in rps",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100rps
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:6:11: error: "100rps" is no rate
                rate: 100rps
                      ^
            help: did you mean 100/s? units: /s, /min, /h
            """
        ),
        BrokenScenario(
            "a rate with a wrong unit",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/sec
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:6:11: error: unknown unit "sec" in the rate "100/sec"
                rate: 100/sec
                      ^
            help: units: /s, /min, /h; did you mean 100/s?
            """
        ),
        BrokenScenario(
            "half a request a second",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 0.5/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:6:11: error: a rate counts in whole numbers
                rate: 0.5/s
                      ^
            help: write 30/min
            """
        ),
        BrokenScenario(
            "a rate and a period",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
                every: 1s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:5: error: traffic takes either "rate" or "every"
                every: 1s
                ^
            help: keep one of the two
            """
        ),
        BrokenScenario(
            "a request without a scheme",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:5:14: error: the address "cafe.example.com/tea" does not begin with http:// or https://
                request: GET cafe.example.com/tea
                         ^
            help: write GET https://cafe.example.com/tea
            """
        ),
        BrokenScenario(
            "a method in small letters",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: get https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:5:14: error: unknown method "get"
                request: get https://cafe.example.com/tea
                         ^
            help: did you mean "GET"?
            """
        ),
        BrokenScenario(
            "a request without a host",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https:///tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:5:14: error: the address has no host
                request: GET https:///tea
                         ^
            help: write https://cafe.example.com/
            """
        ),
        BrokenScenario(
            "a traffic that ends first",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
                from: 20s
                until: 10s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: the traffic ends before it begins
                until: 10s
                       ^
            help: it begins at 20s
            """
        ),
        BrokenScenario(
            "an unknown AlbConfig",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
                to: albb
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:9: error: no manifest of the scenario has an AlbConfig "albb"
                to: albb
                    ^
            help: did you mean "alb"?
            """
        ),
        BrokenScenario(
            "a protocol by another name",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
                protocol: http3
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:15: error: expected one of auto, browser, h1, h2, h3, found "http3"
                protocol: http3
                          ^
            help: write one of these words
            """
        ),
        BrokenScenario(
            "traffic that is a list",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              - request: GET https://cafe.example.com/tea
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:4:3: error: expected a mapping, found a list
              - request: GET https://cafe.example.com/tea
              ^
            help: write a name, and what belongs to it below

            s.yaml:6:23: error: there is no traffic "shoppers"
              - always: {traffic: shoppers, status: 200}
                                  ^
            help: declare it under `traffic:`
            """
        ),
        BrokenScenario(
            "clients that are a text",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
                clients: "5"
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:7:14: error: expected a whole number, found "5"
                clients: "5"
                         ^
            help: leave the quotes out
            """
        ),
    ]

    static let steps: [BrokenScenario] = [
        BrokenScenario(
            "a duration without a unit",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait: 10
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:11: error: the duration "10" has no unit
              - wait: 10
                      ^
            help: write 10s for seconds; units: ms, s, m, h, d
            """
        ),
        BrokenScenario(
            "a duration in sec",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait: 10sec
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:11: error: unknown unit "sec" in the duration "10sec"
              - wait: 10sec
                      ^
            help: units: ms, s, m, h, d; did you mean 10s?
            """
        ),
        BrokenScenario(
            "a negative duration",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait: -5s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:11: error: a duration may not be negative: "-5s"
              - wait: -5s
                      ^
            help: leave the minus out
            """
        ),
        BrokenScenario(
            "units out of order",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait: 30s1m
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:11: error: the units of "30s1m" are out of order
              - wait: 30s1m
                      ^
            help: begin with the longest, such as 1m30s
            """
        ),
        BrokenScenario(
            "an unknown step",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - set-imag: {deployment: tea, image: a}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:5: error: unknown step "set-imag"
              - set-imag: {deployment: tea, image: a}
                ^
            help: did you mean "set-image"?
            """
        ),
        BrokenScenario(
            "a step that does nothing",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - at: 10s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:5: error: the step does nothing
              - at: 10s
                ^
            help: add one of apply, delete, export, restore, patch, scale, set-image, delete-pod, crash-pod, set-script, reshuffle-endpoints, crash-node, restore-node, cordon-node, uncordon-node, drain-node, add-node, restart, stop, start, pause, upgrade, crash-at-call, set-cloud, rotate-certificate, upload-certificate, expire-certificate, console, account, fault, clear-faults, probe, wait, advance, note
            """
        ),
        BrokenScenario(
            "a step that does two things",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait: 10s
                note: a
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:9:5: error: a step does one thing, found wait and note
                note: a
                ^
            help: begin another step with '-'
            """
        ),
        BrokenScenario(
            "a step that is a text",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:5: error: expected a step, found "wait"
              - wait
                ^
            help: write a step such as `- wait: 10s`
            """
        ),
        BrokenScenario(
            "a key of a step in the wrong place",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait: 10s
                afer: rollout
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:9:5: error: unknown key "afer" in the step
                afer: rollout
                ^
            help: did you mean "after"?
            """
        ),
        BrokenScenario(
            "a step that waits for nobody",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - after: rolout
                wait: 10s
              - name: rollout
                wait: 5s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: no step is called "rolout"
              - after: rolout
                       ^
            help: did you mean "rollout"?
            """
        ),
        BrokenScenario(
            "a step that waits for a later one",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - after: rollout
                wait: 10s
              - name: rollout
                wait: 5s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: "rollout" is a later step
              - after: rollout
                       ^
            help: steps begin in the order of the file
            """
        ),
        BrokenScenario(
            "a word that two steps have",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - wait: 1s
              - wait: 2s
              - after: wait
                note: a
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:10:12: error: 2 steps are called "wait" (lines 8, 9)
              - after: wait
                       ^
            help: give the one that you mean a `name:`
            """
        ),
        BrokenScenario(
            "two steps of one name",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - name: a
                wait: 1s
              - name: a
                wait: 2s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:10:11: error: two steps are called "a"
              - name: a
                      ^
            help: the first is on line 8
            """
        ),
        BrokenScenario(
            "a delay after nothing",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - delay: 5s
                wait: 1s
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:5: error: "delay" belongs to "after"
              - delay: 5s
                ^
            help: use a step `- wait: …` before this one
            """
        ),
        BrokenScenario(
            "steps out of order",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - at: 20s
                note: a
              - at: 10s
                note: b
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:11:5: error: this step begins at 10s, before the one on line 9 at 20s
                note: b
                ^
            help: put the steps in the order of their times
            """
        ),
        BrokenScenario(
            "an unknown Deployment",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - scale: {deployment: tee, replicas: 3}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:25: error: no manifest of the scenario has a Deployment "tee" in the namespace default
              - scale: {deployment: tee, replicas: 3}
                                    ^
            help: did you mean "tea"?
            """
        ),
        BrokenScenario(
            "a Deployment of another namespace",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - scale: {deployment: coffee, replicas: 3}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:25: error: no manifest of the scenario has a Deployment "coffee" in the namespace default
              - scale: {deployment: coffee, replicas: 3}
                                    ^
            help: it is in another namespace: add `namespace: bar`
            """
        ),
        BrokenScenario(
            "no replicas",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - scale: {deployment: tea}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: scale needs "replicas"
              - scale: {deployment: tea}
                       ^
            help: add `replicas: …` (a whole number)
            """
        ),
        BrokenScenario(
            "too many replicas",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - scale: {deployment: tea, replicas: -1}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:40: error: expected a whole number between 0 and 5000, found -1
              - scale: {deployment: tea, replicas: -1}
                                                   ^
            help: write a number that is between 0 and 5000
            """
        ),
        BrokenScenario(
            "no object to scale",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - scale: {replicas: 3}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: scale needs one of deployment, replicaset
              - scale: {replicas: 3}
                       ^
            help: add `deployment: …`
            """
        ),
        BrokenScenario(
            "an unknown container",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - set-image: {deployment: tea, container: te, image: "tea:v2"}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:45: error: Deployment "tea" has no container "te"
              - set-image: {deployment: tea, container: te, image: "tea:v2"}
                                                        ^
            help: did you mean "tea"?
            """
        ),
        BrokenScenario(
            "a container that must be named",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - set-image: {deployment: coffee, namespace: bar, image: "coffee:v2"}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:16: error: set-image needs "container"
              - set-image: {deployment: coffee, namespace: bar, image: "coffee:v2"}
                           ^
            help: one of brewer, proxy
            """
        ),
        BrokenScenario(
            "an unknown kind",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - delete: {kind: Ingres, name: cafe}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:20: error: unknown kind "Ingres"
              - delete: {kind: Ingres, name: cafe}
                               ^
            help: did you mean "Ingress"?
            """
        ),
        BrokenScenario(
            "a kind without a name",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - delete: {kind: Ingress}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:20: error: delete needs the Ingress's name
              - delete: {kind: Ingress}
                               ^
            help: add `name: …`
            """
        ),
        BrokenScenario(
            "a manifest to delete that is missing",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - delete: shop/caf.yaml
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:13: error: there is no file or folder "shop/caf.yaml"
              - delete: shop/caf.yaml
                        ^
            help: did you mean "shop/cafe.yaml"?
            """
        ),
        BrokenScenario(
            "two patches",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - patch: {ingress: cafe, merge: {a: 1}, strategic: {a: 1}}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:43: error: patch takes one of merge, strategic, json, found merge and strategic
              - patch: {ingress: cafe, merge: {a: 1}, strategic: {a: 1}}
                                                      ^
            help: keep one of them
            """
        ),
        BrokenScenario(
            "a JSON patch with a wrong operation",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - patch: {ingress: cafe, json: [{op: set, path: /a}]}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:40: error: expected an operation, found "set"
              - patch: {ingress: cafe, json: [{op: set, path: /a}]}
                                                   ^
            help: allowed: add, remove, replace, move, copy, test
            """
        ),
        BrokenScenario(
            "a pod by name and by labels",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - delete-pod: {name: a, selector: app=tea}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:27: error: delete-pod takes one of name, selector, deployment, found name and selector
              - delete-pod: {name: a, selector: app=tea}
                                      ^
            help: keep one of them
            """
        ),
        BrokenScenario(
            "a selector that is none",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - crash-pod: {selector: "app in tea"}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:27: error: "app in tea" is no selector: found 'tea', expected: '('
              - crash-pod: {selector: "app in tea"}
                                      ^
            help: write app=tea or app in (tea, coffee)
            """
        ),
        BrokenScenario(
            "a Secret that is nowhere",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - rotate-certificate: {secret: cafe-tsl}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:34: error: no manifest of the scenario has a Secret "cafe-tsl" in the namespace default
              - rotate-certificate: {secret: cafe-tsl}
                                             ^
            help: did you mean "cafe-tls"?
            """
        ),
        BrokenScenario(
            "a wrong damage",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - rotate-certificate: {secret: cafe-tls, broken: keymismatch}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:52: error: expected one of malformed, key-mismatch, missing-key, found "keymismatch"
              - rotate-certificate: {secret: cafe-tls, broken: keymismatch}
                                                               ^
            help: did you mean "key-mismatch"?
            """
        ),
        BrokenScenario(
            "an unknown component",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - restart: controler
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:14: error: expected one of controller, kubernetes, cluster, leader, found "controler"
              - restart: controler
                         ^
            help: did you mean "controller"?
            """
        ),
        BrokenScenario(
            "a fault without a subject",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {action: CreateRule, for: 10s}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: a fault needs one of cloud, kubernetes, watch, network
              - fault: {action: CreateRule, for: 10s}
                       ^
            help: begin with `cloud: …` and an error code, for example
            """
        ),
        BrokenScenario(
            "a fault with a misspelled subject",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {clud: Throttling, for: 10s}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:13: error: a fault needs one of cloud, kubernetes, watch, network
              - fault: {clud: Throttling, for: 10s}
                        ^
            help: did you mean "cloud"?
            """
        ),
        BrokenScenario(
            "a fault of two subjects",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {cloud: Throttling, network: cut, host: node-1}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:32: error: a fault hits one thing, found cloud and network
              - fault: {cloud: Throttling, network: cut, host: node-1}
                                           ^
            help: make two steps
            """
        ),
        BrokenScenario(
            "a fault of an unknown action",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {cloud: Throttling.User, action: CreateRul}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:45: error: the cloud has no action "CreateRul"
              - fault: {cloud: Throttling.User, action: CreateRul}
                                                        ^
            help: did you mean "CreateRule"?
            """
        ),
        BrokenScenario(
            "a fault that slows nothing",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {cloud: latency, action: CreateRule}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: a fault that slows things down needs "latency"
              - fault: {cloud: latency, action: CreateRule}
                       ^
            help: add `latency: 2s`
            """
        ),
        BrokenScenario(
            "a watch that stalls for ever",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {watch: stall, resource: ingresses}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: a watch that stalls needs "for"
              - fault: {watch: stall, resource: ingresses}
                       ^
            help: add `for: 10s`: without an end nothing would be seen again
            """
        ),
        BrokenScenario(
            "a watch of an unknown resource",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {watch: cut, resource: ingres}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:35: error: unknown kind "ingres"
              - fault: {watch: cut, resource: ingres}
                                              ^
            help: did you mean "Ingress"?
            """
        ),
        BrokenScenario(
            "a network fault without hosts",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {network: cut, for: 5s}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:12: error: a network fault needs one of between, host
              - fault: {network: cut, for: 5s}
                       ^
            help: add `between: …`
            """
        ),
        BrokenScenario(
            "a chance without a percent sign",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - fault: {cloud: Throttling, probability: 20}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:45: error: the share "20" has no % sign
              - fault: {cloud: Throttling, probability: 20}
                                                        ^
            help: write 20%
            """
        ),
        BrokenScenario(
            "faults to clear that do not exist",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - clear-faults: clouds
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:19: error: expected one of cloud, kubernetes, watch, network, all, found "clouds"
              - clear-faults: clouds
                              ^
            help: did you mean "cloud"?
            """
        ),
        BrokenScenario(
            "a probe with a wrong status",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            steps:
              - probe: {request: "GET https://cafe.example.com/", status: 2000}
            expect:
              - always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:63: error: a status lies between 100 and 599, found 2000
              - probe: {request: "GET https://cafe.example.com/", status: 2000}
                                                                          ^
            help: write a status such as 200
            """
        ),
        BrokenScenario(
            "an unknown claim",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - allways: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:5: error: an expectation needs one of always, never, within, eventually, stays, sometimes, count, share, latency, order, sql
              - allways: {traffic: shoppers, status: 200}
                ^
            help: did you mean "always"?
            """
        ),
    ]

    static let expectations: [BrokenScenario] = [
        BrokenScenario(
            "no claim",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - traffic: shoppers
                status: 200
            """,
            """
            s.yaml:8:5: error: an expectation needs one of always, never, within, eventually, stays, sometimes, count, share, latency, order, sql
              - traffic: shoppers
                ^
            help: begin with `always: {traffic: …, status: 200}`, for example
            """
        ),
        BrokenScenario(
            "two claims",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
                never: {status: 500}
            """,
            """
            s.yaml:9:5: error: an expectation claims one thing, found always and never
                never: {status: 500}
                ^
            help: begin another expectation with '-'
            """
        ),
        BrokenScenario(
            "an unknown traffic",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shopers, status: 200}
            """,
            """
            s.yaml:8:23: error: there is no traffic "shopers"
              - always: {traffic: shopers, status: 200}
                                  ^
            help: did you mean "shoppers"?
            """
        ),
        BrokenScenario(
            "no subject",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {status: 200}
            """,
            """
            s.yaml:8:5: error: the expectation needs one of traffic, connection, stream, object, gone, event, calls, api-calls, cloud, servers, secret
              - always: {status: 200}
                ^
            help: add `traffic: …`
            """
        ),
        BrokenScenario(
            "two subjects",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200, event: {reason: a}}
            """,
            """
            s.yaml:8:46: error: the expectation takes one of traffic, connection, stream, object, gone, event, calls, api-calls, cloud, servers, secret, found traffic and event
              - always: {traffic: shoppers, status: 200, event: {reason: a}}
                                                         ^
            help: keep one of them
            """
        ),
        BrokenScenario(
            "a claim that says nothing",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers}
            """,
            """
            s.yaml:8:5: error: this says nothing about the requests
              - always: {traffic: shoppers}
                ^
            help: add `status: 200`, `outcome: …`, `served-by: …` or `certificate: …`
            """
        ),
        BrokenScenario(
            "a status that is none",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: ok}
            """,
            """
            s.yaml:8:41: error: "ok" is no status
              - always: {traffic: shoppers, status: ok}
                                                    ^
            help: write 200, 2xx, "not 5xx" or a list such as [200, 503]
            """
        ),
        BrokenScenario(
            "a status class that does not exist",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 9xx}
            """,
            """
            s.yaml:8:41: error: "9xx" is no status
              - always: {traffic: shoppers, status: 9xx}
                                                    ^
            help: write 200, 2xx, "not 5xx" or a list such as [200, 503]
            """
        ),
        BrokenScenario(
            "an unknown outcome",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - never: {traffic: shoppers, outcome: refusd}
            """,
            """
            s.yaml:8:41: error: unknown outcome "refusd"
              - never: {traffic: shoppers, outcome: refusd}
                                                    ^
            help: did you mean "refused"?
            """
        ),
        BrokenScenario(
            "a misspelled newest",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, certificate: newst}
            """,
            """
            s.yaml:8:46: error: unknown certificate "newst"
              - always: {traffic: shoppers, certificate: newst}
                                                         ^
            help: did you mean "newest"?
            """
        ),
        BrokenScenario(
            "a bound without a unit",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - within: 30
                traffic: {name: shoppers, status: 200}
            """,
            """
            s.yaml:8:13: error: the duration "30" has no unit
              - within: 30
                        ^
            help: write 30s for seconds; units: ms, s, m, h, d
            """
        ),
        BrokenScenario(
            "an unknown step",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - within: 30s
                after: rolout
                traffic: {name: shoppers, status: 200}
            """,
            """
            s.yaml:9:12: error: no step is called "rolout"
                after: rolout
                       ^
            help: the scenario has no steps
            """
        ),
        BrokenScenario(
            "a hold where it means nothing",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200, for: 10s}
            """,
            """
            s.yaml:8:46: error: "for" belongs to within and eventually
              - always: {traffic: shoppers, status: 200, for: 10s}
                                                         ^
            help: set the window with "after" and "before"
            """
        ),
        BrokenScenario(
            "a count without a limit",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - count: {traffic: shoppers, status: 502}
            """,
            """
            s.yaml:8:5: error: count needs a limit
              - count: {traffic: shoppers, status: 502}
                ^
            help: add `at-least: …`, `at-most: …` or `equals: …`
            """
        ),
        BrokenScenario(
            "limits that cannot be met",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - count: {traffic: shoppers, status: 502, at-least: 5, at-most: 1}
            """,
            """
            s.yaml:8:55: error: "at-least" is more than "at-most"
              - count: {traffic: shoppers, status: 502, at-least: 5, at-most: 1}
                                                                  ^
            help: swap the two
            """
        ),
        BrokenScenario(
            "a share in numbers",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - share: {traffic: shoppers, served-by: tea, at-least: 20}
            """,
            """
            s.yaml:8:58: error: the share "20" has no % sign
              - share: {traffic: shoppers, served-by: tea, at-least: 20}
                                                                     ^
            help: write 20%
            """
        ),
        BrokenScenario(
            "an object without a kind",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {object: {name: cafe}}
            """,
            """
            s.yaml:8:22: error: object needs "kind"
              - always: {object: {name: cafe}}
                                 ^
            help: add `kind: …` (a kind such as Ingress)
            """
        ),
        BrokenScenario(
            "an object that is nowhere",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {object: {kind: Ingress, name: caffe}}
            """,
            """
            s.yaml:8:44: error: no manifest of the scenario has an Ingress "caffe" in the namespace default
              - always: {object: {kind: Ingress, name: caffe}}
                                                       ^
            help: did you mean "cafe"?
            """
        ),
        BrokenScenario(
            "a misspelled part of an object",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {object: {kind: Ingress, name: cafe, statu: {a: 1}}}
            """,
            """
            s.yaml:8:50: error: unknown key "statu" in object
              - always: {object: {kind: Ingress, name: cafe, statu: {a: 1}}}
                                                             ^
            help: did you mean "status"?
            """
        ),
        BrokenScenario(
            "an object to be counted",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - count: {object: {kind: Pod}, at-least: 1}
            """,
            """
            s.yaml:8:13: error: the states of an object cannot be counted
              - count: {object: {kind: Pod}, at-least: 1}
                        ^
            help: use always, never, within or eventually
            """
        ),
        BrokenScenario(
            "a contains without a list",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {object: {kind: Ingress, name: cafe, status: {a: {contains: b}}}}
            """,
            """
            s.yaml:8:73: error: "contains" takes a list, found "b"
              - always: {object: {kind: Ingress, name: cafe, status: {a: {contains: b}}}}
                                                                                    ^
            help: begin each item with '-'
            """
        ),
        BrokenScenario(
            "an event of no object",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - never: {event: {reason: Failed, object: cafe}}
            """,
            """
            s.yaml:8:45: error: "cafe" is no object
              - never: {event: {reason: Failed, object: cafe}}
                                                        ^
            help: write kind/name, such as ingress/cafe
            """
        ),
        BrokenScenario(
            "an unknown action",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - calls: {action: CreateRulez, at-most: 1}
            """,
            """
            s.yaml:8:21: error: the cloud has no action "CreateRulez"
              - calls: {action: CreateRulez, at-most: 1}
                                ^
            help: did you mean "CreateRule"?
            """
        ),
        BrokenScenario(
            "a query that writes",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - sql: DELETE FROM request
                equals: 0
            """,
            """
            s.yaml:8:10: error: the query cannot be asked: expected a statement that reads, such as SELECT; found DELETE
              - sql: DELETE FROM request
                     ^
            help: begin the query with SELECT
            """
        ),
        BrokenScenario(
            "a query of an unknown table",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - sql: SELECT count(*) FROM requets
                equals: 0
            """,
            """
            s.yaml:8:31: error: the query cannot be asked: no such table: requets
              - sql: SELECT count(*) FROM requets
                                          ^
            help: did you mean "request"?
            """
        ),
        BrokenScenario(
            "a query of an unknown column",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - sql: SELECT max(staus) FROM request
                equals: 0
            """,
            """
            s.yaml:8:21: error: the query cannot be asked: no such column: staus
              - sql: SELECT max(staus) FROM request
                                ^
            help: did you mean "status"?
            """
        ),
        BrokenScenario(
            "a query of two columns",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - sql: SELECT status, path FROM request
                equals: 0
            """,
            """
            s.yaml:8:10: error: the query must give one value, found 2 columns: status, path
              - sql: SELECT status, path FROM request
                     ^
            help: select one of them, or count(*)
            """
        ),
        BrokenScenario(
            "a query without a limit",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - sql: SELECT count(*) FROM request
            """,
            """
            s.yaml:8:5: error: sql needs a limit
              - sql: SELECT count(*) FROM request
                ^
            help: add `at-least: …`, `at-most: …` or `equals: …`
            """
        ),
        BrokenScenario(
            "a window that ends first",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200, from: 20s, until: 10s}
            """,
            """
            s.yaml:8:57: error: the window ends before it begins
              - always: {traffic: shoppers, status: 200, from: 20s, until: 10s}
                                                                    ^
            help: swap the two
            """
        ),
        BrokenScenario(
            "a word given inside and beside",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always: {traffic: shoppers, status: 200}
                status: 201
            """,
            """
            s.yaml:9:5: error: "status" is given twice
                status: 201
                ^
            help: it is first given on line 8
            """
        ),
        BrokenScenario(
            "an expectation that is a text",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              - always
            """,
            """
            s.yaml:8:5: error: expected an expectation, found "always"
              - always
                ^
            help: write `- always: {traffic: …, status: 200}`
            """
        ),
        BrokenScenario(
            "expectations that are a mapping",
            """
            scenario: broken
            cluster: {manifests: shop}
            traffic:
              shoppers:
                request: GET https://cafe.example.com/tea
                rate: 100/s
            expect:
              always: {traffic: shoppers, status: 200}
            """,
            """
            s.yaml:8:3: error: expected a list of expectations, found a mapping
              always: {traffic: shoppers, status: 200}
              ^
            help: begin each expectation with '-'
            """
        ),
    ]
}
