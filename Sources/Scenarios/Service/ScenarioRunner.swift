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
    static let settleLimit = Duration.seconds(1800)

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
            let world = try World(WorldDescription(scenario, options: options))
            let ending = Ending()
            defer {
                report.digest = world.simulation.trace.digestText
                report.virtualTime = world.simulation.start.duration(to: world.simulation.now)
            }
            do {
                try world.simulation.run(timeLimit: timeLimit) { [scenario] in
                    try await Play(scenario: scenario, world: world, ending: ending).perform()
                }
                try judge(world, ending, &report)
                report.verdict = report.failures.isEmpty ? .passed : .failed
            } catch {
                report.problem = Self.words(error)
                if error is UnfitManifests { report.verdict = .unreadable }
            }
            if let path = options.save { try save(world, ending, to: path) }
        } catch {
            report.problem = Self.words(error)
        }
        return report
    }

    private var timeLimit: Duration {
        Self.settleLimit + (scenario.duration ?? scenario.settledTime) + .seconds(86_400)
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let failure as StepFailure: failure.description
        case let manifests as UnfitManifests: Mistakes(manifests.mistakes).description
        default: "\(error)"
        }
    }

    // MARK: The verdict

    private func judge(_ world: World, _ ending: Ending, _ report: inout RunReport) throws {
        let start = ending.zero ?? world.simulation.start
        let profile = options.profile ?? scenario.profile
        var scenario = scenario
        scenario.expectations.removeAll { !($0.profiles?.contains(profile) ?? true) }
        var evaluator = ExpectationEvaluator(scenario, start: start, objects: RevisionStore(world: world))
        for entry in world.simulation.trace.entries { evaluator.accept(entry) }
        var file: RunFileWriter?
        let result = evaluator.judgement(at: ending.end ?? world.simulation.now) { sql in
            // The tables are made once, and only for scenarios that ask.
            let tables = try file ?? RunFileWriter()
            if file == nil {
                try describe(world, ending, to: tables)
                file = tables
            }
            return try tables.query(sql)
        }
        report.failures = result.failures
        report.figures = result.figures
    }

    private func save(_ world: World, _ ending: Ending, to path: String) throws {
        let writer = try RunFileWriter(path: path)
        try describe(world, ending, to: writer)
        try writer.finish()
    }

    private func describe(_ world: World, _ ending: Ending, to writer: RunFileWriter) throws {
        let trace = world.simulation.trace
        try writer.describe(
            RunFacts(
                scenario: scenario.name,
                seed: world.description.seed,
                profile: (options.profile ?? scenario.profile).rawValue,
                start: ending.zero ?? world.simulation.start,
                digest: trace.digestText
            )
        )
        try writer.append(trace.entries)
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
