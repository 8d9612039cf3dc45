// SPDX-License-Identifier: Apache-2.0
public import CloudAPI
import Ports

/// A load balancer as one zone served it at some instant of a run that is over: it answers what would have become
/// of a request.
public struct SavedZone {
    private let served: ServedLoadBalancer
    private let listeners: [ServedListener]
    private let settings: DataPlaneSettings

    /// Makes a zone.
    ///
    /// - Parameters:
    ///   - configuration: The version that it served.
    ///   - zone: The zone's id.
    ///   - health: The state of each server that has changed it so far, by server group and address: `Healthy`.
    ///   - settings: The data plane's numbers.
    public init(
        _ configuration: LoadBalancerConfiguration,
        zone: String,
        health: (_ serverGroup: String, _ server: String) -> String?,
        settings: DataPlaneSettings = DataPlaneSettings()
    ) {
        let address = configuration.zones.first { $0.zone == zone }?.address ?? "an unknown address"
        let served = ServedLoadBalancer(configuration, address: address)
        for id in configuration.serverGroups.keys.sorted() {
            guard let group = configuration.serverGroups[id] else { continue }
            let backends = group.servers.map { server in
                let backend = Backend(server)
                if let check = group.healthCheck, server.weight > 0 {
                    backend.health = HealthMachine(
                        state: health(id, backend.label).flatMap(HealthMachine.State.init) ?? .initial,
                        healthyThreshold: check.healthyThreshold,
                        unhealthyThreshold: check.unhealthyThreshold
                    )
                }
                return backend
            }
            served.groups[id] = ServedGroup(
                group,
                list: ServerList(group, backends: backends, zone: zone, previous: nil),
                connectTimeout: settings.connectTimeout
            )
        }
        self.served = served
        self.settings = settings
        listeners = configuration.listeners.map { listener in
            let compiled = CompiledListener(
                listener,
                loadBalancer: configuration.id,
                previous: nil,
                settings: settings
            )
            let version = ListenerVersion(
                compiled,
                version: configuration.version,
                loadBalancer: served,
                tell: { _ in }
            )
            return ServedListener(
                listener,
                loadBalancer: configuration.id,
                chooser: nil,
                version: version
            )
        }
    }

    /// The way that a request would have taken.
    public func explain(_ request: ExplainedRequest, port: Int) -> RequestPath {
        guard let listener = listeners.first(where: { $0.key.port == port }) else {
            var path = RequestPath()
            let ports = listeners.map(\.label).joined(separator: ", ")
            path.add(
                "listener",
                "nobody listens on \(served.address):\(port)"
                    + (ports.isEmpty ? "" : "; there is \(ports)")
            )
            return path
        }
        return RequestExplainer(version: listener.current, listener: listener, settings: settings).explain(
            request
        )
    }
}
