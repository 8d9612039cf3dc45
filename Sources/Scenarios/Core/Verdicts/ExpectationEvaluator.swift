// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
public import Ports
public import Storage

/// Judges the expectations of a scenario: it is fed with the trace in order, while the run goes on or later, and
/// tells at the end what was not met.
public struct ExpectationEvaluator {
    private let scenario: Scenario
    private let objects: any StoredObjects
    private var timeline: Timeline
    private var streams: [Int: StreamJudge] = [:]
    private var states: [Int: StateJudge] = [:]
    /// Which judges look at the requests of some traffic; the other lists likewise.
    private var byTraffic: [String: [Int]] = [:]
    private var ofConnections: [Int] = []
    private var ofCalls: [Int] = []
    private var ofEvents: [Int] = []
    private var byResource: [String: [Int]] = [:]
    private var certificates = NewestCertificates()
    private let needsCertificates: Bool

    /// Makes an evaluator.
    ///
    /// - Parameters:
    ///   - scenario: What is expected.
    ///   - start: The instant at which the run begins.
    ///   - objects: The bodies of objects, which the trace leaves out.
    public init(_ scenario: Scenario, start: Instant, objects: any StoredObjects) {
        self.scenario = scenario
        self.objects = objects
        timeline = Timeline(start: start)
        needsCertificates = scenario.expectations.contains { $0.subject?.asksForNewestCertificate ?? false }
        for (index, expectation) in scenario.expectations.enumerated() {
            switch expectation.subject {
            case .traffic(let condition):
                for name in condition.traffic { byTraffic[name, default: []].append(index) }
            case .connections: ofConnections.append(index)
            case .calls: ofCalls.append(index)
            case .events: ofEvents.append(index)
            case .object(let condition):
                states[index] = StateJudge(expectation, condition, isGone: false, start: start)
                byResource[condition.type.qualifiedName, default: []].append(index)
            case .gone(let condition):
                states[index] = StateJudge(expectation, condition, isGone: true, start: start)
                byResource[condition.type.qualifiedName, default: []].append(index)
            case nil: continue
            }
            if states[index] == nil { streams[index] = StreamJudge(expectation) }
        }
    }

    /// Takes the next entry of the trace.
    public mutating func accept(_ entry: TraceEntry) {
        switch entry.event {
        case .request(let record): accept(record, at: entry.at)
        case .connection(let record): if !ofConnections.isEmpty { accept(record, at: entry.at) }
        case .cloudCall(let record): if !ofCalls.isEmpty { accept(record, at: entry.at) }
        case .object(let record): accept(record, at: entry.at)
        case .step(let record): timeline.began(record.number, at: entry.at)
        default: break
        }
    }

    private mutating func accept(_ record: RequestRecord, at instant: Instant) {
        guard let judges = byTraffic[record.traffic] else { return }
        let began = instant.advanced(by: .zero - record.latency)
        for index in judges {
            guard case .traffic(let condition) = scenario.expectations[index].subject,
                condition.covers(record)
            else { continue }
            let isSo = condition.holds(for: record) { certificates.label(for: record.host, at: began) }
            streams[index]?.notice()
            streams[index]?.take(
                isSo: isSo,
                began: began,
                at: instant,
                timeline,
                label: { condition.label(record) },
                line: { record.line }
            )
        }
    }

    private mutating func accept(_ record: ConnectionRecord, at instant: Instant) {
        let began = instant.advanced(by: .zero - record.duration)
        for index in ofConnections {
            guard case .connections(let condition) = scenario.expectations[index].subject,
                condition.covers(record)
            else { continue }
            let isSo = condition.holds(for: record) { certificates.label(for: record.serverName, at: began) }
            streams[index]?.notice()
            streams[index]?.take(
                isSo: isSo,
                began: began,
                at: instant,
                timeline,
                label: { condition.label(record) },
                line: { record.line }
            )
        }
    }

    private mutating func accept(_ record: CloudCall, at instant: Instant) {
        let began = instant.advanced(by: .zero - record.duration)
        for index in ofCalls {
            guard case .calls(let condition) = scenario.expectations[index].subject else { continue }
            streams[index]?.notice()
            streams[index]?.take(
                isSo: condition.holds(for: record),
                began: began,
                at: instant,
                timeline,
                label: { "\(record.action)\(record.code.isEmpty ? "" : " \(record.code)")" },
                line: { record.line }
            )
        }
    }

    // MARK: Objects

    private mutating func accept(_ revision: ObjectRevision, at instant: Instant) {
        let isEvent = !ofEvents.isEmpty && revision.resource == ResourceType.events.qualifiedName
        let isSecret = needsCertificates && revision.resource == ResourceType.secrets.qualifiedName
        let judges = (byResource[revision.resource] ?? []).filter { states[$0]?.concerns(revision) ?? false }
        guard isEvent || isSecret || !judges.isEmpty else { return }
        let body =
            revision.verb == "delete"
            ? nil
            : objects.body(
                resource: revision.resource,
                namespace: revision.namespace,
                name: revision.name,
                revision: revision.revision
            )
        if isEvent, let body { accept(event: body, at: instant) }
        if isSecret, let body { certificates.learn(secret: body, at: instant) }
        for index in judges { states[index]?.take(revision.name, body, at: instant) }
    }

    private mutating func accept(event: JSONValue, at instant: Instant) {
        for index in ofEvents {
            guard case .events(let condition) = scenario.expectations[index].subject else { continue }
            streams[index]?.notice()
            streams[index]?.take(
                isSo: condition.holds(for: event),
                began: instant,
                at: instant,
                timeline,
                label: { event["reason"]?.stringValue ?? "" },
                line: { EventCondition.line(event) }
            )
        }
    }

    // MARK: The verdict

    /// What was not met, in the order of the file.
    ///
    /// - Parameters:
    ///   - end: The instant at which the run ended.
    ///   - query: Asks a query of the run's tables; only called for expectations that are queries.
    /// - Returns: One failure for each expectation that was not met; none when the scenario passed.
    public func failures(at end: Instant, query: (String) throws -> QueryResult) -> [Failure] {
        judgement(at: end, query: query).failures
    }

    /// What was not met, and the numbers that are told, in the order of the file.
    ///
    /// - Parameters:
    ///   - end: The instant at which the run ended.
    ///   - query: Asks a query of the run's tables; only called for expectations that are queries.
    /// - Returns: One failure for each expectation that was not met, and a figure for each that is told.
    public func judgement(
        at end: Instant,
        query: (String) throws -> QueryResult
    ) -> (failures: [Failure], figures: [Figure]) {
        var failures: [Failure] = []
        var figures: [Figure] = []
        for (index, expectation) in scenario.expectations.enumerated() {
            let verdict = verdict(index, expectation, end: end, query)
            if let name = expectation.figure, let number = verdict.figure {
                figures.append(Figure(name: name, value: number.value, text: number.text))
            }
            guard !verdict.isMet else { continue }
            var failure = Failure(
                place: expectation.place,
                name: expectation.name,
                expected: expectation.words,
                seen: verdict.seen,
                firstWrong: verdict.at.map(timeline.relative)
            )
            failure.isOfBaseline = expectation.isOfBaseline
            failures.append(failure)
        }
        return (failures, figures)
    }

    private func verdict(
        _ index: Int,
        _ expectation: Expectation,
        end: Instant,
        _ query: (String) throws -> QueryResult
    ) -> Verdict {
        if case .query(let sql, let claim) = expectation.claim {
            return QueryJudge.verdict(claim) { try query(sql) }
        }
        for case .step(let number, _)? in [expectation.window.after, expectation.window.before]
        where timeline.steps[number] == nil {
            let title = scenario.steps.first { $0.number == number }?.title ?? "step \(number)"
            return Verdict(seen: ["\(title) was never reached"], at: end)
        }
        if let begin = timeline.begin(expectation.window), begin > end {
            return Verdict(
                seen: ["the run ended at \(timeline.relative(end).relativeText), before this window began"],
                at: end
            )
        }
        if let judge = streams[index] {
            return (judge.verdict(timeline, end: end) ?? .met).with(judge.figure(timeline))
        }
        guard let judge = states[index] else { return .met }
        return (judge.verdict(timeline, end: end) ?? .met).with(judge.figure(timeline, end: end))
    }
}

extension Subject {
    /// True when the newest certificate must be known.
    fileprivate var asksForNewestCertificate: Bool {
        switch self {
        case .traffic(let condition): condition.certificate == .newest
        case .connections(let condition): condition.certificate == .newest
        default: false
        }
    }
}
