// SPDX-License-Identifier: Apache-2.0
public import Ports

/// The data plane as the control plane sees it: zones that take configuration versions.
///
/// The control plane calls it when a version *reaches* a zone, delays included; so zones differ for a while.
public protocol ConfigurationSink: Sendable {
    /// A zone serves this version from now on.
    func apply(_ configuration: LoadBalancerConfiguration, zone: String, cause: TraceID)

    /// A zone serves this load balancer no more: its listeners close.
    func remove(loadBalancer: String, zone: String, cause: TraceID)
}

/// A server's health as one zone sees it.
public struct ServerHealth: Sendable, Hashable {
    /// The server group's id.
    public var serverGroup: String
    /// The server's address.
    public var address: SocketAddress
    /// `Initial`, `Healthy`, `Unhealthy`, `Unused` or `Unavailable`.
    public var state: String
    /// `CONNECT_FAILED` and the like; empty when healthy.
    public var reasonCode: String

    /// Makes a verdict.
    public init(serverGroup: String, address: SocketAddress, state: String, reasonCode: String = "") {
        self.serverGroup = serverGroup
        self.address = address
        self.state = state
        self.reasonCode = reasonCode
    }
}

/// Where the control plane learns what the data plane's health checks found.
public protocol HealthSource: Sendable {
    /// The verdicts on a load balancer's servers, the worst of all zones for each, in a stable order.
    func health(loadBalancer: String) -> [ServerHealth]
}

/// What the cloud's ECS knows of instances and network interfaces: kept in step with the cluster's nodes and
/// pods by whoever wires the world.
public protocol NetworkInventory: Sendable {
    /// The network interface that has this private address; nil when there is none (yet).
    func networkInterface(address: String) -> NetworkInterface?

    /// All instances, in a stable order.
    func instances() -> [ECSInstance]

    /// All network interfaces, in a stable order.
    func networkInterfaces() -> [NetworkInterface]
}

extension NetworkInventory {
    /// Those that have the instances' own addresses.
    public func networkInterfaces() -> [NetworkInterface] {
        var found: [NetworkInterface] = []
        for instance in instances() {
            guard let interface = networkInterface(address: instance.address),
                !found.contains(where: { $0.id == interface.id })
            else { continue }
            found.append(interface)
        }
        return found
    }
}

/// An elastic network interface.
public struct NetworkInterface: Sendable, Hashable {
    /// `eni-…`.
    public var id: String
    /// The instance that it is attached to.
    public var instanceID: String
    /// Its own address.
    public var primaryAddress: String
    /// All its addresses, its own included.
    public var addresses: [String]
    /// Its zone.
    public var zone: String
    /// Its vSwitch.
    public var vSwitchID: String

    /// Makes an interface.
    public init(
        id: String,
        instanceID: String,
        primaryAddress: String,
        addresses: [String],
        zone: String,
        vSwitchID: String
    ) {
        self.id = id
        self.instanceID = instanceID
        self.primaryAddress = primaryAddress
        self.addresses = addresses
        self.zone = zone
        self.vSwitchID = vSwitchID
    }
}

/// An ECS instance.
public struct ECSInstance: Sendable, Hashable {
    /// `i-…`.
    public var id: String
    /// Its private address.
    public var address: String
    /// Its zone.
    public var zone: String
    /// Its vSwitch.
    public var vSwitchID: String

    /// Makes an instance.
    public init(id: String, address: String, zone: String, vSwitchID: String) {
        self.id = id
        self.address = address
        self.zone = zone
        self.vSwitchID = vSwitchID
    }
}
