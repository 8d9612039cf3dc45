// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// Finds the addresses behind a port of a Service, from EndpointSlices or from Endpoints.
///
/// - Source: the open-source controller for which addresses count; seen upstream. Slices are the product's.
struct EndpointReader {
    /// What the port of a Service is.
    struct Port: Sendable, Hashable {
        /// Endpoints call their ports by this name; empty for a Service with one nameless port.
        var name: String
        /// The port on every node; nil without one.
        var nodePort: Int?
    }

    let profile: Profile
    /// Looks a pod up.
    let pod: (ObjectKey) -> KubernetesObject?

    /// The port of a Service with this number; nil when there is none.
    static func port(_ number: String, of service: KubernetesObject) -> Port? {
        let ports = service["spec", "ports"]?.arrayValue ?? []
        guard let found = ports.first(where: { $0["port"]?.intValue == Int(number) }) else { return nil }
        return Port(name: found["name"]?.stringValue ?? "", nodePort: found["nodePort"]?.intValue)
    }

    /// The addresses of a port, each once, in order.
    ///
    /// - Parameters:
    ///   - port: The port's name.
    ///   - slices: The EndpointSlices of the Service.
    ///   - endpoints: Its Endpoints, used when there is no slice.
    /// - Returns: The addresses by IP and port.
    func addresses(port: String, slices: [KubernetesObject], endpoints: KubernetesObject?) -> [PodAddress] {
        let found =
            slices.isEmpty
            ? fromSubsets(port: port, endpoints) : slices.flatMap { fromSlice(port: port, $0) }
        var seen: Set<String> = []
        let unique = found.filter { seen.insert("\($0.ip):\($0.port)").inserted }
        return unique.sorted { ($0.ip, $0.port) < ($1.ip, $1.port) }
    }

    private func fromSlice(port: String, _ slice: KubernetesObject) -> [PodAddress] {
        guard slice["addressType"]?.stringValue ?? "IPv4" == "IPv4",
            let number = Self.number(port, slice["ports"])
        else { return [] }
        return (slice["endpoints"]?.arrayValue ?? []).compactMap { endpoint in
            guard let ip = endpoint["addresses"]?[0]?.stringValue else { return nil }
            let conditions = endpoint["conditions"]
            let address = PodAddress(
                ip: ip,
                port: number,
                pod: Self.pod(endpoint["targetRef"], slice.namespace),
                node: endpoint["nodeName"]?.stringValue ?? ""
            )
            let isTerminating = conditions?["terminating"]?.boolValue ?? false
            let isReady = conditions?["ready"]?.boolValue ?? true
            return counts(address, isReady: isReady && !isTerminating) ? address : nil
        }
    }

    private func fromSubsets(port: String, _ endpoints: KubernetesObject?) -> [PodAddress] {
        (endpoints?["subsets"]?.arrayValue ?? []).flatMap { subset -> [PodAddress] in
            guard let number = Self.number(port, subset["ports"]) else { return [] }
            func read(_ member: String, isReady: Bool) -> [PodAddress] {
                (subset[member]?.arrayValue ?? []).compactMap { entry in
                    guard let ip = entry["ip"]?.stringValue else { return nil }
                    let address = PodAddress(
                        ip: ip,
                        port: number,
                        pod: Self.pod(entry["targetRef"], endpoints?.namespace ?? ""),
                        node: entry["nodeName"]?.stringValue ?? ""
                    )
                    return counts(address, isReady: isReady) ? address : nil
                }
            }
            return read("addresses", isReady: true) + read("notReadyAddresses", isReady: false)
        }
    }

    /// Ready ones count; others only while they wait for the gate alone.
    private func counts(_ address: PodAddress, isReady: Bool) -> Bool {
        guard let key = address.pod else { return isReady && !profile.has(.addressesWithoutPodSkipped) }
        return isReady || pod(key).map(ReadinessGate.opensSoon) ?? false
    }

    private static func number(_ name: String, _ ports: JSONValue?) -> Int? {
        (ports?.arrayValue ?? []).first { ($0["name"]?.stringValue ?? "") == name }?["port"]?.intValue
    }

    private static func pod(_ reference: JSONValue?, _ namespace: String) -> ObjectKey? {
        guard reference?["kind"]?.stringValue == "Pod", let name = reference?["name"]?.stringValue else {
            return nil
        }
        return ObjectKey(namespace: reference?["namespace"]?.stringValue ?? namespace, name: name)
    }
}
