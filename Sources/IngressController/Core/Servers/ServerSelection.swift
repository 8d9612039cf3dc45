// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// Which servers a group should have, given who has which network interface or instance.
struct ServerSelection {
    /// What is wanted.
    struct Result: Sendable, Hashable {
        var servers: [Server] = []
        /// The pods behind the servers.
        var pods: [ObjectKey: [Server]] = [:]
        /// Addresses that the cloud knows nothing of (yet).
        var unknown: [String] = []
        /// Pods with a gate whose containers are still starting.
        var starting: [ObjectKey] = []
    }

    /// The ids of network interfaces, or of instances, by private address.
    let ids: [String: String]

    /// The servers for pods that are reached directly.
    func interfaces(_ addresses: [PodAddress]) -> Result {
        var result = Result()
        for address in addresses {
            guard let id = ids[address.ip] else {
                result.unknown.append(address.ip)
                continue
            }
            let server = Server(kind: .networkInterface, id: id, ip: address.ip, port: address.port)
            result.add(server, pod: address.pod)
        }
        return result
    }

    /// The servers of a group whose members are addresses.
    static func plainAddresses(_ addresses: [PodAddress]) -> Result {
        var result = Result()
        for address in addresses {
            result.add(
                Server(kind: .address, id: address.ip, ip: address.ip, port: address.port),
                pod: address.pod
            )
        }
        return result
    }

    /// The nodes as servers: all of them, or those that have an address of the Service.
    ///
    /// - Parameters:
    ///   - nodes: The nodes that may be servers.
    ///   - nodePort: The port on each.
    ///   - addresses: Where the pods are.
    ///   - onlyLocal: True to take nodes with pods only.
    ///   - weighsPods: True to give each node the weight of its pods, the one with most of them 100.
    /// - Returns: The servers.
    /// - Source: the product weighs nodes by their pods since 2.12; documented, the scale assumed.
    func instances(
        _ nodes: [KubernetesObject],
        nodePort: Int,
        addresses: [PodAddress],
        onlyLocal: Bool,
        weighsPods: Bool = false
    ) -> Result {
        var result = Result()
        let hosting = Dictionary(grouping: addresses, by: \.node)
        let most = nodes.map { hosting[$0.name]?.count ?? 0 }.max() ?? 0
        for node in nodes {
            let local = hosting[node.name] ?? []
            if onlyLocal, local.isEmpty { continue }
            guard let ip = NodeEligibility.internalIP(node) else { continue }
            guard let id = ids[ip] else {
                result.unknown.append(ip)
                continue
            }
            var server = Server(kind: .instance, id: id, ip: "", port: nodePort)
            if onlyLocal, weighsPods, most > 0 {
                server.weight = max(1, (100 * local.count + most / 2) / most)
            }
            result.add(server, pod: nil)
            for address in local { if let pod = address.pod { result.pods[pod, default: []].append(server) } }
        }
        return result
    }
}

extension ServerSelection.Result {
    fileprivate mutating func add(_ server: Server, pod: ObjectKey?) {
        servers.append(server)
        if let pod { pods[pod, default: []].append(server) }
    }
}
