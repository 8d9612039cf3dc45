// SPDX-License-Identifier: Apache-2.0
import Crypto
import JSON
import KubernetesAPI
import Ports

/// The documents that say what is served.
///
/// - Source: the discovery documents of a kube-apiserver 1.36 (documented).
enum Discovery {
    /// What `/version` answers.
    static let version: JSONValue = [
        "major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36",
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "35", "gitVersion": "v1.36.2+albedo",
        "gitCommit": "0000000000000000000000000000000000000000", "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "none", "compiler": "swift", "platform": "any",
    ]

    static func coreVersions(address: String) -> JSONValue {
        [
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": .string(address)]],
        ]
    }

    /// The order of the groups of a real server; those of custom resources come behind, by name.
    ///
    /// - Source: the answers of a kube-apiserver 1.36 (seen upstream).
    private static let order = [
        "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io",
        "autoscaling", "batch", "certificates.k8s.io", "networking.k8s.io", "policy",
        "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io",
        "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io",
    ]

    /// The groups besides the core group, each with its versions.
    private static func groups(_ resources: [ServedResource]) -> [(name: String, versions: [String])] {
        var groups: [(name: String, versions: [String])] = []
        for resource in resources where !resource.type.group.isEmpty {
            if let place = groups.firstIndex(where: { $0.name == resource.type.group }) {
                if !groups[place].versions.contains(resource.type.version) {
                    groups[place].versions.append(resource.type.version)
                }
            } else {
                groups.append((resource.type.group, [resource.type.version]))
            }
        }
        for place in groups.indices { groups[place].versions.sort(by: VersionOrder.precedes) }
        func place(_ name: String) -> Int { order.firstIndex(of: name) ?? order.count }
        return groups.sorted { (place($0.name), $0.name) < (place($1.name), $1.name) }
    }

    static func groupList(_ resources: [ServedResource]) -> JSONValue {
        let list = groups(resources).map { group in
            var document = JSONValue.object(describe(group))
            document["kind"] = nil
            document["apiVersion"] = nil
            return document
        }
        return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(list)]
    }

    /// One group; nil when it is not served.
    static func group(_ name: String, _ resources: [ServedResource]) -> JSONValue? {
        groups(resources).first { $0.name == name }.map { .object(describe($0)) }
    }

    private static func describe(_ group: (name: String, versions: [String])) -> JSONObject {
        let versions = group.versions.map { version -> JSONValue in
            ["groupVersion": .string("\(group.name)/\(version)"), "version": .string(version)]
        }
        return [
            "kind": "APIGroup", "apiVersion": "v1", "name": .string(group.name), "versions": .array(versions),
            "preferredVersion": versions.first ?? .null,
        ]
    }

    /// The resources of a group version; nil when it is not served.
    static func resources(_ group: String, _ version: String, _ resources: [ServedResource]) -> JSONValue? {
        let served = resources.filter { $0.type.group == group && $0.type.version == version }
        if served.isEmpty { return nil }
        var list: [JSONValue] = []
        for resource in served {
            list.append(.object(entry(resource)))
            for subresource in resource.subresources { list.append(.object(entry(resource, subresource))) }
        }
        var document: JSONObject = ["kind": "APIResourceList"]
        if !group.isEmpty { document["apiVersion"] = "v1" }
        document["groupVersion"] = .string(group.isEmpty ? version : "\(group)/\(version)")
        document["resources"] = .array(list)
        return .object(document)
    }

    private static func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }

    private static func entry(_ resource: ServedResource) -> JSONObject {
        let type = resource.type
        var entry: JSONObject = [
            "name": .string(type.plural), "singularName": .string(type.singular),
            "namespaced": .bool(type.isNamespaced), "kind": .string(type.kind),
            "verbs": texts(resource.verbs),
        ]
        if !type.shortNames.isEmpty { entry["shortNames"] = texts(type.shortNames) }
        if !type.categories.isEmpty { entry["categories"] = texts(type.categories) }
        if !resource.isReview { entry["storageVersionHash"] = .string(storageHash(resource)) }
        return entry
    }

    /// Tells clients whether objects are still stored as before.
    ///
    /// - Source: `StorageVersionHash` of kube-apiserver (seen upstream).
    private static func storageHash(_ resource: ServedResource) -> String {
        let type = resource.isNewEvents ? ResourceType.events : resource.type
        // Definitions are stored in the version in which they began.
        let version = type == .customResourceDefinitions ? "v1beta1" : type.version
        let text = "\(type.group)/\(version)/\(type.kind)"
        return Base64.encode(Array(SHA256.hash(data: Array(text.utf8)).prefix(8)))
    }

    private static func entry(
        _ resource: ServedResource,
        _ subresource: ServedResource.Subresource
    ) -> JSONObject {
        var entry: JSONObject = [
            "name": .string("\(resource.type.plural)/\(subresource.rawValue)"), "singularName": "",
            "namespaced": .bool(resource.type.isNamespaced),
        ]
        let other: (group: String, version: String, kind: String)? =
            switch subresource {
            case .scale: ("autoscaling", "v1", "Scale")
            case .eviction: ("policy", "v1", "Eviction")
            case .token: ("authentication.k8s.io", "v1", "TokenRequest")
            case .binding: ("", "", "Binding")
            case .attach: ("", "", "PodAttachOptions")
            case .exec: ("", "", "PodExecOptions")
            case .portforward: ("", "", "PodPortForwardOptions")
            case .status, .finalize, .log, .ephemeralcontainers, .resize: nil
            }
        if let other, !other.group.isEmpty {
            entry["group"] = .string(other.group)
            entry["version"] = .string(other.version)
        }
        entry["kind"] = .string(other?.kind ?? resource.type.kind)
        entry["verbs"] = texts(verbs(subresource))
        return entry
    }

    /// The verbs of a subresource.
    static func verbs(_ subresource: ServedResource.Subresource) -> [String] {
        switch subresource {
        case .status, .scale, .ephemeralcontainers, .resize: ["get", "patch", "update"]
        case .binding, .eviction, .token: ["create"]
        case .finalize: ["update"]
        case .attach, .exec, .portforward: ["create", "get"]
        case .log: ["get"]
        }
    }

    // MARK: Aggregated

    /// `/api` or `/apis` as one document.
    static func aggregated(isCore: Bool, _ resources: [ServedResource]) -> JSONValue {
        let names = isCore ? [("", ["v1"])] : groups(resources).map { ($0.name, $0.versions) }
        let items = names.map { name, versions -> JSONValue in
            var metadata: JSONObject = [:]
            if !name.isEmpty { metadata["name"] = .string(name) }
            return [
                "metadata": .object(metadata),
                "versions": .array(versions.map { aggregated(name, $0, resources) }),
            ]
        }
        return [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": [:],
            "items": .array(items),
        ]
    }

    private static func aggregated(
        _ group: String,
        _ version: String,
        _ resources: [ServedResource]
    ) -> JSONValue {
        let served = resources.filter { $0.type.group == group && $0.type.version == version }
        let entries = served.map { resource -> JSONValue in
            let type = resource.type
            // Built-in kinds leave out what their place says.
            let own: (group: JSONValue, version: JSONValue) =
                resource.isCustom ? (.string(type.group), .string(type.version)) : ("", "")
            var entry: JSONObject = [
                "resource": .string(type.plural),
                "responseKind": ["group": own.group, "version": own.version, "kind": .string(type.kind)],
                "scope": type.isNamespaced ? "Namespaced" : "Cluster",
                "singularResource": .string(type.singular), "verbs": texts(resource.verbs),
            ]
            if !type.shortNames.isEmpty { entry["shortNames"] = texts(type.shortNames) }
            if !type.categories.isEmpty { entry["categories"] = texts(type.categories) }
            if !resource.subresources.isEmpty {
                entry["subresources"] = .array(
                    resource.subresources.map { subresource in
                        let plain = Self.entry(resource, subresource)
                        return [
                            "subresource": .string(subresource.rawValue),
                            "responseKind": [
                                "group": plain["group"] ?? own.group,
                                "version": plain["version"] ?? own.version,
                                "kind": plain["kind"] ?? .string(type.kind),
                            ],
                            "verbs": texts(verbs(subresource)),
                        ]
                    }
                )
            }
            return .object(entry)
        }
        return ["version": .string(version), "resources": .array(entries), "freshness": "Current"]
    }
}
