// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// Gives the server groups of one Service their servers, whoever uses them.
///
/// It finds the groups by the Ingresses that name the Service and by the tags in the cloud, and remembers
/// nothing: so it works without a pass over any group.
///
/// - Source: the open-source controller's server queue; seen upstream.
struct ServiceSync: Sendable {
    let configuration: ControllerConfiguration
    let client: KubernetesClient
    let reader: CloudReader
    let executor: PlanExecutor
    let watch: ClusterWatch
    let registry: GroupRegistry
    let chooser: ServerChooser
    let gates: ReadinessGates
    let reporter: ProblemReporter

    private var profile: Profile { configuration.profile }

    /// A group that should have the servers of a port.
    private struct Wanted: Hashable {
        var albConfig: String
        var key: ServerGroupKey
    }

    private struct Failed: Error {
        var reason: String
    }

    // MARK: A Service

    func sync(_ key: ObjectKey) async -> PassResult {
        let valid = watch.ingresses.all.filter { Membership.of($0, classes: watch) != .notOurs }
        if profile.has(.resourceBackendStopsEndpoints),
            let poison = valid.first(where: Poison.stopsServers)
        {
            return PassResult(message: "panic, recovered: the default backend of Ingress \(poison.key)")
        }
        let tally = WriteTally()
        do throws(Failed) {
            let wanted = try await wanted(key, valid)
            if wanted.isEmpty { return PassResult() }
            let open = try await apply(wanted, of: key, tally)
            return await told(key, open, writes: tally.count)
        } catch {
            if let service = watch.services[key] {
                await reporter.tell(service, "Warning", "FailedUpdateEndpoints", error.reason)
            }
            return PassResult(outcome: .retry, message: error.reason, writes: tally.count)
        }
    }

    /// What is still open after a look.
    private struct Open {
        /// Pods that may become ready.
        var starting: [ObjectKey] = []
        /// True while some gate waits for its servers.
        var awaitsServers = false
        /// True while servers that are wanted again are still on their way out.
        var awaitsReturning = false
    }

    private func told(_ key: ObjectKey, _ open: Open, writes: Int) async -> PassResult {
        if open.awaitsServers || open.awaitsReturning, open.starting.isEmpty {
            let what = open.awaitsReturning ? "are being removed and come back" : "take requests"
            return PassResult(
                outcome: .again(Polling.health.interval),
                message: "waiting for servers that \(what)",
                writes: writes
            )
        }
        guard let pod = open.starting.first else {
            if let service = watch.services[key], profile.isOpenSource {
                await reporter.tell(service, "Normal", "SuccessfullyReconciled", "Servers are up to date")
            }
            return PassResult(writes: writes)
        }
        let message = "pod \(pod) may become ready: look again"
        if profile.has(.gatedRolloutWarns), let service = watch.services[key] {
            await reporter.tell(service, "Warning", "FailedUpdateEndpoints", message)
        }
        let outcome: PassResult.Outcome =
            profile.has(.gatedPodsWaitForBackoff) ? .retry : .again(Polling.health.interval)
        return PassResult(outcome: outcome, message: message, writes: writes)
    }

    /// The groups that Ingresses have for the Service.
    private func wanted(
        _ key: ObjectKey,
        _ ingresses: [KubernetesObject]
    ) async throws(Failed) -> [Wanted] {
        var found: [Wanted] = []
        var checked: Set<String> = []
        for ingress in ingresses {
            if !profile.isOpenSource, ingress.namespace != key.namespace { continue }
            if case .noAlbConfig(let name) = Membership.of(ingress, classes: watch) {
                guard profile.has(.classWithoutParametersFreezesAll) else { continue }
                throw Failed(reason: "IngressClass \(name): an AlbConfig must be referenced")
            }
            let ports = IngressReferences.ports(ofService: key.name, in: ingress)
            if ports.isEmpty { continue }
            let name = GroupLoad.name(of: ingress, classes: watch)
            if checked.insert(name).inserted, profile.isOpenSource,
                (try? await client.get(.albConfigs, name: name)) == nil
            {
                throw Failed(reason: "AlbConfig \(name) cannot be read")
            }
            for port in ports {
                let group = ServerGroupKey(ingress: ingress.key, service: key.name, port: port)
                found.append(Wanted(albConfig: name, key: group))
            }
        }
        return found
    }

    /// Brings all groups in line; gives what is still open.
    private func apply(
        _ wanted: [Wanted],
        of key: ObjectKey,
        _ tally: WriteTally
    ) async throws(Failed) -> Open {
        let service = watch.services[key]
        var selections: [String: ServerSelection.Result] = [:]
        var open = Open()
        do throws(CloudError) {
            for port in Set(wanted.map(\.key.port)).sorted() {
                let selection = try await chooser.choose(service, port: port, holdsAddresses: false)
                selections[port] = selection
                open.starting = selection.starting
            }
            let groups = try await groups(of: key)
            for batch in Batches.of(wanted, size: PlanExecutor.width) {
                let results = await withTaskGroup(of: (Int, Applied).self) { tasks in
                    for (place, one) in batch.enumerated() {
                        guard let group = groups[one], let selection = selections[one.key.port] else {
                            continue
                        }
                        tasks.addTask { (place, await self.apply(selection, to: group, one, tally)) }
                    }
                    var results: [(Int, Applied)] = []
                    for await result in tasks { results.append(result) }
                    return results.sorted { $0.0 < $1.0 }.map(\.1)
                }
                if let reason = results.lazy.compactMap(\.reason).first {
                    throw CloudError.malformed(reason)
                }
                if results.contains(where: \.awaitsReturning) { open.awaitsReturning = true }
            }
        } catch {
            throw Failed(reason: error.reason)
        }
        if !profile.has(.lostReadinessPatchStaysLost) {
            open.awaitsServers = selections.values.contains(where: gates.areAwaited)
        }
        return open
    }

    /// The ids of the groups that have the tags of the Service.
    private func groups(of key: ObjectKey) async throws(CloudError) -> [Wanted: String] {
        let tags = [
            Tag(
                key: ResourceNames.clusterTag,
                value: ResourceNames.tagValue(configuration.clusterID)
            ),
            Tag(key: ResourceNames.serviceNamespaceTag, value: ResourceNames.tagValue(key.namespace)),
            Tag(key: ResourceNames.serviceNameTag, value: ResourceNames.tagValue(key.name)),
        ]
        let rows = try await reader.all(
            "ListServerGroups",
            "ServerGroups",
            ["Tag": .array(tags.map(\.json))]
        )
        var ids: [Wanted: String] = [:]
        for row in rows {
            guard let group = CloudServerGroup(row), let key = group.key else { continue }
            let owner =
                (row["Tags"]?.arrayValue ?? [])
                .first { CloudTags.key($0) == ResourceNames.albConfigTag }.map(CloudTags.value) ?? ""
            let name = owner.split(separator: "/").last.map(String.init) ?? ""
            ids[Wanted(albConfig: name, key: key)] = group.id
        }
        return ids
    }

    // MARK: A group

    /// What became of one group.
    private struct Applied {
        /// Why it failed; nil when all is well.
        var reason: String?
        /// True when servers that are wanted are still being removed.
        var awaitsReturning = false
    }

    private func apply(
        _ selection: ServerSelection.Result,
        to group: String,
        _ wanted: Wanted,
        _ tally: WriteTally
    ) async -> Applied {
        do throws(CloudError) {
            let present = try await reader.servers(group: group)
            let plan = ServerPlanner.plan(
                group: group,
                wanted: selection.servers,
                present: present,
                profile: profile
            )
            let lane = Plan.Lane(subject: "server group \(wanted.key)", steps: plan.steps)
            let outcome = await executor.run(lane, tally: tally)
            if let failure = outcome.failures.first {
                return Applied(reason: "\(failure.action): \(failure.reason)")
            }
            let adds = plan.steps.contains { $0.action != "RemoveServersFromServerGroup" }
            await openGates(selection, after: adds, wanted, group, present, tally)
            return Applied(awaitsReturning: !plan.returning.isEmpty)
        } catch {
            return Applied(reason: error.reason)
        }
    }

    private func openGates(
        _ selection: ServerSelection.Result,
        after adds: Bool,
        _ wanted: Wanted,
        _ group: String,
        _ present: [CloudServer],
        _ tally: WriteTally
    ) async {
        if profile.isOpenSource {
            // A patch that was lost is made good only where every pass looks.
            guard adds || !profile.has(.lostReadinessPatchStaysLost) else { return }
            _ = await gates.openAtOnce(selection.pods.keys.sorted(), tally: tally)
            return
        }
        if !adds, profile.has(.lostReadinessPatchStaysLost) { return }
        let name = TargetName(albConfig: wanted.albConfig, key: wanted.key)
        guard let target = registry.target(name) else { return }
        let now = adds ? (try? await reader.servers(group: group)) ?? present : present
        _ = await gates.open(name, target, selection, now, tally: tally)
    }

    // MARK: A new group

    /// Fills a new group before anything refers to it; gives a reason when it could not.
    func fill(_ key: ServerGroupKey, _ id: String, holdsAddresses: Bool, tally: WriteTally) async -> String? {
        guard let service = watch.services[key.serviceKey] else { return nil }
        guard EndpointReader.port(key.port, of: service) != nil else {
            return "unable to find port \(key.port) in Service \(key.serviceKey)"
        }
        do throws(CloudError) {
            let selection = try await chooser.choose(
                service,
                port: key.port,
                holdsAddresses: holdsAddresses
            )
            let plan = ServerPlanner.plan(
                group: id,
                wanted: selection.servers,
                present: [],
                profile: profile
            )
            let lane = Plan.Lane(subject: "server group \(key)", steps: plan.steps)
            let outcome = await executor.run(lane, tally: tally)
            if let failure = outcome.failures.first { return "\(failure.action): \(failure.reason)" }
            if !plan.steps.isEmpty,
                !(await gates.openAtOnce(selection.pods.keys.sorted(), tally: tally))
            {
                return "a readiness condition could not be written"
            }
            return nil
        } catch {
            return error.reason
        }
    }

    /// Empties a group whose Service is gone.
    func empty(_ id: String, _ key: ServerGroupKey, tally: WriteTally) async {
        guard let present = try? await reader.servers(group: id) else { return }
        let plan = ServerPlanner.plan(group: id, wanted: [], present: present, profile: profile)
        _ = await executor.run(
            Plan.Lane(subject: "server group \(key)", steps: plan.steps),
            tally: tally
        )
    }
}
