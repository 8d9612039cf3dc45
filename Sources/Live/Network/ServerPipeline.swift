// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOHTTPTypesHTTP2
import NIOSSL
import NIOTLS
import Ports

/// Sets up an accepted channel: TLS by the chooser's answer to the hello, then HTTP/1.1 or HTTP/2.
struct ServerPipeline: Sendable {
    let network: LiveNetwork
    let listenAddress: Ports.SocketAddress
    let tls: (any TLSChooser)?
    let accept: @Sendable (ConnectionFacts) -> any ConnectionHandler

    func configure(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let tls else { return configureHTTP1(channel, tls: nil) }
        return channel.eventLoop.makeCompletedFuture {
            let names = ByteToMessageHandler(
                SNIHandler { result in
                    var hello = ClientHello(applicationProtocols: ["h2", "http/1.1"])
                    if case .hostname(let name) = result { hello.serverName = name }
                    return startTLS(channel, hello: hello, chooser: tls)
                }
            )
            try channel.pipeline.syncOperations.addHandler(names)
        }
    }

    private func startTLS(
        _ channel: any Channel,
        hello: ClientHello,
        chooser: any TLSChooser
    ) -> EventLoopFuture<Void> {
        guard case .accept(let chain, let wanted, _) = chooser.choose(hello),
            let key = chooser.privateKeyPEM(for: chain)
        else {
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(NetworkFailure.tlsAlert("handshake_failure"))
        }
        return channel.eventLoop.makeCompletedFuture {
            let certificates = try chain.der.map {
                NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: certificates,
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
            )
            configuration.applicationProtocols = wanted == "h2" ? ["h2", "http/1.1"] : ["http/1.1"]
            let context = try NIOSSLContext(configuration: configuration)
            let negotiated = ApplicationProtocolNegotiationHandler { result, channel in
                let facts = TLSFacts(
                    serverName: hello.serverName,
                    serverCertificate: chain,
                    clientCertificate: nil,
                    applicationProtocol: result.name,
                    version: ""
                )
                return result.name == "h2"
                    ? configureHTTP2(channel, tls: facts) : configureHTTP1(channel, tls: facts)
            }
            try channel.pipeline.syncOperations.addHandlers([
                NIOSSLServerHandler(context: context), negotiated,
            ])
        }
    }

    private func facts(
        _ channel: any Channel,
        _ version: Ports.HTTPVersion,
        _ tls: TLSFacts?
    ) -> ConnectionFacts {
        ConnectionFacts(
            id: network.makeConnectionNumber(),
            client: Ports.SocketAddress(channel.remoteAddress),
            server: Ports.SocketAddress(channel.localAddress),
            transport: .tcp,
            version: version,
            tls: tls
        )
    }

    private func configureHTTP1(_ channel: any Channel, tls: TLSFacts?) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let facts = facts(channel, .http11, tls)
            let handler = accept(facts)
            let connection = LiveConnection(facts: facts, channel: channel, handler: handler, isClient: false)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
            try pipeline.addHandlers([
                KeepAliveHandler(), HTTP1ToHTTPServerCodec(secure: tls != nil),
                ExchangeHandler(HTTPRequestPart.self, connection: connection),
            ])
            handler.opened(connection)
        }
    }

    private func configureHTTP2(_ channel: any Channel, tls: TLSFacts) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let facts = facts(channel, .http2, tls)
            let handler = accept(facts)
            let connection = LiveConnection(facts: facts, channel: channel, handler: handler, isClient: false)
            let numbers = ExchangeNumbers()
            _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
                mode: .server,
                connectionConfiguration: .init(),
                streamConfiguration: .init()
            ) { stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.pipeline.syncOperations.addHandlers([
                        HTTP2FramePayloadToHTTPServerCodec(),
                        ExchangeHandler(
                            HTTPRequestPart.self,
                            connection: connection,
                            streamExchange: numbers.next()
                        ),
                    ])
                }
            }
            try channel.pipeline.syncOperations.addHandler(ConnectionEndHandler(connection: connection))
            handler.opened(connection)
        }
    }
}

extension ALPNResult {
    /// The protocol's name; nil when none was agreed on.
    var name: String? {
        if case .negotiated(let name) = self { name } else { nil }
    }
}
