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

    /// Lets a program of this machine answer at an address of the network: connections to `address` go to `program`
    /// from now on; nil ends it.
    ///
    /// - Returns: False where there are no programs to go to, as in simulation.
    func redirect(_ address: SocketAddress, to program: SocketAddress?) -> Bool

    /// Where a server's tasks run best: beside its connections, when those have one thread; nil where it makes no
    /// difference.
    var serverExecutor: (any TaskExecutor)? { get }

    /// True when a request may be answered inside the callback that brings it. In simulation every request has
    /// a task of its own, so that the order of events is one that tasks have.
    var runsHandlersInPlace: Bool { get }

    /// Runs an action when what has come in for servers by now has been handled; at once where that is not known.
    func afterPresentEvents(_ action: @escaping @Sendable () -> Void)
}

extension Network {
    /// Does nothing, and says so.
    public func redirect(_ address: SocketAddress, to program: SocketAddress?) -> Bool { false }

    /// None: tasks run where they run anyway.
    public var serverExecutor: (any TaskExecutor)? { nil }

    /// No, unless a network says otherwise.
    public var runsHandlersInPlace: Bool { false }

    /// At once.
    public func afterPresentEvents(_ action: @escaping @Sendable () -> Void) { action() }
}

/// How to listen.
public struct ListenOptions: Sendable {
    /// TCP or QUIC.
    public var transport: Transport
    /// Who chooses the certificate; nil for plain text, which QUIC does not have.
    public var tls: (any TLSChooser)?
    /// What is read of a request before it is refused; simulated networks have no such limits of their own.
    public var limits: MessageLimits
    /// True when a request that asks for another protocol stays open until it is answered, so that both sides
    /// can go on in that protocol after a 101.
    public var allowsTunnels: Bool
    /// True when a client may speak HTTP/2 in plain text without asking first.
    public var allowsPlainHTTP2: Bool

    /// Makes options.
    public init(
        transport: Transport = .tcp,
        tls: (any TLSChooser)? = nil,
        limits: MessageLimits = MessageLimits(),
        allowsTunnels: Bool = false,
        allowsPlainHTTP2: Bool = true
    ) {
        self.transport = transport
        self.tls = tls
        self.limits = limits
        self.allowsTunnels = allowsTunnels
        self.allowsPlainHTTP2 = allowsPlainHTTP2
    }
}

/// How much of a message a listener reads before it gives up.
public struct MessageLimits: Sendable, Hashable {
    /// Bytes of a request's target.
    public var targetBytes: Int
    /// Bytes of all header fields.
    public var fieldBytes: Int
    /// Bytes of a body; nil without a limit.
    public var bodyBytes: Int64?

    /// Makes limits; by default those of common servers.
    public init(targetBytes: Int = 64 * 1024, fieldBytes: Int = 1024 * 1024, bodyBytes: Int64? = nil) {
        self.targetBytes = targetBytes
        self.fieldBytes = fieldBytes
        self.bodyBytes = bodyBytes
    }
}

/// Why what came on a connection is no message that can be taken.
public enum MessageFault: Error, Sendable, Hashable {
    /// It breaks the rules of HTTP, or two readers could understand it differently.
    case malformed
    /// The target is longer than the listener's limit.
    case targetTooLong
    /// The header fields are larger than the listener's limit.
    case fieldsTooLarge
    /// The body is larger than the listener's limit.
    case bodyTooLarge
    /// Plain HTTP where a TLS handshake was expected.
    case plainText
}

/// How to connect.
public struct ConnectOptions: Sendable {
    /// TCP or QUIC.
    public var transport: Transport
    /// The hello of the TLS handshake; nil for plain text, which QUIC does not have.
    public var tls: ClientHello?
    /// The version to speak in plain text, where nothing is negotiated; HTTP/1.0 is spoken over TLS too, when that does
    /// not agree on HTTP/2.
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
    /// How long a packet took to the other side and back when the connection was opened; nil where nobody knows.
    public var roundTrip: Duration?

    /// Makes facts.
    public init(
        id: UInt64,
        client: SocketAddress,
        server: SocketAddress,
        transport: Transport,
        version: HTTPVersion,
        tls: TLSFacts?,
        roundTrip: Duration? = nil
    ) {
        self.roundTrip = roundTrip
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

    /// Takes nothing more of an exchange from the other side until `resume`; what has been taken still comes.
    func pause(exchange: UInt64)

    /// Goes on taking an exchange from the other side.
    func resume(exchange: UInt64)

    /// Goes on from another of this host's addresses; only QUIC connections can, others do nothing.
    func migrate(to ip: String)
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

    /// What is sent on an exchange piles up: the other side does not take it as fast as it is sent.
    func stalled(exchange: UInt64, on connection: any Connection)

    /// What had piled up on an exchange has gone out.
    func flowing(exchange: UInt64, on connection: any Connection)

    /// The first bytes of a message came, but not yet its whole head.
    func arriving(exchange: UInt64, on connection: any Connection)

    /// A client's requests are of another version than its connection was opened with, from the next one on.
    func speaks(_ version: HTTPVersion, on connection: any Connection)

    /// The other side goes on from another address.
    func migrated(to address: SocketAddress, on connection: any Connection)

    /// What came cannot be taken for a message; a server may still answer on that exchange, then the connection
    /// is of no more use.
    func garbled(_ fault: MessageFault, exchange: UInt64, on connection: any Connection)
}

extension Connection {
    /// Does nothing: for connections that cannot say it.
    public func drain() {}

    /// Does nothing: for connections where nothing piles up.
    public func pause(exchange: UInt64) {}

    /// Does nothing: for connections where nothing piles up.
    public func resume(exchange: UInt64) {}

    /// Does nothing: for connections that stay where they are.
    public func migrate(to ip: String) {}
}

extension ConnectionHandler {
    /// Does nothing: for owners that will find out when the connection ends.
    public func draining(_ connection: any Connection) {}

    /// Does nothing: for owners that send little.
    public func stalled(exchange: UInt64, on connection: any Connection) {}

    /// Does nothing: for owners that send little.
    public func flowing(exchange: UInt64, on connection: any Connection) {}

    /// Does nothing: for owners that set no time for it.
    public func arriving(exchange: UInt64, on connection: any Connection) {}

    /// Does nothing: for owners that answer all versions alike.
    public func speaks(_ version: HTTPVersion, on connection: any Connection) {}

    /// Does nothing: for owners that do not look at addresses.
    public func migrated(to address: SocketAddress, on connection: any Connection) {}

    /// Ends the connection.
    public func garbled(_ fault: MessageFault, exchange: UInt64, on connection: any Connection) {
        connection.abort()
    }
}
