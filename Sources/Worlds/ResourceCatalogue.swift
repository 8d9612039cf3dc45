// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
public import KubernetesAPI

/// The kinds that manifests may name, as the API server's discovery tells them.
public struct ResourceCatalogue: Sendable {
    private let types: [ResourceType]

    /// How kubectl asks for all groups in one document.
    private static let aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

    /// Asks a server what it serves, in two calls.
    ///
    /// - Source: aggregated discovery, which kubectl uses since 1.26; documented.
    /// - Throws: `KubernetesError` when it does not say.
    public init(discovering client: KubernetesClient) async throws(KubernetesError) {
        var types: [ResourceType] = []
        for path in ["/api", "/apis"] {
            let answer = try await client.call(.get, path, accept: Self.aggregated)
            for group in answer["items"]?.arrayValue ?? [] {
                let name = group["metadata"]?["name"]?.stringValue ?? ""
                for version in group["versions"]?.arrayValue ?? [] {
                    let text = version["version"]?.stringValue ?? ""
                    types += (version["resources"]?.arrayValue ?? []).map { Self.type($0, name, text) }
                }
            }
        }
        self.types = types
    }

    private static func type(_ resource: JSONValue, _ group: String, _ version: String) -> ResourceType {
        ResourceType(
            group: group,
            version: version,
            plural: resource["resource"]?.stringValue ?? "",
            singular: resource["singularResource"]?.stringValue ?? "",
            kind: resource["responseKind"]?["kind"]?.stringValue ?? "",
            isNamespaced: resource["scope"]?.stringValue == "Namespaced",
            shortNames: resource["shortNames"]?.arrayValue?.compactMap(\.stringValue) ?? []
        )
    }

    /// The type of a manifest; nil when the server serves no such kind.
    public func type(apiVersion: String, kind: String) -> ResourceType? {
        types.first { $0.apiVersion == apiVersion && $0.kind == kind }
    }

    /// The type that a user's word means: a kind, plural, singular or short name, in any case.
    public func type(named word: String) -> ResourceType? {
        let word = word.lowercased()
        return types.first {
            [$0.kind.lowercased(), $0.plural, $0.singular, $0.qualifiedName].contains(word)
                || $0.shortNames.contains(word)
        }
    }

    /// All kinds, sorted: for messages.
    public var kinds: [String] { Array(Set(types.map(\.kind))).sorted() }
}
