// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports
import Synchronization

/// The node ports of Services, open on every node as kube-proxy has them.
///
/// A connection goes to one of the ready pods, each in its turn; a port without pods is refused.
///
/// - Source: Kubernetes, kube-proxy; that pods take turns, where it draws them, is assumed.
final class NodePorts: Sendable {
    private struct Node {
        let address: String
        let host: Host
    }

    private struct Door: Hashable {
        let node: String
        let port: Int
    }

    private struct State {
        /// Nodes that are up.
        var nodes: [String: Node] = [:]
        var plans: [ObjectKey: NodePortPlan] = [:]
        var open: [Door: any Listening] = [:]
        /// How many connections a door has taken.
        var turns: [Door: Int] = [:]
    }

    private let caches: Caches
    private let state = Mutex(State())

    init(caches: Caches) {
        self.caches = caches
        caches.services.onChange { [weak self] change in self?.look(at: change.object.key) }
        caches.endpointSlices.onChange { [weak self] change in
            guard let service = change.object.labels[EndpointSlicePlan.serviceLabel] else { return }
            self?.look(at: ObjectKey(namespace: change.object.namespace, name: service))
        }
    }

    /// A node is up.
    func add(_ node: NodeDescription, host: Host) {
        let keys = state.withLock { state in
            state.nodes[node.name] = Node(address: node.address, host: host)
            return state.plans.keys.sorted()
        }
        if !keys.isEmpty { host.network.claim(ip: node.address) }
        for key in keys { update(key) }
    }

    /// A node is down, and its ports with it.
    func remove(_ name: String) {
        let closing = state.withLock { state -> [any Listening] in
            state.nodes[name] = nil
            let doors = state.open.keys.filter { $0.node == name }.sorted { $0.port < $1.port }
            return doors.compactMap { state.open.removeValue(forKey: $0) }
        }
        for listener in closing { listener.close() }
    }

    // MARK: Services

    private func look(at key: ObjectKey) {
        let plan = caches.services[key].map {
            NodePortPlan($0, slices: caches.endpointSlices.objects("service \(key)"))
        }
        let before = state.withLock { state -> NodePortPlan? in
            let before = state.plans[key]
            state.plans[key] = plan.flatMap { $0.ports.isEmpty ? nil : $0 }
            return before
        }
        if before != plan, before != nil || plan?.ports.isEmpty == false {
            update(key, closing: before?.ports ?? [])
        }
    }

    /// Opens and closes the doors of a Service; those that it had before are among those that may have to close.
    private func update(_ key: ObjectKey, closing old: [Int] = []) {
        let (nodes, plan) = state.withLock { state in
            (state.nodes.sorted { $0.key < $1.key }, state.plans[key])
        }
        let ports = Set(old + (plan?.ports ?? [])).sorted()
        for (name, node) in nodes {
            for port in ports {
                let door = Door(node: name, port: port)
                if plan?.targets(port: port, node: name).isEmpty ?? true {
                    state.withLock { $0.open.removeValue(forKey: door) }?.close()
                } else if state.withLock({ $0.open[door] == nil }) {
                    open(door, of: key, on: node)
                }
            }
        }
    }

    private func open(_ door: Door, of key: ObjectKey, on node: Node) {
        node.host.network.claim(ip: node.address)
        let address = SocketAddress(ip: node.address, port: door.port)
        do throws(NetworkFailure) {
            let listener = try node.host.network.listen(on: address, options: ListenOptions()) {
                [self, host = node.host] facts in
                PassedConnection(host: host, version: facts.version, target: target(door, of: key))
            }
            state.withLock { $0.open[door] = listener }
        } catch {
            // On a real machine the node's address may be nobody's: then there is no such port.
            node.host.trace.record(
                .note(
                    Note(
                        topic: "warning",
                        message: "node port \(door.port) of \(door.node) stays closed: \(error)"
                    )
                )
            )
        }
    }

    private func target(_ door: Door, of key: ObjectKey) -> SocketAddress? {
        state.withLock { state in
            let targets = state.plans[key]?.targets(port: door.port, node: door.node) ?? []
            guard !targets.isEmpty else { return nil }
            let turn = state.turns[door, default: 0]
            state.turns[door] = turn + 1
            let target = targets[turn % targets.count]
            return SocketAddress(ip: target.ip, port: target.port)
        }
    }
}

extension NodePortPlan {
    /// The node ports.
    var ports: [Int] { targets.keys.sorted() }
}
