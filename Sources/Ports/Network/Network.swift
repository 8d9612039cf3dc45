// SPDX-License-Identifier: Apache-2.0

/// A host's network: connections that carry HTTP exchanges.
///
/// This is the event side, for machines that take events and give actions. Async components use `HTTPClient`
/// and `HTTPServer`, which stand on it. All callbacks come one at a time, and never from inside the call
/// that caused them.
public protocol Network: Sendable {
    /// Begins to listen; every connection that arrives asks `accept` for its handler.
    ///
    /// - Throws: `NetworkFailure` when the address is taken or is not this host's.
    func listen(
        on address: SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening

    /// Begins to connect; the handler learns of it by `opened` or `failed`, exactly once.
    func connect(to address: SocketAddress, options: ConnectOptions, handler: any ConnectionHandler)

    /// Looks a name up; an IP address is its own answer. Addresses come in the name server's order.
    func resolve(
        _ name: String,
        _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void
    )

    /// Makes an IP address this host's own: connections to a port where nobody listens are then refused
    /// instead of being lost. Live networks ignore it.
    func claim(ip: String)

    /// Gives a claimed address up: packets to it are lost from then on. Live networks ignore it.
    func release(ip: String)
}

/// How to listen.
public struct ListenOptions: Sendable {
    /// TCP or QUIC.
    public var transport: Transport
    /// Who chooses the certificate; nil for plain text, which QUIC does not have.
    public var tls: (any TLSChooser)?

    /// Makes options.
    public init(transport: Transport = .tcp, tls: (any TLSChooser)? = nil) {
        self.transport = transport
        self.tls = tls
    }
}

/// How to connect.
public struct ConnectOptions: Sendable {
    /// TCP or QUIC.
    public var transport: Transport
    /// The hello of the TLS handshake; nil for plain text, which QUIC does not have.
    public var tls: ClientHello?
    /// The version to speak in plain text, where nothing is negotiated.
    public var plainVersion: HTTPVersion
    /// How long the connection may take to open, TLS handshake included.
    public var timeout: Duration
    /// The address to connect from, one that this host has claimed; nil lets the host choose.
    public var localIP: String?

    /// Makes options.
    public init(
        transport: Transport = .tcp,
        tls: ClientHello? = nil,
        plainVersion: HTTPVersion = .http11,
        timeout: Duration = .seconds(5),
        localIP: String? = nil
    ) {
        self.transport = transport
        self.tls = tls
        self.plainVersion = plainVersion
        self.timeout = timeout
        self.localIP = localIP
    }
}

/// An open listener.
public protocol Listening: AnyObject, Sendable {
    /// Where it listens; the port is the real one when 0 was asked for.
    var address: SocketAddress { get }

    /// Takes no more connections; open ones live on.
    func close()
}

/// What both sides know of a connection.
public struct ConnectionFacts: Sendable {
    /// A number that no other connection of the world has; the same at both ends.
    public var id: UInt64
    /// The client's address.
    public var client: SocketAddress
    /// The server's address.
    public var server: SocketAddress
    /// TCP or QUIC.
    public var transport: Transport
    /// The version of HTTP spoken.
    public var version: HTTPVersion
    /// TLS facts; nil in plain text.
    public var tls: TLSFacts?

    /// Makes facts.
    public init(
        id: UInt64,
        client: SocketAddress,
        server: SocketAddress,
        transport: Transport,
        version: HTTPVersion,
        tls: TLSFacts?
    ) {
        self.id = id
        self.client = client
        self.server = server
        self.transport = transport
        self.version = version
        self.tls = tls
    }
}

/// One end of an open connection.
public protocol Connection: AnyObject, Sendable {
    /// What is known of it.
    var facts: ConnectionFacts { get }

    /// Sends a piece of a message. Clients number exchanges from 1 upwards, each number once.
    func send(_ frame: Frame, exchange: UInt64)

    /// Gives up one exchange; the other side gets `cancelled`. On HTTP/1 the connection ends with it.
    func cancel(exchange: UInt64)

    /// Asks the other side to begin no further exchange here; those that are open, and those on their way, go on.
    /// HTTP/2 and HTTP/3 say GOAWAY; HTTP/1 has no such word, and its servers say `Connection: close`.
    func drain()

    /// Ends the connection in order: what was sent still arrives, then the other side gets `closed`.
    func close()

    /// Cuts the connection: the other side gets `closed` with `reset`, and what is on its way is lost.
    func abort()
}

/// The owner of one end of a connection; it is told what happens there.
public protocol ConnectionHandler: AnyObject, Sendable {
    /// The connection is open.
    func opened(_ connection: any Connection)

    /// The connection that was asked for could not be opened; nothing follows.
    func failed(_ failure: NetworkFailure)

    /// A piece of a message arrived.
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection)

    /// The other side gave up one exchange.
    func cancelled(exchange: UInt64, on connection: any Connection)

    /// The other side asks to begin no further exchange on the connection.
    func draining(_ connection: any Connection)

    /// The connection is over: `closed` in order, `reset` when cut, `timedOut` when it was given up.
    func closed(_ connection: any Connection, _ reason: NetworkFailure)
}

extension Connection {
    /// Does nothing: for connections that cannot say it.
    public func drain() {}
}

extension ConnectionHandler {
    /// Does nothing: for owners that will find out when the connection ends.
    public func draining(_ connection: any Connection) {}
}
