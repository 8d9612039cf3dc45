// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// Names a server group of an AlbConfig: a key of the server queue.
struct TargetName: Sendable, Hashable, Comparable, CustomStringConvertible {
    var albConfig: String
    var key: ServerGroupKey

    /// The group that a Service names by id; it belongs to no AlbConfig.
    ///
    /// - Source: the open-source controller's annotation on Services; seen upstream.
    static func named(by service: ObjectKey, port: String) -> TargetName {
        TargetName(
            albConfig: "",
            key: ServerGroupKey(
                ingress: ObjectKey(namespace: service.namespace, name: ""),
                service: service.name,
                port: port
            )
        )
    }

    /// The annotation of such a Service.
    static let annotation = AnnotationName.prefix + "server-group-id"

    /// True for a group that belongs to no AlbConfig.
    var isNamedByService: Bool { albConfig.isEmpty }

    var description: String { isNamedByService ? "\(key.serviceKey)" : "\(albConfig) \(key)" }

    static func < (left: TargetName, right: TargetName) -> Bool {
        (left.albConfig, left.key) < (right.albConfig, right.key)
    }
}

/// What the server queue needs to know of a server group.
struct Target: Sendable, Hashable {
    /// The group's id.
    var id: String
    /// True when servers are checked before they count.
    var isHealthChecked: Bool
    /// True once rules name it.
    var isReferenced = false
    /// True for a group whose members are addresses.
    var holdsAddresses: Bool
}
