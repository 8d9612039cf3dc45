// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
public import Ports
public import Storage

/// Judges the expectations of a scenario: it is fed with the trace in order, while the run goes on or later, and
/// tells at the end what was not met.
public struct ExpectationEvaluator {
    private let scenario: Scenario
    /// The scenario's expectations, and behind them the things that an order speaks of.
    private let expectations: [Expectation]
    /// Which of them the things of an order are, by the order's place.
    private var orders: [Int: [Int]] = [:]
    private let objects: any StoredObjects
    private var timeline: Timeline
    /// The judges of the expectations, each at its expectation's place.
    private var streams: [StreamJudge?]
    private var states: [Int: StateJudge] = [:]
    /// Which judges look at the requests of some traffic, and at which; the other lists likewise.
    private var byTraffic: [String: [(index: Int, condition: TrafficCondition)]] = [:]
    private var ofConnections: [Int] = []
    private var ofStreams: [Int] = []
    private var ofCalls: [Int] = []
    private var ofEvents: [Int] = []
    private var ofAPICalls: [Int] = []
    private var levels: [Int: LevelJudge] = [:]
    private var cloudLevels: [Int] = []
    private var serverLevels: [Int] = []
    private var secretLevels: [Int] = []
    private var health = ServerHealthBoard()
    /// Who answered a traffic first, by expectation and traffic.
    private var firstServers: [String: String] = [:]
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
        needsCertificates = scenario.expectations.contains { expectation in
            expectation.subjects.contains(where: \.asksForNewestCertificate)
        }
        var all = scenario.expectations
        for (index, expectation) in scenario.expectations.enumerated() {
            guard case .order(let subjects) = expectation.claim else { continue }
            orders[index] = Array(all.count..<(all.count + subjects.count))
            all += subjects.map {
                Expectation(
                    claim: .eventually,
                    subject: $0,
                    window: expectation.window,
                    place: expectation.place
                )
            }
        }
        expectations = all
        streams = Array(repeating: nil, count: all.count)
        for (index, expectation) in all.enumerated() { prepare(index, expectation, start: start) }
    }

    private mutating func prepare(_ index: Int, _ expectation: Expectation, start: Instant) {
        switch expectation.subject {
        case .traffic(let condition):
            for name in condition.traffic { byTraffic[name, default: []].append((index, condition)) }
        case .connections: ofConnections.append(index)
        case .streams: ofStreams.append(index)
        case .calls: ofCalls.append(index)
        case .apiCalls: ofAPICalls.append(index)
        case .events: ofEvents.append(index)
        case .object(let condition):
            states[index] = StateJudge(expectation, condition, isGone: false, start: start)
            byResource[condition.type.qualifiedName, default: []].append(index)
        case .gone(let condition):
            states[index] = StateJudge(expectation, condition, isGone: true, start: start)
            byResource[condition.type.qualifiedName, default: []].append(index)
        case .cloud: cloudLevels.append(index)
        case .servers: serverLevels.append(index)
        case .certificate(let condition):
            secretLevels.append(index)
            byResource[condition.secret.type.qualifiedName, default: []].append(index)
        case nil: return
        }
        if case .cloud? = expectation.subject {
            levels[index] = LevelJudge(
                expectation,
                start: start,
                isSo: false,
                detail: "nothing was counted yet"
            )
        } else if case .servers(let condition)? = expectation.subject {
            let isSo = condition.healthy.contain(0)
            levels[index] = LevelJudge(
                expectation,
                start: start,
                isSo: isSo,
                detail: isSo ? "" : "no server is healthy"
            )
        } else if case .certificate? = expectation.subject {
            levels[index] = LevelJudge(
                expectation,
                start: start,
                isSo: false,
                detail: "there is no certificate"
            )
        } else if states[index] == nil {
            streams[index] = StreamJudge(expectation)
        }
    }

    /// Takes what was counted in the cloud, before the trace.
    public mutating func accept(_ counts: [CloudCount]) {
        for count in counts {
            for index in cloudLevels {
                guard case .cloud(let condition)? = expectations[index].subject else { continue }
                let wrong = condition.wrong(count.numbers)
                levels[index]?.set(wrong.isEmpty, wrong, at: count.at)
            }
        }
    }

    /// Takes the next entry of the trace.
    public mutating func accept(_ entry: TraceEntry) {
        switch entry.event {
        case .request(let record): accept(record, at: entry.at)
        case .connection(let record): if !ofConnections.isEmpty { accept(record, at: entry.at) }
        case .stream(let record): if !ofStreams.isEmpty { accept(record, at: entry.at) }
        case .cloudCall(let record): if !ofCalls.isEmpty { accept(record, at: entry.at) }
        case .apiCall(let record): if !ofAPICalls.isEmpty { accept(record, at: entry.at) }
        case .health(let record): if !serverLevels.isEmpty { accept(record, at: entry.at) }
        case .pod(let record): if !serverLevels.isEmpty { health.learn(record) }
        case .object(let record): accept(record, at: entry.at)
        case .step(let record): timeline.began(record.number, at: entry.at)
        case .note(let note): if note.topic == "step" { timeline.ended(at: entry.at) }
        default: break
        }
    }

    private mutating func accept(_ record: RequestRecord, at instant: Instant) {
        guard let judges = byTraffic[record.traffic] else { return }
        let began = instant.advanced(by: .zero - record.latency)
        for (index, condition) in judges where condition.covers(record) {
            let holds = condition.holds(for: record) { certificates.label(for: record.host, at: began) }
            let isSo = holds && (!condition.isSameServer || isSameServer(record, index))
            streams[index]?.notice()
            streams[index]?.take(
                isSo: isSo,
                began: began,
                at: instant,
                timeline,
                latency: record.latency,
                label: { condition.label(record) },
                line: { record.line }
            )
        }
    }

    /// True when a request was answered by whoever answered the first one of its traffic.
    private mutating func isSameServer(_ record: RequestRecord, _ index: Int) -> Bool {
        guard !record.servedBy.isEmpty else { return true }
        let key = "\(index) \(record.traffic)"
        let first = firstServers[key] ?? record.servedBy
        firstServers[key] = first
        return first == record.servedBy
    }

    private mutating func accept(_ record: ConnectionRecord, at instant: Instant) {
        let began = instant.advanced(by: .zero - record.duration)
        for index in ofConnections {
            guard case .connections(let condition) = expectations[index].subject,
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

    /// A stream counts where it ended: how long it had been open by then is another matter.
    private mutating func accept(_ record: StreamRecord, at instant: Instant) {
        for index in ofStreams {
            guard case .streams(let condition) = expectations[index].subject, condition.covers(record) else {
                continue
            }
            streams[index]?.notice()
            streams[index]?.take(
                isSo: condition.holds(for: record),
                began: instant,
                at: instant,
                timeline,
                latency: record.slowest,
                label: { condition.label(record) },
                line: { record.line }
            )
        }
    }

    private mutating func accept(_ record: CloudCall, at instant: Instant) {
        let began = instant.advanced(by: .zero - record.duration)
        for index in ofCalls {
            guard case .calls(let condition) = expectations[index].subject else { continue }
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

    private mutating func accept(_ record: APICall, at instant: Instant) {
        let began = instant.advanced(by: .zero - record.duration)
        for index in ofAPICalls {
            guard case .apiCalls(let condition)? = expectations[index].subject else { continue }
            streams[index]?.notice()
            streams[index]?.take(
                isSo: condition.holds(for: record),
                began: began,
                at: instant,
                timeline,
                label: {
                    "\(record.verb) \(record.status)\(record.reason.isEmpty ? "" : " \(record.reason)")"
                },
                line: { record.line }
            )
        }
    }

    private mutating func accept(_ record: HealthChange, at instant: Instant) {
        health.accept(record)
        for index in serverLevels {
            guard case .servers(let condition)? = expectations[index].subject else { continue }
            let count = health.fewest(condition.deployment)
            let isSo = condition.healthy.contain(Double(count))
            levels[index]?.set(isSo, isSo ? "" : "\(count) healthy", at: instant)
        }
    }

    // MARK: Objects

    private mutating func accept(_ revision: ObjectRevision, at instant: Instant) {
        let isEvent = !ofEvents.isEmpty && revision.resource == ResourceType.events.qualifiedName
        let isSecret = needsCertificates && revision.resource == ResourceType.secrets.qualifiedName
        let concerned = byResource[revision.resource] ?? []
        let judges = concerned.filter { states[$0]?.concerns(revision) ?? false }
        let watched = concerned.filter { index in
            guard case .certificate(let condition)? = expectations[index].subject else { return false }
            return condition.secret.name == revision.name && condition.secret.namespace == revision.namespace
        }
        guard isEvent || isSecret || !judges.isEmpty || !watched.isEmpty else { return }
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
        for index in watched { takeCertificate(index, body, at: instant) }
    }

    /// A Secret changed whose certificate must be valid for some time: it is so until too little is left.
    private mutating func takeCertificate(_ index: Int, _ body: JSONValue?, at instant: Instant) {
        guard case .certificate(let condition)? = expectations[index].subject else { return }
        guard let end = body.flatMap(NewestCertificates.end) else {
            levels[index]?.set(false, "there is no certificate that can be used", at: instant)
            return
        }
        let last = end.advanced(by: .zero - condition.left)
        if last > instant { levels[index]?.set(true, "", at: instant) }
        levels[index]?.set(
            false,
            "it ends \(end.rfc3339(fractionDigits: 0))",
            at: max(last, instant)
        )
    }

    private mutating func accept(event: JSONValue, at instant: Instant) {
        for index in ofEvents {
            guard case .events(let condition) = expectations[index].subject else { continue }
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
        if let things = orders[index] { return order(things, expectation, end: end) }
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
        if let judge = levels[index] {
            var verdict = (judge.verdict(timeline, end: end) ?? .met).with(judge.figure(timeline, end: end))
            if case .servers? = expectation.subject, !verdict.isMet, health.isUnchecked {
                verdict.seen.append(Self.unchecked)
            }
            return verdict
        }
        guard let judge = states[index] else { return .met }
        return (judge.verdict(timeline, end: end) ?? .met).with(judge.figure(timeline, end: end))
    }
}

extension ExpectationEvaluator {
    private static let unchecked =
        "nobody checks the health of servers: the annotation alb.ingress.kubernetes.io/healthcheck-enabled switches it on"

    /// Whether things began to be so in their order.
    private func order(_ things: [Int], _ expectation: Expectation, end: Instant) -> Verdict {
        var firsts: [(words: String, at: Double?)] = []
        for index in things {
            let figure =
                streams[index]?.figure(timeline) ?? levels[index]?.figure(timeline, end: end)
                ?? states[index]?.figure(timeline, end: end)
            firsts.append((expectations[index].subject?.words ?? "", figure?.value))
        }
        let lines = firsts.map { first in
            let time = first.at.map { Duration.nanoseconds(Int64($0 * 1e9)).relativeText } ?? "never"
            return "\(time) \(first.words)"
        }
        let times = firsts.compactMap(\.at)
        let isMet = times.count == firsts.count && zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
        return isMet ? .met : Verdict(seen: lines, at: end)
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
