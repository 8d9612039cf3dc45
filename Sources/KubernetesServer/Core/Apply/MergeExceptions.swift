// SPDX-License-Identifier: Apache-2.0

/// Where server-side apply treats a built-in field in another way than a strategic merge patch does.
///
/// - Source: `x-kubernetes-list-type`, `-list-map-keys` and `-map-type` in the published OpenAPI documents of
///   Kubernetes 1.36 (documented).
struct MergeExceptions {
    /// Types whose values have one owner as a whole, by their places.
    var atomicTypes: Set<Int> = []
    /// For a field, `Type.field`: `atomic`, `set`, or the keys of its items.
    var fields: [String: [String]] = [:]

    private static let atomic =
        "ConfigMapKeySelector DiscoveryEndpointPort EndpointAddress EndpointPort FileKeySelector LabelSelector "
        + "LocalObjectReference NodeSelector NodeSelectorTerm ObjectFieldSelector ObjectReference OwnerReference "
        + "ResourceFieldSelector SecretKeySelector ServiceBackendPort TypedLocalObjectReference "
        + "RoleRef Subject"

    private static let table = #"""
        Container.ports=containerPort,protocol
        ContainerRestartRuleOnExitCodes.values=set
        CustomResourceDefinitionStatus.conditions=type
        Endpoint.addresses=set
        EphemeralContainer.ports=containerPort,protocol
        NodeAllocatableResourceClaimStatus.containers=set
        PodSpec.nodeSelector=atomic
        PodSpec.topologySpreadConstraints=topologyKey,whenUnsatisfiable
        PodStatus.hostIPs=atomic
        ResourceRequirements.claims=name
        ResourceStatus.resources=resourceID
        ServiceSpec.ports=port,protocol
        ServiceSpec.selector=atomic
        """#

    /// Reads the table.
    static func read(_ schema: Schema) -> MergeExceptions {
        var result = MergeExceptions()
        for name in atomic.split(separator: " ") {
            guard let place = schema.place(String(name)) else { preconditionFailure("no type \(name)") }
            result.atomicTypes.insert(place)
        }
        for line in table.split(separator: "\n") {
            let parts = line.split(separator: "=")
            let names = parts[0].split(separator: ".").map { $0.filter { $0 != " " } }
            guard parts.count == 2, let place = schema.place(names[0]),
                schema.structures[place].field(names[1]) != nil
            else { preconditionFailure("the exception \(line) names no field") }
            result.fields["\(names[0]).\(names[1])"] = parts[1].split(separator: ",").map(String.init)
        }
        return result
    }
}
