// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHPACK
import NIOHTTP2
import Ports

/// Turns what comes on an HTTP/2 stream into frames of its exchange.
///
/// What arrives in one read becomes one frame.
final class HTTP2Stream: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let connection: HTTP2Connection
    private let exchange: UInt64
    private let isClient: Bool
    private let limits: MessageLimits
    private var pending: Frame?
    private var hasHead = false
    private var isOver = false
    private var bodyBytes: Int64 = 0
    private var isStalled = false
    private var isPaused = false
    private var wantsRead = false
    private var context: ChannelHandlerContext?

    init(
        connection: HTTP2Connection,
        exchange: UInt64,
        isClient: Bool,
        limits: MessageLimits = MessageLimits()
    ) {
        self.connection = connection
        self.exchange = exchange
        self.isClient = isClient
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.add(self, exchange, on: context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        do throws(MessageFault) {
            switch unwrapInboundIn(data) {
            case .headers(let part): try take(part.headers, isEnd: part.endStream)
            case .data(let part):
                guard case .byteBuffer(let buffer) = part.data else { return }
                try take(buffer, isEnd: part.endStream)
            default: break
            }
        } catch {
            isOver = true
            pending = nil
            connection.garbled(error, exchange: exchange)
        }
    }

    private func take(_ headers: HPACKHeaders, isEnd: Bool) throws(MessageFault) {
        if hasHead {
            // Fields after the body; they end the message.
            var frame = pending ?? Frame(isLast: false)
            frame.trailers = headers.trailers
            return finish(frame)
        }
        let head: MessageHead
        if isClient {
            let response = try headers.response()
            if response.status.code < 200, !isEnd { return }  // comes before the answer that counts
            head = .response(response)
        } else {
            head = .request(try headers.request())
        }
        hasHead = true
        let frame = Frame(head: head, isLast: false)
        if isEnd { finish(frame) } else { pending = frame }
    }

    private func take(_ buffer: ByteBuffer, isEnd: Bool) throws(MessageFault) {
        guard hasHead else { throw .malformed }
        bodyBytes += Int64(buffer.readableBytes)
        if let most = limits.bodyBytes, bodyBytes > most { throw .bodyTooLarge }
        var frame = pending ?? Frame(isLast: false)
        pending = nil
        frame.body += buffer.readableBytesView
        if isEnd { finish(frame) } else { pending = frame }
    }

    private func finish(_ frame: Frame) {
        var frame = frame
        frame.isLast = true
        isOver = true
        pending = nil
        connection.received(frame, exchange: exchange)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let frame = pending, frame.head != nil || !frame.body.isEmpty {
            pending = nil
            connection.received(frame, exchange: exchange)
        }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    func setPaused(_ isPaused: Bool) {
        self.isPaused = isPaused
        guard !isPaused, wantsRead else { return }
        wantsRead = false
        context?.read()
    }

    // MARK: Writing

    func write(_ frame: Frame) {
        guard let context else { return }
        // The end goes with the last part that there is.
        let endsWithBody = frame.isLast && frame.trailers == nil
        let endsWithHead = endsWithBody && frame.body.isEmpty
        switch frame.head {
        case .request(let head): write(HPACKHeaders(head), isEnd: endsWithHead, context)
        case .response(let head):
            write(HPACKHeaders(head), isEnd: endsWithHead && head.status.code >= 200, context)
        case nil: break
        }
        if !frame.body.isEmpty || (endsWithBody && frame.head == nil) {
            let buffer = context.channel.allocator.buffer(bytes: frame.body)
            let payload = HTTP2Frame.FramePayload.data(
                .init(data: .byteBuffer(buffer), endStream: endsWithBody)
            )
            context.write(wrapOutboundOut(payload), promise: nil)
        }
        if frame.isLast, let trailers = frame.trailers {
            write(HPACKHeaders(trailers: trailers), isEnd: true, context)
        }
        context.flush()
    }

    private func write(_ headers: HPACKHeaders, isEnd: Bool, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: isEnd))), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable == isStalled {
            isStalled.toggle()
            connection.stalled(exchange, isStalled: isStalled)
        }
        context.fireChannelWritabilityChanged()
    }

    /// Gives the exchange up; the other side is told.
    func cancel() { context?.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        connection.streamEnded(exchange)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Tells the connection of an HTTP/2 channel that it has ended, or that the other side wants it to.
final class ConnectionEndHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let connection: HTTP2Connection
    private var failure: NetworkFailure = .closed

    init(connection: HTTP2Connection) {
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
