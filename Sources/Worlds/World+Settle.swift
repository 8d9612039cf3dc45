// SPDX-License-Identifier: Apache-2.0
import CloudServer
import JSON
import KubernetesAPI
import Ports
import Simulation

extension World {
    /// Waits until what has been applied stands: pods available, Ingresses with an address, zones up to date.
    ///
    /// - Parameter limit: How long to wait at most.
    /// - Returns: What still stands out at the end; empty when everything stands.
    /// - Throws: `KubernetesError` when the API server cannot be asked.
    public func settle(limit: Duration) async throws -> [String] {
        let clock = simulation.host(HostNames.user).clock
        let deadline = clock.now.advanced(by: limit)
        while true {
            let open = try await unsettled()
            if open.isEmpty || clock.now >= deadline { return open }
            try await clock.sleep(for: .seconds(1))
        }
    }

    /// What does not stand yet, in words.
    private func unsettled() async throws(KubernetesError) -> [String] {
        var open: [String] = []
        for deployment in try await client.list(.deployments).items where !Self.isAvailable(deployment) {
            open.append("Deployment \(deployment.key) has not all its pods available")
        }
        for config in try await client.list(.albConfigs).items
        where config[path: "status", "loadBalancer", "dnsname"]?.stringValue == nil {
            open.append("AlbConfig \(config.key) has no load balancer")
        }
        for ingress in try await client.list(.ingresses).items where !Self.hasAddress(ingress) {
            open.append("Ingress \(ingress.key) has no address")
        }
        for balancer in cloud.loadBalancers()
        where balancer.zones.contains(where: { $0.servedVersion != balancer.version }) {
            open.append("load balancer \(balancer.id) has zones that serve an older configuration")
        }
        return open
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
