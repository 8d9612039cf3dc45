// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// A ReplicaSet as its Deployment sees it.
struct ReplicaSetState: Sendable {
    /// The object as it was read; `replicas` and `annotations` may be ahead of it.
    var object: KubernetesObject
    /// `spec.replicas`, or what this pass made of it.
    var replicas: Int
    /// Pods of the status that are available.
    let available: Int
    /// When it was made; then its name decides.
    let creation: Instant
    /// `deployment.kubernetes.io/revision`, 0 without one.
    var revision: Int64

    init(_ object: KubernetesObject) {
        self.object = object
        replicas = object.specReplicas
        available = object.statusCount("availableReplicas")
        creation = object.creationTime ?? Instant(nanoseconds: 0)
        revision = Self.number(object, DeploymentAnnotation.revision) ?? 0
    }

    var name: String { object.name }

    /// Orders sets by age, the oldest first.
    static func isOlder(_ left: ReplicaSetState, _ right: ReplicaSetState) -> Bool {
        (left.creation, left.name) < (right.creation, right.name)
    }

    /// A number in an annotation.
    static func number(_ object: KubernetesObject, _ annotation: String) -> Int64? {
        object["metadata", "annotations"]?[annotation]?.stringValue.flatMap { Int64($0) }
    }
}

/// The annotations that the Deployment controller keeps on its ReplicaSets.
enum DeploymentAnnotation {
    static let revision = "deployment.kubernetes.io/revision"
    static let revisionHistory = "deployment.kubernetes.io/revision-history"
    static let desiredReplicas = "deployment.kubernetes.io/desired-replicas"
    static let maxReplicas = "deployment.kubernetes.io/max-replicas"

    /// Annotations of a Deployment that its ReplicaSets do not inherit.
    static let notInherited: Set<String> = [
        "kubectl.kubernetes.io/last-applied-configuration", revision, revisionHistory, desiredReplicas,
        maxReplicas,
        "deprecated.deployment.rollback.to",
    ]
}
