// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

extension GroupPass {
    func finish(
        _ build: GroupBuild.Result,
        _ state: CloudState,
        _ failures: [PlanExecutor.Failure]
    ) async -> PassResult {
        let failed = Set(failures.flatMap(\.owners))
        let used = Set(build.contributions.map(\.ingress))
        owner.registry.update(name) { memory in
            memory.state = failures.isEmpty ? state : nil
            for (key, contribution) in build.fresh
            where !failed.contains(key) && used.contains(key) {
                memory.contributions[key] = contribution
            }
            let present = Set(members.map(\.key))
            memory.contributions = memory.contributions.filter { present.contains($0.key) }
        }
        setTargets(build.stack, state)
        await reportFailures(failures)
        if !failures.isEmpty { return result(.retry, failures[0].message) }
        guard !build.problems.contains(where: { $0.effect == .listenerFails }) else {
            return result(
                isTemporary(build) ? .again(CertificateDirectory.lifetime) : .done,
                "a listener fails"
            )
        }
        guard await writeStatuses(build, state) else {
            return result(.retry, "a status could not be written")
        }
        if state.certificates == nil { return result(.retry, "the certificate service did not answer") }
        if isTemporary(build) { return result(.again(CertificateDirectory.lifetime), "") }
        guard let look = build.nextLook else { return result(.done, "") }
        let wait = owner.host.clock.now.duration(to: look)
        return PassResult(outcome: .done, writes: tally.count, nextLook: max(wait, .seconds(1)))
    }

    func isTemporary(_ build: GroupBuild.Result) -> Bool {
        build.problems.contains(where: \.isTemporary)
    }

    func writeStatuses(_ build: GroupBuild.Result, _ state: CloudState) async -> Bool {
        let before = tally.count
        var isDone = true
        guard let hostname = state.loadBalancer?.dnsName, !hostname.isEmpty else {
            return await readName(build, state)
        }
        let used = Set(build.contributions.map(\.ingress))
        for ingress in members where used.contains(ingress.key) {
            isDone = await writeAddress(hostname, ingress) && isDone
        }
        isDone = await writeStatus(state) == nil && isDone
        if isDone { await writeLabels(members.filter { used.contains($0.key) }) }
        if before > 0 || tally.count > before, isDone {
            await owner.reporter.succeeded(object, "load balancer \(hostname) is as it should be")
        }
        return isDone
    }

    /// The name of a load balancer that was made in this pass.
    func readName(_ build: GroupBuild.Result, _ state: CloudState) async -> Bool {
        guard let id = state.loadBalancer?.id, let found = try? await owner.reader.loadBalancer(id),
            !found.dnsName.isEmpty
        else { return false }
        var state = state
        state.loadBalancer = found
        let copy = state
        owner.registry.update(name) { $0.state = copy }
        return await writeStatuses(build, state)
    }

    func result(_ outcome: PassResult.Outcome, _ message: String) -> PassResult {
        PassResult(outcome: outcome, message: message, writes: tally.count)
    }

    // MARK: Telling

    func find(_ subject: Problem.Subject) -> KubernetesObject? {
        switch subject {
        case .ingress(let key): owner.watch.ingresses[key]
        case .albConfig: object
        }
    }

    func report(_ problems: [Problem], _ failures: [PlanExecutor.Failure]?) async {
        await owner.reporter.report(
            problems,
            topic: "build \(name)",
            reason: "FailedBuildModel",
            object: find
        )
        if let failures { await reportFailures(failures) }
    }

    func reportFailures(_ failures: [PlanExecutor.Failure]) async {
        var problems: [Problem] = []
        for failure in failures {
            problems.append(Problem(.albConfig(name), .none, failure.message))
            for ingress in failure.owners {
                problems.append(Problem(.ingress(ingress), .none, failure.message))
            }
        }
        var seen: Set<Problem> = []
        await owner.reporter.report(
            problems.filter { seen.insert($0).inserted },
            topic: "apply \(name)",
            reason: "FailedApplyModel",
            object: find
        )
    }

    func fail(_ reason: String) async -> PassResult {
        owner.registry.update(name) { $0.state = nil }
        await reportFailures([failure("cloud", reason, isTemporary: true)])
        return result(.retry, reason)
    }
}

extension PlanExecutor.Failure {
    /// What went wrong, in one line.
    var message: String { action.isEmpty ? "\(subject): \(reason)" : "\(subject): \(action): \(reason)" }
}
