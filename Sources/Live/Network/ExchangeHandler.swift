// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Ports

/// Turns the parts of HTTP messages on a channel into frames of its connection's exchanges.
///
/// What arrives in one read becomes one frame. On HTTP/1 the exchanges of a connection follow each other on one
/// channel; on HTTP/2 each stream's channel carries one.
final class ExchangeHandler<Part: ReceivedPart>: ChannelInboundHandler {
    typealias InboundIn = Part

    private let connection: LiveConnection
    /// The exchange of this channel's stream; 0 where exchanges are counted here.
    private let streamExchange: UInt64
    private var counted: UInt64 = 0
    private var pending: Frame?
    /// True between a head that counts and its end.
    private var isInside = false
    private var failure: NetworkFailure = .closed

    init(_ part: Part.Type, connection: LiveConnection, streamExchange: UInt64 = 0) {
        self.connection = connection
        self.streamExchange = streamExchange
    }

    private var exchange: UInt64 { streamExchange > 0 ? streamExchange : counted }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).piece {
        case .head(let head):
            counted += 1
            isInside = true
            if case .request = head { connection.begin(exchange, on: context.channel) }
            pending = Frame(head: head, isLast: false)
        case .informational: break  // comes before the head that counts
        case .body(let buffer):
            guard isInside else { return }
            var frame = pending ?? Frame(isLast: false)
            frame.body += buffer.readableBytesView
            pending = frame
        case .end(let trailers):
            guard isInside else { return }
            isInside = false
            var frame = pending ?? Frame(isLast: false)
            frame.isLast = true
            frame.trailers = trailers
            pending = nil
            connection.received(frame, exchange: exchange)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let frame = pending {
            pending = nil
            connection.received(frame, exchange: exchange)
        }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if streamExchange > 0 { connection.streamEnded(streamExchange) } else { connection.ended(failure) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = NetworkFailure(error)
        context.close(promise: nil)
    }
}

/// A part of a message as any channel receives it.
enum ReceivedPiece {
    case head(MessageHead)
    case informational
    case body(ByteBuffer)
    case end(HTTPFields?)
}

/// A part of a request or of a response.
protocol ReceivedPart {
    var piece: ReceivedPiece { get }
}

extension HTTPRequestPart: ReceivedPart {
    var piece: ReceivedPiece {
        switch self {
        case .head(let head): .head(.request(head))
        case .body(let buffer): .body(buffer)
        case .end(let trailers): .end(trailers)
        }
    }
}

extension HTTPResponsePart: ReceivedPart {
    var piece: ReceivedPiece {
        switch self {
        case .head(let head) where head.status.kind == .informational && head.status.code != 101:
            .informational
        case .head(let head): .head(.response(head))
        case .body(let buffer): .body(buffer)
        case .end(let trailers): .end(trailers)
        }
    }
}

/// Tells the connection of an HTTP/2 channel that it has ended.
final class ConnectionEndHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let connection: LiveConnection
    private var failure: NetworkFailure = .closed

    init(connection: LiveConnection) {
        self.connection = connection
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.ended(failure)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = NetworkFailure(error)
        context.close(promise: nil)
    }
}
