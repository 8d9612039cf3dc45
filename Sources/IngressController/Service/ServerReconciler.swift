// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// Gives server groups their servers, and opens the readiness gates of pods when they take requests.
///
/// It touches nothing but the servers of one group: pod churn costs two or three calls.
final class ServerReconciler: Sendable {
    private let configuration: ControllerConfiguration
    private let reader: CloudReader
    private let executor: PlanExecutor
    private let watch: ClusterWatch
    private let registry: GroupRegistry
    let chooser: ServerChooser
    private let reporter: ProblemReporter
    let gates: ReadinessGates
    private let gate = KeyedGate<TargetName>()

    init(
        host: Host,
        configuration: ControllerConfiguration,
        client: KubernetesClient,
        caller: CloudCaller,
        executor: PlanExecutor,
        watch: ClusterWatch,
        registry: GroupRegistry,
        reporter: ProblemReporter
    ) {
        self.configuration = configuration
        reader = CloudReader(caller: caller)
        self.executor = executor
        self.watch = watch
        self.registry = registry
        self.reporter = reporter
        chooser = ServerChooser(
            configuration: configuration,
            watch: watch,
            directory: InterfaceDirectory(reader: reader, vpc: configuration.vpcID)
        )
        gates = ReadinessGates(
            host: host,
            configuration: configuration,
            client: client,
            reader: reader,
            watch: watch,
            registry: registry
        )
    }

    /// A pass over one server group.
    func reconcile(_ name: TargetName) async -> PassResult {
        guard registry.target(name) != nil else { return PassResult() }
        return await gate.with(name) {
            guard let target = registry.target(name) else { return PassResult() }
            if name.isNamedByService, let refusal = await claim(target.id) {
                let result = PassResult(outcome: .retry, message: refusal)
                await report(name, result)
                return result
            }
            return await sync(name, target)
        }
    }

    /// Marks a group that a Service names as this cluster's; gives a reason when it may not be used.
    private func claim(_ id: String) async -> String? {
        do throws(CloudError) {
            guard let tags = try await reader.serverGroupTags(id) else {
                return "server group \(id) does not exist"
            }
            let mark = ResourceNames.tagValue(configuration.clusterID)
            if let owner = tags.first(where: { CloudTags.key($0) == ResourceNames.clusterTag }).map(
                CloudTags.value
            ) {
                return owner == mark ? nil : "server group \(id) belongs to cluster \(owner)"
            }
            let tag = Tag(key: ResourceNames.clusterTag, value: mark)
            _ = try await reader.caller.write(
                "TagResources",
                of: .alb,
                ["ResourceType": "ServerGroup", "ResourceId": [.string(id)], "Tag": [tag.json]],
                tally: WriteTally()
            )
            return nil
        } catch {
            return error.reason
        }
    }

    /// How filling a new server group ended.
    struct Filling: Sendable {
        /// Why it has no servers although it should; nil when all is well.
        var failure: String?
        /// True when some servers or gates are still missing.
        var needsAnotherLook: Bool
    }

    /// Fills a new server group before anything refers to it.
    func fill(_ name: TargetName, _ target: Target, tally: WriteTally) async -> Filling {
        await gate.with(name) {
            registry.setTarget(name, target)
            let result = await sync(name, target, tally: tally)
            return Filling(
                failure: result.isUsable ? nil : result.message,
                needsAnotherLook: result.outcome != .done
            )
        }
    }

    // MARK: Servers

    private func sync(
        _ name: TargetName,
        _ target: Target,
        tally: WriteTally = WriteTally()
    ) async -> PassResult {
        var result = PassResult()
        do throws(CloudError) {
            let selection = try await chooser.choose(
                watch.services[name.key.serviceKey],
                port: name.key.port,
                holdsAddresses: target.holdsAddresses
            )
            var present = try await reader.servers(group: target.id)
            let plan = ServerPlanner.plan(
                group: target.id,
                wanted: selection.servers,
                present: present,
                profile: configuration.profile
            )
            let lane = Plan.Lane(subject: "server group \(name.key)", steps: plan.steps)
            let outcome = await executor.run(lane, tally: tally)
            if let failure = outcome.failures.first {
                result.outcome = .retry
                result.isUsable = false
                result.message = "\(failure.action): \(failure.reason)"
            } else if !selection.unknown.isEmpty {
                result.outcome = .retry
                result.isUsable = !selection.servers.isEmpty
                result.message =
                    "the cloud knows no interface or instance of \(selection.unknown.joined(separator: ", "))"
            } else if !plan.returning.isEmpty {
                result.outcome = .again(.seconds(1))
                result.message = "waiting for servers that are being removed"
            }
            if !plan.steps.isEmpty, gates.areAwaited(selection) {
                present = try await reader.servers(group: target.id)
            }
            let again = await gates.open(name, target, selection, present, tally: tally)
            if let again, result.outcome == .done {
                result.outcome = .again(again)
                result.message = "waiting for servers that take requests"
            }
        } catch {
            result.outcome = .retry
            result.isUsable = false
            result.message = error.reason
        }
        result.writes = tally.count
        await report(name, result)
        return result
    }

    // MARK: Telling

    private func report(_ name: TargetName, _ result: PassResult) async {
        let key = name.key.serviceKey
        let problem = Problem(.ingress(name.key.ingress), .none, result.message)
        await reporter.report(
            result.outcome == .retry ? [problem] : [],
            topic: "servers \(name)",
            reason: "FailedUpdateEndpoints"
        ) { _ in self.watch.services[key] }
    }
}
