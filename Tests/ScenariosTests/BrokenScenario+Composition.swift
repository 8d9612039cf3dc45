// SPDX-License-Identifier: Apache-2.0

extension BrokenScenario {
    /// What is wrong before anything is read: values, loops, includes, baselines, sweeps.
    static let composition: [BrokenScenario] = [
        BrokenScenario(
            "a value that nothing declares",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            duration: ${long}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:11: error: there is no value "long"
            duration: ${long}
                      ^
            help: declare it under `values:`
            """
        ),
        BrokenScenario(
            "a value that is almost declared",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            values: {long: 5m}
            duration: ${lang}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:11: error: there is no value "lang"
            duration: ${lang}
                      ^
            help: did you mean "long"?
            """
        ),
        BrokenScenario(
            "a list within a text",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            values: {hosts: [a, b]}
            description: all of ${hosts} here
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:14: error: ${hosts} is a list, which cannot be part of a text
            description: all of ${hosts} here
                         ^
            help: use it alone
            """
        ),
        BrokenScenario(
            "values that are no mapping",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            values: [1, 2]
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:9: error: expected values by name, found a list
            values: [1, 2]
                    ^
            help: write `values: {x: 1}`
            """
        ),
        BrokenScenario(
            "a wrong value shows where it is used",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            values: {long: soon}
            duration: ${long}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:11: error: "soon" is no duration
            duration: ${long}
                      ^
            help: write a number and a unit, such as 10s or 1m30s
            """
        ),
        BrokenScenario(
            "a loop over nothing",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - each: {n: []}
                do: {wait: 1s}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:15: error: there is no value to go through
              - each: {n: []}
                          ^
            help: write at least one
            """
        ),
        BrokenScenario(
            "a loop over what is no list",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - each: {n: many}
                do: {wait: 1s}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:15: error: expected a list, a range such as 1..9 or {permutations: […]}, found "many"
              - each: {n: many}
                          ^
            help: write [a, b, c]
            """
        ),
        BrokenScenario(
            "a loop with something beside it",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - each: {n: 1..3}
                do: {wait: 1s}
                at: 5s
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:7:5: error: a loop has "each" and "do" only
                at: 5s
                ^
            help: put it below `do:`
            """
        ),
        BrokenScenario(
            "a loop that never ends",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - each: {n: 1..900000}
                do: {wait: 1s}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:5:15: error: the range has 900000 numbers
              - each: {n: 1..900000}
                          ^
            help: use a shorter range
            """
        ),
        BrokenScenario(
            "a loop over a mistake tells it once",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            steps:
              - each: {n: 1..3}
                do: {waitt: 1s}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:6:10: error: unknown step "waitt"
                do: {waitt: 1s}
                     ^
            help: did you mean "wait"?
            """
        ),
        BrokenScenario(
            "a file to include that is not there",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            include: comon.yaml
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:10: error: there is no file "comon.yaml" to include
            include: comon.yaml
                     ^
            help: did you mean "common.yaml"?
            """,
            files: ["common.yaml": "duration: 5m\n"]
        ),
        BrokenScenario(
            "a mistake in an included file",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            include: common.yaml
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            common.yaml:2:11: error: "soon" is no duration
            duration: soon
                      ^
            help: write a number and a unit, such as 10s or 1m30s
            """,
            files: ["common.yaml": "# common\nduration: soon\n"]
        ),
        BrokenScenario(
            "files that include each other",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            include: one.yaml
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            one.yaml:1:10: error: files include each other without end
            include: one.yaml
                     ^
            help: take one `include` out
            """,
            files: ["one.yaml": "include: one.yaml\n"]
        ),
        BrokenScenario(
            "an included file that is a list",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            include: one.yaml
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            one.yaml:1:1: error: expected keys of a scenario, found a list
            - wait: 1s
            ^
            help: write them as in a scenario
            """,
            files: ["one.yaml": "- wait: 1s\n"]
        ),
        BrokenScenario(
            "a baseline that breaks nothing by name",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            baseline: {profile: oss}
            """,
            """
            s.yaml:7:11: error: a baseline needs "red"
            baseline: {profile: oss}
                      ^
            help: add `red: [name]` with the names of expectations that it must break
            """
        ),
        BrokenScenario(
            "a baseline that names an unknown expectation",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            baseline: {profile: oss, red: [gren]}
            """,
            """
            s.yaml:7:32: error: no expectation is called "gren"
            baseline: {profile: oss, red: [gren]}
                                           ^
            help: did you mean "green"?
            """
        ),
        BrokenScenario(
            "a baseline that names an unknown law",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            sweep: {n: [1, 2]}
            law: {name: in-step, over: n, figure: failures, at-most: 1.2}
            expect:
              - always: {traffic: a, status: 200}
                figure: failures
            baseline: {profile: oss, red: [instep]}
            """,
            """
            s.yaml:9:32: error: no expectation is called "instep"
            baseline: {profile: oss, red: [instep]}
                                           ^
            help: did you mean "in-step"?
            """
        ),
        BrokenScenario(
            "a baseline without names to break",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - always: {traffic: a, status: 200}
            baseline: {profile: oss, red: [green]}
            """,
            """
            s.yaml:6:32: error: no expectation is called "green"
            baseline: {profile: oss, red: [green]}
                                           ^
            help: give the expectations that it breaks a `name:`
            """
        ),
        BrokenScenario(
            "a baseline that is a text",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            baseline: oss
            """,
            """
            s.yaml:7:11: error: expected a baseline, found "oss"
            baseline: oss
                      ^
            help: write `baseline: {controller: {defects: [B-01]}, red: [name]}`
            """
        ),
        BrokenScenario(
            "a baseline in a baseline",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            baseline: {red: [green], baseline: {red: [green]}}
            """,
            """
            s.yaml:7:36: error: a baseline has no baseline of its own
            baseline: {red: [green], baseline: {red: [green]}}
                                               ^
            help: write a list of baselines
            """
        ),
        BrokenScenario(
            "a mistake in a baseline",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            baseline: {red: [green], controler: {defects: [B-01]}}
            """,
            """
            s.yaml:7:26: error: unknown key "controler" in the scenario
            baseline: {red: [green], controler: {defects: [B-01]}}
                                     ^
            help: did you mean "controller"?
            """
        ),
        BrokenScenario(
            "a mistake in what a baseline expects",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            baseline:
              red: [green]
              expect:
                - never: {traffic: b, status: 200}
            """,
            """
            s.yaml:10:24: error: there is no traffic "b"
                - never: {traffic: b, status: 200}
                                   ^
            help: only "a" is allowed here
            """
        ),
        BrokenScenario(
            "an unknown profile among several",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            profiles: [managed, open]
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:21: error: expected one of managed, oss, found "open"
            profiles: [managed, open]
                                ^
            help: write one of these words
            """
        ),
        BrokenScenario(
            "a profile and profiles",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            profile: oss
            profiles: [managed]
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:10: error: "profile" and "profiles" exclude each other
            profile: oss
                     ^
            help: keep one of the two
            """
        ),
        BrokenScenario(
            "no profiles",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            profiles: []
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:11: error: the list of profiles is empty
            profiles: []
                      ^
            help: write `profiles: [managed, oss]`
            """
        ),
        BrokenScenario(
            "a defect that is on and off",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            controller: {defects: [B-01], without: [B-01]}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:40: error: B-01 is switched on and off
            controller: {defects: [B-01], without: [B-01]}
                                                   ^
            help: keep one of the two
            """
        ),
        BrokenScenario(
            "an expectation of an unknown profile",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - always: {traffic: a, status: 200}
                profile: osss
            """,
            """
            s.yaml:6:14: error: expected one of managed, oss, found "osss"
                profile: osss
                         ^
            help: did you mean "oss"?
            """
        ),
        BrokenScenario(
            "a sweep over no values",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            sweep: {k: 3}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:12: error: expected a list, a range such as 1..9 or {permutations: […]}, found "3"
            sweep: {k: 3}
                       ^
            help: write [a, b, c]
            """
        ),
        BrokenScenario(
            "a sweep with too many runs",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            sweep: {k: 1..200, l: 1..200}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:8: error: the sweep makes 40000 runs
            sweep: {k: 1..200, l: 1..200}
                   ^
            help: keep it below 10000
            """
        ),
        BrokenScenario(
            "a sweep with a strange word beside permutations",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            sweep: {k: {permutations: [a, b], samples: 3}}
            expect:
              - name: green
                always: {traffic: a, status: 200}
            """,
            """
            s.yaml:4:35: error: unknown key "samples" beside permutations
            sweep: {k: {permutations: [a, b], samples: 3}}
                                              ^
            help: only "sample" is allowed here
            """
        ),
    ]
}
