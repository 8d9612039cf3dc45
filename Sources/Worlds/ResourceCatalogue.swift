// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
public import KubernetesAPI

/// The kinds that manifests may name, as the API server's discovery tells them.
public struct ResourceCatalogue: Sendable {
    private let types: [ResourceType]

    /// Asks a server what it serves.
    ///
    /// - Throws: `KubernetesError` when it does not say.
    public init(discovering client: KubernetesClient) async throws(KubernetesError) {
        var paths = [("", "v1", "/api/v1")]
        for group in try await client.call(.get, "/apis")["groups"]?.arrayValue ?? [] {
            let name = group["name"]?.stringValue ?? ""
            for version in group["versions"]?.arrayValue ?? [] {
                let text = version["version"]?.stringValue ?? ""
                paths.append((name, text, "/apis/\(name)/\(text)"))
            }
        }
        var types: [ResourceType] = []
        for (group, version, path) in paths {
            for resource in try await client.call(.get, path)["resources"]?.arrayValue ?? [] {
                guard let plural = resource["name"]?.stringValue, !plural.contains("/") else { continue }
                types.append(
                    ResourceType(
                        group: group,
                        version: version,
                        plural: plural,
                        singular: resource["singularName"]?.stringValue ?? "",
                        kind: resource["kind"]?.stringValue ?? "",
                        isNamespaced: resource["namespaced"]?.boolValue ?? false,
                        shortNames: resource["shortNames"]?.arrayValue?.compactMap(\.stringValue) ?? []
                    )
                )
            }
        }
        self.types = types
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
