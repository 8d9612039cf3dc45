// SPDX-License-Identifier: Apache-2.0
import Ports
import Traffic

/// Judges an expectation about things that happen: requests, connections, events, calls.
struct StreamJudge {
    let expectation: Expectation
    /// How many things of this kind the run had at all, whatever they were.
    private var inRun = 0
    /// How many counted: in scope and in the window.
    private var seen = 0
    /// How many of those were as the expectation says.
    private var so = 0
    /// Those that speak against the expectation, or those that are counted.
    private var tally = Tally()
    private var streak: Streak
    /// How long they took, where that is asked for.
    private var histogram = LatencyHistogram()

    init(_ expectation: Expectation) {
        self.expectation = expectation
        streak = Streak(expectation.hold)
    }

    /// Notes that there is such a thing at all.
    mutating func notice() { inRun += 1 }

    /// Takes one that is in scope; it is in the window when it began there, whenever it was seen.
    mutating func take(
        isSo: Bool,
        began: Instant,
        at instant: Instant,
        _ timeline: Timeline,
        latency: Duration = .zero,
        label: () -> String,
        line: () -> String
    ) {
        guard timeline.contains(expectation.window, began) else { return }
        seen += 1
        if isSo { so += 1 }
        switch expectation.claim {
        case .always where !isSo, .never where isSo, .count where isSo, .share where isSo, .split where isSo:
            tally.add(label(), at: instant, line)
        case .eventually, .within:
            streak.take(isSo, at: began, deadline: deadline(timeline), label: label)
            // Once it is met, nothing more has to be told.
            if !isSo, !streak.isMet { tally.add(label(), at: instant, line) }
        case .latency where isSo: histogram.add(latency)
        default: break
        }
    }

    private func deadline(_ timeline: Timeline) -> Instant? {
        guard let bound = expectation.claim.bound else { return nil }
        return timeline.begin(expectation.window)?.advanced(by: bound)
    }

    // MARK: The verdict

    /// What is wrong at the end of the run; nil when the expectation is met.
    func verdict(_ timeline: Timeline, end: Instant) -> Verdict? {
        switch expectation.claim {
        case .always: return seen == 0 ? nothing : tally.total == 0 ? nil : against(timeline)
        case .never: return hasNothing ? nothing : tally.total == 0 ? nil : against(timeline)
        case .eventually, .within:
            let last = min(end, timeline.end(expectation.window) ?? end)
            if streak.isMet(atEnd: last, deadline: deadline(timeline)) { return nil }
            return seen == 0 ? nothing : late(timeline, end: last)
        case .count(let bounds):
            if hasNothing { return nothing }
            return bounds.contain(Double(so)) ? nil : counted("\(so.grouped) of \(total)", timeline)
        case .share(let bounds):
            if seen == 0 { return nothing }
            let share = Double(so) / Double(seen)
            return bounds.contain(share)
                ? nil : counted("\(Percentage.shown(share)): \(so.grouped) of \(total)", timeline)
        case .split(let wanted, let confidence):
            if seen == 0 { return nothing }
            let share = Double(so) / Double(seen)
            let width = Confidence.halfWidth(of: wanted, count: seen, confidence: confidence)
            if (share - wanted).magnitude <= width { return nil }
            let text = "\(Percentage.shown(share)): \(so.grouped) of \(total)"
            let bound = "chance allows \(Percentage.shown(wanted)) ± \(Percentage.shown(width))"
            return counted("\(text), where \(bound)", timeline)
        case .latency(let perMille, let bounds):
            if histogram.count == 0 { return nothing }
            let time = histogram.quantile(perMille: perMille)
            if bounds.contain(time.inSeconds) { return nil }
            return Verdict(seen: [
                "\(time.humanText), of \(total); the longest took \(histogram.longest.humanText)"
            ])
        case .query, .order: return nil
        }
    }

    /// The number that the claim is about: how many, which share, after how long.
    func figure(_ timeline: Timeline) -> (value: Double, text: String)? {
        switch expectation.claim {
        case .count: return (Double(so), so.grouped)
        case .share where seen > 0, .split where seen > 0:
            let share = Double(so) / Double(seen)
            return (share, Percentage.shown(share))
        case .always: return (Double(seen - so), (seen - so).grouped)
        case .never: return (Double(so), so.grouped)
        case .eventually, .within:
            guard let begin = timeline.begin(expectation.window), let first = streak.reached else {
                return nil
            }
            let time = begin.duration(to: first)
            return (time.inSeconds, time.humanText)
        case .latency(let perMille, _) where histogram.count > 0:
            let time = histogram.quantile(perMille: perMille)
            return (time.inSeconds, time.humanText)
        default: return nil
        }
    }

    private var noun: (one: String, many: String) { expectation.subject?.noun ?? ("one", "ones") }
    private var total: String { "\(seen.grouped) \(seen == 1 ? noun.one : noun.many)" }

    /// Nothing happened that could have been wrong.
    ///
    /// For calls and events it is enough that the run had any, since
    /// their absence is often what is wanted.
    private var hasNothing: Bool {
        switch expectation.subject {
        case .calls, .events, .apiCalls, .streams: inRun == 0
        default: seen == 0
        }
    }

    private var nothing: Verdict {
        let place = hasNothing && inRun == 0 ? "in the whole run" : "in this window"
        return Verdict(seen: ["there was no \(noun.one) \(place), so nothing is shown"])
    }

    private func against(_ timeline: Timeline) -> Verdict {
        let verb = if case .never = expectation.claim { "so" } else { "otherwise" }
        return Verdict(
            seen: ["\(total), \(tally.total.grouped) \(verb): \(tally.summary)"] + samples(timeline),
            at: tally.first
        )
    }

    private func counted(_ text: String, _ timeline: Timeline) -> Verdict {
        let kinds = tally.total > 0 ? ["they were: \(tally.summary)"] : []
        return Verdict(seen: [text] + kinds + samples(timeline), at: tally.first)
    }

    private func late(_ timeline: Timeline, end: Instant) -> Verdict {
        let deadline = deadline(timeline)
        let others = tally.total > 0 ? ["otherwise: \(tally.summary)"] : []
        guard let first = streak.firstSo else {
            return Verdict(
                seen: ["none of \(total) was so: \(tally.summary)"] + samples(timeline),
                at: deadline ?? end
            )
        }
        let firstText = timeline.relative(first).relativeText
        if let deadline, first > deadline {
            let delay = deadline.duration(to: first).humanText
            return Verdict(seen: ["first so at \(firstText), \(delay) too late"] + others, at: deadline)
        }
        if let since = streak.since {
            let text = timeline.relative(since).relativeText
            let reason = since > deadline ?? since ? "which is too late" : "which is not long enough"
            return Verdict(
                seen: ["first so at \(firstText), for good since \(text), \(reason)"] + others,
                at: deadline ?? end
            )
        }
        guard let last = streak.lastBreak else {
            return Verdict(seen: ["first so at \(firstText)"] + others, at: end)
        }
        return Verdict(
            seen: [
                "so from \(timeline.relative(last.since).relativeText), but not any more at "
                    + "\(timeline.relative(last.at).relativeText): \(last.label)"
            ] + others,
            at: last.at
        )
    }

    private func samples(_ timeline: Timeline) -> [String] {
        tally.samples.map { "\(timeline.relative($0.at).relativeText) \($0.text)" }
    }
}
