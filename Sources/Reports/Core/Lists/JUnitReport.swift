// SPDX-License-Identifier: Apache-2.0
import Ports
public import Scenarios

/// Results as JUnit XML: a test suite for the whole, a test case for each scenario.
///
/// - Source: the format that Jenkins' and GitLab's JUnit readers take; seconds are wall time.
public enum JUnitReport {
    /// The document.
    public static func text(_ reports: [RunReport]) -> String {
        let failed = reports.count { $0.verdict == .failed }
        let errors = reports.count { $0.verdict == .broken || $0.verdict == .unreadable }
        let time = seconds(reports.reduce(.zero) { $0 + $1.wallTime })
        let totals = "tests=\"\(reports.count)\" failures=\"\(failed)\" errors=\"\(errors)\" time=\"\(time)\""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites name=\"albedo\" \(totals)>",
            "  <testsuite name=\"albedo\" \(totals) skipped=\"0\">",
        ]
        for report in reports { lines += testCase(report) }
        lines += ["  </testsuite>", "</testsuites>"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func testCase(_ report: RunReport) -> [String] {
        let head =
            "    <testcase name=\"\(escaped(report.name))\" classname=\"\(escaped(className(report.file)))\" "
            + "file=\"\(escaped(report.file))\" time=\"\(seconds(report.wallTime))\""
        var body: [String] = [
            "      <properties>",
            property("seed", String(report.seed)), property("digest", report.digest),
            property("virtualSeconds", seconds(report.virtualTime)),
        ]
        body += report.figures.map { property($0.name, $0.text) }
        body.append("      </properties>")
        for failure in report.failures {
            let message = failure.name.map { "\($0): \(failure.expected)" } ?? failure.expected
            body.append(
                "      <failure type=\"expectation\" message=\"\(escaped(message))\">\(escaped(failure.story))</failure>"
            )
        }
        if report.verdict == .broken || report.verdict == .unreadable {
            let first =
                report.problem.split(separator: "\n").first.map(String.init) ?? report.verdict.rawValue
            body.append(
                "      <error type=\"\(report.verdict.rawValue)\" message=\"\(escaped(first))\">"
                    + "\(escaped(report.problem))</error>"
            )
        }
        let remarks = report.remarks + (report.verdict == .passed ? [] : ["repeat: \(report.command)"])
        if !remarks.isEmpty {
            body.append("      <system-out>\(escaped(remarks.joined(separator: "\n")))</system-out>")
        }
        return [head + ">"] + body + ["    </testcase>"]
    }

    private static func property(_ name: String, _ value: String) -> String {
        "        <property name=\"\(escaped(name))\" value=\"\(escaped(value))\"/>"
    }

    /// `scenarios.03-rolling-update` for `scenarios/03-rolling-update.yaml`: readers group by the dots.
    private static func className(_ file: String) -> String {
        var name = file
        for suffix in [".yaml", ".yml"] where name.hasSuffix(suffix) { name.removeLast(suffix.count) }
        return name.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: ".")
    }

    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = (max(0, duration.nanoseconds) + 500_000) / 1_000_000
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// A text inside XML; characters that XML does not have are left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            case let other where other.value < 32 || other.value == 0xFFFE || other.value == 0xFFFF: continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
