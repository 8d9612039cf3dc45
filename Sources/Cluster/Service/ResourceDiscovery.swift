// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import Synchronization

/// Which kinds of objects the API server serves: asked when it matters, with a table to fall back on.
final class ResourceDiscovery: Sendable {
    /// Namespaced types that every API server of this project serves.
    private static let known: [ResourceType] = [
        .pods, .replicaSets, .deployments, .services, .endpoints, .endpointSlices, .ingresses, .configMaps,
        .secrets,
        .serviceAccounts, .leases, .events,
    ]
    private static let owners: [ResourceType] = known + [.nodes, .namespaces, .ingressClasses, .albConfigs]

    private let client: KubernetesClient

    init(client: KubernetesClient) {
        self.client = client
    }

    /// All namespaced types that can be listed and deleted.
    func namespacedTypes() async throws(KubernetesError) -> [ResourceType] {
        var types = Self.known
        var versions = ["v1"]
        if let groups = try? await client.call(.get, "/apis") {
            for group in groups["groups"]?.arrayValue ?? [] {
                if let version = group["preferredVersion", "groupVersion"]?.stringValue {
                    versions.append(version)
                }
            }
        }
        for version in versions {
            for type in try await self.types(of: version) where type.isNamespaced {
                if !types.contains(where: { $0.group == type.group && $0.plural == type.plural }) {
                    types.append(type)
                }
            }
        }
        return types
    }

    /// The type of an object that a reference names; nil when the server serves no such kind.
    func type(apiVersion: String, kind: String) async throws(KubernetesError) -> ResourceType? {
        if let known = Self.owners.first(where: { $0.apiVersion == apiVersion && $0.kind == kind }) {
            return known
        }
        return try await types(of: apiVersion).first { $0.kind == kind }
    }

    private func types(of groupVersion: String) async throws(KubernetesError) -> [ResourceType] {
        let parts = groupVersion.split(separator: "/").map(String.init)
        let path = parts.count == 1 ? "/api/\(groupVersion)" : "/apis/\(groupVersion)"
        let answer: JSONValue
        do {
            answer = try await client.call(.get, path)
        } catch {
            guard error.isNotFound else { throw error }
            return []  // a group that is not served has no kinds
        }
        return (answer["resources"]?.arrayValue ?? []).compactMap { resource in
            let verbs = (resource["verbs"]?.arrayValue ?? []).compactMap(\.stringValue)
            guard let plural = resource["name"]?.stringValue, !plural.contains("/"), verbs.contains("list"),
                verbs.contains("delete"), let kind = resource["kind"]?.stringValue
            else { return nil }
            return ResourceType(
                group: parts.count == 1 ? "" : parts[0],
                version: parts.last ?? groupVersion,
                plural: plural,
                singular: resource["singularName"]?.stringValue ?? kind.lowercased(),
                kind: kind,
                isNamespaced: resource["namespaced"]?.boolValue ?? false
            )
        }
    }
}
