// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubernetesAPI

/// What `kubectl apply` does on the client's side: a three-way merge with what was applied before.
///
/// - Source: kubectl's documentation of declarative management; documented. Lists are replaced whole, as for
///   custom resources; kubectl merges some lists of built-in kinds by their keys.
public struct ManifestApply: Sendable {
    /// Where the manifest of the last apply is kept on the object.
    public static let annotation = "kubectl.kubernetes.io/last-applied-configuration"

    private let client: KubernetesClient

    /// Makes one that calls through a client.
    public init(client: KubernetesClient) {
        self.client = client
    }

    /// Creates the object, or changes what is there so that it is as the manifest says.
    ///
    /// - Throws: `KubernetesError` as the server refuses it.
    @discardableResult
    public func apply(
        _ manifest: KubernetesObject,
        as type: ResourceType
    ) async throws(KubernetesError) -> KubernetesObject {
        var manifest = manifest
        if type.isNamespaced, manifest.namespace.isEmpty {
            manifest[path: "metadata", "namespace"] = "default"
        }
        let original = Self.withoutAnnotation(manifest.json)
        manifest[path: "metadata", "annotations", Self.annotation] = .string(original.text)
        let namespace = type.isNamespaced ? manifest.namespace : nil
        let present: KubernetesObject
        do {
            present = try await client.get(type, namespace: namespace, name: manifest.name)
        } catch {
            guard error.isNotFound else { throw error }
            return try await client.create(type, manifest, query: Self.strictly)
        }
        let last = present.annotations[Self.annotation].flatMap { try? JSONValue(parsing: $0) } ?? .null
        let patch = Self.patch(present: present.json, last: last, wanted: manifest.json)
        guard patch.objectValue?.isEmpty == false else { return present }
        return try await client.patch(type, present.key, patch, form: .merge, query: Self.strictly)
    }

    /// A field that the kind does not have is refused.
    ///
    /// - Source: kubectl, which validates strictly unless it is told otherwise; documented.
    private static let strictly = [("fieldValidation", "Strict")]

    private static func withoutAnnotation(_ json: JSONValue) -> JSONValue {
        var json = json
        json.set(["metadata", "annotations", annotation], nil)
        return json
    }

    /// A merge patch: members that are wanted and differ, and null for those that are wanted no more.
    ///
    /// Everything else on the object is left alone.
    static func patch(present: JSONValue, last: JSONValue, wanted: JSONValue) -> JSONValue {
        var patch: JSONObject = [:]
        for member in wanted.objectValue ?? [:] {
            let now = present[member.key]
            if member.value.objectValue != nil, now?.objectValue != nil {
                let inner = self.patch(
                    present: now ?? .null,
                    last: last[member.key] ?? .null,
                    wanted: member.value
                )
                if inner.objectValue?.isEmpty == false { patch[member.key] = inner }
            } else if now != member.value {
                patch[member.key] = member.value
            }
        }
        for member in last.objectValue ?? [:] where wanted[member.key] == nil && present[member.key] != nil {
            patch[member.key] = .null
        }
        return .object(patch)
    }
}
