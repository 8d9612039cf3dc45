// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS
import Ports

/// Sets up an accepted channel: TLS by the chooser's answer to the hello, then HTTP/1.1 or HTTP/2.
struct ServerPipeline: Sendable {
    let network: LiveNetwork
    let options: ListenOptions
    let accept: @Sendable (ConnectionFacts) -> any ConnectionHandler

    /// How long a client may take to say which protocol it speaks, TLS handshake included; assumed.
    private static let patience = TimeAmount.seconds(60)
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    func configure(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let tls = options.tls {
                let timer = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
                try pipeline.addHandler(
                    HelloHandler { finding, context in
                        startTLS(finding, context, timer, chooser: tls)
                    }
                )
            } else if options.allowsPlainHTTP2 {
                try pipeline.addHandler(
                    PrefaceHandler(Self.preface) { isHTTP2 in
                        if isHTTP2 {
                            try configureHTTP2(channel, tls: nil)
                        } else {
                            try configureHTTP1(channel, tls: nil)
                        }
                    }
                )
            } else {
                try configureHTTP1(channel, tls: nil)
            }
        }
    }

    private func startTLS(
        _ finding: HelloReader.Finding,
        _ context: ChannelHandlerContext,
        _ timer: Scheduled<Void>,
        chooser: any TLSChooser
    ) {
        do {
            switch finding {
            case .incomplete: break
            case .garbage:
                timer.cancel()
                context.close(promise: nil)
            case .plainText:
                timer.cancel()
                try configureHTTP1(context.channel, tls: nil, fault: .plainText)
            case .hello(let hello):
                try startTLS(hello, context.channel, timer, chooser)
            }
        } catch {
            timer.cancel()
            let alert = (error as? NetworkFailure).flatMap { failure in
                if case .tlsAlert(let name) = failure { name } else { nil }
            }
            let record = ByteBuffer(bytes: TLSAlert.record(alert ?? "internal_error"))
            let channel = context.channel
            channel.writeAndFlush(record).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func startTLS(
        _ hello: ClientHello,
        _ channel: any Channel,
        _ timer: Scheduled<Void>,
        _ chooser: any TLSChooser
    ) throws {
        let (chain, wanted): (CertificateChain, String?)
        switch chooser.choose(hello) {
        case .refuse(let alert): throw NetworkFailure.tlsAlert(alert)
        case .accept(let chosen, let agreed, _): (chain, wanted) = (chosen, agreed)
        }
        guard let key = chooser.privateKeyPEM(for: chain) else {
            throw NetworkFailure.tlsAlert("internal_error")
        }
        let context = try network.serverContexts.context(
            chain: chain,
            privateKeyPEM: key,
            policy: chooser.policy,
            offersHTTP2: wanted == "h2"
        )
        let records = RecordFlow()
        let negotiated = ApplicationProtocolNegotiationHandler { result, channel in
            channel.eventLoop.makeCompletedFuture {
                timer.cancel()
                let pipeline = channel.pipeline.syncOperations
                let shown = try pipeline.nioSSL_peerCertificate()
                let facts = TLSFacts(
                    serverName: hello.serverName,
                    serverCertificate: chain,
                    clientCertificate: try shown.map { CertificateChain(der: [try $0.toDERBytes()]) },
                    applicationProtocol: result.name,
                    version: try pipeline.nioSSL_tlsVersion()?.name ?? "",
                    cipher: records.cipher ?? ""
                )
                if result.name == "h2" {
                    try configureHTTP2(channel, tls: facts)
                } else {
                    try configureHTTP1(channel, tls: facts)
                }
            }
        }
        let tls =
            chooser.policy.takesAnyCertificate
            ? NIOSSLServerHandler(
                context: context,
                customVerificationCallback: { _, promise in promise.succeed(.certificateVerified) }
            ) : NIOSSLServerHandler(context: context)
        try channel.pipeline.syncOperations.addHandlers([records, tls, negotiated, TLSFailureHandler()])
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
            tls: tls,
            roundTrip: RoundTrip.measured(channel)
        )
    }

    private func configureHTTP1(_ channel: any Channel, tls: TLSFacts?, fault: MessageFault? = nil) throws {
        let facts = facts(channel, .http11, tls)
        let postbox = network.postbox(channel.eventLoop)
        let server = HTTP1Server(
            options,
            isSecure: tls != nil,
            fault: fault,
            memory: postbox.memory,
            handler: accept(facts)
        )
        let connection = HTTP1Connection(facts: facts, end: server, postbox: postbox)
        try channel.pipeline.syncOperations.addHandler(server)
        server.open(connection)
    }

    /// - Source: 128 streams at a time is what common servers allow: assumed for the load balancer.
    private func configureHTTP2(_ channel: any Channel, tls: TLSFacts?) throws {
        let facts = facts(channel, .http2, tls)
        let limits = options.limits
        var settings = NIOHTTP2Handler.ConnectionConfiguration()
        settings.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 128),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.targetBytes + limits.fieldBytes),
        ]
        let streams = HTTP2Streams(isClient: false, limits: limits, handler: accept(facts))
        try streams.join(channel, settings, facts, network.postbox(channel.eventLoop))
    }
}

/// Ends a connection whose handshake fails; once it has succeeded there is nothing left to do.
private final class TLSFailureHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Tells by the first bytes whether a client speaks HTTP/2 without having asked.
private final class PrefaceHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let preface: [UInt8]
    private let found: (Bool) throws -> Void
    private var bytes = ByteBuffer()
    private var isDone = false

    init(_ preface: [UInt8], found: @escaping (Bool) throws -> Void) {
        self.preface = preface
        self.found = found
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var more = unwrapInboundIn(data)
        guard !isDone else { return context.fireChannelRead(data) }
        bytes.writeBuffer(&more)
        let isHTTP2 =
            bytes.readableBytesView.elementsEqual(preface.prefix(bytes.readableBytes).prefix(preface.count))
            || bytes.readableBytesView.starts(with: preface)
        if isHTTP2, bytes.readableBytes < preface.count { return }
        isDone = true
        do {
            try found(isHTTP2)
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }
}

extension ALPNResult {
    /// The protocol's name; nil when none was agreed on.
    var name: String? {
        if case .negotiated(let name) = self { name } else { nil }
    }
}
