// SPDX-License-Identifier: Apache-2.0

/// The data plane's own numbers and the choices where the product's documents are silent.
///
/// - Source: documented where the field's text says nothing else.
public struct DataPlaneSettings: Sendable {
    /// When health checks of servers in a steady state may be left out.
    public enum HealthCheckElision: Sendable, Hashable {
        /// Every check runs.
        case none
        /// A server in a steady state is checked again only after `DataPlane.serversMayHaveChanged` names it,
        /// or after a request to it failed.
        case whileUnchanged
    }

    /// How long a connection to a server may take to open.
    public var connectTimeout: Duration = .seconds(5)
    /// How many servers a request may try when they cannot be reached; assumed.
    public var maximumTries = 3
    /// How long a client may pause inside a request.
    public var requestReadTimeout: Duration = .seconds(60)
    /// How long an HTTP/2 or HTTP/3 client that was asked to begin nothing more may take to go; assumed.
    public var lingerTimeout: Duration = .seconds(1)
    /// Requests on one connection of an HTTP listener.
    public var plainKeepAliveRequests = 100
    /// Requests on one connection of an HTTPS or QUIC listener.
    public var secureKeepAliveRequests = 1000
    /// Bytes of all header fields of a request.
    public var maximumHeaderBytes = 32 * 1024
    /// Bytes of a request's target.
    public var maximumTargetBytes = 32 * 1024
    /// True when HTTP listeners take HTTP/2 in plain text, which the product does not.
    public var takesPlainHTTP2 = false
    /// Bytes of a request's body.
    public var maximumBodyBytes: Int64 = 50 * 1024 * 1024 * 1024
    /// Load balancers that a request may pass.
    public var maximumHops = 16
    /// How long an unused connection to a server is kept; assumed.
    public var upstreamIdleTimeout: Duration = .seconds(15)
    /// Unused connections kept for each server; assumed.
    public var maximumIdleUpstreams = 1024
    /// True when `~*` ignores case, as the console says; migration notes saw it count.
    public var isCaseIgnoredAfterTildeStar = true
    /// True when an empty white list keeps everybody out; texts disagree.
    public var emptyWhiteListRefuses = true
    /// How long what began under an older configuration may go on once there is a newer one; nil for ever.
    ///
    /// The product has no such limit; proxies that start new workers when they reload end what the old ones carry.
    public var oldVersionLimit: Duration?
    /// Whether checks of steady servers are left out.
    public var healthCheckElision = HealthCheckElision.none

    /// Makes settings with the product's numbers.
    public init() {}
}
