// SPDX-License-Identifier: Apache-2.0

/// The cloud's account and its pace; what is nil or missing stays as usual.
public struct CloudSpec: Sendable, Hashable {
    /// How long a state transition takes.
    public struct Transition: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// How long it takes.
        public var time: ClosedRange<Duration>
    }

    /// A limit of the account.
    public struct Quota: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// How many there may be.
        public var limit: Int
    }

    /// The region.
    public var region: String?
    /// The zones, in order.
    public var zones: [String]?
    /// From an accepted change to its use, drawn for each zone.
    public var propagation: ClosedRange<Duration>?
    /// Zones take versions at multiples of this only; nil for any time.
    public var batching: Duration?
    /// How long what began under an older configuration may go on; nil for ever, as ALB has it.
    public var oldConnections: Duration?
    /// State transitions with times of their own.
    public var transitions: [Transition] = []
    /// Limits of the account.
    public var quotas: [Quota] = []

    /// Makes the usual cloud.
    public init() {}
}

/// The network between the hosts; what is nil stays as usual.
public struct NetworkSpec: Sendable, Hashable {
    /// A way between two hosts with a quality of its own.
    public struct Link: Sendable, Hashable {
        /// The two hosts, in either direction.
        public var hosts: [String]
        /// How long a packet takes.
        public var latency: ClosedRange<Duration>?
        /// The share of packets that is lost, from 0 to 1.
        public var loss: Double?
    }

    /// How long a packet takes.
    public var latency: ClosedRange<Duration>?
    /// The share of packets that is lost, from 0 to 1.
    public var loss: Double?
    /// Ways with a quality of their own.
    public var links: [Link] = []

    /// Makes the usual network.
    public init() {}
}
