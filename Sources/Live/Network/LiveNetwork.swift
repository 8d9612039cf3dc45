// SPDX-License-Identifier: Apache-2.0
import Dispatch
import NIOCore
import NIOPosix
import NIOSSL
public import Ports
import Synchronization

/// Whom a live client believes in a TLS handshake.
public enum LiveTrust: Sendable {
    /// Certificates that chain to one of these roots, in PEM.
    case roots(pem: String)
    /// Certificates that chain to one of these roots, in PEM, or to one of the system's.
    case rootsAndSystem(pem: String)
    /// Certificates that chain to one of the system's roots.
    case system
    /// Everybody: for clients that check certificates by themselves.
    case anybody
}

/// Who a live client is to servers that ask for a certificate.
public struct LiveIdentity: Sendable {
    let certificatesPEM: String
    let privateKeyPEM: String

    /// An identity in PEM.
    ///
    /// - Throws: When these are no certificates, or no private key.
    public init(certificatesPEM: String, privateKeyPEM: String) throws {
        self.certificatesPEM = certificatesPEM
        self.privateKeyPEM = privateKeyPEM
        guard !(try certificates()).isEmpty else { throw NIOSSLError.failedToLoadCertificate }
        _ = try privateKey()
    }

    func certificates() throws -> [NIOSSLCertificate] {
        try NIOSSLCertificate.fromPEMBytes(Array(certificatesPEM.utf8))
    }

    func privateKey() throws -> NIOSSLPrivateKey {
        try NIOSSLPrivateKey(bytes: Array(privateKeyPEM.utf8), format: .pem)
    }
}

/// Real sockets as a host's network: HTTP/1.1 and HTTP/2, in plain text and over TLS, and HTTP/3 over QUIC in builds
/// with the package trait `QUIC`.
public final class LiveNetwork: Network {
    let group: MultiThreadedEventLoopGroup
    let trust: LiveTrust
    let serverContexts: ServerContexts
    let clientContexts: ClientContexts
    private let nextConnection = Atomic<UInt64>(1)
    let quicSockets: QUICSockets
    /// The one event loop of servers that answer in place.
    public let serverExecutor: (any TaskExecutor)?
    /// One for each event loop.
    private let postboxes: [LoopPostbox]
    private let lookups = DispatchQueue(label: "albedo.names", attributes: .concurrent)

    /// Makes a network.
    ///
    /// - Parameters:
    ///   - threads: Event loops.
    ///   - trust: Whom this host's clients believe.
    ///   - answersInPlace: Servers' handlers run on the event loop, of which there is only one then; they must not wait.
    ///   - identity: Who its clients are to servers that ask for a certificate; nobody without one.
    public init(
        threads: Int = 2,
        trust: LiveTrust = .system,
        answersInPlace: Bool = false,
        identity: LiveIdentity? = nil
    ) {
        let threads = answersInPlace ? 1 : threads
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        postboxes = (0..<threads).map { [group] _ in LoopPostbox(group.next()) }
        serverExecutor = answersInPlace ? LoopExecutor(group.next()) : nil
        self.trust = trust
        serverContexts = ServerContexts()
        clientContexts = ClientContexts(trust: trust, identity: identity)
        quicSockets = QUICSockets()
    }

    /// Makes a network whose clients believe others; it runs on the event loops of another, and ends with it.
    public init(sharing other: LiveNetwork, trust: LiveTrust) {
        group = other.group
        postboxes = other.postboxes
        serverExecutor = other.serverExecutor
        quicSockets = other.quicSockets
        self.trust = trust
        serverContexts = other.serverContexts
        clientContexts = ClientContexts(trust: trust, identity: nil)
    }

    /// Closes everything and ends the event loops.
    public func shutdown() async {
        // Closing is all that is wanted; what fails to close is closed by the process's end.
        try? await group.shutdownGracefully()
    }

    /// Where connections of an event loop leave what they have to do.
    func postbox(_ loop: any EventLoop) -> LoopPostbox {
        // There are few loops, and nearly always one.
        postboxes.first { $0.loop === loop } ?? LoopPostbox(loop)
    }

    func makeConnectionNumber() -> UInt64 {
        nextConnection.wrappingAdd(1, ordering: .relaxed).oldValue
    }

    /// Begins to listen; the port is bound when the call returns, and no event loop was waited for.
    public func listen(
        on address: Ports.SocketAddress,
        options: ListenOptions,
        accept: @escaping @Sendable (ConnectionFacts) -> any ConnectionHandler
    ) throws(NetworkFailure) -> any Listening {
        guard options.transport == .tcp else {
            return try listenQUIC(on: address, options: options, accept: accept)
        }
        // A connection is accepted on the loop that serves it, where there is one loop only.
        let bootstrap = ServerBootstrap(group: group).childChannelInitializer { channel in
            ServerPipeline(network: self, options: options, accept: accept).configure(channel)
        }
        let socket = try ListeningSocket(address)
        return LiveListener(socket, channel: try socket.accept(with: bootstrap), asked: address)
    }

    /// Begins to connect.
    public func connect(
        to address: Ports.SocketAddress,
        options: ConnectOptions,
        handler: any ConnectionHandler
    ) {
        guard options.transport == .tcp else {
            return connectQUIC(to: address, options: options, handler: handler)
        }
        ClientPipeline(network: self, address: address, options: options, handler: handler).connect()
    }

    /// Looks a name up with the system's resolver.
    public func resolve(
        _ name: String,
        _ completion: @escaping @Sendable (Result<[String], NetworkFailure>) -> Void
    ) {
        if let known = try? NIOCore.SocketAddress(ipAddress: name, port: 0) {
            return completion(.success([known.ipAddress ?? name]))
        }
        lookups.async {
            let found = try? NIOCore.SocketAddress.makeAddressResolvingHost(name, port: 0)
            completion(found?.ipAddress.map { .success([$0]) } ?? .failure(.unresolved(name)))
        }
    }

    /// Live addresses belong to the system.
    public func claim(ip: String) {}

    /// Live addresses belong to the system.
    public func release(ip: String) {}

    /// Event loops answer by themselves what needs no waiting.
    public var runsHandlersInPlace: Bool { true }

    /// Where there is one event loop, behind the events that it has found.
    public func afterPresentEvents(_ action: @escaping @Sendable () -> Void) {
        if serverExecutor == nil { action() } else { group.next().execute(action) }
    }
}

/// A bound port.
final class LiveListener: Listening {
    private let socket: ListeningSocket
    private let channel: EventLoopFuture<any Channel>
    let address: Ports.SocketAddress

    init(_ socket: ListeningSocket, channel: EventLoopFuture<any Channel>, asked: Ports.SocketAddress) {
        self.socket = socket
        self.channel = channel
        address = Ports.SocketAddress(ip: asked.ip, port: socket.port)
        // When the event loops end, nobody accepts any more.
        channel.whenComplete { result in
            switch result {
            case .failure: socket.close()
            case .success(let channel): channel.closeFuture.whenComplete { _ in socket.close() }
            }
        }
    }

    func close() {
        guard socket.close() else { return }
        channel.whenSuccess { $0.close(promise: nil) }
    }
}

extension NetworkFailure {
    /// The failure that an error of the socket layer amounts to.
    init(_ error: any Error) {
        if let failure = error as? NetworkFailure {
            self = failure
            return
        }
        if let connection = error as? NIOConnectionError {
            self =
                connection.connectionErrors.first.map { NetworkFailure($0.error) }
                ?? .unresolved(connection.host)
            return
        }
        switch (error as? IOError)?.errnoCode {
        case ECONNREFUSED, EADDRINUSE, EADDRNOTAVAIL, EACCES: self = .refused
        case ECONNRESET, EPIPE: self = .reset
        case ETIMEDOUT: self = .timedOut
        case EHOSTUNREACH, ENETUNREACH: self = .unreachable
        default:
            if case ChannelError.connectTimeout = error { self = .timedOut } else { self = .reset }
        }
    }
}

extension Ports.SocketAddress {
    /// The address of a socket; empty parts when it has none.
    init(_ address: NIOCore.SocketAddress?) {
        self.init(ip: address?.ipAddress ?? "", port: address?.port ?? 0)
    }
}
