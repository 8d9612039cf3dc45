// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// Carries a plan out: lanes side by side, waiting for jobs, going on where one failure does not matter.
final class PlanExecutor: Sendable {
    /// Puts servers into a new group; gives a reason when it could not.
    typealias Fill = @Sendable (ServerGroupKey, String) async -> String?

    /// What went wrong.
    struct Failure: Sendable {
        var subject: String
        var action: String
        var reason: String
        var owners: [ObjectKey]
        var isTemporary: Bool
        /// The upload that was refused, by name.
        var upload: String?
    }

    /// How a plan ended.
    struct Outcome: Sendable {
        /// The ids behind references.
        var known: [String: String] = [:]
        var failures: [Failure] = []
        /// The load balancer as it was when a wait for it ended.
        var loadBalancer: CloudLoadBalancer?

        mutating func add(_ other: Outcome) {
            known.merge(other.known) { $1 }
            failures += other.failures
            loadBalancer = other.loadBalancer ?? loadBalancer
        }
    }

    /// How many lanes go side by side.
    static let width = 5

    let host: Host
    let reader: CloudReader
    let profile: Profile
    let process: ProcessLife
    /// True to carry nothing out: plans are only noted.
    let isDryRun: Bool
    private let caller: CloudCaller
    private let random: Mutex<RandomStream>

    init(
        host: Host,
        caller: CloudCaller,
        profile: Profile = .managed,
        process: ProcessLife = ProcessLife(),
        isDryRun: Bool = false
    ) {
        self.host = host
        self.caller = caller
        self.profile = profile
        self.process = process
        self.isDryRun = isDryRun
        reader = CloudReader(caller: caller)
        random = Mutex(host.random.stream("plan executor"))
    }

    /// Carries a plan out.
    func run(
        _ plan: Plan,
        tally: WriteTally,
        fill: @escaping Fill = { _, _ in nil }
    ) async -> Outcome {
        var outcome = Outcome()
        for phase in plan.phases {
            if phase.needsSuccess, !outcome.failures.isEmpty { continue }
            await run(phase, &outcome, tally, fill)
        }
        return outcome
    }

    private func run(
        _ phase: Plan.Phase,
        _ outcome: inout Outcome,
        _ tally: WriteTally,
        _ fill: @escaping Fill
    ) async {
        let lanes = phase.lanes
        let known = outcome.known
        let isStaggered = phase.isStaggered && profile.isOpenSource
        let results = await withTaskGroup(of: (Int, Outcome).self) { group in
            var results = [Outcome](repeating: Outcome(), count: lanes.count)
            var next = 0
            func start(_ group: inout TaskGroup<(Int, Outcome)>) {
                guard next < lanes.count else { return }
                let (place, lane) = (next, lanes[next])
                next += 1
                group.addTask {
                    if isStaggered { await self.waitALittle() }
                    return (place, await self.run(lane, known: known, tally: tally, fill: fill))
                }
            }
            for _ in 0..<Self.width { start(&group) }
            while let (place, result) = await group.next() {
                results[place] = result
                start(&group)
            }
            return results
        }
        for result in results { outcome.add(result) }
    }

    /// Carries one lane out after a little wait.
    func runStaggered(_ lane: Plan.Lane, tally: WriteTally) async -> Outcome {
        if profile.isOpenSource { await waitALittle() }
        return await run(lane, tally: tally)
    }

    /// True one time in four.
    func isUnlucky() -> Bool { random.withLock { $0.chance(0.25) } }

    /// Up to a fifth of a second, by chance.
    ///
    /// - Source: the open-source controller; seen upstream.
    private func waitALittle() async {
        let pause = random.withLock { $0.duration(in: .zero ... .milliseconds(200)) }
        try? await host.clock.sleep(for: pause)
    }

    /// Carries the steps of one lane out, one after another.
    func run(
        _ lane: Plan.Lane,
        known: [String: String] = [:],
        tally: WriteTally,
        fill: Fill = { _, _ in nil }
    ) async -> Outcome {
        var outcome = Outcome(known: known)
        for step in lane.steps {
            let isDone = await run(step, of: lane, &outcome, tally, fill)
            // A refused batch of rules keeps nothing else of its listener waiting.
            if !isDone, step.batch == nil || profile.has(.quotaBlocksDeletion) { break }
        }
        return outcome
    }

    // MARK: Steps

    private func run(
        _ step: Step,
        of lane: Plan.Lane,
        _ outcome: inout Outcome,
        _ tally: WriteTally,
        _ fill: Fill
    ) async -> Bool {
        let parameters = Reference.resolve(step.parameters, outcome.known)
        if isDryRun {
            let call = "\(step.action) \(Reference.shown(.object(parameters)).text)"
            host.trace.record(.note(Note(topic: "plan", message: "\(lane.subject): \(call)")))
            return true
        }
        if let open = Reference.open(in: .object(parameters)) {
            outcome.failures.append(failure(step, lane, "\(open) could not be made", isTemporary: true))
            return false
        }
        do throws(CloudError) {
            if step.isWait {
                try await settle(step, .object(parameters), parameters, &outcome)
                return true
            }
            let answer = try await caller.write(step.action, of: step.product, parameters, tally: tally)
            bind(step, answer, parameters, &outcome)
            try await settle(step, answer, parameters, &outcome)
        } catch {
            let isDone = await recover(step, of: lane, error, &outcome, tally, fill)
            if !isDone { await undo(step, outcome.known, tally) }
            return isDone
        }
        if let key = step.fills, let id = outcome.known[Reference.serverGroup(key).text],
            let reason = await fill(key, id)
        {
            outcome.failures.append(failure(step, lane, reason, isTemporary: true))
            await undo(step, outcome.known, tally)
            return false
        }
        return true
    }

    /// Takes back what would be left half-made; a failure of this has no consequence but what stays.
    private func undo(_ step: Step, _ known: [String: String], _ tally: WriteTally) async {
        for (action, parameters) in step.undo {
            let parameters = Reference.resolve(parameters, known)
            _ = try? await caller.write(action, of: .alb, parameters, tally: tally)
        }
    }

    private func recover(
        _ step: Step,
        of lane: Plan.Lane,
        _ error: CloudError,
        _ outcome: inout Outcome,
        _ tally: WriteTally,
        _ fill: Fill
    ) async -> Bool {
        let kind = FailureClass.of(error)
        if kind == .absent, step.toleratesAbsence { return true }
        if step.product == .cas, let id = await presentUpload(step, error) {
            outcome.known[Reference.certificate(step.parameters["CertName"]?.stringValue ?? "").text] = id
            return true
        }
        // One bad rule makes the whole batch fail: find it, so that the others get through.
        if kind == .refused, !profile.has(.quotaBlocksDeletion), let halves = step.halves {
            var isDone = true
            for half in halves { isDone = await run(half, of: lane, &outcome, tally, fill) && isDone }
            return isDone
        }
        outcome.failures.append(failure(step, lane, error.reason, isTemporary: kind.isTemporary))
        return false
    }

    /// The id of an upload whose name is taken: an earlier try had its effect and its answer was lost.
    private func presentUpload(_ step: Step, _ error: CloudError) async -> String? {
        guard step.action == "CreateSSLCertificateWithName", error.code.hasPrefix("NameRepeat"),
            let records = try? await reader.certificateList()
        else { return nil }
        return records.first { $0.name == step.parameters["CertName"]?.stringValue }?.id
    }

    private func failure(_ step: Step, _ lane: Plan.Lane, _ reason: String, isTemporary: Bool) -> Failure {
        let isUpload = step.action == "CreateSSLCertificateWithName"
        return Failure(
            subject: lane.subject,
            action: step.action,
            reason: reason,
            owners: step.owners,
            isTemporary: isTemporary,
            upload: isUpload ? step.parameters["CertName"]?.stringValue : nil
        )
    }

    private func bind(_ step: Step, _ answer: JSONValue, _ parameters: JSONObject, _ outcome: inout Outcome) {
        switch step.binding {
        case .none: break
        case .member(let name, let reference):
            if let id = answer[name]?.plainText { outcome.known[reference.text] = id }
        case .rules(let port, _):
            var directions: [Int: Rule.Direction] = [:]
            for rule in parameters["Rules"]?.arrayValue ?? [] {
                guard let priority = rule["Priority"]?.intValue else { continue }
                directions[priority] =
                    Rule.Direction(rawValue: rule["Direction"]?.stringValue ?? "") ?? .request
            }
            for row in answer["RuleIds"]?.arrayValue ?? [] {
                guard let id = row["RuleId"]?.stringValue, let priority = row["Priority"]?.wholeNumber else {
                    continue
                }
                let direction = directions[priority] ?? .request
                outcome.known[Reference.rule(port, direction, priority).text] = id
            }
        }
    }
}
