// SPDX-License-Identifier: Apache-2.0
public import Ports

/// What is known of a whole run: the rows of a run file's table `run`.
public struct RunFacts: Sendable, Hashable {
    /// The scenario's name.
    public var scenario: String
    /// The seed.
    public var seed: UInt64
    /// The profile, for example `managed`.
    public var profile: String
    /// The instant at which virtual time began.
    public var start: Instant
    /// The trace's digest; empty while the run goes on.
    public var digest: String
    /// Jobs that ran: what the run cost, the same on every machine; nil when nobody counted.
    public var jobs: UInt64?

    /// Makes facts.
    public init(scenario: String, seed: UInt64, profile: String, start: Instant, digest: String = "") {
        self.scenario = scenario
        self.seed = seed
        self.profile = profile
        self.start = start
        self.digest = digest
    }

    /// The rows, by key: times both for people and for arithmetic.
    var rows: [(key: String, value: String)] {
        [
            ("format", String(RunFileSchema.version)), ("scenario", scenario), ("seed", String(seed)),
            ("profile", profile), ("start", start.rfc3339(fractionDigits: 9)),
            ("start_ns", String(start.nanoseconds)), ("digest", digest),
        ] + (jobs.map { [("jobs", String($0))] } ?? [])
    }

    init(rows: [String: String]) {
        scenario = rows["scenario"] ?? ""
        seed = UInt64(rows["seed"] ?? "") ?? 0
        profile = rows["profile"] ?? ""
        start = Instant(nanoseconds: Int64(rows["start_ns"] ?? "") ?? 0)
        digest = rows["digest"] ?? ""
    }
}
