// SPDX-License-Identifier: Apache-2.0
import Foundation
import Scenarios
import Testing

@testable import Reports

@Suite struct ListTests {
    private static let failure = Failure(
        place: SourcePlace(file: "shop.yaml", line: 21, column: 5),
        name: "no <outage> & \"such\"",
        expected: "every request: status 200 | 304",
        seen: ["12 requests, 3 otherwise ```"],
        firstWrong: .milliseconds(12_345)
    )

    private static let reports: [RunReport] = [
        RunReport(
            file: "scenarios/a.yaml",
            name: "A",
            verdict: .passed,
            seed: 1,
            digest: "aa",
            virtualTime: .seconds(120),
            wallTime: .milliseconds(1500)
        ),
        RunReport(
            file: "scenarios/b.yaml",
            name: "B | <b>",
            verdict: .failed,
            seed: 7,
            digest: "bb",
            wallTime: .milliseconds(250),
            failures: [failure]
        ),
        RunReport(
            file: "scenarios/c.yaml",
            name: "C",
            verdict: .broken,
            seed: 1,
            problem: "asleep\u{1}\nfor ever"
        ),
    ]

    @Test func `JUnit XML counts, escapes and can be parsed`() throws {
        let text = JUnitReport.text(Self.reports)
        #expect(
            text.contains(
                "<testsuites name=\"albedo\" tests=\"3\" failures=\"1\" errors=\"1\" time=\"1.750\">"
            )
        )
        #expect(text.contains("message=\"no &lt;outage&gt; &amp; &quot;such&quot;: every request"))
        #expect(text.contains("<error type=\"broken\" message=\"asleep\">"))
        #expect(text.contains("classname=\"scenarios.b\""))
        #expect(!text.contains("\u{1}"))
        #expect(text.components(separatedBy: "<testcase ").count == 4)
        #expect(text.components(separatedBy: "</testcase>").count == 4)
    }

    @Test func `Markdown puts what went wrong first and keeps tables and fences whole`() {
        let text = MarkdownReport.text(Self.reports)
        #expect(text.hasPrefix("## Albedo: 2 of 3 scenarios did not pass\n"))
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| |") }
        #expect(rows.count == 3)
        #expect(rows[0].hasPrefix("| ❌ failed | B \\| &lt;b&gt; |"))
        #expect(rows[2].hasPrefix("| ✅ passed | A | 2m | 1.5s | `aa` |"))
        #expect(text.contains("````text\nshop.yaml:21:5: not met"))
    }

    @Test func `a green list says so in its title`() {
        #expect(MarkdownReport.text([Self.reports[0]]).hasPrefix("## Albedo: the scenario passed"))
    }

    @Test func `the terminal's last line counts verdicts`() {
        let text = TerminalReport().total(Self.reports, wallSeconds: 1.26)
        #expect(text == "3 scenarios: 1 passed, 1 failed, 1 broken in 1.3s")
    }

    @Test func `a terminal in colour says the same words`() {
        let plain = TerminalReport().summary(Self.reports[0])
        let painted = TerminalReport(paint: Paint(isOn: true)).summary(Self.reports[0])
        #expect(plain == "passed      A  2m in 1.5s  aa")
        #expect(painted.contains("\u{1b}[32mpassed\u{1b}[0m"))
        var bare = painted
        for code in ["\u{1b}[32m", "\u{1b}[2m", "\u{1b}[0m"] {
            bare = bare.replacingOccurrences(of: code, with: "")
        }
        #expect(bare == plain)
    }
}
