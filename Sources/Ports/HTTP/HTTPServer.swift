// SPDX-License-Identifier: Apache-2.0
public import HTTPTypes
import Synchronization

/// A request that a server has received whole.
public struct HTTPServerRequest: Sendable {
    /// Method, target and header fields.
    public var head: HTTPRequest
    /// The whole body.
    public var body: [UInt8]
    /// The connection that it came on.
    public var facts: ConnectionFacts
    /// Ends when the client has gone, for handlers that answer for long.
    public let disconnection: Disconnection

    /// Makes a request, for handlers called without a network too.
    public init(
        head: HTTPRequest,
        body: [UInt8],
        facts: ConnectionFacts,
        disconnection: Disconnection = Disconnection()
    ) {
        self.head = head
        self.body = body
        self.facts = facts
        self.disconnection = disconnection
    }
}

/// Tells that a request's client has gone.
public final class Disconnection: Sendable {
    private let state = Mutex<(gone: Bool, action: (@Sendable () -> Void)?)>((false, nil))

    /// Makes one whose client is still there.
    public init() {}

    /// Calls `action` when the client goes, at once if it has gone.
    ///
    /// The last action set is the one called.
    public func onGone(_ action: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            state.action = action
            return state.gone
        }
        if isGone { action() }
    }

    /// The client has gone.
    public func signal() {
        let action = state.withLock { state in
            defer { state = (true, nil) }
            return state.gone ? nil : state.action
        }
        action?()
    }
}

/// What a server answers.
public struct HTTPServerResponse: Sendable {
    /// A body: whole, or in pieces that are sent as they come until the sequence ends.
    public enum Body: Sendable {
        /// The whole body.
        case bytes([UInt8])
        /// Pieces, each sent at once.
        case stream(AsyncStream<[UInt8]>)
        /// Pieces that are pushed.
        case feed(PieceFeed)
    }

    /// Status and header fields.
    public var head: HTTPResponse
    /// The body.
    public var body: Body
    /// Trailer fields, sent after the body.
    public var trailers: HTTPFields?

    /// Makes a response.
    public init(head: HTTPResponse, body: Body = .bytes([]), trailers: HTTPFields? = nil) {
        self.head = head
        self.body = body
        self.trailers = trailers
    }
}

/// An async HTTP server over a host's network: one handler call for each request.
public struct HTTPServer: Sendable {
    /// Answers one request.
    public typealias Handler = @Sendable (HTTPServerRequest) async -> HTTPServerResponse
    /// Answers one request without waiting for anything; nil when that can not be.
    public typealias PromptHandler = @Sendable (HTTPServerRequest) -> HTTPServerResponse?
    /// Makes true what prompt handlers have said since the last call, before any of it goes out; when that fails, what
    /// goes out in its place.
    public typealias Settling = @Sendable () -> HTTPServerResponse?

    /// From how many bytes on pieces do not pile up.
    private static let longPiece = 16 * 1024

    private let host: Host
    private let address: SocketAddress
    private let options: ListenOptions
    private let limits: ServerLimits
    private let prompt: PromptHandler?
    private let settle: Settling?
    private let handler: Handler

    /// Makes a server; it listens when `run` is called.
    ///
    /// - Parameters:
    ///   - host: The machine that it runs on.
    ///   - address: Where it listens.
    ///   - options: How it listens.
    ///   - limits: What a client may take of it.
    ///   - prompt: Asked first, where the network may run it: on the connection's own thread, which saves two
    ///     changes of threads for each request. It must be quick.
    ///   - settle: Called once for the answers that `prompt` gave in one turn of the connections' thread, before they are
    ///     sent: what is dear, such as writing them down, is done for all of them together.
    ///   - handler: Answers what `prompt` does not.
    public init(
        host: Host,
        address: SocketAddress,
        options: ListenOptions = ListenOptions(),
        limits: ServerLimits = ServerLimits(),
        prompt: PromptHandler? = nil,
        settle: Settling? = nil,
        handler: @escaping Handler
    ) {
        self.limits = limits
        self.host = host
        self.address = address
        self.options = options
        self.prompt = host.network.runsHandlersInPlace ? prompt : nil
        self.settle = settle
        self.handler = handler
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter ready: Called once with the address that is listened on.
    /// - Throws: `NetworkFailure` when it cannot listen.
    public func run(ready: (SocketAddress) -> Void = { _ in }) async throws(NetworkFailure) {
        let (exchanges, arrivals) = AsyncStream<ServerExchange>.makeStream()
        let answers = prompt.map { PromptAnswers($0, settle, host.network) }
        let listening = try host.network.listen(on: address, options: options) { facts in
            ServerConnection(
                facts: facts,
                prompt: answers,
                arrivals: arrivals,
                clock: host.clock,
                limits: limits
            )
        }
        ready(listening.address)
        // Beside its connections a request and its answer change no thread. Only now: to listen may take a wait.
        await withTaskExecutorPreference(host.network.serverExecutor) {
            await withDiscardingTaskGroup { group in
                for await exchange in exchanges {
                    group.addTask { await answer(exchange) }
                }
                group.cancelAll()
            }
        }
        listening.close()
    }

    private func answer(_ exchange: ServerExchange) async {
        let response =
            if let known = exchange.response { known } else { await handler(exchange.request) }
        switch response.body {
        case .bytes(let bytes):
            exchange.send(Frame(head: .response(response.head), body: bytes, trailers: response.trailers))
        case .stream(let pieces):
            exchange.send(Frame(head: .response(response.head), isLast: false))
            for await piece in pieces {
                await exchange.owner.waitUntilTaken(exchange.number)
                exchange.send(Frame(body: piece, isLast: false))
                // A connection on the same thread gets to write a long piece before the next one is made.
                if piece.count > Self.longPiece { await Task.yield() }
            }
            exchange.send(Frame(trailers: response.trailers))
        case .feed(let feed):
            exchange.owner.send(feed, response, exchange.number, on: exchange.connection)
            return
        }
        exchange.owner.finished(exchange.number)
    }
}
