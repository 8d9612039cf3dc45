// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOHTTPTypesHTTP2
import NIOPosix
import NIOSSL
import NIOTLS
import Ports

/// Opens a connection: TCP, TLS when it is asked for, then HTTP/1.1 or HTTP/2 as was agreed.
struct ClientPipeline: Sendable {
    let network: LiveNetwork
    let address: Ports.SocketAddress
    let options: ConnectOptions
    let trust: LiveTrust
    let handler: any ConnectionHandler

    func connect() {
        let bootstrap = ClientBootstrap(group: network.group)
            .connectTimeout(.nanoseconds(options.timeout.nanoseconds))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
        bootstrap.connect(host: address.ip, port: address.port).whenComplete { result in
            switch result {
            case .failure(let error): handler.failed(NetworkFailure(error))
            case .success(let channel):
                let ready = options.tls.map { startTLS(channel, $0) } ?? configureHTTP1(channel, tls: nil)
                ready.whenFailure { error in
                    channel.close(promise: nil)
                    handler.failed(Self.tlsFailure(error))
                }
            }
        }
    }

    private static func tlsFailure(_ error: any Error) -> NetworkFailure {
        if let failure = error as? NetworkFailure { return failure }
        if error is NIOSSLError || error is BoringSSLError { return .tlsAlert("\(error)") }
        return NetworkFailure(error)
    }

    private func startTLS(_ channel: any Channel, _ hello: ClientHello) -> EventLoopFuture<Void> {
        let opened = channel.eventLoop.makePromise(of: Void.self)
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.applicationProtocols = hello.applicationProtocols
            switch trust {
            case .system: break
            case .anybody: configuration.certificateVerification = .none
            case .roots(let pem):
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
            }
            let context = try NIOSSLContext(configuration: configuration)
            let name = hello.serverName.flatMap {
                (try? NIOCore.SocketAddress(ipAddress: $0, port: 0)) == nil ? $0 : nil
            }
            let watcher = HandshakeWatcher(opened: opened)
            let negotiated = ApplicationProtocolNegotiationHandler { result, channel in
                let facts = TLSFacts(
                    serverName: hello.serverName,
                    serverCertificate: CertificateChain(der: []),
                    applicationProtocol: result.name,
                    version: ""
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
        return opened.futureResult
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

    private func configureHTTP1(_ channel: any Channel, tls: TLSFacts?) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let connection = LiveConnection(
                facts: facts(channel, .http11, tls),
                channel: channel,
                handler: handler,
                isClient: true
            )
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandlers([
                HTTP1ToHTTPClientCodec(), ExchangeHandler(HTTPResponsePart.self, connection: connection),
            ])
            handler.opened(connection)
        }
    }

    private func configureHTTP2(_ channel: any Channel, tls: TLSFacts) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let streams = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
                mode: .client,
                connectionConfiguration: .init(),
                streamConfiguration: .init()
            ) { $0.close() }
            let connection = LiveConnection(
                facts: facts(channel, .http2, tls),
                channel: channel,
                handler: handler,
                isClient: true
            ) { exchange, connection in
                let opened = channel.eventLoop.makePromise(of: (any Channel).self)
                streams.createStreamChannel(promise: opened) { stream in
                    stream.eventLoop.makeCompletedFuture {
                        try stream.pipeline.syncOperations.addHandlers([
                            HTTP2FramePayloadToHTTPClientCodec(),
                            ExchangeHandler(
                                HTTPResponsePart.self,
                                connection: connection,
                                streamExchange: exchange
                            ),
                        ])
                    }
                }
                return opened.futureResult
            }
            try channel.pipeline.syncOperations.addHandler(ConnectionEndHandler(connection: connection))
            handler.opened(connection)
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
