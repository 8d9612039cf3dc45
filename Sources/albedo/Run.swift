// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
public import Scenarios
public import Simulation

/// `albedo run`: runs scenarios and says what traffic saw.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs scenario files, or all below folders.",
        discussion: """
            One line for each scenario: verdict, name, virtual time, wall time, digest; and for one that failed what \
            was expected, what was seen, and what led to it. The same scenario and seed give the same digest on every \
            machine, whatever reports are made. Exits with 0 when all passed, 1 when an expectation failed, 2 when a \
            scenario could not be read or a report could not be written. The last verdicts are kept for \
            `albedo catalogue` in the folder ALBEDO_STATE, or ~/.local/state/albedo.
            """
    )

    @Argument(help: "Scenario files or folders.")
    var paths: [String]

    @Option(help: "The seed instead of the scenario's own; A...B runs each seed from A to B.")
    var seed: SeedRange?

    @Option(help: "The profile instead of the scenario's own: managed or oss.")
    var profile: Scenario.Profile?

    @Option(help: "The order of ready jobs: fifo, random or priority.")
    var schedule: SchedulePolicy = .fifo

    @Option(help: "Runs one part of the files only: `corrected`, or a baseline's name.")
    var part: String?

    @Option(help: "How many scenarios run at once.")
    var jobs: Int?

    @OptionGroup(title: "Reports")
    var outputs: RunOutputs

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
    }

    func run() throws {
        let (scenarios, mistakes) = ScenarioFiles.read(paths)
        let seeds: [UInt64?] = seed.map { Array($0.range).map { Optional($0) } } ?? [nil]
        let plans = scenarios.flatMap { scenario in
            seeds.map { RunPlan(scenario: scenario, options: options($0)) }
        }
        for mistake in mistakes { Console.error(mistake) }
        // Nothing is half run: a file that cannot be read stops everything.
        guard mistakes.isEmpty else { throw ExitCode.unreadable }
        guard !plans.isEmpty else {
            Console.error("no scenario found below \(paths.joined(separator: ", "))")
            throw ExitCode.unreadable
        }
        try outputs.check(runs: plans.count)
        let printer = ResultPrinter(isJSON: outputs.json)
        let writer = ReportWriter(outputs, runs: plans.count)
        let start = ContinuousClock.now
        let results = ParallelRuns(
            plans: plans,
            threads: jobs ?? ParallelRuns.usualThreads,
            showsProgress: Console.showsProgress
        ).run { report in
            printer.print(report)
            writer.take(report)
        }
        printer.finish(wallSeconds: (ContinuousClock.now - start) / .seconds(1))
        writer.finish(results)
        // What a part of a file or another profile gives is no verdict on the file.
        if part == nil, profile == nil { LastVerdicts.keep(results) }
        if writer.hasFailed || results.contains(where: { $0.verdict == .unreadable }) {
            throw ExitCode.unreadable
        }
        if results.contains(where: { $0.verdict != .passed }) { throw ExitCode.expectationFailed }
    }

    private func options(_ seed: UInt64?) -> RunOptions {
        var options = RunOptions(
            seed: seed,
            profile: profile,
            schedule: schedule,
            save: outputs.save,
            part: part
        )
        options.includesSecrets = outputs.includeSecrets
        // The story of a failure is told from the run itself.
        options.keeps = outputs.html != nil ? .always : outputs.json ? .never : .failed
        return options
    }
}

extension Scenario.Profile: ExpressibleByArgument {}
extension SchedulePolicy: ExpressibleByArgument {}

/// A seed, or a range of seeds.
struct SeedRange: ExpressibleByArgument {
    let range: ClosedRange<UInt64>

    init?(argument: String) {
        let ends = argument.split(separator: "...").map { UInt64($0) }
        guard let first = ends.first ?? nil, ends.count <= 2, let last = ends.last ?? nil, first <= last
        else { return nil }
        range = first...last
    }
}
