// SPDX-License-Identifier: Apache-2.0
import Ports
import Storage

/// Runs the parts of a file one after another: the corrected form must be green, each baseline red.
struct PartsRunner {
    let scenario: Scenario
    let options: RunOptions

    func run() -> RunReport {
        var report = RunReport(
            file: scenario.file,
            name: scenario.name,
            verdict: .passed,
            seed: options.seed ?? scenario.seed,
            options: options.words
        )
        var digest = DigestSum()
        var mayRunSaved = options.save
        for part in scenario.parts where isWanted(part) {
            var options = options
            // A file of a run holds one run: the first.
            options.save = mayRunSaved
            mayRunSaved = nil
            let outcome = PartRun(part: part, options: options).run()
            digest.add(outcome.report.digest)
            report.virtualTime += outcome.virtualTime
            report.parts.append(outcome.report)
            report.figures += outcome.report.figures
            report.failures += outcome.failures
            report.verdict = report.verdict.worse(outcome.verdict)
            if report.problem.isEmpty { report.problem = outcome.problem }
            if report.unsaved.isEmpty { report.unsaved = outcome.unsaved }
            report.run = report.run ?? outcome.run
            if outcome.verdict == .unreadable { break }
        }
        if report.parts.isEmpty {
            report.verdict = .broken
            report.problem =
                "there is no part \"\(options.part ?? "")\": the parts are corrected"
                + scenario.parts.dropFirst().map { ", \($0.name)" }.joined()
        }
        report.digest = digest.text
        return report
    }

    private func isWanted(_ part: ScenarioPart) -> Bool {
        guard let wanted = options.part else { return true }
        return wanted == part.name || part.kind == .corrected && wanted == "corrected"
    }
}

/// Runs one part.
struct PartRun {
    struct Outcome {
        var report: PartReport
        var verdict = RunReport.Verdict.passed
        var failures: [Failure] = []
        var problem = ""
        var virtualTime = Duration.zero
        var unsaved = ""
        /// A run that shows why the part is not fulfilled, or the first one when all are kept.
        var run: (any RunReading)?
    }

    let part: ScenarioPart
    let options: RunOptions

    /// How many failures of a part are told in full.
    private static let told = 5

    func run() -> Outcome {
        var reports: [(label: String, report: RunReport)] = []
        var found: String?
        var sometimes: [SourcePlace: Failure?] = [:]
        var figures: [(values: [String: String], figure: Figure)] = []
        for run in runs {
            var options = options
            if !reports.isEmpty { options.save = nil }
            // That a baseline is red is no failure, and one run of each part is enough to look at.
            if options.keeps == .failed, part.isBaseline { options.keeps = .never }
            if options.keeps == .always, !reports.isEmpty { options.keeps = .failed }
            var report = ScenarioRunner.runOnce(run.scenario, options: options)
            for figure in report.figures { figures.append((run.values, figure)) }
            if part.kind == .corrected { setAside(run.scenario, &report, &sometimes) }
            reports.append((run.label, report))
            if report.verdict == .unreadable { break }
            if part.isSearch, isRight(report) {
                found = run.label
                break
            }
            // One bad run decides; a baseline has to be red in one run only, unless a law looks at all of them.
            if !part.isSearch, isDecided(report) { break }
        }
        var outcome = outcome(reports, found: found)
        let never = sometimes.values.compactMap(\.self)
            .sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
        var broken = never.map { failure in
            var failure = failure
            failure.run = reports.count == 1 ? "" : "any of \(reports.count) runs"
            return failure
        }
        if let law = part.law, outcome.verdict == .passed {
            let slope = Slope(law, figures)
            outcome.report.figures.append(slope.told)
            if breaks(law) {
                show(slope, of: law, in: &outcome, &broken)
            } else if let failure = slope.failure {
                broken.append(failure)
            }
        }
        if outcome.verdict == .passed, !broken.isEmpty {
            outcome.verdict = .failed
            outcome.report.isRight = false
            outcome.failures = broken
        }
        return outcome
    }

    /// Sets aside what only one of the runs has to show: nil once one has.
    private func setAside(
        _ scenario: Scenario,
        _ report: inout RunReport,
        _ sometimes: inout [SourcePlace: Failure?]
    ) {
        for expectation in scenario.expectations where expectation.isSometimes {
            let failure = report.failures.first { $0.place == expectation.place }
            report.failures.removeAll { $0.place == expectation.place }
            if failure == nil || sometimes[expectation.place] == nil {
                sometimes[expectation.place] = .some(failure)
            }
        }
        if report.verdict == .failed, report.failures.isEmpty { report.verdict = .passed }
    }

    /// The runs, narrowed to the profile that the command line asks for.
    private var runs: [ScenarioPart.Run] {
        guard let profile = options.profile, part.kind == .corrected else { return part.runs }
        let fitting = part.runs.filter { $0.scenario.profile == profile }
        if !fitting.isEmpty { return fitting }
        let first = part.runs.first?.scenario.profile
        return part.runs.filter { $0.scenario.profile == first }
    }

    /// True when a run shows what the part must show.
    private func isRight(_ report: RunReport) -> Bool {
        switch part.kind {
        case .corrected: return report.verdict == .passed
        case .baseline(let red):
            guard report.verdict == .passed || report.verdict == .failed else { return false }
            // The law of a sweep is judged over all runs.
            let names = report.failures.compactMap(\.name) + [part.law?.name].compactMap(\.self)
            return red.allSatisfy(names.contains) && !report.failures.contains(where: \.isOfBaseline)
        }
    }

    private func isDecided(_ report: RunReport) -> Bool {
        switch part.kind {
        case .corrected: report.verdict != .passed
        case .baseline: isRight(report) && part.law == nil
        }
    }

    // MARK: The law

    /// True when the part is a baseline under which a figure must grow faster than the law allows.
    private func breaks(_ law: ScaleLaw) -> Bool {
        guard case .baseline(let red) = part.kind, let name = law.name else { return false }
        return red.contains(name)
    }

    /// Tells the exponent with which a baseline breaks the law, or that it keeps it.
    private func show(_ slope: Slope, of law: ScaleLaw, in outcome: inout Outcome, _ broken: inout [Failure])
    {
        let name = law.name ?? ""
        if let failure = slope.failure, slope.exponent != nil {
            outcome.report.remark = "\(part.title): red (\(name): \(failure.seen.joined(separator: "; ")))"
            return
        }
        outcome.report.remark = "\(part.title): not as it must be in \(outcome.report.runs) runs"
        var failure = Failure(
            place: part.place,
            name: name,
            expected: "\(name) is not met under the \(part.title)",
            seen: slope.exponent == nil
                ? ["there are not two runs with the figure \(law.figure)"]
                : ["it was met, the exponent is \(slope.told.text)"]
        )
        failure.run = part.title
        broken.append(failure)
    }

    // MARK: The outcome

    private func outcome(_ reports: [(label: String, report: RunReport)], found: String?) -> Outcome {
        var digest = DigestSum()
        for (_, report) in reports { digest.add(report.digest) }
        let right = reports.filter { isRight($0.report) }
        let isFulfilled =
            switch part.kind {
            case .corrected where !part.isSearch: right.count == reports.count && !reports.isEmpty
            // An exponent says something about all runs only.
            case .baseline where part.law.map(breaks) == true && !part.isSearch:
                right.count == reports.count && !reports.isEmpty
            default: !right.isEmpty
            }
        let shown = isFulfilled ? (right.last ?? reports.last) : reports.last
        var outcome = Outcome(
            report: PartReport(
                title: part.title,
                isRight: isFulfilled,
                remark: remark(isFulfilled, reports, found: found, shown: shown?.report),
                runs: reports.count,
                figures: shown?.report.figures ?? [],
                digest: digest.text
            )
        )
        outcome.virtualTime = reports.reduce(.zero) { $0 + $1.report.virtualTime }
        outcome.unsaved = reports.map(\.report.unsaved).first { !$0.isEmpty } ?? ""
        if options.keeps == .always || !isFulfilled {
            outcome.run = (isFulfilled ? reports.first : reports.first { !isRight($0.report) })?.report.run
        }
        guard !isFulfilled else { return outcome }
        outcome.verdict = .failed
        for (label, report) in reports where report.verdict == .broken || report.verdict == .unreadable {
            outcome.verdict = report.verdict
            outcome.problem = "\(title(label)): \(report.problem)"
            return outcome
        }
        outcome.failures = failures(reports)
        return outcome
    }

    private func title(_ label: String) -> String { label.isEmpty ? part.title : "\(part.title), \(label)" }

    private func failures(_ reports: [(label: String, report: RunReport)]) -> [Failure] {
        if case .baseline(let red) = part.kind { return redFailures(red, reports) }
        let failing = reports.filter { $0.report.verdict == .failed }
        return failing.flatMap { label, report in
            report.failures.prefix(Self.told).map { failure in
                var failure = failure
                failure.run = title(label)
                return failure
            }
        }
    }

    /// What a baseline should have broken and did not, and what it should have shown itself.
    private func redFailures(_ red: [String], _ reports: [(label: String, report: RunReport)]) -> [Failure] {
        var failures: [Failure] = []
        let names = reports.flatMap { $0.report.failures.compactMap(\.name) }
        for name in red where !names.contains(name) {
            let runs = reports.count == 1 ? "" : " in none of \(reports.count) runs"
            var failure = Failure(
                place: part.place,
                name: name,
                expected: "\(name) is not met under the \(part.title)",
                seen: [reports.count == 1 ? "it was met" : "it was red\(runs)"]
            )
            failure.run = part.title
            failures.append(failure)
        }
        if let last = reports.last(where: { $0.report.failures.contains(where: \.isOfBaseline) }) {
            failures += last.report.failures.filter(\.isOfBaseline).map { failure in
                var failure = failure
                failure.run = title(last.label)
                return failure
            }
        }
        return failures
    }

    private func remark(
        _ isRight: Bool,
        _ reports: [(label: String, report: RunReport)],
        found: String?,
        shown: RunReport?
    ) -> String {
        let runs = reports.count == 1 ? "" : " in \(reports.count) runs"
        switch part.kind {
        case .corrected:
            if let found { return "\(part.title): green with \(found)" }
            let label = isRight || reports.count < 2 ? "" : " (\(reports.last?.label ?? ""))"
            return "\(part.title): \(isRight ? "green" : "red")\(runs)\(label)"
        case .baseline(let red):
            guard isRight else { return "\(part.title): not as it must be\(runs)" }
            let label = found ?? (reports.count > 1 ? reports.last?.label : nil)
            let failure = shown?.failures.first { $0.name == red.first }
            let seen = failure?.seen.first.map { ": \($0)" } ?? ""
            return
                "\(part.title): red\(label.map { " with \($0)" } ?? "") (\(red.joined(separator: ", "))\(seen))"
        }
    }
}

extension RunReport.Verdict {
    private var rank: Int {
        switch self {
        case .passed: 0
        case .failed: 1
        case .broken: 2
        case .unreadable: 3
        }
    }

    /// The graver of two verdicts.
    func worse(_ other: Self) -> Self { other.rank > rank ? other : self }
}

/// One digest over several.
struct DigestSum {
    private var digests: [String] = []

    mutating func add(_ digest: String) { digests.append(digest) }

    /// The only digest itself, or a hash over all.
    var text: String {
        if digests.count < 2 { return digests.first ?? "" }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in digests.joined(separator: "\n").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
