// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Simulation
import Storage
import Synchronization
import Traffic
import Worlds

/// Runs a scenario in a world of its own, on the calling thread, and judges it.
///
/// The scenario's clock begins when the cluster of `cluster:` stands: its manifests applied, its pods available,
/// its Ingresses with an address, every zone up to date.
public struct ScenarioRunner {
    /// How long the cluster of the beginning may take to stand, in virtual time.
    ///
    /// - Parameter objects: How many objects there are.
    /// - Returns: Half an hour, and a second more for each object beyond a thousand.
    static func settleLimit(objects: Int) -> Duration { .seconds(1800 + max(0, objects - 1000)) }

    private let scenario: Scenario
    private let options: RunOptions

    /// Runs a scenario: all runs of its file, when there are several.
    public static func run(_ scenario: Scenario, options: RunOptions = RunOptions()) -> RunReport {
        if scenario.parts.isEmpty { return runOnce(scenario, options: options) }
        return PartsRunner(scenario: scenario, options: options).run()
    }

    /// Runs one run of a scenario.
    static func runOnce(_ scenario: Scenario, options: RunOptions) -> RunReport {
        ScenarioRunner(scenario: scenario, options: options).run()
    }

    private func run() -> RunReport {
        var report = RunReport(
            file: scenario.file,
            name: scenario.name,
            verdict: .broken,
            seed: options.seed ?? scenario.seed,
            options: options.words
        )
        do {
            var description = WorldDescription(scenario, options: options)
            description.keepsConfigurations =
                options.save != nil || options.keeps == .always || scenario.hasQueries
            let world = try World(description)
            let ending = Ending()
            let census = CensusTaker(world, isWanted: scenario.asksForCensus)
            if let progress = options.progress {
                world.simulation.trace.observe { progress.reach($0.at) }
            }
            let recording = RunRecording(scenario: scenario, options: options, world: world, ending: ending)
            do {
                try world.simulation.run(timeLimit: timeLimit) { [scenario, options] in
                    try await Play(
                        scenario: scenario,
                        world: world,
                        ending: ending,
                        progress: options.progress
                    )
                    .perform()
                }
                try judge(recording, census, &report)
                report.verdict = report.failures.isEmpty ? .passed : .failed
            } catch {
                report.problem = Self.words(error)
                if error is UnfitManifests { report.verdict = .unreadable }
            }
            report.digest = world.simulation.trace.digestText
            report.virtualTime = world.simulation.start.duration(to: world.simulation.now)
            // What passed and is not kept shows nothing that could be secret.
            if isKept(report) || !report.problem.isEmpty || !report.failures.isEmpty {
                let keeper = try recording.secretKeeper()
                report = keeper?.replaced(in: report) ?? report
                keep(recording, keeper, &report)
            }
        } catch {
            report.problem = Self.words(error)
        }
        return report
    }

    /// All steps are carried out, also those that take longer than the scenario is to last.
    private var timeLimit: Duration {
        Self.settleLimit(objects: scenario.cluster.objects.count)
            + max(scenario.duration ?? .zero, scenario.settledTime) + .seconds(86_400)
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let failure as StepFailure: failure.description
        case let manifests as UnfitManifests: Mistakes(manifests.mistakes).description
        default: "\(error)"
        }
    }

    // MARK: The verdict

    private func judge(
        _ recording: RunRecording,
        _ census: CensusTaker,
        _ report: inout RunReport
    ) throws {
        let (world, profile) = (recording.world, options.profile ?? scenario.profile)
        var scenario = scenario
        scenario.expectations.removeAll { !($0.profiles?.contains(profile) ?? true) }
        var evaluator = ExpectationEvaluator(
            scenario,
            start: recording.zero,
            objects: RevisionStore(world: world)
        )
        evaluator.accept(census.counts)
        for entry in world.simulation.trace.entries { evaluator.accept(entry) }
        var file: RunFileWriter?
        let result = evaluator.judgement(at: recording.ending.end ?? world.simulation.now) { sql in
            // The tables are made once, and only for scenarios that ask.
            if let file { return try file.query(sql) }
            let keeper = try recording.secretKeeper()
            let tables = try recording.writer(keeper)
            try recording.write(to: tables, keeper)
            file = tables
            return try tables.query(sql)
        }
        report.failures = result.failures
        report.figures = result.figures
    }

    /// True when the report has its run with it.
    private func isWanted(_ report: RunReport) -> Bool {
        switch options.keeps {
        case .never: false
        case .failed: report.verdict != .passed
        case .always: true
        }
    }

    private func isKept(_ report: RunReport) -> Bool { options.save != nil || isWanted(report) }

    /// Saves the run, or keeps it in memory, as the options want it.
    private func keep(_ recording: RunRecording, _ keeper: SecretKeeper?, _ report: inout RunReport) {
        let isWanted = isWanted(report)
        guard options.save != nil || isWanted else { return }
        do {
            let writer = try recording.writer(path: options.save, keeper)
            try recording.write(to: writer, keeper)
            try recording.write(report, to: writer)
            if let path = options.save {
                try writer.finish()
                if isWanted { report.run = try RunFile(path: path) }
            } else {
                try writer.makeIndexes()
                report.run = writer
            }
        } catch {
            report.unsaved = "\(error)"
        }
    }
}

/// When the scenario's clock began and ended; on the simulation's thread only.
final class Ending: Sendable {
    private let state = Mutex<(zero: Instant?, end: Instant?)>((nil, nil))

    /// The scenario's zero; nil until the cluster of the beginning stands.
    var zero: Instant? {
        get { state.withLock { $0.zero } }
        set { state.withLock { $0.zero = newValue } }
    }

    /// The scenario's end; nil until it is reached.
    var end: Instant? {
        get { state.withLock { $0.end } }
        set { state.withLock { $0.end = newValue } }
    }
}

/// The manifests of the beginning that the API server refuses.
struct UnfitManifests: Error {
    let mistakes: [SourceMistake]
}

/// The API server's store, as expectations read it.
private struct RevisionStore: StoredObjects {
    let world: World

    func body(resource: String, namespace: String, name: String, revision: Int64) -> JSONValue? {
        world.storedBody(revision: revision)
    }
}
