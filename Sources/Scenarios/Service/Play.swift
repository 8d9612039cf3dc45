// SPDX-License-Identifier: Apache-2.0
import Cluster
import KubernetesAPI
import Ports
import Simulation
import Traffic
import Worlds

/// The course of a scenario: bring the world up, start the traffic, carry the steps out in time, wait for the end.
struct Play: Sendable {
    let scenario: Scenario
    let world: World
    let ending: Ending
    var progress: RunProgress?

    /// Performs everything.
    func perform() async throws {
        try await world.start()
        let performer = try StepPerformer(
            world: world,
            rotation: SecretRotation(),
            albConfig: albConfig,
            keptHeaders: scenario.keptHeaders
        )
        prepareNetwork()
        try await prepareCluster(performer)
        let clock = performer.clock
        let zero = clock.now
        ending.zero = zero
        let length = scenario.duration ?? scenario.settledTime + .seconds(5)
        progress?.begin(zero: zero, length: length)
        let traffic = try scenario.traffic.map { try performer.traffic($0) }
        for runner in traffic { runner.start() }
        try await performSteps(performer, zero: zero)
        try await clock.sleep(until: zero.advanced(by: length))
        for runner in traffic { runner.stop() }
        // What is under way is waited for, so that every request that was sent has an end.
        for runner in traffic { await runner.finished() }
        ending.end = clock.now
    }

    /// The AlbConfig that is meant where none is named: the only one that the manifests have.
    private var albConfig: String? {
        let applied = scenario.steps.flatMap { step -> [ManifestObject] in
            if case .apply(let objects) = step.action { objects } else { [] }
        }
        let names = (scenario.cluster.objects + applied).filter { $0.object.kind == "AlbConfig" }.map(
            \.object.name
        )
        return Set(names).count == 1 ? names.first : nil
    }

    private func prepareNetwork() {
        let fabric = world.simulation.fabric
        fabric.defaultCondition = LinkCondition(
            latency: scenario.network.latency,
            loss: scenario.network.loss,
            otherwise: fabric.defaultCondition
        )
        for link in scenario.network.links {
            let condition = LinkCondition(
                latency: link.latency,
                loss: link.loss,
                otherwise: fabric.defaultCondition
            )
            fabric.setCondition(
                condition,
                between: link.hosts[0],
                and: link.hosts.count > 1 ? link.hosts[1] : "*"
            )
        }
    }

    /// Applies the manifests of the beginning, and waits until they stand.
    private func prepareCluster(_ performer: StepPerformer) async throws {
        for script in scenario.cluster.pods where !script.labels.isEmpty {
            let selector = LabelSelector(script.labels.map { .isIn($0.key, [$0.value]) })
            try world.cluster.changeScripts(namespace: "", selector: selector, script.members)
        }
        guard !scenario.cluster.objects.isEmpty else { return }
        do {
            _ = try await performer.apply(scenario.cluster.objects.map(\.asNew))
        } catch let failure as StepFailure where !failure.mistakes.isEmpty {
            throw UnfitManifests(mistakes: failure.mistakes)
        }
        let open = try await world.settle(
            limit: ScenarioRunner.settleLimit(objects: scenario.cluster.objects.count)
        )
        for text in open {
            world.simulation.host(World.HostNames.user).trace.record(
                .note(Note(topic: "unsettled", message: "the scenario begins although \(text)"))
            )
        }
    }

    // MARK: Steps

    private func performSteps(_ performer: StepPerformer, zero: Instant) async throws {
        let trace = world.simulation.host(World.HostNames.user).trace
        var performed: [Int: Instant] = [:]
        for step in scenario.steps {
            switch step.time {
            case .at(let time): try await performer.clock.sleep(until: zero.advanced(by: time))
            case .after(let earlier, let delay):
                let base = performed[earlier] ?? performer.clock.now
                try await performer.clock.sleep(until: base.advanced(by: delay))
            case .next: break
            }
            performed[step.number] = performer.clock.now
            // Recorded before it is carried out, so that whatever it causes comes after it.
            let entry = trace.record(
                .step(StepRecord(number: step.number, verb: step.verb, detail: step.title)),
                cause: .none
            )
            do {
                let detail = try await Origin.$current.withValue(entry) { try await performer.perform(step) }
                trace.record(.note(Note(topic: "step", message: "\(step.title): \(detail)")), cause: entry)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw StepFailure(carrying: error, outOf: step)
            }
        }
    }
}

extension StepFailure {
    /// A failure with the step that it broke.
    init(carrying error: any Error, outOf step: Step) {
        let cause = error as? StepFailure
        let inner = (error as? KubernetesError)?.status?.message ?? cause?.message ?? "\(error)"
        message = "\(step.place): the step \"\(step.title)\" could not be carried out: \(inner)"
        mistakes = cause?.mistakes ?? []
    }
}

extension StepFailure: CustomStringConvertible {
    /// What happened, with the places in manifests.
    var description: String {
        mistakes.isEmpty ? message : "\(message)\n\n\(Mistakes(mistakes))"
    }
}

extension Scenario {
    /// Header fields that expectations ask for, by the traffic's name: records keep these and no others.
    var keptHeaders: [String: [String]] {
        var kept: [String: [String]] = [:]
        for case .traffic(let condition)? in expectations.map(\.subject) {
            for header in condition.headers {
                for name in condition.traffic where kept[name]?.contains(header.name) != true {
                    kept[name, default: []].append(header.name)
                }
            }
        }
        return kept
    }
}
