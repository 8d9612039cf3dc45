// SPDX-License-Identifier: Apache-2.0
public import Ports

/// What a build needs to know beside the objects.
public struct BuildContext: Sendable, Hashable {
    /// How pods are reached where a Service does not say.
    public enum BackendType: String, Sendable, Hashable {
        /// Through the network interface of each pod.
        case networkInterface = "eni"
        /// Through the node ports of the Service.
        case nodePort = "nodePort"
    }

    /// The cluster's id, for tags and names.
    public var cluster: String
    /// The VPC of the cluster.
    public var vpc: String
    /// Which controller is imitated.
    public var profile: Profile
    /// How pods are reached where a Service does not say.
    public var backendType: BackendType
    /// When the build happens: certificates that are over by then come last.
    public var now: Instant
    /// Uploads that the certificate service would not take, by name, with the reason.
    var refusedUploads: [String: String] = [:]

    /// Makes a context.
    public init(
        cluster: String,
        vpc: String,
        profile: Profile = .managed,
        backendType: BackendType = .networkInterface,
        now: Instant = Instant(seconds: 0)
    ) {
        self.cluster = cluster
        self.vpc = vpc
        self.profile = profile
        self.backendType = backendType
        self.now = now
    }
}
