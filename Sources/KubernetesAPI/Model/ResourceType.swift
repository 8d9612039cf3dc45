// SPDX-License-Identifier: Apache-2.0

/// A kind of object that an API server serves, with the names that its paths and documents use.
public struct ResourceType: Sendable, Hashable {
    /// The API group; empty for the core group.
    public var group: String
    /// The version, for example `v1`.
    public var version: String
    /// The lower-case plural of paths: `ingresses`.
    public var plural: String
    /// The lower-case singular: `ingress`.
    public var singular: String
    /// The kind: `Ingress`.
    public var kind: String
    /// True when objects live in namespaces.
    public var isNamespaced: Bool
    /// Short names for the command line: `ing`.
    public var shortNames: [String]
    /// `all` and the like.
    public var categories: [String]

    /// Makes a type.
    public init(
        group: String,
        version: String,
        plural: String,
        singular: String,
        kind: String,
        isNamespaced: Bool,
        shortNames: [String] = [],
        categories: [String] = []
    ) {
        self.group = group
        self.version = version
        self.plural = plural
        self.singular = singular
        self.kind = kind
        self.isNamespaced = isNamespaced
        self.shortNames = shortNames
        self.categories = categories
    }

    /// `v1` or `networking.k8s.io/v1`: the value of `apiVersion`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// `pods` or `ingresses.networking.k8s.io`: how messages name the resource.
    public var qualifiedName: String { group.isEmpty ? plural : "\(plural).\(group)" }

    /// The path of the collection, or of one object: `/apis/networking.k8s.io/v1/namespaces/a/ingresses/b`.
    public func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace, !namespace.isEmpty { path += "/namespaces/\(namespace)" }
        path += "/\(plural)"
        if let name { path += "/\(name)" }
        if let subresource { path += "/\(subresource)" }
        return path
    }
}

extension ResourceType {
    /// Namespaces.
    public static let namespaces = core("namespaces", "namespace", "Namespace", namespaced: false, ["ns"])
    /// Nodes.
    public static let nodes = core("nodes", "node", "Node", namespaced: false, ["no"])
    /// Pods.
    public static let pods = core("pods", "pod", "Pod", ["po"], ["all"])
    /// Services.
    public static let services = core("services", "service", "Service", ["svc"], ["all"])
    /// Endpoints.
    public static let endpoints = core("endpoints", "endpoints", "Endpoints", ["ep"])
    /// Secrets.
    public static let secrets = core("secrets", "secret", "Secret")
    /// ConfigMaps.
    public static let configMaps = core("configmaps", "configmap", "ConfigMap", ["cm"])
    /// Events of the core group.
    public static let events = core("events", "event", "Event", ["ev"])
    /// ServiceAccounts.
    public static let serviceAccounts = core("serviceaccounts", "serviceaccount", "ServiceAccount", ["sa"])
    /// EndpointSlices.
    public static let endpointSlices = ResourceType(
        group: "discovery.k8s.io",
        version: "v1",
        plural: "endpointslices",
        singular: "endpointslice",
        kind: "EndpointSlice",
        isNamespaced: true
    )
    /// Leases.
    public static let leases = ResourceType(
        group: "coordination.k8s.io",
        version: "v1",
        plural: "leases",
        singular: "lease",
        kind: "Lease",
        isNamespaced: true
    )
    /// Deployments.
    public static let deployments = ResourceType(
        group: "apps",
        version: "v1",
        plural: "deployments",
        singular: "deployment",
        kind: "Deployment",
        isNamespaced: true,
        shortNames: ["deploy"],
        categories: ["all"]
    )
    /// ReplicaSets.
    public static let replicaSets = ResourceType(
        group: "apps",
        version: "v1",
        plural: "replicasets",
        singular: "replicaset",
        kind: "ReplicaSet",
        isNamespaced: true,
        shortNames: ["rs"],
        categories: ["all"]
    )
    /// Ingresses.
    public static let ingresses = ResourceType(
        group: "networking.k8s.io",
        version: "v1",
        plural: "ingresses",
        singular: "ingress",
        kind: "Ingress",
        isNamespaced: true,
        shortNames: ["ing"]
    )
    /// IngressClasses.
    public static let ingressClasses = ResourceType(
        group: "networking.k8s.io",
        version: "v1",
        plural: "ingressclasses",
        singular: "ingressclass",
        kind: "IngressClass",
        isNamespaced: false
    )
    /// CustomResourceDefinitions.
    public static let customResourceDefinitions = ResourceType(
        group: "apiextensions.k8s.io",
        version: "v1",
        plural: "customresourcedefinitions",
        singular: "customresourcedefinition",
        kind: "CustomResourceDefinition",
        isNamespaced: false,
        shortNames: ["crd", "crds"],
        categories: ["api-extensions"]
    )
    /// AlbConfigs: a custom resource, served once its definition is stored.
    public static let albConfigs = ResourceType(
        group: "alibabacloud.com",
        version: "v1",
        plural: "albconfigs",
        singular: "albconfig",
        kind: "AlbConfig",
        isNamespaced: false,
        categories: ["all", "kooper"]
    )

    private static func core(
        _ plural: String,
        _ singular: String,
        _ kind: String,
        namespaced: Bool = true,
        _ shortNames: [String] = [],
        _ categories: [String] = []
    ) -> ResourceType {
        ResourceType(
            group: "",
            version: "v1",
            plural: plural,
            singular: singular,
            kind: kind,
            isNamespaced: namespaced,
            shortNames: shortNames,
            categories: categories
        )
    }
}
