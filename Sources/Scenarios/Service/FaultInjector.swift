// SPDX-License-Identifier: Apache-2.0
import CloudServer
import KubernetesAPI
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
        if fault.probability < 1, fault.word == .network {
            throw StepFailure(message: "a network fault takes `loss` in place of a probability")
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
        let effect: CloudFault.Effect =
            switch spec.effect {
            case .latency(let range):
                spec.isAfterEffect ? .delayReply(.uniform(range)) : .delayRequest(.uniform(range))
            case .code(let code):
                spec.isAfterEffect ? .refuseAfterEffect(code: code) : .refuse(code: code)
            case .lostReply: .loseReply
            case .hang: .hang
            case .throttle(let rate, let burst): .throttle(perSecond: rate, burst: burst)
            case .applyPart(let items, let code): .applyPart(items: items, code: code)
            case .shortAnswer(let items): .omitRows(items.map { .last($0) } ?? .all)
            case .omitRows(let values): .omitRows(.holding(values))
            case .failJob(let code): .failJob(code: code, message: "The work was not done.")
            case .hangJob: .hangJob
            }
        let pattern = spec.action?.pattern ?? "*"
        // The cloud takes whole names: a pattern means every action that it fits.
        let actions =
            pattern == "*" || !pattern.contains("*")
            ? [pattern] : Vocabulary.standard.cloudActions.filter { Glob(pattern).matches($0) }
        for action in actions {
            world.cloud.inject(
                CloudFault(
                    action: action,
                    effect: effect,
                    until: fault.duration.map { clock.now.advanced(by: $0) },
                    times: fault.times,
                    chance: fault.probability
                )
            )
        }
        return "cloud calls of \(pattern): \(spec.effect)"
    }

    private func inject(_ spec: NetworkFaultSpec, _ fault: FaultSpec) -> String {
        let (one, other) = (spec.hosts[0], spec.hosts.count > 1 ? spec.hosts[1] : "*")
        switch spec.action {
        case .cut: world.cut(one, other)
        case .loseMoves: world.loseMoves(one, other)
        case .cutQUIC: world.cutQUIC(one, other)
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
        let match = KubernetesFaults.Match(
            verbs: spec.verb.map { [$0] },
            resource: spec.resource,
            client: spec.client.map(Self.agent)
        )
        let until = fault.duration.map { clock.now.advanced(by: $0) }
        var faults = world.kubernetes.faults
        switch spec.effect {
        case .latency(let range):
            faults.delays.append(
                .init(
                    match,
                    delay: range.lowerBound,
                    jitter: range.upperBound - range.lowerBound,
                    until: until,
                    times: fault.times,
                    chance: fault.probability
                )
            )
        case .stale(let age):
            let revision = world.storedRevision(at: clock.now.advanced(by: .zero - age))
            faults.stales.append(.init(match, revision: revision, until: until))
        case .reason, .webhookDown, .webhookCertificate:
            let (status, condition) = refusal(spec.effect)
            faults.refusals.append(
                .init(
                    match,
                    status: status,
                    times: fault.times,
                    until: until,
                    chance: fault.probability,
                    isAfterEffect: spec.isAfterEffect,
                    condition: condition
                )
            )
        }
        world.kubernetes.setFaults(faults)
        return "kubernetes \(spec.effect) for \(spec.resource ?? "everything")"
    }

    /// What refused calls are told, and when they are.
    private func refusal(
        _ effect: KubernetesFaultSpec.Effect
    ) -> (status: KubernetesStatus, condition: (@Sendable () -> Bool)?) {
        switch effect {
        case .webhookDown:
            return (Self.webhookFailure("connect: connection refused"), nil)
        case .webhookCertificate(let secret):
            let status = Self.webhookFailure(
                "tls: failed to verify certificate: x509: certificate has expired"
            )
            let (world, clock) = (world, clock)
            return (status, { !WebhookCertificate(secret: secret).isValid(in: world, at: clock.now) })
        case .reason(let reason):
            return (.fault(KubernetesFaultSpec.reasons.first { $0.reason == reason }?.code ?? 500), nil)
        default: return (.fault(500), nil)
        }
    }

    /// - Source: the answer of kube-apiserver when a webhook fails and its policy is Fail; seen upstream.
    private static func webhookFailure(_ cause: String) -> KubernetesStatus {
        KubernetesStatus(
            code: 500,
            reason: "InternalError",
            message:
                "Internal error occurred: failed calling webhook \"admission.albedo.example\": failed to call webhook: "
                + "Post \"https://webhook.kube-system.svc:443/?timeout=10s\": \(cause)"
        )
    }

    private func inject(_ spec: WatchFaultSpec, _ fault: FaultSpec) throws -> String {
        let match = KubernetesFaults.Match(resource: spec.resource, client: spec.client.map(Self.agent))
        let until = fault.duration.map { clock.now.advanced(by: $0) }
        var faults = world.kubernetes.faults
        let latency = spec.latency ?? .zero...(.zero)
        var meddling: KubernetesFaults.Meddling.Effect?
        switch spec.action {
        case .compact: try world.kubernetes.compactHistory(failing: match)
        case .stall: faults.stalls.append(.init(match, until: until))
        case .cut:
            world.kubernetes.cutWatches(match)
            // For as long as it lasts, watches that are opened again are cut with their first event.
            if until != nil { faults.cuts.append(.init(match, events: 1, until: until)) }
        case .drop: meddling = .drop
        case .duplicate: meddling = .duplicate
        case .delay: meddling = .delay(latency)
        case .reorder: meddling = .reorder(latency)
        }
        if let meddling {
            faults.meddlings.append(
                .init(match, meddling, times: fault.times, until: until, chance: fault.probability)
            )
        }
        world.kubernetes.setFaults(faults)
        return "watch \(spec.action.rawValue) of \(spec.resource ?? "everything")"
    }

    /// The name by which the API server knows a host's calls.
    private static func agent(_ host: String) -> String {
        switch host {
        case World.HostNames.controller: "alb-ingress-controller"
        case World.HostNames.cluster: "kube-controller-manager"
        case World.HostNames.user: "kubectl"
        default: host
        }
    }
}
