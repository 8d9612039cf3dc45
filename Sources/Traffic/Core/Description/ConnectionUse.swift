// SPDX-License-Identifier: Apache-2.0
public import Ports

/// A name to connect to in place of the URL's host, which stays in the message and in the TLS handshake.
public struct ConnectTarget: Sendable, Hashable {
    /// A name, such as a load balancer's DNS name, or an IP address.
    public var name: String
    /// The port; nil means the URL's.
    public var port: Int?

    /// Makes a target.
    public init(name: String, port: Int? = nil) {
        self.name = name
        self.port = port
    }
}

/// How traffic's clients open connections, use them again and give them up.
public struct ConnectionUse: Sendable, Hashable {
    /// Where to connect; nil means the URL's host and port.
    public var target: ConnectTarget?
    /// The versions of HTTP that a client speaks, best first; never empty.
    ///
    /// In TLS they are offered in this order. Plain text speaks HTTP/1.1 when it is among them, else HTTP/2
    /// without an upgrade. HTTP/3 goes over QUIC; where it comes first, QUIC is tried first.
    public var versions: [HTTPVersion]
    /// How many requests a connection carries before it is closed; 1 means a new connection for each request,
    /// nil that it is kept as long as the server keeps it.
    public var requestsPerConnection: Int?
    /// How many exchanges run on an HTTP/2 or HTTP/3 connection at a time.
    public var streamsPerConnection: Int
    /// How many connections a client has with one origin at a time; nil means as many as it takes.
    public var connectionsPerClient: Int?
    /// How long a connection may take to open, TLS handshake included.
    public var connectTimeout: Duration
    /// How long an idle connection is kept, give or take a tenth.
    public var idleTimeout: Duration
    /// True when a client whose connection can not be opened tries the name's next address, and after the
    /// last one the next transport.
    public var triesNextAddress: Bool
    /// True when a client that is told of HTTP/3 by Alt-Svc opens a QUIC connection beside the one it has, goes over to
    /// it once it is open, and leaves it alone for a while when it cannot be opened: as browsers do.
    public var followsAlternatives: Bool
    /// How long a client with several addresses stays at one: then its QUIC connections go on from the next, before the
    /// request that follows; nil for ever.
    public var migratesAfter: Duration?
    /// True when an idempotent request that was sent on a used connection is sent once more on a new one,
    /// when the connection ended before any byte of the answer came.
    public var retriesOnNewConnection: Bool
    /// False when a client takes any certificate.
    public var verifiesCertificates: Bool

    /// Makes a use; by default as curl and the clients of languages have it, with HTTP/2 where TLS offers it.
    ///
    /// - Source: the retry and the idle time of 90 s are those of Go's client, seen upstream; 100 streams is
    ///   what servers commonly allow, assumed.
    public init(
        target: ConnectTarget? = nil,
        versions: [HTTPVersion] = [.http2, .http11],
        requestsPerConnection: Int? = nil,
        streamsPerConnection: Int = 100,
        connectionsPerClient: Int? = nil,
        connectTimeout: Duration = .seconds(5),
        idleTimeout: Duration = .seconds(90),
        triesNextAddress: Bool = false,
        followsAlternatives: Bool = false,
        migratesAfter: Duration? = nil,
        retriesOnNewConnection: Bool = true,
        verifiesCertificates: Bool = true
    ) {
        self.target = target
        self.versions = versions
        self.requestsPerConnection = requestsPerConnection
        self.streamsPerConnection = streamsPerConnection
        self.connectionsPerClient = connectionsPerClient
        self.connectTimeout = connectTimeout
        self.idleTimeout = idleTimeout
        self.triesNextAddress = triesNextAddress
        self.followsAlternatives = followsAlternatives
        self.migratesAfter = migratesAfter
        self.retriesOnNewConnection = retriesOnNewConnection
        self.verifiesCertificates = verifiesCertificates
    }
}
