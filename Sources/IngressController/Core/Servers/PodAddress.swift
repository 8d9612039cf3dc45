// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// An address at which a pod serves a port of a Service.
struct PodAddress: Sendable, Hashable {
    var ip: String
    var port: Int
    /// nil for an address that belongs to no pod.
    var pod: ObjectKey?
    /// The node that it is on; empty when unknown.
    var node: String
}

/// The readiness gate that a user puts into a pod's spec to have it wait for the load balancer.
///
/// - Source: the product's page on rolling updates; documented.
enum ReadinessGate {
    /// The condition's type.
    static let condition = "target-health.alb.k8s.alibabacloud"

    /// True when the pod has the gate.
    static func isIn(_ pod: KubernetesObject) -> Bool {
        (pod["spec", "readinessGates"]?.arrayValue ?? []).contains {
            $0["conditionType"]?.stringValue == condition
        }
    }

    /// True when a pod waits for nothing but the gate: it is to be registered although it is not ready.
    static func opensSoon(_ pod: KubernetesObject) -> Bool {
        isIn(pod) && !pod.isTerminating && pod.isTrue("ContainersReady")
    }
}
