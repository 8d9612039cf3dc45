// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHPACK
import NIOHTTP2
import Ports

/// The exchanges of an HTTP/2 connection: frames of its streams to pieces of messages, and back.
///
/// It stands right behind the protocol's own handler, without a channel for each stream: that is most of what a
/// request would cost. Flow control is the handler's towards the other side, and this one's towards us.
final class HTTP2Streams: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundIn = Never
    typealias OutboundOut = HTTP2Frame

    private let handler: any ConnectionHandler
    let isClient: Bool
    private let limits: MessageLimits
    private var connection: HTTP2Connection?
    private(set) var context: ChannelHandlerContext?

    private(set) var streams: [UInt64: HTTP2Stream] = [:]
    private var exchanges: [HTTP2StreamID: UInt64] = [:]
    /// The last exchange that a client of ours began here.
    private var lastExchange: UInt64 = 0
    private var nextStream = 1
    /// Streams with something that was not told yet.
    private var untold: [HTTP2Stream] = []
    private var wantsRead = false
    /// True when the connection ends as soon as what was sent has gone out.
    private var isClosing = false
    /// True when the way out has ended: what still comes in is of no use, and no mistake.
    private var isEnding = false
    /// Ends the connection when that takes too long.
    private var patience: Scheduled<Void>?
    private var failure = NetworkFailure.closed
    /// Tells whether the protocol's handler has given the connection up.
    let farewell = HTTP2Farewell()

    init(isClient: Bool, limits: MessageLimits = MessageLimits(), handler: any ConnectionHandler) {
        self.isClient = isClient
        self.limits = limits
        self.handler = handler
    }

    /// Makes the rest of a channel's pipeline, and tells the owner that the connection is open.
    func join(
        _ channel: any Channel,
        _ settings: NIOHTTP2Handler.ConnectionConfiguration,
        _ facts: ConnectionFacts,
        _ postbox: LoopPostbox
    ) throws {
        let framing = NIOHTTP2Handler(
            mode: isClient ? .client : .server,
            frameDelegate: farewell,
            connectionConfiguration: settings
        )
        let connection = HTTP2Connection(facts: facts, streams: self, postbox: postbox)
        self.connection = connection
        try channel.pipeline.syncOperations.addHandlers([OutboundGatherer(), framing, self])
        handler.opened(connection)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard let connection else { return }
        switch frame.payload {
        case .headers(let part):
            guard let stream = stream(frame.streamID) else { return }
            receive(on: stream, connection, isEnd: part.endStream) { stream throws(MessageFault) in
                try stream.take(part, isClient: isClient)
            }
        case .data(let part):
            guard case .byteBuffer(let buffer) = part.data,
                let stream = exchanges[frame.streamID].flatMap({ streams[$0] })
            else { return }
            receive(on: stream, connection, isEnd: part.endStream) { stream throws(MessageFault) in
                try stream.take(buffer, isEnd: part.endStream, limits: limits)
            }
        case .goAway: handler.draining(connection)
        default: break
        }
    }

    /// The stream of a number; a client of ours is asked for none that it did not begin.
    private func stream(_ id: HTTP2StreamID) -> HTTP2Stream? {
        if let known = exchanges[id] { return streams[known] }
        guard !isClient else { return nil }
        lastExchange += 1
        return add(HTTP2Stream(id: id, exchange: lastExchange))
    }

    private func add(_ stream: HTTP2Stream) -> HTTP2Stream {
        streams[stream.exchange] = stream
        exchanges[stream.id] = stream.exchange
        return stream
    }

    private func receive(
        on stream: HTTP2Stream,
        _ connection: HTTP2Connection,
        isEnd: Bool,
        _ take: (HTTP2Stream) throws(MessageFault) -> Frame?
    ) {
        defer { if isEnd { stream.endInput() } }
        guard !stream.isDeaf else { return }
        do throws(MessageFault) {
            if let whole = try take(stream) {
                handler.received(whole, exchange: stream.exchange, on: connection)
            } else {
                untold.append(stream)
            }
        } catch {
            stream.isDeaf = true
            _ = stream.takePending()
            handler.garbled(error, exchange: stream.exchange, on: connection)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        tellPending()
        context.fireChannelReadComplete()
    }

    private func tellPending() {
        guard !untold.isEmpty else { return }
        let streams = untold
        untold.removeAll(keepingCapacity: true)
        for stream in streams where !stream.isDeaf {
            guard let frame = stream.takePending(), let connection else { continue }
            handler.received(frame, exchange: stream.exchange, on: connection)
        }
    }

    /// A client that takes nothing of its answers is not listened to: what they need would pile up here.
    func read(context: ChannelHandlerContext) {
        if !isClient, !context.channel.isWritable { wantsRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if wantsRead, context.channel.isWritable {
            wantsRead = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Orders

    func carryOut(_ orders: [HTTP2Connection.Order]) {
        guard let context else { return }
        for order in orders {
            switch order {
            case .send(let frame, let exchange): send(frame, exchange, context)
            case .cancel(let exchange): cancel(exchange, context)
            case .setPaused(let isPaused, let exchange): setPaused(isPaused, exchange, context)
            case .drain: sayGoAway(context)
            case .close: isClosing = true
            case .abort: return context.close(promise: nil)
            }
        }
        context.flush()
        closeWhenDone()
    }

    /// Ends the connection, once that is wanted, when all answers that are whole have gone out.
    private func closeWhenDone() {
        guard isClosing, let context else { return }
        guard !isClient, streams.values.contains(where: \.isOutputOver) else {
            isClosing = false
            isEnding = true
            context.flush()
            // A client sends windows and pings whenever it likes.
            return context.closeWhenSent(lingers: !isClient)
        }
        guard patience == nil else { return }
        let channel = context.channel
        patience = context.eventLoop.scheduleTask(in: ChannelHandlerContext.patience) {
            channel.close(promise: nil)
        }
    }

    private func send(_ frame: Frame, _ exchange: UInt64, _ context: ChannelHandlerContext) {
        if let stream = streams[exchange] { return write(frame, on: stream, context) }
        // A server's answer to what the client gave up goes nowhere.
        guard isClient, frame.head != nil, exchange > lastExchange else { return }
        lastExchange = exchange
        let stream = add(HTTP2Stream(id: HTTP2StreamID(nextStream), exchange: exchange))
        nextStream += 2
        write(frame, on: stream, context)
    }

    private func cancel(_ exchange: UInt64, _ context: ChannelHandlerContext) {
        guard let stream = forget(exchange) else { return }
        write(.rstStream(.cancel), on: stream, context)
    }

    private func setPaused(_ isPaused: Bool, _ exchange: UInt64, _ context: ChannelHandlerContext) {
        guard let stream = streams[exchange] else { return }
        stream.isPaused = isPaused
        widen(stream, context)
    }

    private func sayGoAway(_ context: ChannelHandlerContext) {
        let frame = HTTP2Frame(
            streamID: .rootStream,
            payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil)
        )
        context.write(wrapOutboundOut(frame), promise: nil)
    }

    @discardableResult
    private func forget(_ exchange: UInt64) -> HTTP2Stream? {
        guard let stream = streams.removeValue(forKey: exchange) else { return nil }
        exchanges[stream.id] = nil
        stream.isDeaf = true
        // The frame that ended the stream is on its way, but may not have been flushed.
        if isClosing, let context { context.eventLoop.assumeIsolated().execute { self.closeWhenDone() } }
        return stream
    }

    func write(
        _ payload: HTTP2Frame.FramePayload,
        on stream: HTTP2Stream,
        _ context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>? = nil
    ) {
        context.write(wrapOutboundOut(HTTP2Frame(streamID: stream.id, payload: payload)), promise: promise)
    }

    /// What piles up on a stream has begun to be too much, or has gone out.
    func tellStall(_ stream: HTTP2Stream) {
        guard stream.stallChanges(), let connection, streams[stream.exchange] === stream else { return }
        if stream.isStalled {
            handler.stalled(exchange: stream.exchange, on: connection)
        } else {
            handler.flowing(exchange: stream.exchange, on: connection)
        }
    }

    // MARK: What the protocol's handler tells

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as StreamClosedEvent:
            if let exchange = exchanges[event.streamID] { ended(exchange) }
        case let event as NIOHTTP2WindowUpdatedEvent: windowChanged(event, context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// A stream ended, perhaps before its exchange did.
    func ended(_ exchange: UInt64) {
        guard let stream = streams[exchange], let connection else { return }
        let isWhole = isClient ? stream.isInputOver : stream.isOutputOver
        // What came in the same read is told before the end.
        if let frame = stream.takePending(), !stream.isDeaf {
            handler.received(frame, exchange: exchange, on: connection)
        }
        forget(exchange)
        if !isWhole { handler.cancelled(exchange: exchange, on: connection) }
    }

    private func windowChanged(_ event: NIOHTTP2WindowUpdatedEvent, _ context: ChannelHandlerContext) {
        guard let size = event.inboundWindowSize else { return }
        if event.streamID == .rootStream {
            guard size <= HTTP2Stream.fullWindow / 2 else { return }
            let frame = HTTP2Frame(
                streamID: .rootStream,
                payload: .windowUpdate(windowSizeIncrement: HTTP2Stream.fullWindow - size)
            )
            context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        } else if let stream = exchanges[event.streamID].flatMap({ streams[$0] }) {
            stream.window = size
            widen(stream, context)
        }
    }

    private func widen(_ stream: HTTP2Stream, _ context: ChannelHandlerContext) {
        guard let more = stream.wantedWindow else { return }
        stream.window += more
        write(.windowUpdate(windowSizeIncrement: more), on: stream, context)
        context.flush()
    }

    // MARK: The end

    func channelInactive(context: ChannelHandlerContext) {
        tellPending()
        patience?.cancel()
        streams = [:]
        exchanges = [:]
        if let connection { handler.closed(connection, failure) }
        connection = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What goes wrong on one stream resets that stream, and the others go on.
        if error is any NIOHTTP2Error, !farewell.isSaid || isEnding { return }
        failure = NetworkFailure(error)
        context.close(promise: nil)
    }
}

/// Notes that the protocol's handler has given a connection up, which it says to the other side only.
final class HTTP2Farewell: NIOHTTP2FrameDelegate {
    private(set) var isSaid = false

    func wroteFrame(_ frame: HTTP2Frame) {
        if case .goAway(_, let code, _) = frame.payload, code != .noError { isSaid = true }
    }
}
