// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Where connections to a Service's node ports go.
///
/// - Source: Kubernetes, kube-proxy: with externalTrafficPolicy Local a node passes connections to its own pods only;
///   documented.
struct NodePortPlan: Sendable, Hashable {
    /// A pod behind a port.
    struct Target: Sendable, Hashable {
        var ip: String
        var port: Int
        /// The node that it runs on; empty when nobody says.
        var node: String
    }

    /// Ready pods by node port, in the order of their addresses.
    private(set) var targets: [Int: [Target]] = [:]
    /// True when a node passes connections to its own pods only.
    private(set) var isLocal = false

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - service: The Service.
    ///   - slices: Its EndpointSlices.
    init(_ service: KubernetesObject, slices: [KubernetesObject]) {
        let type = service[path: "spec", "type"]?.stringValue ?? "ClusterIP"
        guard ["NodePort", "LoadBalancer"].contains(type), !service.isTerminating else { return }
        isLocal = service[path: "spec", "externalTrafficPolicy"]?.stringValue == "Local"
        for port in service[path: "spec", "ports"]?.arrayValue ?? [] {
            guard let number = port["nodePort"]?.intValue else { continue }
            let name = port["name"]?.stringValue ?? ""
            targets[number] = slices.flatMap { Self.targets($0, port: name) }
                .sorted { ($0.ip, $0.port) < ($1.ip, $1.port) }
        }
    }

    private static func targets(_ slice: KubernetesObject, port name: String) -> [Target] {
        let ports = slice["ports"]?.arrayValue ?? []
        guard let number = ports.first(where: { $0["name"]?.stringValue ?? "" == name })?["port"]?.intValue
        else {
            return []
        }
        var targets: [Target] = []
        for endpoint in slice["endpoints"]?.arrayValue ?? [] {
            guard endpoint["conditions", "ready"]?.boolValue ?? true else { continue }
            let node = endpoint["nodeName"]?.stringValue ?? ""
            for address in endpoint["addresses"]?.arrayValue ?? [] {
                guard let ip = address.stringValue else { continue }
                targets.append(Target(ip: ip, port: number, node: node))
            }
        }
        return targets
    }

    /// The pods that a node passes connections to a port on to; empty when it refuses them.
    func targets(port: Int, node: String) -> [Target] {
        (targets[port] ?? []).filter { !isLocal || $0.node == node }
    }
}
