// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI

/// Finds the servers that a port of a Service should have by what the caches hold.
struct ServerChooser: Sendable {
    let configuration: ControllerConfiguration
    let watch: ClusterWatch
    let directory: InterfaceDirectory

    private var profile: Profile { configuration.profile }

    /// The servers; none for a Service or port that does not exist.
    ///
    /// - Throws: `CloudError` when the cloud cannot be asked.
    func choose(
        _ service: KubernetesObject?,
        port number: String,
        holdsAddresses: Bool
    ) async throws(CloudError) -> ServerSelection.Result {
        guard let service, let port = EndpointReader.port(number, of: service) else {
            return ServerSelection.Result()
        }
        if profile.isOpenSource, watch.endpoints[service.key] == nil {
            throw .malformed("Service \(service.key) has no Endpoints")
        }
        let reader = EndpointReader(profile: profile) { self.watch.pods[$0] }
        let addresses = reader.addresses(
            port: port.name,
            slices: profile.isOpenSource ? [] : watch.slices(ofService: service.key),
            endpoints: watch.endpoints[service.key]
        )
        if profile.has(.oneUnknownAddressBlocksService),
            let lost = addresses.compactMap(\.pod).first(where: { watch.pods[$0] == nil })
        {
            throw .malformed("pod \(lost) of Service \(service.key) is not known")
        }
        if holdsAddresses { return ServerSelection.plainAddresses(addresses) }
        var result: ServerSelection.Result
        switch TrafficPolicy.of(service, configuration.backendType) {
        case nil:
            if profile.isOpenSource {
                throw .malformed("Service \(service.key) of type ClusterIP needs ENI mode")
            }
            return ServerSelection.Result()
        case .networkInterface: result = try await interfaces(addresses)
        case .local: result = try await nodes(service, port, addresses, onlyLocal: true)
        case .cluster: result = try await nodes(service, port, addresses, onlyLocal: false)
        }
        if profile.has(.oneUnknownAddressBlocksService), !result.unknown.isEmpty {
            throw .malformed(
                "the cloud knows no interface or instance of \(result.unknown.joined(separator: ", "))"
            )
        }
        result.starting = starting(service)
        return result
    }

    private func interfaces(_ addresses: [PodAddress]) async throws(CloudError) -> ServerSelection.Result {
        let owners = addresses.map { address in
            (address.ip, address.pod.flatMap { self.watch.pods[$0]?.uid } ?? "")
        }
        let ids = try await directory.interfaces(
            Dictionary(owners, uniquingKeysWith: { first, _ in first }),
            asksAlways: profile.isOpenSource
        )
        return ServerSelection(ids: ids).interfaces(addresses)
    }

    private func nodes(
        _ service: KubernetesObject,
        _ port: EndpointReader.Port,
        _ addresses: [PodAddress],
        onlyLocal: Bool
    ) async throws(CloudError) -> ServerSelection.Result {
        guard let nodePort = port.nodePort else { return ServerSelection.Result() }
        let filter = NodeEligibility(annotations: service.annotations)
        let nodes = watch.nodes.all.filter(filter.admits)
        let owners = nodes.compactMap { node in
            NodeEligibility.internalIP(node).map { ip in
                (ip, profile.has(.instanceIDsCachedForAYear) ? "" : node.uid)
            }
        }
        let ids = try await directory.instances(Dictionary(owners, uniquingKeysWith: { first, _ in first }))
        return ServerSelection(ids: ids)
            .instances(
                nodes,
                nodePort: nodePort,
                addresses: addresses,
                onlyLocal: onlyLocal,
                weighsPods: !profile.isOpenSource
            )
    }

    /// The pods of a Service that have the gate and whose containers are not ready yet.
    private func starting(_ service: KubernetesObject) -> [ObjectKey] {
        let subsets = watch.endpoints[service.key]?["subsets"]?.arrayValue ?? []
        return subsets.flatMap { $0["notReadyAddresses"]?.arrayValue ?? [] }.compactMap { address in
            guard let name = address["targetRef", "name"]?.stringValue else { return nil }
            let key = ObjectKey(namespace: service.namespace, name: name)
            guard let pod = watch.pods[key], ReadinessGate.isIn(pod), !ReadinessGate.opensSoon(pod) else {
                return nil
            }
            return key
        }
    }
}
