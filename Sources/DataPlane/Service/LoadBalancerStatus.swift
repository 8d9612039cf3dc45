// SPDX-License-Identifier: Apache-2.0
public import Ports

/// What one zone of a load balancer serves at this moment.
public struct LoadBalancerStatus: Sendable, Hashable {
    /// A listener.
    public struct Listener: Sendable, Hashable {
        /// The listener's id.
        public var id: String
        /// The port.
        public var port: Int
        /// HTTP, HTTPS or QUIC.
        public var listenerProtocol: String
        /// Why it is not open; nil when it is.
        public var failure: NetworkFailure?
    }

    /// The load balancer's id.
    public var loadBalancer: String
    /// The zone's id.
    public var zone: String
    /// The zone's address.
    public var address: String
    /// The configuration version.
    public var version: Int64
    /// The listeners, in the order in which they were opened.
    public var listeners: [Listener]
}
