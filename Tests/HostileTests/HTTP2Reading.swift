// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP2
import Ports
import Synchronization

@testable import Live

/// What a server's end of an HTTP/2 connection makes of bytes after the preface.
enum HTTP2Reading {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

    /// - Returns: What did not hold, nil when all did.
    static func complaint(about bytes: [UInt8]) -> String? {
        let listener = StreamListener()
        let channel = EmbeddedChannel()
        let streams = HTTP2Streams(
            isClient: false,
            limits: MessageLimits(targetBytes: 512, fieldBytes: 1024, bodyBytes: 4096),
            handler: listener
        )
        let facts = ConnectionFacts(
            id: 1,
            client: Ports.SocketAddress(ip: "192.0.2.1", port: 1),
            server: Ports.SocketAddress(ip: "192.0.2.2", port: 443),
            transport: .tcp,
            version: .http2,
            tls: nil
        )
        guard let address = try? NIOCore.SocketAddress(ipAddress: "192.0.2.1", port: 1) else { return nil }
        channel.connect(to: address, promise: nil)
        let postbox = LoopPostbox(channel.eventLoop)
        guard (try? streams.join(channel, NIOHTTP2Handler.ConnectionConfiguration(), facts, postbox)) != nil
        else {
            return "the pipeline could not be made"
        }
        for piece in [preface, bytes] {
            // Errors of a channel that the reader has closed are what is wanted.
            _ = try? channel.writeInbound(ByteBuffer(bytes: piece))
            channel.embeddedEventLoop.run()
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return listener.complaint
    }
}

/// Answers whole requests, and watches that each exchange's pieces come in order.
private final class StreamListener: ConnectionHandler {
    private struct State {
        var open: Set<UInt64> = []
        var over: Set<UInt64> = []
        var complaint: String?
    }

    private let state = Mutex(State())

    var complaint: String? { state.withLock { $0.complaint } }

    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        state.withLock { state in
            if state.over.contains(exchange) { state.complaint = "a piece after the end of \(exchange)" }
            let isFirst = state.open.insert(exchange).inserted
            if isFirst != (frame.head != nil) { state.complaint = "the head of \(exchange) is not first" }
            if frame.isLast { state.over.insert(exchange) }
        }
        guard frame.isLast else { return }
        connection.send(
            Frame(head: .response(HTTPResponse(status: .ok)), body: Array("ok".utf8)),
            exchange: exchange
        )
    }

    func cancelled(exchange: UInt64, on connection: any Connection) {}

    func garbled(_ fault: MessageFault, exchange: UInt64, on connection: any Connection) {
        let head = HTTPResponse(status: .badRequest)
        connection.send(Frame(head: .response(head)), exchange: exchange)
    }

    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}
