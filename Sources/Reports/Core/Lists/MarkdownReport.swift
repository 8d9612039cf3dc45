// SPDX-License-Identifier: Apache-2.0
import Ports
public import Scenarios

/// Results as Markdown: a summary to put under a pull request.
public enum MarkdownReport {
    /// How many failures are told at length.
    private static let told = 30

    /// The document.
    public static func text(_ reports: [RunReport]) -> String {
        let bad = reports.filter { $0.verdict != .passed }
        let verdict = verdict(bad: bad.count, of: reports.count)
        var lines = ["## Albedo: \(verdict)", ""]
        lines += ["| | Scenario | Virtual time | Wall time | Digest |", "|---|---|---|---|---|"]
        lines += (bad + reports.filter { $0.verdict == .passed }).map(row)
        for report in bad.prefix(told) { lines += [""] + details(report) }
        if bad.count > told { lines += ["", "… and \(bad.count - told) more."] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func verdict(bad: Int, of count: Int) -> String {
        switch (bad, count) {
        case (_, 0): "no scenario was run"
        case (0, 1): "the scenario passed"
        case (1, 1): "the scenario did not pass"
        case (0, 2): "both scenarios passed"
        case (0, _): "all \(count) scenarios passed"
        default: "\(bad) of \(count) scenarios did not pass"
        }
    }

    private static func row(_ report: RunReport) -> String {
        let mark = report.verdict == .passed ? "✅ passed" : "❌ \(report.verdict.rawValue)"
        let digest = report.digest.isEmpty ? "" : "`\(report.digest)`"
        let remarks = report.remarks.map { "<br>\(cell($0))" }.joined()
        return
            "| \(mark) | \(cell(report.name))\(remarks) | \(text(report.virtualTime)) | \(text(report.wallTime)) | \(digest) |"
    }

    private static func details(_ report: RunReport) -> [String] {
        var parts: [String] = []
        if !report.problem.isEmpty { parts.append(report.problem) }
        parts += report.failures.map(\.story)
        if report.verdict != .unreadable { parts.append("repeat: \(report.command)") }
        let story = parts.joined(separator: "\n\n")
        // A fence longer than any in the text, so that nothing in it ends the block.
        let longest = story.split(whereSeparator: { $0 != "`" }).map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return [
            "<details><summary>\(html(report.name)): \(report.verdict.rawValue)</summary>", "",
            fence + "text",
            story, fence, "", "</details>",
        ]
    }

    private static func text(_ duration: Duration) -> String {
        let step: Int64 = duration.nanoseconds < 60_000_000_000 ? 1_000_000 : 1_000_000_000
        return Duration.nanoseconds((duration.nanoseconds + step / 2) / step * step).humanText
    }

    /// A text in a table's cell.
    private static func cell(_ text: String) -> String {
        html(text).replacing("|", with: "\\|").replacing("\n", with: " ")
    }

    private static func html(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
