// SPDX-License-Identifier: Apache-2.0
public import JSON
import Ports
public import Storage

/// What came of one scenario.
public struct RunReport: Sendable {
    /// The verdict in one word.
    public enum Verdict: String, Sendable, Hashable {
        /// Every expectation was met.
        case passed
        /// Some expectation was not met.
        case failed
        /// The scenario could not be read, so it was not run.
        case unreadable
        /// The run broke off.
        case broken
    }

    /// The scenario's file.
    public var file: String
    /// The scenario's name; the file's while it could not be read.
    public var name: String
    /// The verdict.
    public var verdict: Verdict
    /// The seed.
    public var seed: UInt64
    /// Options that the run had beside the seed, as they are typed: `--profile oss`.
    public var options: [String]
    /// The trace's digest; empty when it was not run.
    public var digest: String
    /// How long it took in virtual time.
    public var virtualTime: Duration
    /// How long it took.
    public var wallTime: Duration
    /// The expectations that were not met.
    public var failures: [Failure]
    /// The numbers that the scenario wants told.
    public var figures: [Figure] = []
    /// What each run of the file showed, when it makes several; empty otherwise.
    public var parts: [PartReport] = []
    /// Why the scenario could not be read, or why the run broke off; empty otherwise.
    public var problem: String
    /// Why the run could not be saved; empty when it was, or need not be.
    public var unsaved = ""
    /// The run itself, for reports about it; nil when it was not kept.
    public var run: (any RunReading)?

    /// Makes a report.
    public init(
        file: String,
        name: String,
        verdict: Verdict,
        seed: UInt64,
        options: [String] = [],
        digest: String = "",
        virtualTime: Duration = .zero,
        wallTime: Duration = .zero,
        failures: [Failure] = [],
        problem: String = ""
    ) {
        self.file = file
        self.name = name
        self.verdict = verdict
        self.seed = seed
        self.options = options
        self.digest = digest
        self.virtualTime = virtualTime
        self.wallTime = wallTime
        self.failures = failures
        self.problem = problem
    }

    /// Makes the report of a scenario that could not be read.
    public init(unreadable file: String, _ mistakes: Mistakes) {
        self.init(file: file, name: file, verdict: .unreadable, seed: 0, problem: mistakes.description)
    }
}

extension RunReport {
    /// The report as JSON, for programs.
    public var json: JSONValue {
        var object: JSONObject = [
            "file": .string(file), "name": .string(name), "verdict": .string(verdict.rawValue),
            "seed": Int64(exactly: seed).map { .integer($0) } ?? .number(String(seed)),
            "digest": .string(digest), "virtualSeconds": .number(virtualTime.secondsText),
            "wallSeconds": .number(wallTime.secondsText), "failures": .array(failures.map(\.json)),
        ]
        if !figures.isEmpty { object["figures"] = .array(figures.map(\.json)) }
        if !parts.isEmpty { object["parts"] = .array(parts.map(\.json)) }
        if !problem.isEmpty { object["problem"] = .string(problem) }
        if !unsaved.isEmpty { object["unsaved"] = .string(unsaved) }
        return .object(object)
    }
}

extension Failure {
    /// The failure as JSON.
    public var json: JSONValue {
        var object: JSONObject = [
            "expected": .string(expected), "seen": .array(seen.map { .string($0) }),
            "at": firstWrong.map { .number($0.secondsText) } ?? .null, "file": .string(place.file),
            "line": .integer(Int64(place.line)), "column": .integer(Int64(place.column)),
        ]
        if let name { object["name"] = .string(name) }
        if !run.isEmpty { object["run"] = .string(run) }
        return .object(object)
    }
}

extension Duration {
    /// The duration in seconds with three digits after the point, as JSON writes a number.
    fileprivate var secondsText: String {
        let milliseconds = (nanoseconds + (nanoseconds < 0 ? -500_000 : 500_000)) / 1_000_000
        let fraction = String(milliseconds.magnitude % 1000)
        let padding = String(repeating: "0", count: 3 - fraction.count)
        return "\(milliseconds < 0 ? "-" : "")\(milliseconds.magnitude / 1000).\(padding)\(fraction)"
    }
}
