// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import Scenarios

struct ReportTests {
    private let failure = Failure(
        place: SourcePlace(file: "scenarios/rollout.yaml", line: 21, column: 5),
        name: "no-outage",
        expected: "every request of shoppers: status 200",
        seen: [
            "12,000 requests of shoppers, 37 otherwise: 37 × status 502",
            "+12.345s GET cafe.example.com/tea: status 502",
        ],
        firstWrong: .milliseconds(12_345)
    )

    private func report(
        _ verdict: RunReport.Verdict,
        _ failures: [Failure] = [],
        problem: String = ""
    ) -> RunReport {
        RunReport(
            file: "scenarios/roll out.yaml",
            name: "A rolling update loses no request",
            verdict: verdict,
            seed: 7,
            options: ["--profile", "oss"],
            digest: "9f3a",
            virtualTime: .seconds(120),
            wallTime: .microseconds(312_499),
            failures: failures,
            problem: problem
        )
    }

    @Test func `a scenario is one line`() {
        #expect(report(.passed).line == "passed      A rolling update loses no request  2m in 312ms  9f3a")
        #expect(report(.failed).line == "failed      A rolling update loses no request  2m in 312ms  9f3a")
        #expect(report(.passed).story.isEmpty)
    }

    @Test func `a failure says what was expected, what was seen, when, and how to repeat it`() {
        #expect(
            report(.failed, [failure]).story
                == """
                scenarios/rollout.yaml:21:5: not met (no-outage)
                  expected  every request of shoppers: status 200
                  seen      12,000 requests of shoppers, 37 otherwise: 37 × status 502
                            +12.345s GET cafe.example.com/tea: status 502
                  first at  +12.345s

                repeat: albedo run 'scenarios/roll out.yaml' --seed 7 --profile oss
                """
        )
    }

    @Test func `a run that broke off can be repeated too`() {
        #expect(
            report(.broken, problem: "everything is asleep").story
                == "everything is asleep\n\nrepeat: albedo run 'scenarios/roll out.yaml' --seed 7 --profile oss"
        )
    }

    @Test func `a scenario that could not be read shows its mistakes`() throws {
        let mistakes = #expect(throws: Mistakes.self) { try Shop.read("scenario: x") }
        let report = RunReport(unreadable: "s.yaml", try #require(mistakes))
        #expect(report.line == "unreadable  s.yaml")
        #expect(report.story.hasPrefix("s.yaml:1:1: error: the scenario expects nothing"))
        #expect(report.json["verdict"] == "unreadable")
    }

    @Test func `programs get JSON`() {
        #expect(
            report(.failed, [failure]).json.text
                == #"{"file":"scenarios/roll out.yaml","name":"A rolling update loses no request","verdict":"failed","#
                + #""seed":7,"digest":"9f3a","virtualSeconds":120.000,"wallSeconds":0.312,"failures":["#
                + #"{"expected":"every request of shoppers: status 200","seen":["#
                + #""12,000 requests of shoppers, 37 otherwise: 37 × status 502","+12.345s GET cafe.example.com/tea: status 502"],"#
                + #""at":12.345,"file":"scenarios/rollout.yaml","line":21,"column":5,"name":"no-outage"}]}"#
        )
    }

    @Test func `a failure without an instant says null`() {
        var failure = failure
        failure.firstWrong = nil
        #expect(failure.json["at"] == JSONValue.null)
        #expect(!failure.story.contains("first at"))
    }

    @Test func `thousands are set apart`() {
        #expect([0, 999, 1000, 1_234_567].map(\.grouped) == ["0", "999", "1,000", "1,234,567"])
    }
}
