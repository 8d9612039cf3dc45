// SPDX-License-Identifier: Apache-2.0
public import CloudAPI
public import Ports

/// The load balancers of an account, as far as traffic is concerned: one node in each zone.
///
/// It serves what was pushed to it, zone by zone, and knows nothing else of the control plane. All methods may
/// be called at any time; none waits.
public final class DataPlane: ConfigurationSink, HealthSource {
    private let nodes: [DataPlaneNode]

    /// Makes the nodes; they open nothing before a configuration comes.
    ///
    /// - Parameters:
    ///   - hosts: A host for each zone, in the order in which zones are shown.
    ///   - settings: Limits and choices.
    public init(hosts: [(zone: String, host: Host)], settings: DataPlaneSettings = DataPlaneSettings()) {
        let cache = ListenerCache(settings: settings)
        nodes = hosts.map { DataPlaneNode(host: $0.host, zone: $0.zone, settings: settings, cache: cache) }
    }

    private func node(_ zone: String) -> DataPlaneNode? {
        nodes.first { $0.zone == zone }
    }

    /// A zone serves this version from now on; a zone without a host serves nothing.
    public func apply(_ configuration: LoadBalancerConfiguration, zone: String, cause: TraceID) {
        node(zone)?.feed { $0.apply(configuration, cause: cause) }
    }

    /// A zone serves this load balancer no more: listeners close, and what is under way is cut.
    public func remove(loadBalancer: String, zone: String, cause: TraceID) {
        node(zone)?.feed { $0.remove(loadBalancer) }
    }

    /// The verdicts on a load balancer's servers, the worst of all zones for each, in the order of groups and
    /// servers.
    ///
    /// A server that some zone does not know yet is not checked everywhere: `Initial` at best.
    public func health(loadBalancer: String) -> [ServerHealth] {
        struct Key: Hashable {
            var group: String
            var address: SocketAddress
        }
        var places: [Key: Int] = [:]
        var worst: [ServerHealth] = []
        var witnesses: [Int] = []
        let zones = nodes.compactMap { node in node.feed { $0.health(loadBalancer: loadBalancer) } }
        for verdict in zones.joined() {
            let key = Key(group: verdict.serverGroup, address: verdict.address)
            if let place = places[key] { witnesses[place] += 1 }
            guard let place = places[key] else {
                places[key] = worst.count
                worst.append(verdict)
                witnesses.append(1)
                continue
            }
            if DataPlane.badness(verdict.state) > DataPlane.badness(worst[place].state) {
                worst[place] = verdict
            }
        }
        for place in worst.indices where witnesses[place] < zones.count && worst[place].state == "Healthy" {
            worst[place].state = "Initial"
        }
        return worst
    }

    private static func badness(_ state: String) -> Int {
        ["Healthy", "Unused", "Unavailable", "Initial", "Unhealthy"].firstIndex(of: state) ?? 0
    }

    /// What each zone serves, by zone and then by load balancer.
    public func status() -> [LoadBalancerStatus] {
        nodes.flatMap { node in node.feed { $0.status() } }
    }

    /// The way that a request would take through a zone of a load balancer at this moment, with reasons.
    ///
    /// Nothing is sent, counted or changed.
    public func explain(
        loadBalancer: String,
        zone: String,
        port: Int,
        request: ExplainedRequest
    ) -> RequestPath {
        guard let node = node(zone) else {
            var path = RequestPath()
            path.add("zone", "\(zone) has no node")
            return path
        }
        return node.feed { $0.explain(request, loadBalancer: loadBalancer, port: port) }
    }

    /// Tells that servers at an address may answer health checks differently from now on: a pod reached another
    /// stage, or a node went.
    ///
    /// Needed only where checks of steady servers are left out; else it does nothing.
    public func serversMayHaveChanged(ip: String) {
        for node in nodes { node.feed { $0.mayHaveChanged(ip: ip) } }
    }

    /// Tells that all servers may answer health checks differently from now on: the network has changed.
    public func serversMayHaveChanged() {
        for node in nodes { node.feed { $0.everythingMayHaveChanged() } }
    }
}
