// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON
import Scenarios
import Storage
import Testing

@testable import Reports

/// A value is planted in Secrets in every way, and then looked for in everything that a run gives.
@Suite struct SecretTests {
    private static let planted = "correct-horse-battery-staple"
    private static let patched = "tr0ub4dor-and-three"
    private static let refused = "not!base64!but!secret!all!the!same"
    private static var planted64: String { Data(planted.utf8).base64EncodedString() }

    private func folder() throws -> Folder {
        let folder = Folder()
        try folder.write(
            "manifests/secret.yaml",
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: token, annotations: {note: plain}}
            type: Opaque
            data:
              password: \(Self.planted64)
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: copy}
            data: {leak: "the password is \(Self.planted)"}
            """
        )
        try folder.write(
            "scenario.yaml",
            """
            scenario: Secrets stay secret
            cluster: {manifests: manifests}
            steps:
              - at: 1s
                patch: {kind: Secret, name: token, merge: {stringData: {second: \(Self.patched)}}}
              - at: 2s
                note: "somebody says \(Self.planted) aloud"
            expect:
              - name: shown
                eventually:
                  object: {kind: Secret, name: token, data: {password: other}}
              - name: copied
                eventually:
                  object: {kind: ConfigMap, name: copy, data: {leak: other}}
            duration: 5s
            """
        )
        return folder
    }

    /// The places in which one of the values appears.
    private func leaks(_ outputs: [(name: String, bytes: Data)]) -> [String] {
        let values = [
            Self.planted, Self.planted64, Self.patched, Data(Self.patched.utf8).base64EncodedString(),
            Self.refused,
        ]
        return outputs.flatMap { output in
            values.filter { output.bytes.range(of: Data($0.utf8)) != nil }.map { "\(output.name): \($0)" }
        }
    }

    private func outputs(
        _ folder: Folder,
        includesSecrets: Bool
    ) throws -> (RunReport, [(name: String, bytes: Data)]) {
        var options = RunOptions(save: folder.path("run.sqlite"))
        options.keeps = .always
        options.includesSecrets = includesSecrets
        let scenario = try ScenarioReader(vocabulary: .standard).read(folder.path("scenario.yaml"))
        let report = ScenarioRunner.run(scenario, options: options)
        let run = try SavedRun(try #require(report.run))
        return (
            report,
            [
                ("run file", try folder.bytes("run.sqlite")), ("page", Data(try RunPage.html(run).utf8)),
                ("story", Data(try SavedStory(run).text().utf8)),
                ("terminal", Data(TerminalReport().story(report).utf8)),
                ("JSON", Data(report.json.text.utf8)), ("JUnit", Data(JUnitReport.text([report]).utf8)),
                ("Markdown", Data(MarkdownReport.text([report]).utf8)),
            ]
        )
    }

    @Test func `no output holds a Secret's value`() throws {
        let (report, outputs) = try outputs(folder(), includesSecrets: false)
        #expect(report.verdict == .failed, "\(report.problem)")
        #expect(report.failures.compactMap(\.name) == ["shown", "copied"])
        #expect(leaks(outputs) == [])
        #expect(TerminalReport().story(report).contains("sha256:"))
    }

    @Test func `they are there when they are asked for, and the digest is the same`() throws {
        let (plain, _) = try outputs(folder(), includesSecrets: false)
        let (open, outputs) = try outputs(folder(), includesSecrets: true)
        #expect(!leaks(outputs).isEmpty)
        #expect(plain.digest == open.digest)
        #expect(!plain.digest.isEmpty)
    }

    @Test func `a refused Secret is told without what it holds`() throws {
        let folder = try folder()
        try folder.write(
            "manifests/bad.yaml",
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: bad}
            data:
              password: "\(Self.refused)"
            """
        )
        let scenario = try ScenarioReader(vocabulary: .standard).read(folder.path("scenario.yaml"))
        let report = ScenarioRunner.run(scenario)
        #expect(report.verdict == .unreadable)
        #expect(report.problem.contains("bad.yaml"))
        let text = TerminalReport().story(report) + JUnitReport.text([report]) + report.json.text
        #expect(leaks([("all", Data(text.utf8))]) == [])
    }

    @Test func `a refused patch of a Secret is told without what it holds`() throws {
        let folder = try folder()
        let text = String(decoding: try folder.bytes("scenario.yaml"), as: UTF8.self)
            .replacingOccurrences(
                of: "stringData: {second: \(Self.patched)}",
                with: "data: {second: \"\(Self.refused)\"}"
            )
        try folder.write("scenario.yaml", text)
        let scenario = try ScenarioReader(vocabulary: .standard).read(folder.path("scenario.yaml"))
        let report = ScenarioRunner.run(scenario, options: RunOptions(save: folder.path("run.sqlite")))
        #expect(report.verdict == .broken)
        let all = Data((TerminalReport().story(report) + report.json.text).utf8)
        #expect(leaks([("report", all), ("run file", try folder.bytes("run.sqlite"))]) == [])
    }

    @Test func `no report changes the digest`() throws {
        let folder = try folder()
        let scenario = try ScenarioReader(vocabulary: .standard).read(folder.path("scenario.yaml"))
        let bare = ScenarioRunner.run(scenario).digest
        var options = RunOptions(save: folder.path("run.sqlite"))
        options.keeps = .always
        options.progress = RunProgress()
        #expect(ScenarioRunner.run(scenario, options: options).digest == bare)
    }
}
