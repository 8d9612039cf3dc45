// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// Gives server groups their servers, and opens the readiness gates of pods when they take requests.
///
/// It touches nothing but the servers of one group: pod churn costs two or three calls.
final class ServerReconciler: Sendable {
    private let host: Host
    private let configuration: ControllerConfiguration
    private let client: KubernetesClient
    private let caller: CloudCaller
    private let reader: CloudReader
    private let executor: PlanExecutor
    private let watch: ClusterWatch
    private let registry: GroupRegistry
    private let directory: InterfaceDirectory
    private let reporter: ProblemReporter
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
        self.host = host
        self.configuration = configuration
        self.client = client
        self.caller = caller
        reader = CloudReader(caller: caller)
        self.executor = executor
        self.watch = watch
        self.registry = registry
        self.reporter = reporter
        directory = InterfaceDirectory(reader: reader, vpc: configuration.vpcID)
    }

    /// A pass over one server group.
    func reconcile(_ name: TargetName) async -> PassResult {
        guard registry.target(name) != nil else { return PassResult() }
        return await gate.with(name) {
            guard let target = registry.target(name) else { return PassResult() }
            return await sync(name, target)
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
            let result = await sync(name, target, isNew: true, tally: tally)
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
        isNew: Bool = false,
        tally: WriteTally = WriteTally()
    ) async -> PassResult {
        var result = PassResult()
        do throws(CloudError) {
            let selection = try await select(name.key, target)
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
            if !plan.steps.isEmpty, waitsForGate(selection) {
                present = try await reader.servers(group: target.id)
            }
            // The health of a group that no rule names yet is not known: its gates are looked at later.
            let isPending =
                isNew && target.isHealthChecked
                ? waitsForGate(selection) : await openGates(name, target, selection, present, tally)
            if isPending, result.outcome == .done {
                result.outcome = .again(Polling.health.interval)
                result.message = "waiting for healthy servers"
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

    /// The servers that a group should have by what the caches hold.
    private func select(
        _ key: ServerGroupKey,
        _ target: Target
    ) async throws(CloudError) -> ServerSelection.Result {
        guard let service = watch.services[key.serviceKey],
            let port = EndpointReader.port(key.port, of: service)
        else {
            return ServerSelection.Result()
        }
        let reader = EndpointReader(profile: configuration.profile) { self.watch.pods[$0] }
        let addresses = reader.addresses(
            port: port.name,
            slices: watch.slices(ofService: key.serviceKey),
            endpoints: watch.endpoints[key.serviceKey]
        )
        if target.holdsAddresses { return ServerSelection.plainAddresses(addresses) }
        switch TrafficPolicy.of(service, configuration.backendType) {
        case nil: return ServerSelection.Result()
        case .networkInterface:
            let owners = addresses.map { address in
                (address.ip, address.pod.flatMap { self.watch.pods[$0]?.uid } ?? "")
            }
            let ids = try await directory.interfaces(
                Dictionary(owners, uniquingKeysWith: { first, _ in first })
            )
            return ServerSelection(ids: ids).interfaces(addresses)
        case .local: return try await nodes(service, port, addresses, onlyLocal: true)
        case .cluster: return try await nodes(service, port, addresses, onlyLocal: false)
        }
    }

    private func nodes(
        _ service: KubernetesObject,
        _ port: EndpointReader.Port,
        _ addresses: [PodAddress],
        onlyLocal: Bool
    ) async throws(CloudError) -> ServerSelection.Result {
        guard let nodePort = port.nodePort else { return ServerSelection.Result() }
        let filter = NodeEligibility(annotations: service.annotations)
        let nodes = watch.nodes.all.filter(filter.admits)
        let owners = nodes.compactMap { node in NodeEligibility.internalIP(node).map { ($0, node.uid) } }
        let ids = try await directory.instances(Dictionary(owners, uniquingKeysWith: { first, _ in first }))
        return ServerSelection(ids: ids)
            .instances(nodes, nodePort: nodePort, addresses: addresses, onlyLocal: onlyLocal)
    }

    // MARK: Readiness gates

    /// True when some pod behind these servers waits for its gate.
    private func waitsForGate(_ selection: ServerSelection.Result) -> Bool {
        selection.pods.keys.contains { watch.pods[$0].map(isWaiting) ?? false }
    }

    private func isWaiting(_ pod: KubernetesObject) -> Bool {
        ReadinessGate.isIn(pod) && !pod.isTrue(ReadinessGate.condition) && !pod.isTerminating
    }

    /// Opens the gates of pods that take requests in all their groups.
    ///
    /// - Returns: True when it is worth looking again soon.
    private func openGates(
        _ name: TargetName,
        _ target: Target,
        _ selection: ServerSelection.Result,
        _ present: [CloudServer],
        _ tally: WriteTally
    ) async -> Bool {
        guard waitsForGate(selection) else {
            registry.setServing(name, selection.pods.mapValues { _ in true })
            return false
        }
        let available = Set(present.filter(\.isAvailable).map(\.server.identity))
        let unhealthy = target.isHealthChecked ? await unhealthy(name.albConfig, target.id) : []
        registry.setServing(
            name,
            selection.pods.mapValues { servers in
                servers.contains { available.contains($0.identity) && !unhealthy.contains($0.identity) }
            }
        )
        var isPending = false
        for key in selection.pods.keys.sorted() {
            guard let pod = watch.pods[key], isWaiting(pod) else { continue }
            let places = registry.serving(key)
            if places.allSatisfy(\.isServing) {
                if await !open(pod, tally) { isPending = true }
            } else if places.contains(where: { $0.name == name && !$0.isServing }) {
                isPending = true
            }
        }
        return isPending
    }

    /// The servers of a group that are checked and not found healthy (yet), by identity.
    private func unhealthy(_ albConfig: String, _ group: String) async -> Set<String> {
        let listeners = (registry.memory(albConfig).state?.listeners ?? []).filter { listener in
            listener.rules.contains { $0.actions.contains { $0.groups.contains(group) } }
        }
        var found: Set<String> = []
        for listener in listeners {
            for info in (try? await reader.health(listener: listener.id)) ?? []
            where info["ServerGroupId"]?.stringValue == group {
                for row in info["NonNormalServers"]?.arrayValue ?? [] {
                    guard ["Initial", "Unhealthy"].contains(row["Status"]?.stringValue ?? "") else {
                        continue
                    }
                    let id = row["ServerId"]?.stringValue ?? "", port = row["Port"]?.wholeNumber ?? 0
                    found.insert("\(id):\(row["ServerIp"]?.stringValue ?? ""):\(port)")
                    found.insert("\(id):\(port)")
                }
            }
        }
        return found
    }

    private func open(_ pod: KubernetesObject, _ tally: WriteTally) async -> Bool {
        let now = JSONValue.string(host.clock.now.rfc3339)
        let patch: JSONValue = [
            "metadata": ["uid": .string(pod.uid)],
            "status": [
                "conditions": [
                    [
                        "type": .string(ReadinessGate.condition), "status": "True", "lastProbeTime": nil,
                        "lastTransitionTime": now,
                    ]
                ]
            ],
        ]
        tally.add()
        do throws(KubernetesError) {
            _ = try await client.patch(.pods, pod.key, patch, form: .strategicMerge, subresource: "status")
            return true
        } catch {
            // A pod that is gone, or another one of the same name, waits for nothing.
            return error.isNotFound || error.isConflict
        }
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
