// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Worlds

extension StepPerformer {
    /// Writes a Service's EndpointSlices anew, as a controller does that moves endpoints between them.
    func reshuffle(_ wanted: EndpointReshuffle) async throws -> String {
        let service = wanted.service
        let slices = try await world.client.list(.endpointSlices, namespace: service.namespace).items
            .filter { $0.labels["kubernetes.io/service-name"] == service.name }
            .sorted { $0.key < $1.key }
        guard let model = slices.first else {
            throw StepFailure(message: "the Service \(service.name) has no EndpointSlice")
        }
        let endpoints = slices.flatMap { $0["endpoints"]?.arrayValue ?? [] }.dropLast(wanted.truncated)
        var shares = Array(repeating: [JSONValue](), count: wanted.slices)
        for (place, endpoint) in endpoints.enumerated() {
            shares[place % wanted.slices].append(endpoint)
            if place < wanted.duplicates { shares[(place + 1) % wanted.slices].append(endpoint) }
        }
        let order = wanted.isReversed ? Array(shares.indices.reversed()) : Array(shares.indices)
        for place in order {
            if place < slices.count {
                let patch: JSONValue = ["endpoints": .array(shares[place])]
                _ = try await world.client.patch(.endpointSlices, slices[place].key, patch)
            } else {
                var copy = model
                copy["metadata"] = [
                    "name": .string("\(service.name)-moved-\(place)"),
                    "namespace": .string(service.namespace),
                    "labels": model[path: "metadata", "labels"] ?? [:],
                    "ownerReferences": model[path: "metadata", "ownerReferences"] ?? [],
                ]
                copy["endpoints"] = .array(shares[place])
                _ = try await world.client.create(.endpointSlices, copy)
            }
        }
        return "\(endpoints.count) endpoints of \(service.name) over \(wanted.slices) slices"
    }
}
