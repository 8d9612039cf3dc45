// SPDX-License-Identifier: Apache-2.0
public import Ports

/// A server group with its members.
public struct ServerGroupConfiguration: Sendable, Hashable {
    /// How a server is chosen.
    public enum Scheduler: Sendable, Hashable {
        /// Weighted round robin.
        case weightedRoundRobin
        /// Weighted least connections.
        case weightedLeastConnections
        /// Consistent hashing of the client's address.
        case sourceHash
        /// Consistent hashing of a query parameter's value.
        case queryHash(parameter: String)
    }

    /// Session stickiness by cookie.
    public enum Stickiness: Sendable, Hashable {
        /// The load balancer's own cookie, for so many seconds.
        case insert(seconds: Int)
        /// The application's cookie of that name, rewritten.
        case server(cookie: String)
    }

    /// The group's id.
    public var id: String
    /// The group's name.
    public var name: String
    /// HTTP, HTTPS or gRPC.
    public var backendProtocol: String
    /// How a server is chosen.
    public var scheduler: Scheduler
    /// The members in the order in which they were added.
    public var servers: [BackendServer]
    /// nil when health is not checked.
    public var healthCheck: HealthCheckConfiguration?
    /// nil without stickiness.
    public var stickiness: Stickiness?
    /// How long requests in flight on a removed server may take; nil without draining.
    public var drainTimeout: Duration?
    /// How long a new server's share grows; nil without slow start.
    public var slowStart: Duration?
    /// True when connections to servers are used again.
    public var isKeepaliveOn: Bool
    /// False keeps requests in the zone that they arrived in.
    public var isCrossZone: Bool

    /// Makes a group.
    public init(
        id: String,
        name: String,
        backendProtocol: String = "HTTP",
        scheduler: Scheduler = .weightedRoundRobin,
        servers: [BackendServer] = [],
        healthCheck: HealthCheckConfiguration? = nil,
        stickiness: Stickiness? = nil,
        drainTimeout: Duration? = nil,
        slowStart: Duration? = nil,
        isKeepaliveOn: Bool = false,
        isCrossZone: Bool = true
    ) {
        self.id = id
        self.name = name
        self.backendProtocol = backendProtocol
        self.scheduler = scheduler
        self.servers = servers
        self.healthCheck = healthCheck
        self.stickiness = stickiness
        self.drainTimeout = drainTimeout
        self.slowStart = slowStart
        self.isKeepaliveOn = isKeepaliveOn
        self.isCrossZone = isCrossZone
    }
}

/// A member of a server group.
public struct BackendServer: Sendable, Hashable {
    /// `eni-…`, `i-…` or an address.
    public var serverID: String
    /// Where connections go.
    public var address: SocketAddress
    /// 0 to 100; 0 gets no new requests.
    public var weight: Int
    /// The zone that it is in, or empty when unknown.
    public var zone: String

    /// Makes a member.
    public init(serverID: String, address: SocketAddress, weight: Int = 100, zone: String = "") {
        self.serverID = serverID
        self.address = address
        self.weight = weight
        self.zone = zone
    }
}

/// How a group's servers are checked.
public struct HealthCheckConfiguration: Sendable, Hashable {
    /// HTTP, HTTPS, TCP or gRPC.
    public var checkProtocol: String
    /// The port; 0 means the server's own.
    public var port: Int
    /// The Host to send; `$SERVER_IP` means the server's address.
    public var host: String
    /// The path.
    public var path: String
    /// HEAD, GET or POST.
    public var method: String
    /// `HTTP1.0` or `HTTP1.1`.
    public var httpVersion: String
    /// Good answers: `http_2xx` and the like, or gRPC codes.
    public var codes: [String]
    /// How long an answer may take.
    public var timeout: Duration
    /// Between two checks.
    public var interval: Duration
    /// Good answers in a row that make a server healthy.
    public var healthyThreshold: Int
    /// Bad answers in a row that make it unhealthy.
    public var unhealthyThreshold: Int

    /// Makes a check with the product's defaults.
    public init(
        checkProtocol: String = "HTTP",
        port: Int = 0,
        host: String = "$SERVER_IP",
        path: String = "/",
        method: String = "HEAD",
        httpVersion: String = "HTTP1.1",
        codes: [String] = ["http_2xx"],
        timeout: Duration = .seconds(5),
        interval: Duration = .seconds(2),
        healthyThreshold: Int = 3,
        unhealthyThreshold: Int = 3
    ) {
        self.checkProtocol = checkProtocol
        self.port = port
        self.host = host
        self.path = path
        self.method = method
        self.httpVersion = httpVersion
        self.codes = codes
        self.timeout = timeout
        self.interval = interval
        self.healthyThreshold = healthyThreshold
        self.unhealthyThreshold = unhealthyThreshold
    }
}
