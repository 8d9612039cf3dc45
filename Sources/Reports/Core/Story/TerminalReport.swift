// SPDX-License-Identifier: Apache-2.0
public import Scenarios
import Storage

/// What a terminal shows of a scenario: a line, and the story when something went wrong.
public struct TerminalReport: Sendable {
    private let paint: Paint

    /// Makes a report in these colours.
    public init(paint: Paint = .none) {
        self.paint = paint
    }

    /// The scenario's line with what its parts showed.
    public func summary(_ report: RunReport) -> String {
        let line = report.line
        let verdict = report.verdict.rawValue
        let painted: String =
            switch report.verdict {
            case .passed: paint.good(verdict)
            case .failed, .broken: paint.bad(verdict)
            case .unreadable: paint.warning(verdict)
            }
        var tail = String(line.dropFirst(verdict.count))
        if !report.digest.isEmpty, tail.hasSuffix(report.digest) {
            tail = String(tail.dropLast(report.digest.count)) + paint.dim(report.digest)
        }
        return ([painted + tail] + report.remarks.map { "            \($0)" }).joined(separator: "\n")
    }

    /// What went wrong, when, and what led to it; empty for a scenario that passed.
    public func story(_ report: RunReport) -> String {
        let story = report.run.flatMap { reading in
            try? RunStory(SavedRun(reading))
        }
        var parts: [String] = []
        if !report.problem.isEmpty { parts.append(report.problem) }
        for failure in report.failures {
            // A run that cannot be asked any more costs the story, not the failure.
            let lines = story.flatMap { try? $0.lines(ofLine: Int64(failure.place.line), paint: paint) } ?? []
            parts.append(([painted(failure.story)] + lines).joined(separator: "\n"))
        }
        if report.verdict == .failed || report.verdict == .broken {
            parts.append("\(paint.dim("repeat:")) \(report.command)")
        }
        return parts.joined(separator: "\n\n")
    }

    private func painted(_ story: String) -> String {
        var lines = story.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let first = lines.first { lines[0] = paint.strong(first) }
        return lines.joined(separator: "\n")
    }

    /// The last line over several scenarios: how many passed, and how long it took.
    public func total(_ reports: [RunReport], wallSeconds: Double) -> String {
        let counts = [RunReport.Verdict.passed, .failed, .broken, .unreadable].map { verdict in
            (verdict, reports.count { $0.verdict == verdict })
        }
        let words = counts.filter { $0.1 > 0 }.map { verdict, count in
            let text = "\(count) \(verdict.rawValue)"
            return verdict == .passed ? paint.good(text) : paint.bad(text)
        }
        let seconds = (wallSeconds * 10).rounded() / 10
        return "\(reports.count) scenarios: \(words.joined(separator: ", ")) in \(seconds)s"
    }
}
