// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import Scenarios

struct TreeMatcherTests {
    private static let actual = """
        {"kind": "Ingress", "spec": {"replicas": 3, "rules": [{"host": "a", "n": 1}, {"host": "b", "n": 2.0}], "none": null},
         "status": {"conditions": [{"type": "Ready", "status": "True"}], "not": "a word"}}
        """

    /// A part of an object, and the places where the object differs from it.
    struct MatchCase: Sendable, CustomTestStringConvertible {
        let part: String
        let mismatches: [String]
        var testDescription: String { part }

        init(_ part: String, _ mismatches: [String] = []) {
            self.part = part
            self.mismatches = mismatches
        }
    }

    static let cases = [
        MatchCase("{}"), MatchCase(#"{"kind": "Ingress"}"#), MatchCase(#"{"spec": {"replicas": 3}}"#),
        MatchCase(#"{"spec": {"replicas": 3.0}}"#),
        MatchCase(#"{"spec": {"replicas": "3"}}"#, [#"spec.replicas: expected "3", found 3"#]),
        MatchCase(#"{"spec": {"rules": [{"host": "a"}, {"n": 2}]}}"#),
        MatchCase(
            #"{"spec": {"rules": [{"host": "a"}]}}"#,
            ["spec.rules: expected a list of 1, found one of 2"]
        ),
        MatchCase(
            #"{"spec": {"rules": [{"host": "b"}, {"host": "b"}]}}"#,
            [#"spec.rules[0].host: expected "b", found "a""#]
        ),
        MatchCase(#"{"spec": {"rules": {"contains": [{"host": "b"}]}}}"#),
        MatchCase(
            #"{"spec": {"rules": {"contains": [{"host": "c"}]}}}"#,
            [
                #"spec.rules: expected a list that contains {"host":"c"}, found [{"host":"a","n":1},{"host":"b","n":2.0}]"#
            ]
        ),
        MatchCase(#"{"spec": {"rules": {"length": 2}, "replicas": {"at-least": 3, "at-most": 3}}}"#),
        MatchCase(
            #"{"spec": {"rules": {"length": 3}}}"#,
            [
                #"spec.rules: expected 3 items, found [{"host":"a","n":1},{"host":"b","n":2.0}]"#
            ]
        ),
        MatchCase(
            #"{"spec": {"replicas": {"at-least": 4}}}"#,
            ["spec.replicas: expected at least 4, found 3"]
        ),
        MatchCase(#"{"spec": {"replicas": {"not": 4}, "paused": {"not": true}}}"#),
        MatchCase(
            #"{"spec": {"replicas": {"not": 3}}}"#,
            ["spec.replicas: expected anything but 3, found 3"]
        ),
        MatchCase(#"{"kind": {"like": "Ing*"}}"#),
        MatchCase(#"{"kind": {"like": "Egr*"}}"#, [#"kind: expected a text like "Egr*", found "Ingress""#]),
        MatchCase(#"{"spec": {"none": null, "nowhere": null}}"#),
        MatchCase(#"{"kind": null}"#, [#"kind: expected nothing, found "Ingress""#]),
        MatchCase(#"{"metadata": {"name": "a"}}"#, ["metadata: expected an object, found nothing"]),
        // A member of that name is meant where the object has one.
        MatchCase(#"{"status": {"not": "a word"}}"#),
        MatchCase(#"{"status": {"not": "b"}}"#, [#"status.not: expected "b", found "a word""#]),
        MatchCase(#"{"a.b/c": 1}"#, ["[a.b/c]: expected 1, found nothing"]),
    ]

    @Test(arguments: cases)
    func `given members must match, and nothing else`(_ one: MatchCase) throws {
        let mismatches = TreeMatcher.mismatches(
            try JSONValue(parsing: Self.actual),
            try JSONValue(parsing: one.part)
        )
        #expect(mismatches.map(\.text) == one.mismatches)
    }
}
