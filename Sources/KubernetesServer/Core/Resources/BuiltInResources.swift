// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// The resources that are always served.
///
/// - Source: the discovery documents of a kube-apiserver 1.36 (documented).
enum BuiltInResources {
    static let all: [ServedResource] = objects + reviews + roles + policies

    private static let objects: [ServedResource] = [
        make(.configMaps, "ConfigMap", ConfigRules.configMap),
        make(
            .endpoints,
            "Endpoints",
            EndpointRules.endpoints,
            warning: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
        ),
        make(.events, "Event", EventRules.core, fields: eventFields("involvedObject", "reportingComponent")),
        make(
            .namespaces,
            "Namespace",
            ClusterRules.namespace,
            verbs: ServedResource.allVerbs.filter { $0 != "deletecollection" },
            [.finalize, .status],
            fields: [field("status.phase")]
        ),
        make(
            .nodes,
            "Node",
            ClusterRules.node,
            [.status],
            fields: [.init(name: "spec.unschedulable", path: ["spec", "unschedulable"], missing: "false")]
        ),
        make(
            .pods,
            "Pod",
            PodRules.pod,
            [
                .attach, .binding, .ephemeralcontainers, .eviction, .exec, .log, .portforward, .resize,
                .status,
            ],
            fields: podFields
        ),
        make(.secrets, "Secret", ConfigRules.secret, fields: [field("type")]),
        make(.serviceAccounts, "ServiceAccount", ClusterRules.serviceAccount, [.token]),
        make(
            .services,
            "Service",
            ServiceRules.service,
            [.status],
            fields: [field("spec.clusterIP"), field("spec.type")]
        ),
        make(.customResourceDefinitions, "CustomResourceDefinition", DefinitionRules.definition, [.status]),
        make(daemonSets, "DaemonSet", DaemonSetRules.daemonSet, [.status]),
        make(.deployments, "Deployment", WorkloadRules.deployment, [.scale, .status]),
        make(.replicaSets, "ReplicaSet", WorkloadRules.replicaSet, [.scale, .status]),
        make(statefulSets, "StatefulSet", StatefulSetRules.statefulSet, [.scale, .status]),
        make(.leases, "Lease", ClusterRules.lease),
        make(.endpointSlices, "EndpointSlice", EndpointRules.endpointSlice),
        newEvents,
        make(.ingressClasses, "IngressClass", IngressRules.ingressClass),
        make(.ingresses, "Ingress", IngressRules.ingress, [.status]),
        make(networkPolicies, "NetworkPolicy", NetworkPolicyRules.policy),
    ]

    private static let daemonSets = ResourceType(
        group: "apps",
        version: "v1",
        plural: "daemonsets",
        singular: "daemonset",
        kind: "DaemonSet",
        isNamespaced: true,
        shortNames: ["ds"],
        categories: ["all"]
    )
    private static let statefulSets = ResourceType(
        group: "apps",
        version: "v1",
        plural: "statefulsets",
        singular: "statefulset",
        kind: "StatefulSet",
        isNamespaced: true,
        shortNames: ["sts"],
        categories: ["all"]
    )
    private static let networkPolicies = ResourceType(
        group: "networking.k8s.io",
        version: "v1",
        plural: "networkpolicies",
        singular: "networkpolicy",
        kind: "NetworkPolicy",
        isNamespaced: true,
        shortNames: ["netpol"]
    )
    private static let newEventsType = ResourceType(
        group: "events.k8s.io",
        version: "v1",
        plural: "events",
        singular: "event",
        kind: "Event",
        isNamespaced: true,
        shortNames: ["ev"]
    )

    private static let newEvents = ServedResource(
        newEventsType,
        storage: ResourceType.events.qualifiedName,
        shape: .builtIn(place("EventsV1Event")),
        rules: EventRules.new,
        fields: eventFields("regarding", "reportingController"),
        isNewEvents: true
    )

    static func place(_ name: String) -> Int {
        guard let place = Schema.builtIn.place(name) else {
            preconditionFailure("no type \(name) in the schema")
        }
        return place
    }

    private static func make(
        _ type: ResourceType,
        _ structure: String,
        _ rules: KindRules,
        verbs: [String] = ServedResource.allVerbs,
        _ subresources: [ServedResource.Subresource] = [],
        fields: [ServedResource.SelectableField] = [],
        warning: String? = nil
    ) -> ServedResource {
        ServedResource(
            type,
            shape: .builtIn(place(structure)),
            rules: rules,
            verbs: verbs,
            subresources: subresources,
            fields: fields,
            warning: warning
        )
    }

    private static func field(_ name: String) -> ServedResource.SelectableField {
        .init(name: name, path: name.split(separator: ".").map(String.init))
    }

    private static let podFields: [ServedResource.SelectableField] = [
        field("spec.nodeName"), field("spec.restartPolicy"), field("spec.schedulerName"),
        field("spec.serviceAccountName"),
        .init(name: "spec.hostNetwork", path: ["spec", "hostNetwork"], missing: "false"),
        field("status.phase"), field("status.podIP"), field("status.nominatedNodeName"),
    ]

    /// The selectable fields of events; both views name the same stored members.
    private static func eventFields(_ subject: String, _ reporter: String) -> [ServedResource.SelectableField]
    {
        let parts = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"]
        return parts.map { .init(name: "\(subject).\($0)", path: ["involvedObject", $0]) }
            + [
                field("reason"), .init(name: reporter, path: ["reportingComponent"]),
                .init(name: "source", path: ["source", "component"]), field("type"),
            ]
    }
}
