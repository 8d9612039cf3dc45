// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// Judges an expectation about the state of an object: from every revision it learns since when it has been so.
struct StateJudge {
    /// A time during which the answer stayed the same.
    private struct Spell {
        var since: Instant
        var isSo: Bool
        /// Why it is not so; of several reasons in a row the last.
        var detail: String
    }

    let expectation: Expectation
    private let condition: ObjectCondition?
    private let isGone: Bool
    /// The mismatches of each object that is there and could be meant, by name.
    private var objects: [String: [TreeMatcher.Mismatch]] = [:]
    private var spells: [Spell] = []
    private var everExisted = false

    init(_ expectation: Expectation, _ condition: ObjectCondition, isGone: Bool, start: Instant) {
        self.expectation = expectation
        self.condition = condition
        self.isGone = isGone
        spells = [Spell(since: start, isSo: isGone, detail: "")]
        if !isGone { spells[0].detail = missing }
    }

    /// Makes a judge that is told how it is.
    init(_ expectation: Expectation, start: Instant, isSo: Bool, detail: String) {
        self.expectation = expectation
        condition = nil
        isGone = false
        everExisted = true
        spells = [Spell(since: start, isSo: isSo, detail: detail)]
    }

    /// Says how it is from an instant on; later instants may have been said before, and are taken back.
    mutating func set(_ isSo: Bool, _ detail: String, at instant: Instant) {
        while spells.count > 1, let last = spells.last, last.since >= instant { spells.removeLast() }
        if spells[spells.count - 1].isSo == isSo {
            spells[spells.count - 1].detail = detail
        } else {
            spells.append(
                Spell(since: max(instant, spells[spells.count - 1].since), isSo: isSo, detail: detail)
            )
        }
    }

    /// True when a revision is of an object that could be meant.
    func concerns(_ revision: ObjectRevision) -> Bool {
        guard let condition else { return false }
        return revision.namespace == condition.namespace
            && (condition.name == nil || condition.name == revision.name)
    }

    /// Takes a revision; nil for a deleted object.
    mutating func take(_ name: String, _ body: JSONValue?, at instant: Instant) {
        if let body, hasLabels(body) {
            everExisted = true
            objects[name] =
                TreeMatcher.mismatches(body, condition?.tree ?? .null) + Self.staleness(body, condition?.tree)
        } else {
            objects[name] = nil
        }
        let matching = objects.keys.filter { objects[$0]?.isEmpty == true }.min()
        let isSo = (matching != nil) != isGone
        let detail = isSo ? "" : isGone ? "\(title(matching ?? "")) is there" : mismatch
        set(isSo, detail, at: instant)
    }

    /// What is wrong with a status that is asked about and tells of an older spec: it says nothing of the present one.
    ///
    /// `kubectl rollout status` waits for the same.
    private static func staleness(_ body: JSONValue, _ tree: JSONValue?) -> [TreeMatcher.Mismatch] {
        guard tree?["status"] != nil, let observed = body["status"]?["observedGeneration"]?.intValue,
            let generation = body["metadata"]?["generation"]?.intValue, observed < generation
        else { return [] }
        return [
            TreeMatcher.Mismatch(
                path: "status.observedGeneration",
                expected: "\(generation), the present spec's",
                found: "\(observed)"
            )
        ]
    }

    private func hasLabels(_ body: JSONValue) -> Bool {
        let labels = KubernetesObject(body).labels
        return (condition?.labels ?? []).allSatisfy { labels[$0.key] == $0.value }
    }

    private func title(_ name: String) -> String {
        guard let condition else { return name }
        return "\(condition.type.kind) \(condition.namespace.isEmpty ? "" : condition.namespace + "/")\(name)"
    }

    private var missing: String {
        condition?.name.map { "there is no \(title($0))" }
            ?? "there is no such \(condition?.type.kind ?? "thing")"
    }

    /// Why nothing matches: the object's differences, or those of the one that differs least.
    private var mismatch: String {
        let nearest = objects.sorted { ($0.value.count, $0.key) < ($1.value.count, $1.key) }.first
        guard let nearest else { return missing }
        let texts = nearest.value.prefix(3).map(\.text) + (nearest.value.count > 3 ? ["…"] : [])
        let name = condition?.name == nil ? "nearest is \(title(nearest.key)): " : ""
        return name + texts.joined(separator: "; ")
    }

    // MARK: The verdict

    /// What is wrong at the end of the run; nil when the expectation is met.
    func verdict(_ timeline: Timeline, end: Instant) -> Verdict? {
        let begin = timeline.begin(expectation.window) ?? timeline.start
        let first = first(timeline, begin: begin)
        let last = min(end, timeline.end(expectation.window) ?? end)
        // The end of a window is not part of it, the end of the run is.
        let parts = parts(
            from: first,
            to: last,
            isClosed: timeline.end(expectation.window).map { $0 > end } ?? true
        )
        switch expectation.claim {
        case .always: return firstPart(parts, isSo: false).map { wrong($0, timeline) }
        case .never:
            if !everExisted {
                return Verdict(seen: [
                    "\(missing) in the whole run, so nothing is shown",
                    "use `always: {gone: …}` if that is meant",
                ])
            }
            return firstPart(parts, isSo: true).map { part in
                Verdict(
                    seen: ["it was so from \(timeline.relative(part.since).relativeText)"],
                    at: part.since
                )
            }
        case .eventually, .within: return reached(parts, begin: begin, end: last, timeline)
        default: return nil
        }
    }

    /// How long it took from the window's beginning until it was so; nil when it never was.
    func figure(_ timeline: Timeline, end: Instant) -> (value: Double, text: String)? {
        let begin = timeline.begin(expectation.window) ?? timeline.start
        let parts = parts(from: first(timeline, begin: begin), to: end, isClosed: true)
        let wanted =
            expectation.hold == nil ? parts.first(where: \.spell.isSo) : parts.last(where: \.spell.isSo)
        guard let wanted else { return nil }
        let time = begin.duration(to: wanted.since)
        return (time.inSeconds, time.humanText)
    }

    /// The first instant at which a state counts.
    ///
    /// What is to become so after a step counts from the moment at which the step has been carried out: before, all is
    /// as it was. A step that never ends counts from its beginning.
    private func first(_ timeline: Timeline, begin: Instant) -> Instant {
        guard condition != nil, !isGone, let after = expectation.window.after else { return begin }
        switch expectation.claim {
        case .eventually, .within: return max(begin, timeline.performed(after) ?? begin)
        default: return begin
        }
    }

    private struct Part {
        var since: Instant
        var until: Instant
        var isLast: Bool
        var spell: Spell
    }

    /// The spells as far as they lie in a window.
    private func parts(from begin: Instant, to end: Instant, isClosed: Bool) -> [Part] {
        var parts: [Part] = []
        for (index, spell) in spells.enumerated() {
            let isLast = index == spells.count - 1
            let until = isLast ? end : min(end, spells[index + 1].since)
            let since = max(begin, spell.since)
            // A state that lasted no time at all is only a step on the way, unless it is what remains.
            guard since < until || (since == until && isLast && isClosed) else { continue }
            parts.append(Part(since: since, until: until, isLast: false, spell: spell))
        }
        if !parts.isEmpty { parts[parts.count - 1].isLast = true }
        return parts
    }

    private func firstPart(_ parts: [Part], isSo: Bool) -> Part? {
        parts.first { $0.spell.isSo == isSo }
    }

    private func wrong(_ part: Part, _ timeline: Timeline) -> Verdict {
        let until = part.isLast ? "to the end" : "until \(timeline.relative(part.until).relativeText)"
        return Verdict(
            seen: [
                "not so from \(timeline.relative(part.since).relativeText) \(until): \(part.spell.detail)"
            ],
            at: part.since
        )
    }

    private func reached(_ parts: [Part], begin: Instant, end: Instant, _ timeline: Timeline) -> Verdict? {
        let deadline = expectation.claim.bound.map { begin.advanced(by: $0) }
        let good = parts.filter(\.spell.isSo)
        let inTime = good.filter { $0.since <= deadline ?? $0.since }
        let isMet = inTime.contains { part in
            switch expectation.hold {
            case nil: true
            case .lasting(let duration)?: part.since.duration(to: part.until) >= duration
            case .toTheEnd?: part.isLast
            }
        }
        if isMet { return nil }
        if let part = inTime.last {
            let text = timeline.relative(part.since).relativeText
            let after = parts.first { $0.since == part.until && !$0.spell.isSo }
            let seen = after.map {
                "so from \(text), but not any more at \(timeline.relative(part.until).relativeText): \($0.spell.detail)"
            }
            return Verdict(
                seen: [seen ?? "so from \(text), which is not long enough"],
                at: after == nil ? end : part.until
            )
        }
        let detail = firstPart(parts, isSo: false)?.spell.detail ?? missing
        if let part = good.first, let deadline {
            let delay = deadline.duration(to: part.since).humanText
            return Verdict(
                seen: [
                    "first so at \(timeline.relative(part.since).relativeText), \(delay) too late",
                    "before: \(detail)",
                ],
                at: deadline
            )
        }
        return Verdict(
            seen: ["never so; in the end: \(parts.last?.spell.detail ?? detail)"],
            at: deadline ?? end
        )
    }
}
