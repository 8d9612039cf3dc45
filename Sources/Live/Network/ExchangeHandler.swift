// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import Ports

/// Turns the parts of a message on an HTTP/2 stream's channel into frames of its exchange.
///
/// What arrives in one read becomes one frame.
final class ExchangeHandler<Part: ReceivedPart>: ChannelDuplexHandler {
    typealias InboundIn = Part
    typealias OutboundIn = NIOAny

    private let connection: LiveConnection
    private let exchange: UInt64
    private let limits: MessageLimits
    private var pending: Frame?
    /// True between a head that counts and its end.
    private var isInside = false
    private var bodyBytes: Int64 = 0
    private var isStalled = false
    private var isPaused = false
    private var wantsRead = false
    private var context: ChannelHandlerContext?

    init(
        _ part: Part.Type,
        connection: LiveConnection,
        streamExchange: UInt64,
        limits: MessageLimits = MessageLimits()
    ) {
        self.connection = connection
        exchange = streamExchange
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.control(
            exchange,
            NIOLoopBound<any ExchangeControl>(self, eventLoop: context.eventLoop)
        )
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).piece {
        case .head(let head):
            isInside = true
            if case .request = head { connection.begin(exchange, on: context.channel) }
            pending = Frame(head: head, isLast: false)
        case .informational: break  // comes before the head that counts
        case .body(let buffer):
            guard isInside else { return }
            bodyBytes += Int64(buffer.readableBytes)
            if let most = limits.bodyBytes, bodyBytes > most {
                isInside = false
                pending = nil
                return connection.garbled(.bodyTooLarge, exchange: exchange)
            }
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

    func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable == isStalled {
            isStalled.toggle()
            connection.stalled(exchange, isStalled: isStalled)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.streamEnded(exchange)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

extension ExchangeHandler: ExchangeControl {
    func setPaused(_ isPaused: Bool) {
        self.isPaused = isPaused
        guard !isPaused, wantsRead else { return }
        wantsRead = false
        context?.read()
    }
}

/// What can be asked of a stream.
protocol ExchangeControl: AnyObject {
    func setPaused(_ isPaused: Bool)
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

/// Tells the connection of an HTTP/2 channel that it has ended, or that the other side wants it to.
final class ConnectionEndHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let connection: LiveConnection
    private var failure: NetworkFailure = .closed

    init(connection: LiveConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .goAway = unwrapInboundIn(data).payload { connection.drains() }
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
