// SPDX-License-Identifier: Apache-2.0

/// The fields of the built-in types, as text in a small notation.
///
/// A type is `Name { field:type … }`. A field's type is a scalar (`string`, `int32`, `int64`, `bool`, `double`,
/// `bytes`, `Time`, `MicroTime`, `Quantity`, `IntOrString`, `any`), another type's name, `[type]` for a list or
/// `{type}` for a map from texts. Marks:
///
/// - `*` before the type: a zero value that a client gives is kept; without it zero values are left out.
/// - `!` after it: always written, with its zero value when it is missing.
/// - `=value` after it: the default.
/// - `/key` after a list: a strategic merge patch merges it by that key; `/` alone makes it a set.
enum SchemaTables {
    /// All tables.
    static let all = [
        pods, volumes, core, meta, apps, networking, others, access, extensions, policies, wire,
    ]

    /// Further defaults, `Type.field=value`: those that are the same wherever the type stands.
    ///
    /// - Source: the answers of a kube-apiserver 1.36 (seen upstream).
    static let defaults = #"""
        ConfigMapVolumeSource.defaultMode=420
        Container.terminationMessagePath=/dev/termination-log
        Container.terminationMessagePolicy=File
        CustomResourceDefinitionSpec.conversion={"strategy":"None"}
        DaemonSetSpec.revisionHistoryLimit=10
        DeploymentSpec.progressDeadlineSeconds=600
        DeploymentSpec.replicas=1
        DeploymentSpec.revisionHistoryLimit=10
        DiscoveryEndpointPort.name=
        DiscoveryEndpointPort.protocol=TCP
        DownwardAPIVolumeSource.defaultMode=420
        EndpointPort.protocol=TCP
        EphemeralContainer.terminationMessagePath=/dev/termination-log
        EphemeralContainer.terminationMessagePolicy=File
        HTTPGetAction.path=/
        HTTPGetAction.scheme=HTTP
        HostPathVolumeSource.type=
        IngressClassParametersReference.scope=Cluster
        NamespaceStatus.phase=Active
        NetworkPolicyPort.protocol=TCP
        ObjectFieldSelector.apiVersion=v1
        PersistentVolumeClaimSpec.volumeMode=Filesystem
        PodSpec.dnsPolicy=ClusterFirst
        PodSpec.restartPolicy=Always
        PodSpec.schedulerName=default-scheduler
        PodSpec.securityContext={}
        PodSpec.terminationGracePeriodSeconds=30
        PodStatus.phase=Pending
        Probe.failureThreshold=3
        Probe.periodSeconds=10
        Probe.successThreshold=1
        Probe.timeoutSeconds=1
        ProjectedVolumeSource.defaultMode=420
        ReplicaSetSpec.replicas=1
        Secret.type=Opaque
        SecretVolumeSource.defaultMode=420
        ServiceAccountTokenProjection.expirationSeconds=3600
        ServiceSpec.sessionAffinity=None
        ServiceSpec.type=ClusterIP
        StatefulSetSpec.podManagementPolicy=OrderedReady
        StatefulSetSpec.replicas=1
        StatefulSetSpec.revisionHistoryLimit=10
        TokenRequestSpec.expirationSeconds=3600
        """#
}
