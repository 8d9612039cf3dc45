// SPDX-License-Identifier: Apache-2.0
import CloudServer
import KubernetesServer
import Ports
import Simulation
import Worlds

/// Lets the faults of a scenario happen, and takes them back when their time is over.
struct FaultInjector: Sendable {
    let world: World

    private var clock: any HostClock { world.simulation.host(World.HostNames.user).clock }

    /// Lets a fault happen; gives it in words.
    func inject(_ fault: FaultSpec) throws -> String {
        if fault.probability < 1, fault.word != .cloud {
            throw StepFailure(message: "only cloud faults take a probability so far")
        }
        switch fault.effect {
        case .cloud(let spec): return inject(spec, fault)
        case .network(let spec): return inject(spec, fault)
        case .kubernetes(let spec): return try inject(spec, fault)
        case .watch(let spec): return try inject(spec, fault)
        }
    }

    /// Takes faults back: those of one kind, or all.
    func clear(_ word: FaultSpec.Word?) {
        if word == nil || word == .cloud { world.cloud.liftAll() }
        if word == nil || word == .network { world.clearNetworkFaults() }
        if word == nil || word == .kubernetes || word == .watch {
            world.kubernetes.setFaults(KubernetesFaults())
        }
    }

    private func inject(_ spec: CloudFaultSpec, _ fault: FaultSpec) -> String {
        let effect: CloudFault.Effect
        if let latency = spec.latency {
            effect = spec.isAfterEffect ? .delayReply(.uniform(latency)) : .delayRequest(.uniform(latency))
        } else if let code = spec.code {
            effect = spec.isAfterEffect ? .refuseAfterEffect(code: code) : .refuse(code: code)
        } else {
            effect = spec.isAfterEffect ? .loseReply : .hang
        }
        let action = spec.action?.pattern ?? "*"
        _ = world.cloud.inject(
            CloudFault(
                action: action,
                effect: effect,
                until: fault.duration.map { clock.now.advanced(by: $0) },
                times: fault.times,
                chance: fault.probability
            )
        )
        return "cloud \(spec.code ?? "without answer") for \(action)"
    }

    private func inject(_ spec: NetworkFaultSpec, _ fault: FaultSpec) -> String {
        let (one, other) = (spec.hosts[0], spec.hosts.count > 1 ? spec.hosts[1] : "*")
        switch spec.action {
        case .cut: world.cut(one, other)
        case .loss, .latency:
            world.setCondition(
                LinkCondition(latency: spec.latency, loss: spec.loss, otherwise: LinkCondition()),
                one,
                other
            )
        }
        if let duration = fault.duration {
            clock.schedule(after: duration) { [world] in world.heal(one, other) }
        }
        return "network \(spec.action.rawValue) between \(one) and \(other)"
    }

    private func inject(_ spec: KubernetesFaultSpec, _ fault: FaultSpec) throws -> String {
        if let latency = spec.latency, latency.lowerBound < latency.upperBound {
            throw StepFailure(message: "calls of the API server take one latency so far, not a range")
        }
        let match = KubernetesFaults.Match(
            verbs: spec.verb.map { [$0] },
            resource: spec.resource,
            client: spec.client
        )
        let until = fault.duration.map { clock.now.advanced(by: $0) }
        var faults = world.kubernetes.faults
        if let latency = spec.latency {
            faults.delays.append(.init(match, delay: latency.upperBound, until: until))
        } else {
            let code = KubernetesFaultSpec.reasons.first { $0.reason == spec.reason }?.code ?? 500
            faults.refusals.append(.init(match, status: .fault(code), times: fault.times, until: until))
        }
        world.kubernetes.setFaults(faults)
        return "kubernetes \(spec.reason ?? "latency") for \(spec.resource ?? "everything")"
    }

    private func inject(_ spec: WatchFaultSpec, _ fault: FaultSpec) throws -> String {
        let match = KubernetesFaults.Match(resource: spec.resource, client: spec.client)
        let until = fault.duration.map { clock.now.advanced(by: $0) }
        switch spec.action {
        case .compact: try world.kubernetes.compactHistory(failing: match)
        case .stall:
            var faults = world.kubernetes.faults
            faults.stalls.append(.init(match, until: until))
            world.kubernetes.setFaults(faults)
        case .cut:
            world.kubernetes.cutWatches(match)
            if until != nil {
                // For as long as it lasts, watches that are opened again are cut with their first event.
                var faults = world.kubernetes.faults
                faults.cuts.append(.init(match, events: 1, until: until))
                world.kubernetes.setFaults(faults)
            }
        }
        return "watch \(spec.action.rawValue) of \(spec.resource ?? "everything")"
    }
}
