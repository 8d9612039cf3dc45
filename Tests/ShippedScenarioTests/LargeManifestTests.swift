// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Scenarios

/// A manifest of 10,000 objects is taken as it is.
@Suite struct LargeManifestTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let folder = "\(root)/docs"

    private static let scenario = """
        scenario: A shop in a cluster of many objects
        cluster: { manifests: many.yaml }
        expect:
          - sql: SELECT count(*) FROM object WHERE resource = 'configmaps' AND verb = 'create' AND name LIKE 'settings-%'
            equals: 10000
        duration: 1s
        """

    /// 10,000 ConfigMaps in one file.
    private static func manifest(last: String = "{mode: quiet}") -> String {
        (0..<10_000).map { place in
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings-\(place)}
            data: \(place == 9999 ? last : "{mode: quiet}")
            ---

            """
        }.joined()
    }

    private func read(_ manifest: String) throws -> Scenario {
        let files = MemoryManifest(folder: Self.folder, scenario: Self.scenario, manifest: manifest)
        return try ScenarioReader(files: files, vocabulary: .standard).read("\(Self.folder)/large.yaml")
    }

    @Test func `each of ten thousand objects is sent`() throws {
        let report = ScenarioRunner.run(try read(Self.manifest()))
        #expect(report.verdict == .passed, "\(report.story)")
    }

    @Test func `a mistake in the last of ten thousand objects has its line`() throws {
        let mistakes = #expect(throws: Mistakes.self) { try read(Self.manifest(last: "{mode: quiet")) }
        #expect(mistakes?.all.first?.place.file.hasSuffix("many.yaml") == true)
        #expect((49_999...50_001).contains(mistakes?.all.first?.place.line ?? 0))
    }
}

/// The disk with a scenario and its manifest.
private struct MemoryManifest: SourceFiles {
    let folder: String
    let scenario: String
    let manifest: String

    func bytes(of path: String) -> [UInt8]? {
        switch path {
        case "\(folder)/large.yaml": Array(scenario.utf8)
        case "\(folder)/many.yaml": Array(manifest.utf8)
        default: DiskFiles().bytes(of: path)
        }
    }

    func names(in path: String) -> [String]? { DiskFiles().names(in: path) }
}
