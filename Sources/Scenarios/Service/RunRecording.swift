// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports
import Simulation
import Storage
import Worlds

/// Puts a run into a run file: its trace, the bodies that the trace names, and what was judged.
///
/// It only reads the world, so nothing that it does changes the run or its digest.
struct RunRecording {
    let scenario: Scenario
    let options: RunOptions
    let world: World
    let ending: Ending

    /// The scenario's zero.
    var zero: Instant { ending.zero ?? world.simulation.start }

    /// Keeps the values of all Secrets out, those that were refused too; nil when they may be shown.
    func secretKeeper() throws -> SecretKeeper? {
        if options.includesSecrets { return nil }
        var keeper = SecretKeeper()
        for body in try world.storedBodies(of: ResourceType.secrets.qualifiedName) {
            keeper.learn(secret: try JSONValue(parsing: body))
        }
        for object in scenario.cluster.objects { keeper.learn(manifest: object) }
        for step in scenario.steps {
            switch step.action {
            case .apply(let objects): for object in objects { keeper.learn(manifest: object) }
            case .patch(let reference, let patch) where reference.type == .secrets:
                keeper.learn(patch: patch.json)
            default: break
            }
        }
        return keeper
    }

    /// Begins a run file: in memory, or at a path.
    func writer(path: String? = nil, _ keeper: SecretKeeper?) throws -> RunFileWriter {
        let filter = keeper.map { keeper -> @Sendable (String) -> String in
            let filter = SecretFilter(keeper)
            return { filter.replaced(in: $0) }
        }
        return try path.map { try RunFileWriter(path: $0, textFilter: filter) }
            ?? RunFileWriter(textFilter: filter)
    }

    /// Writes the trace and what it names.
    func write(to writer: RunFileWriter, _ keeper: SecretKeeper?) throws {
        let trace = world.simulation.trace
        var facts = RunFacts(
            scenario: scenario.name,
            seed: world.description.seed,
            profile: (options.profile ?? scenario.profile).rawValue,
            start: zero,
            digest: trace.digestText
        )
        facts.jobs = world.simulation.jobCount
        try writer.describe(facts)
        try writer.set("file", scenario.file)
        try writer.set("end_ns", String((ending.end ?? world.simulation.now).nanoseconds))
        try writer.set("secrets", options.includesSecrets ? "included" : "replaced by fingerprints")
        try writer.append(trace.entries)
        let bodies = try world.storedBodies()
        try writer.append(
            bodies: bodies.lazy.map { revision, resource, body in
                (revision, keeper?.replaced(body: body, resource: resource) ?? body)
            }
        )
        try writer.append(configurations: world.servedConfigurations.map(SavedConfiguration.init))
    }

    /// Writes what was judged.
    func write(_ report: RunReport, to writer: RunFileWriter) throws {
        try writer.set("verdict", report.verdict.rawValue)
        try writer.set("options", report.options.joined(separator: " "))
        try writer.set("command", report.command)
        if !report.problem.isEmpty { try writer.set("problem", report.problem) }
        let profile = options.profile ?? scenario.profile
        try writer.append(
            expectations: scenario.expectations.filter { $0.profiles?.contains(profile) ?? true }.map {
                expectation in
                let failure = report.failures.first { $0.place == expectation.place }
                return SavedExpectation(
                    name: expectation.name ?? "",
                    file: expectation.place.file,
                    line: expectation.place.line,
                    column: expectation.place.column,
                    expected: failure?.expected ?? expectation.words,
                    isMet: failure == nil && report.problem.isEmpty,
                    firstWrong: failure?.firstWrong?.nanoseconds,
                    seen: failure?.seen ?? []
                )
            }
        )
    }
}

extension Patch {
    /// The patch as it is sent.
    fileprivate var json: JSONValue {
        switch self {
        case .merge(let value), .strategic(let value), .json(let value): value
        }
    }
}

extension SecretKeeper {
    /// Learns the values of a manifest, when it is a Secret.
    mutating func learn(manifest: ManifestObject) {
        if manifest.object.kind == "Secret" { learn(secret: manifest.json) }
    }

    /// A report without secrets.
    func replaced(in report: RunReport) -> RunReport {
        var report = report
        report.problem = replaced(in: report.problem)
        report.failures = report.failures.map { failure in
            var failure = failure
            failure.expected = replaced(in: failure.expected)
            failure.seen = failure.seen.map { replaced(in: $0) }
            return failure
        }
        return report
    }
}

extension SavedConfiguration {
    fileprivate init(_ configuration: LoadBalancerConfiguration) {
        self.init(
            loadBalancer: configuration.id,
            version: configuration.version,
            head: configuration.headJSON.text,
            listeners: configuration.listeners.map(\.json.text),
            serverGroups: configuration.serverGroups.sorted { $0.key < $1.key }.map(\.value.json.text)
        )
    }
}
