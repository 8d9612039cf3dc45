// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// Makes the API server know AlbConfigs.
///
/// - Source: the open-source controller's start and its definition; seen upstream.
struct CustomResourceInstaller: Sendable {
    let host: Host
    let client: KubernetesClient

    private static let name = "albconfigs.alibabacloud.com"
    private static let pause = Duration.seconds(2)

    /// Creates or updates the definition and waits until it is served; goes on trying while the server is away.
    func install() async {
        while !Task.isCancelled {
            if await isInstalled(), await isEstablished() { return }
            guard (try? await host.clock.sleep(for: Self.pause)) != nil else { return }
        }
    }

    private func isInstalled() async -> Bool {
        do throws(KubernetesError) {
            let present = try await client.get(.customResourceDefinitions, name: Self.name)
            if Self.isEqual(present["spec"]) { return true }
            var wanted = present
            wanted["spec"] = Self.spec
            _ = try await client.update(.customResourceDefinitions, wanted)
            return true
        } catch {
            guard error.isNotFound else { return false }
        }
        let definition = KubernetesObject(.customResourceDefinitions, name: Self.name, ["spec": Self.spec])
        do throws(KubernetesError) {
            _ = try await client.create(.customResourceDefinitions, definition)
            return true
        } catch {
            return error.isAlreadyExists
        }
    }

    /// True once AlbConfigs can be listed.
    private func isEstablished() async -> Bool {
        (try? await client.list(.albConfigs, query: [("limit", "1")])) != nil
    }

    /// The server adds members of its own, so only ours are compared.
    private static func isEqual(_ present: JSONValue?) -> Bool {
        let version = present?["versions"]?[0], wanted = spec["versions"]?[0]
        return present?["scope"] == spec["scope"] && present?["group"] == spec["group"]
            && version?["name"] == wanted?["name"] && version?["subresources"] == wanted?["subresources"]
            && version?["additionalPrinterColumns"]?.arrayValue?.count
                == wanted?["additionalPrinterColumns"]?.arrayValue?.count
    }

    private static func column(_ name: String, _ path: String, _ type: String = "string") -> JSONValue {
        ["name": .string(name), "type": .string(type), "jsonPath": .string(path)]
    }

    static let spec: JSONValue = [
        "group": "alibabacloud.com", "scope": "Cluster",
        "names": [
            "plural": "albconfigs", "singular": "albconfig", "kind": "AlbConfig", "listKind": "AlbConfigList",
            "categories": ["all", "kooper"],
        ],
        "versions": [
            [
                "name": "v1", "served": true, "storage": true,
                "schema": [
                    "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
                ],
                "subresources": ["status": [:]],
                "additionalPrinterColumns": [
                    column("ALBID", ".status.loadBalancer.id"),
                    column("DNSNAME", ".status.loadBalancer.dnsname"),
                    column("PORT&PROTOCOL", ".status.loadBalancer.listeners[*].portAndProtocol"),
                    column("CERTID", ".status.loadBalancer.listeners[*].certificates[*].certificateId"),
                    column("AGE", ".metadata.creationTimestamp", "date"),
                ],
            ]
        ],
    ]
}
