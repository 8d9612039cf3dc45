// SPDX-License-Identifier: Apache-2.0
public import CloudServer
public import Cluster
public import IngressController
public import Ports
public import Simulation

/// What a world is made of.
public struct WorldDescription: Sendable {
    /// What all randomness comes from.
    public var seed: UInt64
    /// The virtual time at the start.
    public var start: Instant
    /// The order of ready jobs.
    public var schedule: SchedulePolicy
    /// The controller's profile, with the defects that it has.
    public var profile: Profile
    /// The cloud account.
    public var account: CloudAccount
    /// The cluster's nodes.
    public var nodes: [NodeDescription]
    /// How the processes in pods behave.
    public var scripts: PodScripts
    /// One way between clients and the load balancer.
    public var clientLatency: Duration
    /// True keeps every configuration version that a zone began to serve, for `World.servedConfigurations`.
    public var keepsConfigurations = false
    /// How many ALB Ingress controllers there are.
    public var controllers = 1
    /// True when they share the work by a Lease.
    public var electsLeader = false
    /// How long what began under an older configuration may go on; nil for ever.
    public var oldConnections: Duration?
    /// Nodes that are not there at the start.
    public var laterNodes: Set<String> = []

    /// Makes a description; without arguments it has two zones with two nodes each.
    public init(
        seed: UInt64 = 1,
        start: Instant = Instant(seconds: 1_767_225_600),
        schedule: SchedulePolicy = .fifo,
        profile: Profile = .managed,
        account: CloudAccount = CloudAccount(),
        nodes: [NodeDescription]? = nil,
        scripts: PodScripts = PodScripts(),
        clientLatency: Duration = .milliseconds(8)
    ) {
        self.seed = seed
        self.start = start
        self.schedule = schedule
        self.profile = profile
        self.account = account
        self.nodes = nodes ?? Self.nodes(count: 4, account: account)
        self.scripts = scripts
        self.clientLatency = clientLatency
    }

    /// Nodes that are spread over the account's zones, with pod addresses of their own.
    public static func nodes(count: Int, account: CloudAccount) -> [NodeDescription] {
        let vSwitches = account.vSwitches
        return (0..<count).map { place in
            let vSwitch = vSwitches[place % vSwitches.count]
            return NodeDescription(
                name: "node-\(place + 1)",
                address: "10.0.\(place % vSwitches.count).\(10 + place)",
                region: account.region,
                zone: vSwitch.zone,
                vSwitchID: vSwitch.id,
                podRange: "10.\(64 + place / 256).\(place % 256).0/24"
            )
        }
    }
}

/// The controller's profile, by a name that is not mistaken for a scenario's.
public typealias ControllerProfile = Profile

/// A defect of the controller, by a name that says whose it is.
public typealias ControllerDefect = Defect
