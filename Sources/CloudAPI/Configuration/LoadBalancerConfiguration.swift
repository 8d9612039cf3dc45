// SPDX-License-Identifier: Apache-2.0

/// Everything that a zone of a load balancer needs to serve traffic: one accepted state of the account.
///
/// The control plane makes a new version for each accepted change; a zone serves one version at a time, and
/// a request keeps the version that it began with.
public struct LoadBalancerConfiguration: Sendable, Hashable {
    /// The load balancer's id.
    public var id: String
    /// Rises by one with each change of this load balancer.
    public var version: Int64
    /// The cloud action that made this version.
    public var cause: String
    /// `<id>.<region>.alb.aliyuncsslb.com`.
    public var dnsName: String
    /// The zones with their addresses, in the order of the load balancer.
    public var zones: [ZoneAddress]
    /// Basic, Standard or StandardWithWaf.
    public var edition: String
    /// Internet or Intranet.
    public var addressType: String
    /// The listeners that run, by port.
    public var listeners: [ListenerConfiguration]
    /// The server groups that any listener or rule names, by id.
    public var serverGroups: [String: ServerGroupConfiguration]
    /// Where requests are logged; nil when they are not.
    public var accessLog: AccessLogTarget?

    /// Makes a configuration.
    public init(
        id: String,
        version: Int64,
        cause: String,
        dnsName: String,
        zones: [ZoneAddress],
        edition: String = "Standard",
        addressType: String = "Internet",
        listeners: [ListenerConfiguration] = [],
        serverGroups: [String: ServerGroupConfiguration] = [:],
        accessLog: AccessLogTarget? = nil
    ) {
        self.id = id
        self.version = version
        self.cause = cause
        self.dnsName = dnsName
        self.zones = zones
        self.edition = edition
        self.addressType = addressType
        self.listeners = listeners
        self.serverGroups = serverGroups
        self.accessLog = accessLog
    }
}

/// Where a load balancer's access log goes.
public struct AccessLogTarget: Sendable, Hashable {
    /// The log service's project.
    public var project: String
    /// The store in it.
    public var store: String

    /// Makes a target.
    public init(project: String, store: String) {
        self.project = project
        self.store = store
    }
}

/// A zone of a load balancer and the address that clients reach it by.
public struct ZoneAddress: Sendable, Hashable {
    /// The zone's id, for example `cn-hangzhou-h`.
    public var zone: String
    /// The address that the DNS name resolves to.
    public var address: String
    /// False while the zone is taken out of the DNS answer.
    public var isActive: Bool

    /// Makes a zone's address.
    public init(zone: String, address: String, isActive: Bool = true) {
        self.zone = zone
        self.address = address
        self.isActive = isActive
    }
}
