// SPDX-License-Identifier: Apache-2.0
import CloudServer
import JSON
import KubernetesAPI
import Ports
import Simulation

extension World {
    /// Waits until what has been applied stands: pods available, Ingresses with an address, zones up to date.
    ///
    /// A controller that can do no more, as when a listener lacks its certificate, writes no addresses: when nothing at
    /// all has happened for some minutes, they are not waited for.
    ///
    /// - Parameter limit: How long to wait at most.
    /// - Returns: What still stands out at the end; empty when everything stands.
    /// - Throws: `KubernetesError` when the API server cannot be asked.
    public func settle(limit: Duration) async throws -> [String] {
        let clock = simulation.host(HostNames.user).clock
        let deadline = clock.now.advanced(by: limit)
        // A controller may write an address before the cloud has passed its last rules on to the zones.
        let calm = Duration.seconds(10)
        let patience = Duration.seconds(300)
        var isCalm = false
        var stillness = Duration.zero
        while true {
            let open = try await unsettled()
            if clock.now >= deadline || open.isEmpty && isCalm { return open }
            if stillness >= patience, try await isUpToController() { return open }
            isCalm = open.isEmpty
            // A thousand Ingresses without an address are looked at less often than ten.
            let pause = isCalm ? calm : Duration.seconds(min(1 + open.count / 100, 10))
            let recorded = simulation.trace.count
            try await clock.sleep(for: pause)
            stillness = simulation.trace.count == recorded ? stillness + pause : .zero
        }
    }

    /// What does not stand yet, in words: the cheapest things to ask for first, and only the first kind found.
    private func unsettled() async throws(KubernetesError) -> [String] {
        let behind = zonesBehind()
        if !behind.isEmpty {
            return behind.map { "load balancer \($0.id) has zones that serve an older configuration" }
        }
        // An ingress controller need not wait for what it has called: rules come into force a little later.
        let busy = busyBalancers()
        if !busy.isEmpty { return busy.map { "a listener of load balancer \($0.id) is being changed" } }
        let configs = try await client.list(.albConfigs).items
            .filter { $0[path: "status", "loadBalancer", "dnsname"]?.stringValue == nil }
        if !configs.isEmpty { return configs.map { "AlbConfig \($0.key) has no load balancer" } }
        let deployments = try await client.list(.deployments).items.filter { !Self.isAvailable($0) }
        if !deployments.isEmpty {
            return deployments.map { "Deployment \($0.key) has not all its pods available" }
        }
        return try await client.list(.ingresses).items.filter { !Self.hasAddress($0) }
            .map { "Ingress \($0.key) has no address" }
    }

    private func zonesBehind() -> [LoadBalancerReport] {
        cloud.loadBalancers().filter { balancer in
            balancer.zones.contains { $0.servedVersion != balancer.version }
        }
    }

    private func busyBalancers() -> [LoadBalancerReport] {
        cloud.loadBalancers().filter { $0.listeners.contains { $0.status == "Configuring" } }
    }

    /// True when only addresses can be missing, which ingress controllers write.
    private func isUpToController() async throws(KubernetesError) -> Bool {
        guard zonesBehind().isEmpty, busyBalancers().isEmpty else { return false }
        return try await client.list(.deployments).items.allSatisfy(Self.isAvailable)
    }

    private static func isAvailable(_ deployment: KubernetesObject) -> Bool {
        let wanted = deployment[path: "spec", "replicas"]?.intValue ?? 1
        let status = deployment["status"]
        return status?["observedGeneration"]?.intValue ?? 0 >= deployment.generation
            && status?["availableReplicas"]?.intValue ?? 0 >= wanted
            && status?["updatedReplicas"]?.intValue ?? 0 >= wanted
            && status?["replicas"]?.intValue ?? 0 == wanted
    }

    private static func hasAddress(_ ingress: KubernetesObject) -> Bool {
        ingress[path: "status", "loadBalancer", "ingress"]?[0]?["hostname"]?.stringValue?.isEmpty == false
    }
}
