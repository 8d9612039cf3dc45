// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOPosix
import NIOSSL
import NIOTLS
import Ports

/// Opens a connection: TCP, TLS when it is asked for, then HTTP/1.1 or HTTP/2 as was agreed.
struct ClientPipeline: Sendable {
    let network: LiveNetwork
    let address: Ports.SocketAddress
    let options: ConnectOptions
    let handler: any ConnectionHandler

    func connect() {
        // A proxy's two connections are best off on one event loop. What fails at once must not be told from
        // inside the caller's call, so it is begun after it.
        let current = MultiThreadedEventLoopGroup.currentEventLoop.flatMap { loop in
            network.group.makeIterator().contains { $0 === loop } ? loop as any EventLoop : nil
        }
        let loop = current ?? network.group.next()
        loop.execute { connect(on: loop) }
    }

    private func connect(on loop: any EventLoop) {
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(options.timeout.nanoseconds))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
        // An address needs no resolver, which would cost a thread and a race of its answers for each connection.
        let known = try? NIOCore.SocketAddress(ipAddress: address.ip, port: address.port)
        let opening =
            known.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: address.ip, port: address.port)
        opening.whenComplete { result in
            switch result {
            case .failure(let error): handler.failed(NetworkFailure(error))
            case .success(let channel):
                let ready = options.tls.map { startTLS(channel, $0) } ?? configurePlain(channel)
                ready.whenFailure { error in
                    channel.close(promise: nil)
                    handler.failed(Self.tlsFailure(error))
                }
            }
        }
    }

    private static func tlsFailure(_ error: any Error) -> NetworkFailure {
        if let failure = error as? NetworkFailure { return failure }
        if error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError {
            return .tlsAlert("\(error)")
        }
        return NetworkFailure(error)
    }

    private func startTLS(_ channel: any Channel, _ hello: ClientHello) -> EventLoopFuture<Void> {
        let opened = channel.eventLoop.makePromise(of: Void.self)
        do {
            let context = try network.clientContexts.context(hello)
            let name = hello.serverName.flatMap {
                (try? NIOCore.SocketAddress(ipAddress: $0, port: 0)) == nil ? $0 : nil
            }
            let watcher = HandshakeWatcher(opened: opened)
            let negotiated = ApplicationProtocolNegotiationHandler { result, channel in
                let facts = TLSFacts(
                    serverName: hello.serverName,
                    serverCertificate: Self.shownCertificate(channel),
                    applicationProtocol: result.name,
                    version: Self.version(channel)
                )
                let ready =
                    result.name == "h2"
                    ? configureHTTP2(channel, tls: facts) : configureHTTP1(channel, tls: facts)
                ready.cascade(to: opened)
                return ready
            }
            try channel.pipeline.syncOperations.addHandlers([
                NIOSSLClientHandler(context: context, serverHostname: name), negotiated, watcher,
            ])
        } catch {
            opened.fail(error)
        }
        let timer = channel.eventLoop.scheduleTask(in: .nanoseconds(options.timeout.nanoseconds)) {
            opened.fail(NetworkFailure.timedOut)
        }
        opened.futureResult.whenComplete { _ in timer.cancel() }
        return opened.futureResult
    }

    /// The server's own certificate; its chain is not kept.
    private static func shownCertificate(_ channel: any Channel) -> CertificateChain {
        let shown = try? channel.pipeline.syncOperations.nioSSL_peerCertificate()?.toDERBytes()
        return CertificateChain(der: shown.map { [$0] } ?? [])
    }

    private static func version(_ channel: any Channel) -> String {
        (try? channel.pipeline.syncOperations.nioSSL_tlsVersion()?.name) ?? ""
    }

    private func facts(
        _ channel: any Channel,
        _ version: Ports.HTTPVersion,
        _ tls: TLSFacts?
    ) -> ConnectionFacts {
        ConnectionFacts(
            id: network.makeConnectionNumber(),
            client: Ports.SocketAddress(channel.localAddress),
            server: address,
            transport: .tcp,
            version: version,
            tls: tls
        )
    }

    private func configurePlain(_ channel: any Channel) -> EventLoopFuture<Void> {
        options.plainVersion == .http2
            ? configureHTTP2(channel, tls: nil) : configureHTTP1(channel, tls: nil)
    }

    private func configureHTTP1(_ channel: any Channel, tls: TLSFacts?) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let postbox = network.postbox(channel.eventLoop)
            let client = HTTP1Client(memory: postbox.memory, handler: handler)
            let connection = HTTP1Connection(
                facts: facts(channel, options.plainVersion == .http10 ? .http10 : .http11, tls),
                end: client,
                postbox: postbox
            )
            try channel.pipeline.syncOperations.addHandler(client)
            client.open(connection)
        }
    }

    private func configureHTTP2(_ channel: any Channel, tls: TLSFacts?) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let streams = HTTP2Streams(isClient: true, handler: handler)
            try streams.join(
                channel,
                NIOHTTP2Handler.ConnectionConfiguration(),
                facts(channel, .http2, tls),
                network.postbox(channel.eventLoop)
            )
        }
    }
}

/// Tells that a TLS handshake failed, until it has succeeded.
private final class HandshakeWatcher: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let opened: EventLoopPromise<Void>

    init(opened: EventLoopPromise<Void>) {
        self.opened = opened
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        opened.fail(error)
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        opened.fail(NetworkFailure.reset)
        context.fireChannelInactive()
    }
}
