// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// What can be read out of a node.
extension NodeMachine {
    func status() -> [LoadBalancerStatus] {
        loadBalancers.keys.sorted().compactMap { loadBalancers[$0] }.map { served in
            LoadBalancerStatus(
                loadBalancer: served.id,
                zone: zone,
                address: served.address,
                version: served.configuration.version,
                listeners: served.listeners.compactMap { listeners[$0] }.map { listener in
                    LoadBalancerStatus.Listener(
                        id: listener.id,
                        port: listener.key.port,
                        listenerProtocol: listener.key.listenerProtocol.rawValue,
                        failure: listener.failure
                    )
                }
            )
        }
    }

    /// The verdicts on a load balancer's servers, by group and then in the group's order.
    func health(loadBalancer: String) -> [ServerHealth]? {
        guard let served = loadBalancers[loadBalancer] else { return nil }
        return served.groups.keys.sorted().compactMap { served.groups[$0] }.flatMap { group in
            zip(group.list.backends, group.configuration.servers).map { backend, server in
                ServerHealth(
                    serverGroup: group.id,
                    address: backend.key.address,
                    state: NodeMachine.healthName(backend, weight: server.weight),
                    reasonCode: backend.health?.state == .unhealthy
                        ? backend.health?.reason?.rawValue ?? "" : ""
                )
            }
        }
    }

    /// - Source: documented; that a server of weight 0, which is not checked, counts as unavailable is assumed.
    static func healthName(_ backend: Backend, weight: Int) -> String {
        guard let health = backend.health, weight > 0 else { return "Unavailable" }
        return health.state.rawValue
    }

    // MARK: Explaining

    /// The way that a request would take now; nothing is counted or changed.
    func explain(_ request: ExplainedRequest, loadBalancer: String, port: Int) -> RequestPath {
        var path = RequestPath()
        guard let served = loadBalancers[loadBalancer] else {
            path.add("load balancer", "\(loadBalancer) is not served in \(zone)")
            return path
        }
        let onPort = served.listeners.compactMap { listeners[$0] }.filter { $0.key.port == port }
        guard let listener = onPort.first(where: { $0.failure == nil }) else {
            path.add("listener", "nobody listens on \(served.address):\(port)")
            return path
        }
        return RequestExplainer(version: listener.current, listener: listener, settings: settings).explain(
            request
        )
    }
}
