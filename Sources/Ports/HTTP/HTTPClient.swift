// SPDX-License-Identifier: Apache-2.0
public import HTTPTypes
import Synchronization

/// Where an HTTP service is.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A name or an IP address.
    public var host: String
    /// The port.
    public var port: Int
    /// True for TLS.
    public var isSecure: Bool

    /// Makes an endpoint.
    public init(host: String, port: Int, isSecure: Bool = false) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
    }

    /// As the beginning of a URL: `https://10.0.0.1:6443`.
    public var description: String { "\(isSecure ? "https" : "http")://\(host):\(port)" }
}

/// An answer whose head has arrived; the body may still be coming.
public struct HTTPReply: Sendable {
    /// A body that has come already, or one that comes.
    enum Content: Sendable {
        case whole([UInt8])
        case pieces(AsyncThrowingStream<[UInt8], any Error>)
    }

    /// Status and header fields.
    public let head: HTTPResponse
    private let content: Content

    init(head: HTTPResponse, content: Content) {
        self.head = head
        self.content = content
    }

    /// The status code.
    public var status: Int { head.status.code }

    /// The body in pieces, to be read once; ends with an error when the connection is lost before the end.
    public var body: AsyncThrowingStream<[UInt8], any Error> {
        switch content {
        case .pieces(let pieces): return pieces
        case .whole(let bytes):
            let (pieces, source) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            if !bytes.isEmpty { source.yield(bytes) }
            source.finish()
            return pieces
        }
    }

    /// The whole body.
    ///
    /// - Throws: `NetworkFailure` when the connection is lost before the end.
    public func collect() async throws(NetworkFailure) -> [UInt8] {
        let pieces: AsyncThrowingStream<[UInt8], any Error>
        switch content {
        case .whole(let bytes): return bytes
        case .pieces(let stream): pieces = stream
        }
        do {
            var whole: [UInt8] = []
            for try await piece in pieces { whole += piece }
            return whole
        } catch let failure as NetworkFailure {
            throw failure
        } catch {
            throw .stopped
        }
    }
}

/// An async HTTP client over a host's network: keeps its connections open and uses them again.
///
/// An HTTP/2 connection carries all exchanges with its endpoint; an HTTP/1 connection one at a time.
public final class HTTPClient: Sendable {
    private let host: Host
    private let pool = Mutex<[Endpoint: [ClientConnection]]>([:])

    /// Makes a client for a host.
    public init(host: Host) {
        self.host = host
    }

    /// Sends a request and gives the answer as soon as its head is there.
    ///
    /// - Parameters:
    ///   - request: Method, path and header fields.
    ///   - body: The whole body.
    ///   - endpoint: Where to.
    ///   - timeout: How long the head of the answer may take, connecting included.
    /// - Returns: The answer; its body may still be coming.
    /// - Throws: `NetworkFailure`: what the network said, `timedOut`, or `stopped` when this task is cancelled.
    public func send(
        _ request: HTTPRequest,
        body: [UInt8] = [],
        to endpoint: Endpoint,
        timeout: Duration
    ) async throws(NetworkFailure) -> HTTPReply {
        let exchange = PendingExchange(clock: host.clock)
        let wait = host.waits.begin(at: host.clock.now) {
            "the answer of \(endpoint) to \(request.method.rawValue) \(request.path ?? "/")"
        }
        defer { host.waits.end(wait) }
        exchange.startTimer(timeout)
        let frame = Frame(head: .request(request), body: body)
        host.network.resolve(endpoint.host) { [self] result in
            switch result {
            case .failure(let failure): exchange.fail(failure)
            case .success(let addresses):
                guard let ip = addresses.first else { return exchange.fail(.unresolved(endpoint.host)) }
                connection(to: endpoint, ip: ip).start(exchange, frame)
            }
        }
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { exchange.wait($0) }
            } onCancel: {
                exchange.fail(.stopped)
            }
        } catch let failure as NetworkFailure {
            throw failure
        } catch {
            throw .stopped
        }
    }

    /// A pooled connection that can take one more exchange, or a new one.
    private func connection(to endpoint: Endpoint, ip: String) -> ClientConnection {
        let (connection, isNew) = pool.withLock { pool in
            var known = pool[endpoint, default: []]
            known.removeAll { $0.isOver }
            if let free = known.first(where: { $0.canTakeOne }) {
                pool[endpoint] = known
                return (free, false)
            }
            let made = ClientConnection()
            known.append(made)
            pool[endpoint] = known
            return (made, true)
        }
        if isNew {
            let hello = endpoint.isSecure ? ClientHello(serverName: endpoint.host) : nil
            host.network.connect(
                to: SocketAddress(ip: ip, port: endpoint.port),
                options: ConnectOptions(tls: hello, plainVersion: .http11),
                handler: connection
            )
        }
        return connection
    }
}
