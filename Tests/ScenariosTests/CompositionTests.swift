// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

/// A file is written out as runs before it is read.
struct CompositionTests {
    private func read(_ text: String, _ more: [String: String] = [:]) throws -> Scenario {
        try Shop.read(
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea"}}
            expect:
              - {name: green, always: {traffic: a, status: 200}}
            \(text)
            """,
            more
        )
    }

    @Test func `a value stands for itself and within a text`() throws {
        let scenario = try read(
            "values: {long: 5m, what: tea}\nduration: ${long}\ndescription: all the ${what} of $${x} and ${1}"
        )
        #expect(scenario.duration == .seconds(300))
        #expect(scenario.summary == "all the tea of ${x} and ${1}")
    }

    @Test func `a loop makes an item of each value`() throws {
        let scenario = try read(
            """
            steps:
              - each: {n: 1..3, word: [a, b]}
                do: {note: "${word}${n}"}
              - wait: 1s
            """
        )
        let notes = scenario.steps.compactMap { if case .note(let text) = $0.action { text } else { nil } }
        #expect(notes == ["a1", "b1", "a2", "b2", "a3", "b3"])
        #expect(scenario.steps.count == 7)
    }

    @Test func `a loop over names makes traffic`() throws {
        let scenario = try Shop.read(
            """
            scenario: x
            cluster: {manifests: shop}
            traffic:
              each: {host: [a, b]}
              do: {"to-${host}": {request: "GET http://${host}.example.com/"}}
            expect:
              - always: {traffic: [to-a, to-b], status: 200}
            """
        )
        #expect(scenario.traffic.map(\.name) == ["to-a", "to-b"])
    }

    @Test func `what a file includes comes first, what it says counts`() throws {
        let scenario = try read(
            "include: common.yaml\nseed: 7\nsteps: [{note: own}]",
            ["common.yaml": "seed: 3\nduration: 9s\nsteps: [{note: common}]"]
        )
        #expect(scenario.seed == 7)
        #expect(scenario.duration == .seconds(9))
        let notes = scenario.steps.compactMap { if case .note(let text) = $0.action { text } else { nil } }
        #expect(notes == ["common", "own"])
    }

    @Test func `profiles and sweeps make runs, a baseline makes a part`() throws {
        let scenario = try read(
            """
            profiles: [managed, oss]
            sweep: {k: 1..3}
            duration: ${k}m
            baseline: {name: short, duration: 1s, controller: {defects: [B-01]}, red: green}
            """
        )
        #expect(scenario.parts.count == 2)
        #expect(
            scenario.parts[0].runs.map(\.label)
                == ["managed, k=1", "managed, k=2", "managed, k=3", "oss, k=1", "oss, k=2", "oss, k=3"]
        )
        #expect(scenario.parts[0].runs.map(\.scenario.profile.rawValue).last == "oss")
        #expect(scenario.parts[1].runs.map(\.label) == ["k=1", "k=2", "k=3"])
        #expect(scenario.parts[1].runs[0].scenario.duration == .seconds(1))
        #expect(scenario.parts[1].runs[0].scenario.defects.on == ["B-01"])
        #expect(scenario.parts[1].kind == .baseline(red: ["green"]))
    }

    @Test func `a baseline's step takes the place of its namesake or comes in by its time`() throws {
        let scenario = try read(
            """
            steps:
              - {at: 1s, name: first, note: a}
              - {at: 9s, name: last, note: b}
            baseline:
              red: [green]
              steps:
                - {at: 1s, name: first, note: c}
                - {at: 5s, note: d}
              expect:
                - never: {traffic: a, status: 200}
            """
        )
        let run = scenario.parts[1].runs[0].scenario
        let notes = run.steps.compactMap { if case .note(let text) = $0.action { text } else { nil } }
        #expect(notes == ["c", "d", "b"])
        #expect(run.expectations.map(\.isOfBaseline) == [false, true])
    }

    @Test func `a baseline's step begins when its namesake did, and its profile takes the place of all`()
        throws
    {
        let scenario = try read(
            """
            profiles: [managed, oss]
            steps:
              - {at: 9s, name: last, note: b}
            baseline:
              profile: oss
              red: [green]
              steps: [{name: last, note: c}]
            """
        )
        let runs = scenario.parts[1].runs
        #expect(runs.map(\.scenario.profile) == [.oss])
        guard case .at(.seconds(9)) = runs[0].scenario.steps[0].time else {
            Issue.record("it begins at another time")
            return
        }
    }

    @Test func `a loop may go downwards`() throws {
        let scenario = try read("steps: [{each: {n: 3..1}, do: {note: \"${n}\"}}]")
        let notes = scenario.steps.compactMap { if case .note(let text) = $0.action { text } else { nil } }
        #expect(notes == ["3", "2", "1"])
    }

    @Test func `every order of a short list, a sample of a long one`() {
        #expect(Sweep.permutations([1, 2, 3]).count == 6)
        #expect(Set(Sweep.permutations([1, 2, 3, 4])).count == 24)
    }

    @Test func `a sample is the same each time`() throws {
        let text = "sweep: {order: {permutations: [a, b, c, d, e, f, g, h], sample: 9}}\ndescription: x"
        let labels = try (0..<2).map { _ in try read(text).parts[0].runs.map(\.label) }
        #expect(labels[0].count == 9)
        #expect(labels[0] == labels[1])
    }
}
