// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// One pass over one AlbConfig, with what it learns on its way.
final class GroupPass: Sendable {
    let owner: GroupReconciler
    let object: KubernetesObject
    let name: String
    let tally = WriteTally()
    let spec: AlbConfigSpec
    let memory: GroupRegistry.Memory
    let members: [KubernetesObject]
    var profile: Profile { owner.configuration.profile }

    init(_ owner: GroupReconciler, _ object: KubernetesObject) {
        self.owner = owner
        self.object = object
        name = object.name
        memory = owner.registry.memory(object.name)
        let context = Self.context(owner, memory)
        spec = AlbConfigSpec(object, context: context)
        members = GroupBuild.members(
            of: object.name,
            ingresses: owner.watch.ingresses.all,
            classes: owner.watch
        )
    }

    static func context(_ owner: GroupReconciler, _ memory: GroupRegistry.Memory) -> BuildContext {
        let configuration = owner.configuration
        var context = BuildContext(
            cluster: configuration.clusterID,
            vpc: configuration.vpcID,
            profile: configuration.profile,
            backendType: configuration.backendType,
            now: owner.host.clock.now
        )
        context.refusedUploads = memory.refusedUploads
        return context
    }

    var emptyStack: Stack {
        Stack(albConfig: name, cluster: owner.configuration.clusterID, vpc: owner.configuration.vpcID)
    }

    // MARK: The pass

    func run() async -> PassResult {
        if let reason = await checkClasses() { return result(.retry, reason) }
        guard let wanted = spec.loadBalancer else {
            await report(spec.problems, [])
            return result(.done, "spec.config is missing")
        }
        guard await owner.status.setFinalizer(true, on: object, tally: tally) else {
            return result(.retry, "the finalizer could not be written")
        }
        var state: CloudState
        do throws(CloudError) {
            state = try await owner.observer.observe(emptyStack, spec, known: memory.state)
        } catch {
            return await fail(error.reason)
        }
        if let refusal = refuse(wanted, state) { return await fail(refusal) }
        state.certificates = await certificates()
        var round = BuildRound(context: Self.context(owner, memory))
        if let panic = panic() { return result(.done, panic) }
        if state.certificates == nil, profile.has(.certificateProblemFreezesHTTP) {
            return await fail("the certificate service did not answer")
        }
        var build = self.build(round, state)
        if build.isFrozen {
            await report(build.problems, [])
            return result(.retry, "an Ingress of the group cannot be built")
        }
        await report(build.problems, nil)
        var failures = await prepare(&build, &state, &round)
        failures += await apply(build, &state)
        return await finish(build, state, failures)
    }

    /// What ends a pass as if it had succeeded, without a word to anybody; nil when nothing does.
    func panic() -> String? {
        guard profile.has(.panicCountsAsSuccess) else { return nil }
        return members.lazy.compactMap(Poison.ofPass).first.map { "panic, recovered: \($0)" }
    }

    /// What a build is made with; changes when something could not be made.
    struct BuildRound {
        var context: BuildContext
        var failing: [ObjectKey: String] = [:]
    }

    func build(_ round: BuildRound, _ state: CloudState) -> GroupBuild.Result {
        GroupBuild(
            objects: owner.watch,
            context: round.context,
            remembered: memory.contributions,
            failing: round.failing,
            adopted: { state.adopted($0) },
            openPorts: state.ports
        ).build(spec, members: members, certificates: state.certificates)
    }

    /// The certificates of the account, when any listener needs some; nil while they cannot be read.
    func certificates() async -> [CertificateRecord]? {
        guard spec.listeners.contains(where: { $0.port.isSecure }) else { return [] }
        return try? await owner.certificates.records()
    }

    /// Why a reused load balancer may not be used.
    func refuse(_ wanted: LoadBalancer, _ state: CloudState) -> String? {
        guard wanted.isReused else { return nil }
        guard let present = state.loadBalancer else { return "load balancer \(wanted.id) does not exist" }
        if present.attributes["LoadBalancerEdition"]?.stringValue == "Basic" {
            return "load balancer \(wanted.id) has edition Basic, which cannot be reused"
        }
        if let vpc = present.attributes["VpcId"]?.stringValue, vpc != owner.configuration.vpcID {
            return "load balancer \(wanted.id) is in VPC \(vpc), the cluster in \(owner.configuration.vpcID)"
        }
        for tag in emptyStack.tags {
            if let value = present.tag(tag.key), value != tag.value {
                return "load balancer \(wanted.id) belongs to \(value) by its tag \(tag.key)"
            }
        }
        return nil
    }

    // MARK: Server groups and certificates

    func planner(zones: [LoadBalancer.Zone] = []) -> Planner {
        var planner = Planner(profile: profile, region: owner.configuration.cloud.region)
        planner.zones = zones
        return planner
    }

    /// Makes what rules refer to.
    ///
    /// Where that fails the build is made again without it.
    func prepare(
        _ build: inout GroupBuild.Result,
        _ state: inout CloudState,
        _ round: inout BuildRound
    ) async -> [PlanExecutor.Failure] {
        let plan = planner().prepare(build.stack, state)
        let present = noteTargets(build.stack, plan.result)
        resync(present)
        let targets = Self.targets(build.stack)
        let owner = self.owner, name = self.name, tally = self.tally
        let outcome = await owner.executor.run(plan, tally: tally) { key, id in
            var settings = targets[key] ?? Target(id: id, isHealthChecked: false, holdsAddresses: false)
            settings.id = id
            let target = TargetName(albConfig: name, key: key)
            let filling = await owner.servers.fill(target, settings, tally: tally)
            if filling.needsAnotherLook { owner.wakeTarget(target) }
            return filling.failure
        }
        let old = state.certificates ?? []
        state = plan.result.resolved(outcome.known)
        state.serverGroups.removeAll { Reference.isReference($0.id) }
        state.certificates?.removeAll { Reference.isReference($0.id) }
        let added = (state.certificates ?? []).filter { record in !old.contains { $0.id == record.id } }
        owner.certificates.note(added: added, removed: [])
        let failures = outcome.failures + (await fillUnreferenced(present, state))
        guard !failures.isEmpty else { return [] }
        for failure in failures {
            if let upload = failure.upload {
                round.context.refusedUploads[upload] = failure.reason
            } else {
                for ingress in failure.owners {
                    round.failing[ingress] = "\(failure.subject): \(failure.reason)"
                }
            }
        }
        rememberRefusals(failures)
        build = self.build(round, state)
        await report(build.problems, nil)
        // A refused certificate stays refused until its Secret changes; everything else is worth another try.
        return failures.filter { $0.upload == nil || $0.isTemporary }
    }

    /// The first pass after a start has the servers of all groups looked at, beside everything else.
    func resync(_ present: [TargetName]) {
        guard !memory.isResynced else { return }
        owner.registry.update(name) { $0.isResynced = true }
        for target in present { owner.wakeTarget(target) }
    }

    /// A group that no rule names yet may be the work of a controller that was killed: it gets its servers
    /// before a rule sends requests there.
    func fillUnreferenced(
        _ present: [TargetName],
        _ state: CloudState
    ) async -> [PlanExecutor.Failure] {
        let used = state.usedGroups
        let owner = self.owner, tally = self.tally
        var failures: [PlanExecutor.Failure] = []
        for batch in Batches.of(present, size: PlanExecutor.width) {
            let found = await withTaskGroup(of: (TargetName, ServerReconciler.Filling).self) { group in
                for name in batch {
                    guard let target = owner.registry.target(name), !used.contains(target.id) else {
                        continue
                    }
                    group.addTask { (name, await owner.servers.fill(name, target, tally: tally)) }
                }
                var found: [(TargetName, ServerReconciler.Filling)] = []
                for await result in group { found.append(result) }
                return found.sorted { $0.0 < $1.0 }
            }
            for (target, filling) in found {
                if filling.needsAnotherLook { owner.wakeTarget(target) }
                guard let reason = filling.failure else { continue }
                failures.append(
                    PlanExecutor.Failure(
                        subject: "server group \(target.key)",
                        action: "",
                        reason: reason,
                        owners: [target.key.ingress],
                        isTemporary: true,
                        upload: nil
                    )
                )
            }
        }
        return failures
    }

    func rememberRefusals(_ failures: [PlanExecutor.Failure]) {
        let refused = failures.filter { !$0.isTemporary }
        owner.registry.update(name) { memory in
            for failure in refused {
                if let upload = failure.upload { memory.refusedUploads[upload] = failure.reason }
            }
        }
    }

    // MARK: Load balancer, listeners, rules

    func apply(
        _ build: GroupBuild.Result,
        _ state: inout CloudState
    ) async -> [PlanExecutor.Failure] {
        var planner = self.planner()
        if state.loadBalancer == nil, let wanted = build.stack.loadBalancer {
            do throws(CloudError) {
                planner.zones = try await zones(wanted)
            } catch {
                return [failure("load balancer", error.reason, isTemporary: true)]
            }
            if planner.zones.isEmpty {
                return [
                    failure(
                        "load balancer",
                        "no zone has a vSwitch of VPC \(build.stack.vpc)",
                        isTemporary: true
                    )
                ]
            }
        }
        if let reason = await waitWhileConfiguring(state) {
            return [failure("load balancer", reason, isTemporary: true)]
        }
        planner.oldCertificates = oldCertificates(build, state)
        let plan = planner.apply(build.stack, state)
        await owner.reporter.report(
            plan.problems,
            topic: "plan \(name)",
            reason: "FailedApplyModel",
            object: find
        )
        let outcome = await owner.executor.run(plan, tally: tally)
        let before = state
        state = plan.result.resolved(outcome.known)
        if outcome.failures.isEmpty {
            let left = Set((state.certificates ?? []).map(\.id))
            owner.certificates.note(
                added: [],
                removed: Set((before.certificates ?? []).map(\.id).filter { !left.contains($0) })
            )
        }
        return outcome.failures + plan.problems.map { failure("listeners", $0.message, isTemporary: false) }
    }

    /// A load balancer that is being made or changed refuses listeners: wait, as after a call of our own.
    func waitWhileConfiguring(_ state: CloudState) async -> String? {
        guard let balancer = state.loadBalancer,
            ["provisioning", "configuring"].contains(balancer.status.lowercased())
        else { return nil }
        do throws(CloudError) {
            try await owner.executor.waitForLoadBalancer(balancer.id)
            return nil
        } catch {
            return error.reason
        }
    }

    func failure(_ subject: String, _ reason: String, isTemporary: Bool) -> PlanExecutor.Failure {
        PlanExecutor.Failure(
            subject: subject,
            action: "",
            reason: reason,
            owners: [],
            isTemporary: isTemporary,
            upload: nil
        )
    }

    /// The zones of a new load balancer: those asked for, or the first vSwitch of every zone.
    func zones(_ wanted: LoadBalancer) async throws(CloudError) -> [LoadBalancer.Zone] {
        let present = try await owner.reader.vSwitches(vpc: owner.configuration.vpcID)
        if !wanted.zones.isEmpty {
            return wanted.zones.compactMap { zone in
                guard let found = present.first(where: { $0.id == zone.vSwitch }) else { return nil }
                var zone = zone
                zone.zone = found.zone
                return zone
            }
        }
        let supported = try await owner.reader.zones()
        return supported.compactMap { zone in
            present.first { $0.zone == zone }.map {
                LoadBalancer.Zone(vSwitch: $0.id, zone: zone, allocation: "", eipType: "")
            }
        }
    }

    /// Uploads that this group has shown and nobody else shows.
    func oldCertificates(_ build: GroupBuild.Result?, _ state: CloudState) -> Set<String> {
        var stems = memory.stems
        for ingress in members {
            for entry in IngressSpec(ingress, profile: owner.configuration.profile).tls {
                if let secret = entry.secret {
                    stems.insert(ResourceNames.certificateStem(namespace: ingress.namespace, secret: secret))
                }
            }
        }
        for certificate in build?.stack.certificates ?? [] {
            stems.insert(
                ResourceNames.certificateStem(
                    namespace: certificate.secret.namespace,
                    secret: certificate.secret.name
                )
            )
        }
        owner.registry.update(name) { $0.stems = stems }
        let shown = state.listeners.flatMap { $0.certificates ?? [] }.map(\.id)
        let candidates = Set(shown + spec.status.certificates)
            .subtracting(owner.registry.certificatesOfOthers(than: name))
        let records = state.certificates ?? []
        return candidates.filter { id in
            guard let record = records.first(where: { $0.id == id }) else { return false }
            return stems.contains { ResourceNames.isUpload(record.name, stem: $0) }
        }
    }
}
