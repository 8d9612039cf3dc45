// SPDX-License-Identifier: Apache-2.0
public import KubernetesAPI

/// What tells the server groups of an AlbConfig apart: the Ingress that owns it, the Service and its port.
///
/// One Service used by two Ingresses has two groups, each with the settings of its own Ingress.
public struct ServerGroupKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The owner; for a listener's default group `kube-system/<AlbConfig>-listener-<port>`.
    public var ingress: ObjectKey
    /// The Service, in the namespace of the Ingress.
    public var service: String
    /// The Service's port: its number, or its name while there is no Service to look it up in.
    public var port: String

    /// Makes a key.
    public init(ingress: ObjectKey, service: String, port: String) {
        self.ingress = ingress
        self.service = service
        self.port = port
    }

    /// The key of the empty group that a listener sends unmatched requests to.
    static func listenerDefault(albConfig: String, port: Int) -> ServerGroupKey {
        ServerGroupKey(
            ingress: ObjectKey(
                namespace: ResourceNames.albConfigNamespace,
                name: "\(albConfig)-listener-\(port)"
            ),
            service: "fake-svc",
            port: String(port)
        )
    }

    /// The Service's key.
    var serviceKey: ObjectKey { ObjectKey(namespace: ingress.namespace, name: service) }

    /// `namespace/ingress-service:port`: the text whose hash is the resource tag.
    public var description: String { "\(ingress.namespace)/\(ingress.name)-\(service):\(port)" }

    /// The value of the resource tag.
    var tagValue: String { ResourceNames.resourceTagValue(description) }

    /// Orders by owner, Service and port.
    public static func < (left: ServerGroupKey, right: ServerGroupKey) -> Bool {
        (left.ingress.namespace, left.ingress.name, left.service, left.port)
            < (right.ingress.namespace, right.ingress.name, right.service, right.port)
    }
}
