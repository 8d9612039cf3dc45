// SPDX-License-Identifier: Apache-2.0
import Ports

extension RunReport {
    /// One line: verdict, name, virtual time, wall time, digest.
    public var line: String {
        if verdict == .unreadable { return "\(verdict.rawValue.padded(to: 10))  \(file)" }
        let digest = digest.isEmpty ? "" : "  \(digest)"
        return
            "\(verdict.rawValue.padded(to: 10))  \(name)  \(virtualTime.roundedText) in \(wallTime.roundedText)\(digest)"
    }

    /// What its parts showed and the numbers that it tells, a line each; empty for most scenarios.
    public var remarks: [String] {
        parts.map { part in
            let figures = part.figures.map { "\($0.name): \($0.text)" }
            return ([part.remark] + figures).joined(separator: "; ")
        } + (parts.isEmpty ? figures.map { "\($0.name): \($0.text)" } : [])
    }

    /// What was expected, what was seen and when, and the one line that repeats it; empty when it passed.
    public var story: String {
        var parts: [String] = []
        if !problem.isEmpty { parts.append(problem) }
        parts += failures.map(\.story)
        if verdict == .failed || verdict == .broken { parts.append("repeat: \(command)") }
        return parts.joined(separator: "\n\n")
    }

    /// The line that repeats the run.
    public var command: String {
        (["albedo", "run", file.shellWord, "--seed", String(seed)] + options.map(\.shellWord)).joined(
            separator: " "
        )
    }
}

extension Failure {
    /// The failure in a few lines.
    public var story: String {
        let title = name.map { " (\($0))" } ?? ""
        let origin = run.isEmpty ? "" : " in \(run)"
        var lines = ["\(place): not met\(title)\(origin)", "  expected  \(expected)"]
        for (index, text) in seen.enumerated() {
            lines.append("\(index == 0 ? "  seen      " : "            ")\(text)")
        }
        if let firstWrong { lines.append("  first at  \(firstWrong.relativeText)") }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// The text as a shell takes it for one word.
    fileprivate var shellWord: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                (97...122).contains(byte | 0x20) || (48...57).contains(byte)
                    || "-_./=:,+@%".utf8.contains(byte)
            }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}

extension Duration {
    /// The duration, rounded to what matters: milliseconds below a minute, else seconds.
    fileprivate var roundedText: String {
        let step: Int64 = nanoseconds < 60_000_000_000 ? 1_000_000 : 1_000_000_000
        return Duration.nanoseconds((nanoseconds + step / 2) / step * step).humanText
    }
}
