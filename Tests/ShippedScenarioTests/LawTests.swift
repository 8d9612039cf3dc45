// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Scenarios

/// The exponent with which a figure grows over the runs of a sweep, in the corrected form and under a baseline.
@Suite struct LawTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// A sweep whose figure is n, or the square of n under a baseline with `square: 1`.
    private func run(baseline: String) throws -> RunReport {
        let path = "\(Self.root)/docs/law.yaml"
        let text = """
            scenario: The figure grows in step
            cluster: { manifests: ../fixtures/kitchen }
            sweep: { n: [10, 100, 1000] }
            law: { name: in-step, over: n, figure: size, at-most: 1.2 }
            values: { square: 0 }
            expect:
              - name: small
                sql: SELECT CASE ${square} WHEN 1 THEN ${n} * ${n} ELSE ${n} END
                at-most: 9000
                figure: size
            baseline: \(baseline)
            duration: 1s
            """
        return ScenarioRunner.run(
            try ScenarioReader(files: OneMoreFile(path: path, text: text), vocabulary: .standard).read(path)
        )
    }

    @Test func `a baseline that breaks the law is run over the whole sweep and tells the exponent`() throws {
        let report = try run(baseline: "{ name: square, values: { square: 1 }, red: [in-step] }")
        #expect(report.verdict == .passed, "\(report.story)")
        try #require(report.parts.count == 2)
        #expect(report.parts[0].figures.last?.text == "1.00")
        #expect(report.parts[1].runs == 3)
        #expect(
            report.parts[1].remark
                == "baseline square: red (in-step: the exponent is 2.00; n=10: 100, n=100: 10000, n=1000: 1000000)"
        )
    }

    @Test func `a baseline that keeps the law which it should break fails`() throws {
        let report = try run(baseline: "{ values: { square: 0 }, red: [in-step] }")
        #expect(report.verdict == .failed)
        #expect(report.failures.map(\.name) == ["in-step"])
        #expect(report.failures.first?.seen == ["it was met, the exponent is 1.00"])
    }

    @Test func `a baseline without a law may be red in one run only`() throws {
        let report = try run(baseline: "{ values: { square: 1 }, law: null, red: [small] }")
        #expect(report.verdict == .passed, "\(report.story)")
        #expect(report.parts.last?.runs == 2)
    }
}
