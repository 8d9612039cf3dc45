// SPDX-License-Identifier: Apache-2.0
import Ports

/// An account of the cloud: where it is, who may call, what it may hold and how fast it works.
public struct CloudAccount: Sendable {
    /// An access key pair.
    public struct AccessKey: Sendable, Hashable {
        /// The public half.
        public var id: String
        /// The secret half.
        public var secret: String

        /// Makes a pair.
        public init(id: String, secret: String) {
            self.id = id
            self.secret = secret
        }
    }

    /// A vSwitch that the account has from the start.
    public struct VSwitch: Sendable, Hashable {
        /// `vsw-…`.
        public var id: String
        /// Its zone.
        public var zone: String
        /// Its addresses, for example `10.0.0.0/24`.
        public var cidr: String

        /// Makes a vSwitch.
        public init(id: String, zone: String, cidr: String) {
            self.id = id
            self.zone = zone
            self.cidr = cidr
        }
    }

    /// Addresses that load balancers get in a zone, one each: what their DNS names resolve to.
    public struct AddressPool: Sendable, Hashable {
        /// The zone.
        public var zone: String
        /// The lowest address, for example `203.0.113.1`.
        public var first: String
        /// How many there are.
        public var count: Int

        /// Makes a pool.
        public init(zone: String, first: String, count: Int) {
            self.zone = zone
            self.first = first
            self.count = count
        }
    }

    /// What happens to calls with a wrong signature.
    public enum SignatureMode: String, Sendable, Hashable {
        /// They are answered, and noted in the trace.
        case lenient
        /// They are refused, as unsigned ones are.
        case strict
    }

    /// The account's number.
    public var id: String
    /// For example `cn-hangzhou`.
    public var region: String
    /// The region's zones.
    public var zones: [String]
    /// The VPC that is there from the start.
    public var vpcID: String
    /// Its addresses.
    public var vpcCIDR: String
    /// Its vSwitches.
    public var vSwitches: [VSwitch]
    /// Who may call.
    public var accessKeys: [AccessKey]
    /// What happens to wrong signatures.
    public var signatures: SignatureMode
    /// How long transitions take.
    public var transitions: TransitionTimes
    /// How long a configuration version takes to a zone.
    public var propagation: DelayDistribution
    /// Zones take versions at multiples of this only; zero for any time.
    public var batching: Duration
    /// What the account may hold.
    public var quotas: CloudQuotas
    /// Addresses for load balancers.
    public var addressPools: [AddressPool]
    /// Resource groups; the first one is the default group.
    public var resourceGroups: [String]
    /// Common bandwidth packages that load balancers may be attached to: `cbwp-…`.
    public var bandwidthPackages: [String]
    /// True when servers must be known to the network inventory.
    public var isInventoryBinding: Bool
    /// True when a load balancer may be in one zone only.
    public var mayUseOneZone: Bool
    /// True while the account owes money: its load balancers are stopped and locked.
    var isInArrears = false

    /// Makes an account of two zones with usual values.
    public init(
        region: String = "cn-hangzhou",
        zones: [String] = ["cn-hangzhou-h", "cn-hangzhou-i"],
        vpcID: String = "vpc-bp1albedo000000000001",
        vpcCIDR: String = "10.0.0.0/8",
        vSwitches: [VSwitch]? = nil,
        accessKeys: [AccessKey] = [AccessKey(id: "testAK", secret: "testSK")],
        signatures: SignatureMode = .lenient,
        transitions: TransitionTimes = .typical,
        propagation: DelayDistribution = .triangular(.milliseconds(500)...(.seconds(3)))
    ) {
        id = "1234567890123456"
        self.region = region
        self.zones = zones
        self.vpcID = vpcID
        self.vpcCIDR = vpcCIDR
        self.vSwitches =
            vSwitches
            ?? zones.enumerated().map { place, zone in
                VSwitch(id: "vsw-bp1albedo00000000000\(place + 1)", zone: zone, cidr: "10.0.\(place).0/24")
            }
        self.accessKeys = accessKeys
        self.signatures = signatures
        self.transitions = transitions
        self.propagation = propagation
        batching = .zero
        quotas = CloudQuotas()
        let share = 240 / max(zones.count, 1)
        addressPools = zones.enumerated().map { place, zone in
            AddressPool(zone: zone, first: "203.0.113.\(1 + place * share)", count: share)
        }
        resourceGroups = ["rg-acfmdefaultgroup"]
        bandwidthPackages = []
        isInventoryBinding = false
        mayUseOneZone = zones.count < 2
    }

    /// The secret of an access key; nil when it is unknown.
    func secret(of accessKeyID: String) -> String? {
        accessKeys.first { $0.id == accessKeyID }?.secret
    }
}
