// SPDX-License-Identifier: Apache-2.0
public import Simulation

/// What the command line says about a run instead of the scenario.
public struct RunOptions: Sendable {
    /// The seed; nil for the scenario's own.
    public var seed: UInt64?
    /// The profile; nil for the scenario's own.
    public var profile: Scenario.Profile?
    /// The order of ready jobs.
    public var schedule: SchedulePolicy
    /// Where the run is saved, of several runs the first; nil for nowhere.
    public var save: String?
    /// When a run can be asked after it ended: `RunReport.run`.
    public var keeps = RunKeeping.never
    /// True leaves the values of Secrets in reports and run files.
    public var includesSecrets = false
    /// Is told how far the run has come; nil for nobody.
    public var progress: RunProgress?
    /// The part that is run, by its name, and the run of it by its label; nil for all.
    public var part: String?

    /// Makes options.
    public init(
        seed: UInt64? = nil,
        profile: Scenario.Profile? = nil,
        schedule: SchedulePolicy = .fifo,
        save: String? = nil,
        part: String? = nil
    ) {
        self.seed = seed
        self.profile = profile
        self.schedule = schedule
        self.save = save
        self.part = part
    }

    /// The options beside the seed as they are typed, for the line that repeats a run.
    var words: [String] {
        var words: [String] = []
        if let profile { words += ["--profile", profile.rawValue] }
        if let part { words += ["--part", part] }
        if schedule != .fifo { words += ["--schedule", schedule.rawValue] }
        return words
    }
}

/// Which runs can be asked after they ended.
public enum RunKeeping: Sendable, Hashable {
    /// None.
    case never
    /// Those that failed.
    case failed
    /// All, with every configuration version that zones served.
    case always
}
