// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// Plans a whole stack in two parts: what rules will refer to, then the rest.
///
/// Between the two an Ingress whose server groups or certificates could not be made can be given back what
/// it had, so that it does not hold the others up.
struct Planner {
    let profile: Profile
    let region: String
    /// Certificates that were this group's once and may be deleted when nobody shows them.
    var oldCertificates: Set<String> = []
    /// The zones for a new load balancer.
    var zones: [LoadBalancer.Zone] = []

    /// Both parts at once, for printing.
    func plan(_ stack: Stack, _ state: CloudState) -> Plan {
        var first = prepare(stack, state)
        let second = apply(stack, first.result)
        first.phases += second.phases
        first.result = second.result
        first.problems += second.problems
        return first
    }

    // MARK: What rules refer to

    /// Uploads certificates, makes server groups and changes their settings.
    func prepare(_ stack: Stack, _ state: CloudState) -> Plan {
        var plan = Plan(result: state)
        uploadCertificates(stack, &plan)
        makeServerGroups(stack, &plan)
        return plan
    }

    /// Uploads certificates.
    func uploadCertificates(_ stack: Stack, _ plan: inout Plan) {
        plan.append("certificates", uploads(stack, &plan.result))
    }

    /// Makes server groups and changes their settings.
    func makeServerGroups(_ stack: Stack, _ plan: inout Plan) {
        let lanes = serverGroups(stack, &plan.result)
        guard profile.worksByPhase else { return plan.append("server groups", lanes) }
        let isNew = { (lane: Plan.Lane) in lane.steps.first?.action == "CreateServerGroup" }
        plan.append("server groups", lanes.filter(isNew), needsSuccess: true, isStaggered: true)
        plan.append(
            "settings of server groups",
            lanes.filter { !isNew($0) },
            needsSuccess: true,
            isStaggered: true
        )
    }

    private func uploads(_ stack: Stack, _ state: inout CloudState) -> [Plan.Lane] {
        guard let records = state.certificates else { return [] }
        var lanes: [Plan.Lane] = []
        let present = Set(records.map(\.name))
        for certificate in stack.certificates where !present.contains(certificate.name) {
            var step = Step(
                product: .cas,
                action: "CreateSSLCertificateWithName",
                parameters: [
                    "CertName": .string(certificate.name), "Certificate": .string(certificate.certificate),
                    "PrivateKey": .string(certificate.privateKey),
                ]
            )
            let reference = Reference.certificate(certificate.name)
            step.binding = .member("CertIdentifier", reference)
            step.settling = .none
            step.owners = certificate.owners
            lanes.append(Plan.Lane(subject: "certificate \(certificate.name)", steps: [step]))
            state.certificates?.append(
                CertificateRecord(id: reference.text, name: certificate.name, hosts: [])
            )
        }
        return lanes
    }

    private func serverGroups(_ stack: Stack, _ state: inout CloudState) -> [Plan.Lane] {
        let planner = ServerGroupPlanner(stack: stack, profile: profile)
        let byTag = Dictionary(grouping: state.serverGroups.indices) { state.serverGroups[$0].tag }
        var lanes: [Plan.Lane] = []
        for wanted in stack.serverGroups {
            let candidates = byTag[wanted.key.tagValue] ?? []
            let choice = planner.plan(wanted, candidates: candidates.map { state.serverGroups[$0] })
            if let place = candidates.first(where: { state.serverGroups[$0].id == choice.group.id }) {
                state.serverGroups[place] = choice.group
            } else {
                state.serverGroups.append(choice.group)
            }
            lanes.append(Plan.Lane(subject: "server group \(wanted.key)", steps: choice.steps))
        }
        return lanes
    }

    /// The group that stands for each key, by the text of the key: the first with fitting settings.
    func groupIDs(_ stack: Stack, _ state: CloudState) -> [String: String] {
        let planner = ServerGroupPlanner(stack: stack, profile: profile)
        let byTag = Dictionary(grouping: state.serverGroups, by: \.tag)
        var ids: [String: String] = [:]
        for wanted in stack.serverGroups {
            let choice = planner.plan(wanted, candidates: byTag[wanted.key.tagValue] ?? [])
            ids[wanted.key.description] = choice.group.id
        }
        return ids
    }

    // MARK: The rest

    /// Load balancer, listeners with rules, and what is left over.
    func apply(_ stack: Stack, _ state: CloudState) -> Plan {
        var plan = Plan(result: state)
        guard let wanted = stack.loadBalancer else { return tearDown(stack, state) }
        changeLoadBalancer(wanted, stack, &plan)
        let ids = groupIDs(stack, state)
        let own = ownListeners(wanted, state)
        let blocked = own.filter { old in stack.listeners.contains { $0.port.collides(with: old.port) } }
        remove(blocked, "listeners in the way", &plan)
        let planner = listenerPlanner(stack, plan.result, ids)
        var lanes: [Plan.Lane] = []
        for listener in stack.listeners {
            let present = state.listener(listener.port)
            if let present, !own.contains(where: { $0.id == present.id }) {
                plan.problems.append(Self.foreign(listener.port, stack))
                continue
            }
            let choice = planner.plan(listener, present: present)
            lanes.append(Plan.Lane(subject: "listener \(listener.port)", steps: choice.steps))
            plan.problems += choice.problems
            plan.result.listeners.removeAll { $0.port == listener.port }
            if let made = choice.listener { plan.result.listeners.append(made) }
        }
        plan.append("listeners", lanes)
        let surplus = own.filter { old in
            !blocked.contains { $0.port == old.port } && !stack.listeners.contains { $0.port == old.port }
        }
        remove(surplus, "listeners that are not wanted", &plan)
        plan.result.listeners.sort { $0.port < $1.port }
        removeGroups(Set(ids.values), &plan)
        removeCertificates(stack, &plan)
        return plan
    }

    /// A listener that somebody else made is left alone.
    static func foreign(_ port: ListenerPort, _ stack: Stack) -> Problem {
        Problem(
            .albConfig(stack.albConfig),
            .listenerFails,
            "ResourceAlreadyExist.Listener: listener \(port) is somebody else's; set forceOverride and"
                + " listenerForceOverride to take it over"
        )
    }

    /// The load balancer itself.
    func changeLoadBalancer(_ wanted: LoadBalancer, _ stack: Stack, _ plan: inout Plan) {
        let balancer = LoadBalancerPlanner(stack: stack, profile: profile, region: region)
            .plan(wanted, zones: zones, present: plan.result.loadBalancer)
        plan.append("load balancer", [Plan.Lane(subject: "load balancer", steps: balancer.steps)])
        plan.result.loadBalancer = balancer.loadBalancer
        plan.problems += balancer.problems
    }

    /// Plans single listeners.
    func listenerPlanner(_ stack: Stack, _ state: CloudState, _ ids: [String: String]) -> ListenerPlanner {
        ListenerPlanner(
            stack: stack,
            loadBalancer: state.loadBalancer?.id ?? "",
            records: state.certificates,
            groupIDs: ids,
            profile: profile
        )
    }

    /// Of a reused load balancer only those listeners count that the controller made, unless told otherwise.
    func ownListeners(_ wanted: LoadBalancer, _ state: CloudState) -> [CloudListener] {
        guard wanted.isReused, !wanted.overridesAttributes, !wanted.overridesListeners else {
            return state.listeners
        }
        return state.listeners.filter {
            ($0.attributes["ListenerDescription"]?.stringValue ?? "").hasPrefix(
                ResourceNames.listenerDescription
            )
        }
    }

    func remove(_ listeners: [CloudListener], _ name: String, _ plan: inout Plan) {
        // An HTTPS listener may name a QUIC one, so it goes first.
        let sorted =
            listeners.filter { $0.port.listenerProtocol != .quic }
            + listeners.filter { $0.port.listenerProtocol == .quic }
        let steps = sorted.map { listener in
            var step = Step(action: "DeleteListener", parameters: ["ListenerId": .string(listener.id)])
            step.toleratesAbsence = true
            return step
        }
        plan.append(name, [Plan.Lane(subject: "listeners", steps: steps)])
        plan.result.listeners.removeAll { old in listeners.contains { $0.id == old.id } }
    }

    func removeGroups(_ wanted: Set<String>, _ plan: inout Plan) {
        let surplus = plan.result.serverGroups.filter { !wanted.contains($0.id) }
        let lanes = surplus.map { group in
            var step = Step(action: "DeleteServerGroup", parameters: ["ServerGroupId": .string(group.id)])
            step.toleratesAbsence = true
            return Plan.Lane(subject: "server group \(group.key?.description ?? group.id)", steps: [step])
        }
        plan.append("server groups that are not wanted", lanes, needsSuccess: true, isStaggered: true)
        plan.result.serverGroups.removeAll { !wanted.contains($0.id) }
    }

    /// Uploads of Secrets that no listener shows any more.
    func removeCertificates(_ stack: Stack, _ plan: inout Plan) {
        guard !profile.has(.uploadsNeverDeleted), let records = plan.result.certificates else { return }
        let shown = Set(plan.result.listeners.flatMap { $0.certificates ?? [] }.map(\.id))
        let wanted = Set(stack.certificates.map(\.name))
        let surplus = records.filter {
            oldCertificates.contains($0.id) && !shown.contains($0.id) && !wanted.contains($0.name)
        }
        let lanes = surplus.map { record in
            var step = Step(
                product: .cas,
                action: "DeleteSSLCertificate",
                parameters: ["CertIdentifier": .string(record.id)]
            )
            step.settling = .none
            step.toleratesAbsence = true
            return Plan.Lane(subject: "certificate \(record.name)", steps: [step])
        }
        plan.append("certificates that are not wanted", lanes, needsSuccess: true)
        plan.result.certificates?.removeAll { record in surplus.contains { $0.id == record.id } }
    }

    // MARK: Deletion

    /// The way back, when the AlbConfig is deleted.
    func tearDown(_ stack: Stack, _ state: CloudState, reused: LoadBalancer? = nil) -> Plan {
        var plan = Plan(result: state)
        if let balancer = state.loadBalancer {
            if let reused {
                // Upstream leaves its listeners behind, so their rules keep the groups from being deleted.
                if !profile.has(.reusedLoadBalancerNeverReleased) {
                    remove(ownListeners(reused, state), "listeners", &plan)
                }
                let tags = stack.loadBalancerTags.map { JSONValue.string($0.key) }
                let step = Step(
                    action: "UnTagResources",
                    parameters: [
                        "ResourceType": "LoadBalancer", "ResourceId": [.string(balancer.id)],
                        "TagKey": .array(tags),
                    ],
                    settling: .none
                )
                plan.append(
                    "load balancer",
                    [Plan.Lane(subject: "load balancer", steps: [step])],
                    needsSuccess: true
                )
            } else {
                plan.append("load balancer", [Plan.Lane(subject: "load balancer", steps: deletion(balancer))])
            }
        }
        plan.result.loadBalancer = nil
        plan.result.listeners = []
        removeGroups([], &plan)
        removeCertificates(stack, &plan)
        return plan
    }

    private func deletion(_ balancer: CloudLoadBalancer) -> [Step] {
        var steps: [Step] = []
        if balancer.attributes["DeletionProtectionConfig", "Enabled"]?.truth ?? false {
            steps.append(
                Step(
                    action: "DisableDeletionProtection",
                    parameters: ["ResourceId": .string(balancer.id)],
                    settling: .none
                )
            )
        }
        var step = Step(action: "DeleteLoadBalancer", parameters: ["LoadBalancerId": .string(balancer.id)])
        step.toleratesAbsence = true
        return steps + [step]
    }
}
