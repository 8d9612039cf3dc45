// SPDX-License-Identifier: Apache-2.0
import Foundation
import Scenarios
import Simulation
import Testing

/// A shipped scenario with a change of its text under which it must be red: what it names is broken then.
struct ShippedScenario: Sendable, CustomTestStringConvertible {
    let file: String
    let text: String
    let broken: String

    var testDescription: String { file }

    static let all = [
        ShippedScenario(
            file: "01-first-ingress.yaml",
            text: "duration: 4m",
            broken: "duration: 4m\ncloud: { transitions: { loadbalancer.create: 10m } }"
        ),
        ShippedScenario(
            file: "02-paths-and-hosts.yaml",
            text: "- host: bar.example.com",
            broken: "- host: pub.example.com"
        ),
        ShippedScenario(
            file: "03-rolling-update.yaml",
            text: "manifests: ../fixtures/rollout",
            broken: "manifests: ../fixtures/rollout-unsafe"
        ),
        ShippedScenario(
            file: "04-rolling-update-unsafe.yaml",
            text: "manifests: ../fixtures/rollout-unsafe",
            broken: "manifests: ../fixtures/rollout"
        ),
        ShippedScenario(file: "05-pod-churn.yaml", text: "replicas: 3", broken: "replicas: 0"),
        ShippedScenario(
            file: "06-certificate-rotation.yaml",
            text: "valid-for: 30d }",
            broken: "valid-for: 30d, hosts: other.example.com }"
        ),
        ShippedScenario(file: "07-broken-certificate.yaml", text: ", broken: malformed", broken: ""),
        ShippedScenario(
            file: "08-throttled-and-killed.yaml",
            text: "cloud: Throttling.User, probability: 40%, for: 3m",
            broken: "cloud: Throttling.User, for: 30m"
        ),
    ]
}

@Suite struct ShippedScenarioTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Reads a scenario from the project's folder, with a part of its text replaced.
    private func read(_ shipped: ShippedScenario, isBroken: Bool) throws -> Scenario {
        let files = ChangedFiles(
            suffix: "scenarios/" + shipped.file,
            text: shipped.text,
            replacement: isBroken ? shipped.broken : shipped.text
        )
        return try ScenarioReader(files: files, vocabulary: .standard).read(
            "\(Self.root)/scenarios/\(shipped.file)"
        )
    }

    @Test func `every shipped scenario has a baseline or is in the table of this test`() throws {
        let reader = ScenarioReader(vocabulary: .standard)
        let known = ShippedScenario.all.map { "\(Self.root)/scenarios/\($0.file)" }
        for file in try reader.scenarioFiles(at: "\(Self.root)/scenarios") where !known.contains(file) {
            let parts = try reader.read(file).parts
            #expect(parts.count > 1, "\(file) has no baseline under which it is red")
        }
    }

    @Test(arguments: ShippedScenario.all)
    func `it passes`(_ shipped: ShippedScenario) throws {
        let report = ScenarioRunner.run(try read(shipped, isBroken: false))
        #expect(report.verdict == .passed, "\(report.story)")
    }

    @Test(arguments: ShippedScenario.all)
    func `it is red when what it names is broken`(_ shipped: ShippedScenario) throws {
        let report = ScenarioRunner.run(try read(shipped, isBroken: true))
        #expect(report.verdict == .failed, "\(report.line)\n\(report.story)")
        #expect(
            !report.failures.isEmpty && report.failures.allSatisfy { !$0.seen.isEmpty && $0.place.line > 0 }
        )
        #expect(report.story.contains("repeat: albedo run "))
    }

    @Test(arguments: [SchedulePolicy.fifo, .random, .priority])
    func `the same seed gives the same digest, whatever the schedule`(_ schedule: SchedulePolicy) throws {
        let scenario = try read(ShippedScenario.all[0], isBroken: false)
        let first = ScenarioRunner.run(scenario, options: RunOptions(seed: 3, schedule: schedule))
        let second = ScenarioRunner.run(scenario, options: RunOptions(seed: 3, schedule: schedule))
        let other = ScenarioRunner.run(scenario, options: RunOptions(seed: 4, schedule: schedule))
        #expect(first.digest == second.digest)
        #expect(first.digest != other.digest)
        #expect([first, second, other].allSatisfy { $0.verdict == .passed })
    }
}

/// The disk, with a part of one file's text replaced.
private struct ChangedFiles: SourceFiles {
    let suffix: String
    let text: String
    let replacement: String
    private let disk = DiskFiles()

    init(suffix: String, text: String, replacement: String) {
        self.suffix = suffix
        self.text = text
        self.replacement = replacement
    }

    func bytes(of path: String) -> [UInt8]? {
        guard let bytes = disk.bytes(of: path), path.hasSuffix(suffix) else { return disk.bytes(of: path) }
        let whole = String(decoding: bytes, as: UTF8.self)
        precondition(whole.contains(text), "\(suffix) no longer says: \(text)")
        return Array(whole.replacing(text, with: replacement).utf8)
    }

    func names(in path: String) -> [String]? {
        disk.names(in: path)
    }
}
