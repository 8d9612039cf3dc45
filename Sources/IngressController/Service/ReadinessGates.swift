// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// Opens the readiness gates of pods, and only of those that take requests in all their server groups.
///
/// - Source: the product's page on rolling updates, which promises as much; documented. The open-source
///   controller opens a gate after the first call that registered the pod.
final class ReadinessGates: Sendable {
    private let host: Host
    private let configuration: ControllerConfiguration
    private let client: KubernetesClient
    private let reader: CloudReader
    private let watch: ClusterWatch
    private let registry: GroupRegistry

    /// A pod that has waited for so long is looked at less often.
    private static let patience = Duration.seconds(600)
    private static let slowInterval = Duration.seconds(60)

    init(
        host: Host,
        configuration: ControllerConfiguration,
        client: KubernetesClient,
        reader: CloudReader,
        watch: ClusterWatch,
        registry: GroupRegistry
    ) {
        self.host = host
        self.configuration = configuration
        self.client = client
        self.reader = reader
        self.watch = watch
        self.registry = registry
    }

    /// True when some pod behind these servers waits for its gate.
    func areAwaited(_ selection: ServerSelection.Result) -> Bool {
        selection.pods.keys.contains { watch.pods[$0].map(isWaiting) ?? false }
    }

    private func isWaiting(_ pod: KubernetesObject) -> Bool {
        ReadinessGate.isIn(pod) && !pod.isTrue(ReadinessGate.condition) && !pod.isTerminating
    }

    /// Notes who takes requests now, and opens the gates of pods that do everywhere.
    ///
    /// - Returns: When to look again; nil when nothing is open or somebody else will look.
    func open(
        _ name: TargetName,
        _ target: Target,
        _ selection: ServerSelection.Result,
        _ present: [CloudServer],
        tally: WriteTally
    ) async -> Duration? {
        guard areAwaited(selection) else {
            registry.setServing(name, selection.pods.mapValues { _ in true })
            return nil
        }
        let available = Set(present.filter(\.isAvailable).map(\.server.identity))
        let unhealthy = await unhealthy(name.albConfig, target)
        registry.setServing(
            name,
            selection.pods.mapValues { servers in
                guard let unhealthy else { return false }
                return servers.contains {
                    available.contains($0.identity) && !unhealthy.contains($0.identity)
                }
            }
        )
        var again: Duration?
        for key in selection.pods.keys.sorted() {
            guard let pod = watch.pods[key], isWaiting(pod) else { continue }
            let isHere = registry.isServing(name, key)
            let isElsewhere = others(pod, than: name).allSatisfy { registry.isServing($0, key) }
            if isHere, isElsewhere, await patch(pod, tally) { continue }
            // What is missing elsewhere is told by the pass over that group.
            if !isHere || isElsewhere { again = min(again ?? Self.slowInterval, interval(pod)) }
        }
        return again
    }

    /// Opens the gates of all these pods without a look at their servers, as upstream does after a call.
    ///
    /// - Returns: False when some condition could not be written.
    func openAtOnce(_ pods: [ObjectKey], tally: WriteTally) async -> Bool {
        var isDone = true
        for key in pods {
            guard let pod = watch.pods[key], isWaiting(pod) else { continue }
            isDone = await patch(pod, tally) && isDone
        }
        return isDone
    }

    private func interval(_ pod: KubernetesObject) -> Duration {
        let age = pod.creationTime.map { $0.duration(to: host.clock.now) } ?? .zero
        return age > Self.patience ? Self.slowInterval : Polling.health.interval
    }

    /// The other server groups that a pod belongs to by what the cluster says.
    private func others(_ pod: KubernetesObject, than name: TargetName) -> [TargetName] {
        let endpoints = EndpointReader(profile: configuration.profile) { self.watch.pods[$0] }
        return registry.services(inNamespace: pod.namespace).flatMap { key -> [TargetName] in
            guard let service = watch.services[key],
                TrafficPolicy.of(service, configuration.backendType) == .networkInterface
            else { return [] }
            return registry.targets(ofService: key).filter { other in
                guard other != name, let port = EndpointReader.port(other.key.port, of: service) else {
                    return false
                }
                return endpoints.addresses(
                    port: port.name,
                    slices: watch.slices(ofService: key),
                    endpoints: watch.endpoints[key]
                ).contains { $0.pod == pod.key }
            }
        }
    }

    /// The servers of a group that are checked and not found healthy (yet), by identity; nil when not known.
    private func unhealthy(_ albConfig: String, _ target: Target) async -> Set<String>? {
        guard target.isHealthChecked else { return [] }
        // Nobody checks a group that no rule names; and after a failure it is not known which rules there are.
        guard target.isReferenced, let state = registry.memory(albConfig).state else { return nil }
        let listeners = state.listeners.filter { listener in
            listener.rules.contains { $0.actions.contains { $0.groups.contains(target.id) } }
        }
        var found: Set<String> = []
        for listener in listeners {
            guard let infos = try? await reader.health(listener: listener.id) else { return nil }
            for info in infos where info["ServerGroupId"]?.stringValue == target.id {
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

    /// True when the condition is written, or nobody needs it any more.
    private func patch(_ pod: KubernetesObject, _ tally: WriteTally) async -> Bool {
        if configuration.isDryRun { return true }
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
}
