// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// A pass that goes kind by kind: reads what there is of it, changes it, and only then looks at the next.
///
/// - Source: the open-source controller's appliers and the order of its calls; seen upstream.
struct PhasedPass {
    let pass: GroupPass
    private let build: GroupBuild.Result
    let planner: Planner
    var state: CloudState
    /// What went wrong at single ports; it is told in the end.
    var portFailures: [ListenerPort: String] = [:]

    var owner: GroupReconciler { pass.owner }
    var profile: Profile { pass.profile }
    var stack: Stack { build.stack }

    /// Why a pass ended before its end.
    struct Stop: Error {
        var message: String
        var owners: [ObjectKey] = []
    }

    private init(_ pass: GroupPass, _ build: GroupBuild.Result, _ planner: Planner, _ state: CloudState) {
        self.pass = pass
        self.build = build
        self.planner = planner
        self.state = state
    }

    static func run(_ pass: GroupPass) async -> PassResult {
        let owner = pass.owner
        if let reason = await pass.checkClasses() { return pass.result(.retry, reason) }
        guard let wanted = pass.spec.loadBalancer else {
            await pass.report(pass.spec.problems, [])
            return pass.result(.retry, "spec.config is missing")
        }
        guard await owner.status.setFinalizer(true, on: pass.object, tally: pass.tally) else {
            await owner.reporter.tell(
                pass.object,
                "Warning",
                "FailedRemoveFinalizer",
                "the finalizer could not be written"
            )
            return pass.result(.retry, "the finalizer could not be written")
        }
        if let panic = pass.panic() { return pass.result(.done, panic) }
        var state = CloudState()
        var planner = pass.planner()
        do throws(CloudError) {
            planner.zones = try await pass.zones(wanted)
            state.certificates = try await certificates(pass)
            state.listeners = try await openListeners(pass)
        } catch {
            return await pass.fail(error.reason)
        }
        if state.certificates == nil, pass.profile.has(.certificateProblemFreezesHTTP) {
            return await pass.fail("the certificate service did not answer")
        }
        let build = pass.build(GroupPass.BuildRound(context: GroupPass.context(owner, pass.memory)), state)
        await pass.report(build.problems, nil)
        if build.isFrozen { return pass.result(.retry, "an Ingress of the group cannot be built") }
        state.listeners = []
        var phased = PhasedPass(pass, build, planner, state)
        return await phased.apply(wanted)
    }

    /// The certificates of the account where any Ingress or listener may need them; nil when they could not be read.
    private static func certificates(_ pass: GroupPass) async throws(CloudError) -> [CertificateRecord]? {
        let isSecure = pass.spec.listeners.contains { $0.port.isSecure }
        guard isSecure, !pass.members.isEmpty else { return [] }
        return try? await pass.owner.certificates.records()
    }

    /// The listeners that there are, where one that is taken out stays while it is used; upstream does not ask.
    private static func openListeners(_ pass: GroupPass) async throws(CloudError) -> [CloudListener] {
        guard !pass.profile.has(.removedListenerClosesPort),
            let present = try await pass.owner.observer.loadBalancer(pass.emptyStack, pass.spec, known: nil)
        else { return [] }
        return try await pass.owner.reader.listeners(loadBalancer: present.id)
    }

    // MARK: The phases

    private mutating func apply(_ wanted: LoadBalancer) async -> PassResult {
        do throws(Stop) {
            try await uploadCertificates()
            try await serverGroups()
            try await loadBalancer(wanted)
            try await listeners(wanted)
            try await accessLists()
            try await rules()
            try portErrors()
            try await removeServerGroups()
        } catch {
            owner.registry.update(pass.name) { $0.state = nil }
            await tellAll("FailedApplyModel", error.message)
            return pass.result(.retry, error.message)
        }
        let state = state
        owner.registry.update(pass.name) { memory in
            memory.state = state
            for (key, contribution) in build.fresh { memory.contributions[key] = contribution }
        }
        pass.setTargets(stack, state)
        return await PhasedFinish(pass: pass, build: build, state: state).run()
    }

    private func tellAll(_ reason: String, _ message: String) async {
        await owner.reporter.tell(pass.object, "Warning", reason, message)
        for member in pass.members { await owner.reporter.tell(member, "Warning", reason, message) }
    }

    /// Carries a plan out and takes over what it has made.
    mutating func carryOut(
        _ plan: Plan,
        fill: @escaping PlanExecutor.Fill = { _, _ in nil }
    ) async throws(Stop) {
        if let problem = plan.problems.first { throw Stop(message: problem.message) }
        let outcome = await owner.executor.run(plan, tally: pass.tally, fill: fill)
        if let failure = outcome.failures.first {
            throw Stop(message: failure.message, owners: failure.owners)
        }
        state = plan.result.resolved(outcome.known)
        if let balancer = outcome.loadBalancer, let known = state.loadBalancer, balancer.id == known.id {
            for member in balancer.attributes.members where known.attributes[member.key] == nil {
                state.loadBalancer?.attributes[member.key] = member.value
            }
        }
    }

    func read<Value>(
        _ body: () async throws(CloudError) -> Value
    ) async throws(Stop) -> Value {
        do throws(CloudError) { return try await body() } catch { throw Stop(message: error.reason) }
    }

    private mutating func uploadCertificates() async throws(Stop) {
        let old = state.certificates ?? []
        var plan = Plan(result: state)
        planner.uploadCertificates(stack, &plan)
        try await carryOut(plan)
        let added = (state.certificates ?? []).filter { record in !old.contains { $0.id == record.id } }
        if !added.isEmpty { owner.certificates.invalidate() }
    }

    private mutating func serverGroups() async throws(Stop) {
        let tags = stack.tags, reader = owner.reader
        state.serverGroups = try await read { () async throws(CloudError) in
            try await reader.serverGroups(tags: tags)
        }
        var plan = Plan(result: state)
        planner.makeServerGroups(stack, &plan)
        let targets = GroupPass.targets(stack)
        let services = owner.services, tally = pass.tally, name = pass.name, registry = owner.registry
        let isOpenSource = profile.isOpenSource
        let servers = owner.servers
        try await carryOut(plan) { key, id in
            var target = targets[key] ?? Target(id: id, isHealthChecked: false, holdsAddresses: false)
            target.id = id
            let targetName = TargetName(albConfig: name, key: key)
            registry.setTarget(targetName, target)
            if isOpenSource {
                return await services.fill(key, id, holdsAddresses: target.holdsAddresses, tally: tally)
            }
            return await servers.fill(targetName, target, tally: tally).failure
        }
        let present = planner.groupIDs(stack, state)
        for group in stack.serverGroups where !group.isListenerDefault {
            guard owner.watch.services[group.key.serviceKey] == nil, let id = present[group.key.description]
            else { continue }
            await owner.services.empty(id, group.key, tally: tally)
        }
    }

    // MARK: Load balancer

    private mutating func loadBalancer(_ wanted: LoadBalancer) async throws(Stop) {
        if wanted.isReused {
            state.loadBalancer = try await readLoadBalancer(wanted.id)
            if let refusal = pass.refuse(wanted, state) { throw Stop(message: refusal) }
        } else {
            state.loadBalancer = try await findLoadBalancer()
        }
        if state.loadBalancer == nil, planner.zones.isEmpty {
            throw Stop(message: "no zone mapping: no vSwitch of VPC \(stack.vpc) fits")
        }
        var plan = Plan(result: state)
        planner.changeLoadBalancer(wanted, stack, &plan)
        try await carryOut(plan)
    }

    private func readLoadBalancer(_ id: String) async throws(Stop) -> CloudLoadBalancer? {
        let reader = owner.reader
        return try await read { () async throws(CloudError) in try await reader.loadBalancer(id) }
    }

    /// The load balancer with our tags; more than one, or one that is gone, is an error for good.
    private func findLoadBalancer() async throws(Stop) -> CloudLoadBalancer? {
        let tags = stack.tags, reader = owner.reader
        let rows = try await read { () async throws(CloudError) in
            try await reader.loadBalancers(tags: tags)
        }
        let ids = rows.compactMap { $0["LoadBalancerId"]?.stringValue }.sorted()
        let known = pass.spec.status.id
        if ids.count > 1, profile.has(.createThenTagLeavesOrphans) {
            let names = ids.joined(separator: ", ")
            throw Stop(message: "several load balancers have the tags of this AlbConfig: \(names)")
        }
        if ids.isEmpty, !known.isEmpty, profile.has(.deletedLoadBalancerIsFinal) {
            throw Stop(message: "load balancer \(known) was deleted on the console")
        }
        guard let id = ids.first(where: { $0 == known }) ?? ids.first else { return nil }
        return try await readLoadBalancer(id)
    }

    // MARK: Access lists and rules

    private mutating func accessLists() async throws(Stop) {
        let single = planner.listenerPlanner(stack, state, planner.groupIDs(stack, state))
        let observer = owner.observer
        for wanted in stack.listeners {
            if portFailures[wanted.port] == "", wanted.accessList != nil {
                throw Stop(message: "empty listener id")
            }
            guard portFailures[wanted.port] == nil, let listener = state.listener(wanted.port) else {
                continue
            }
            let known = try await read { () async throws(CloudError) in
                try await observer.accessList(ofListener: listener.id)
            }
            var present = listener
            present.accessList = known
            let choice = single.accessLists(wanted, present)
            var plan = Plan(result: state)
            plan.append("access lists", [Plan.Lane(subject: "listener \(wanted.port)", steps: choice.steps)])
            if let changed = choice.listener { plan.result.replace(changed) }
            try await carryOut(plan)
        }
    }

    private mutating func rules() async throws(Stop) {
        let reader = owner.reader
        let single = planner.listenerPlanner(stack, state, planner.groupIDs(stack, state))
        var plan = Plan(result: state)
        var lanes: [Plan.Lane] = []
        for wanted in stack.listeners where portFailures[wanted.port] == nil {
            guard var listener = state.listener(wanted.port) else { continue }
            let id = listener.id
            listener.rules = try await read { () async throws(CloudError) in
                try await reader.allRules(listener: id)
            }
            let choice = single.rules(wanted, listener)
            plan.problems += choice.problems
            lanes.append(Plan.Lane(subject: "listener \(wanted.port)", steps: choice.steps))
            if let changed = choice.listener { plan.result.replace(changed) }
        }
        plan.append("rules", lanes, isStaggered: true)
        try await carryOut(plan)
        // The rules of all listeners go side by side, so those of the others are made before this is told.
        if portFailures.values.contains("") { throw Stop(message: "empty listener id") }
    }

    private func portErrors() throws(Stop) {
        if let (_, message) = portFailures.min(by: { $0.key < $1.key }) { throw Stop(message: message) }
    }

    private mutating func removeServerGroups() async throws(Stop) {
        var plan = Plan(result: state)
        planner.removeGroups(Set(planner.groupIDs(stack, state).values), &plan)
        var deleting = planner
        deleting.oldCertificates = pass.oldCertificates(build, state)
        deleting.removeCertificates(stack, &plan)
        try await carryOut(plan)
    }
}

extension CloudState {
    /// Puts a listener in the place of the one with its port.
    fileprivate mutating func replace(_ listener: CloudListener) {
        guard let place = listeners.firstIndex(where: { $0.port == listener.port }) else { return }
        listeners[place] = listener
    }
}
