// SPDX-License-Identifier: Apache-2.0
public import CloudAPI
public import Ports

/// What a controller is told at its start.
public struct ControllerConfiguration: Sendable {
    /// Where the API server is.
    public var kubernetes: Endpoint
    /// A bearer token for it, when it wants one.
    public var kubernetesToken: String?
    /// Where the cloud is, and who calls it.
    public var cloud: CloudClient.Configuration
    /// The cluster's id, in tags and names.
    public var clusterID: String
    /// The VPC of the cluster.
    public var vpcID: String
    /// Which controller is imitated.
    public var profile: Profile
    /// How pods are reached where a Service does not say.
    public var backendType: BuildContext.BackendType
    /// After how long the API server ends a watch; nil leaves it to the server.
    public var watchTimeout: Duration?
    /// True when several controllers share the work by a Lease: it costs a write every two seconds.
    public var electsLeader: Bool
    /// True to note plans instead of carrying them out.
    public var isDryRun = false

    /// Makes a configuration.
    public init(
        kubernetes: Endpoint,
        kubernetesToken: String? = nil,
        cloud: CloudClient.Configuration,
        clusterID: String = "c0123456789",
        vpcID: String,
        profile: Profile = .managed,
        backendType: BuildContext.BackendType = .networkInterface,
        watchTimeout: Duration? = nil,
        electsLeader: Bool = false
    ) {
        self.kubernetes = kubernetes
        self.kubernetesToken = kubernetesToken
        self.cloud = cloud
        self.clusterID = clusterID
        self.vpcID = vpcID
        self.profile = profile
        self.backendType = backendType
        self.watchTimeout = watchTimeout
        self.electsLeader = electsLeader
    }
}
