// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// How a load balancer reaches the pods of a Service.
///
/// - Source: the product's pages on network modes and the open-source controller; documented.
enum TrafficPolicy: Sendable, Hashable {
    /// Each pod by its network interface.
    case networkInterface
    /// The nodes that have a pod, by node port.
    case local
    /// All nodes, by node port.
    case cluster

    static let annotation = "service.beta.kubernetes.io/backend-type"

    /// The policy of a Service; nil when it cannot be reached.
    static func of(_ service: KubernetesObject, _ fallback: BuildContext.BackendType) -> TrafficPolicy? {
        let type = service["spec", "type"]?.stringValue ?? "ClusterIP"
        if type == "ExternalName" { return nil }
        let named = service.annotations[annotation] ?? ""
        if named.isEmpty ? fallback == .networkInterface : named.lowercased() == "eni" {
            return .networkInterface
        }
        if type == "ClusterIP" { return nil }
        return service["spec", "externalTrafficPolicy"]?.stringValue == "Local" ? .local : .cluster
    }
}
