// SPDX-License-Identifier: Apache-2.0
import Ports
import Scenarios
import Storage

/// The story of a saved run in text: what was expected, what was seen, and what led to it.
public struct SavedStory {
    private let run: SavedRun
    private let story: RunStory

    /// Reads a run.
    ///
    /// - Throws: `ReportError` or `StorageError` when it cannot be read.
    public init(_ run: SavedRun) throws {
        try run.require(for: "the story of a run")
        self.run = run
        story = try RunStory(run)
    }

    /// True when everything was met.
    public var isPassed: Bool { run.keys["verdict"] == "passed" }

    /// The text.
    public func text(paint: Paint = .none) throws -> String {
        let verdict = run.keys["verdict"] ?? "saved"
        let length = run.zero.duration(to: run.end)
        var parts = [
            "\(isPassed ? paint.good(verdict) : paint.bad(verdict))  \(run.scenario)  "
                + "\(Self.rounded(length)) after its zero, seed \(run.keys["seed"] ?? "")  \(paint.dim(run.digest))"
        ]
        if let problem = run.keys["problem"] { parts.append(problem) }
        let rows = try run.rows(
            """
            SELECT name, file, line, "column", expected, first_wrong_ns, seen FROM expectation
            WHERE NOT met ORDER BY number
            """
        )
        // A run that broke off was not judged.
        for row in run.keys["problem"] == nil ? rows : [] {
            let failure = Failure(
                place: SourcePlace(file: row.text(1), line: Int(row.number(2)), column: Int(row.number(3))),
                name: row.text(0).isEmpty ? nil : row.text(0),
                expected: row.text(4),
                seen: row.text(6).split(separator: "\n").map(String.init),
                firstWrong: row.isNull(5) ? nil : .nanoseconds(row.number(5))
            )
            let lines = try story.lines(ofLine: row.number(2), paint: paint)
            parts.append(([failure.story] + lines).joined(separator: "\n"))
        }
        if !isPassed, let command = run.keys["command"] { parts.append("\(paint.dim("repeat:")) \(command)") }
        return parts.joined(separator: "\n\n")
    }

    private static func rounded(_ duration: Duration) -> String {
        let step: Int64 = duration.nanoseconds < 60_000_000_000 ? 1_000_000 : 1_000_000_000
        return Duration.nanoseconds((duration.nanoseconds + step / 2) / step * step).humanText
    }
}
