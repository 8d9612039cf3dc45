// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTP2
import Ports
import Synchronization

/// One end of an HTTP/2 connection on sockets: each exchange has a stream with a channel of its own.
///
/// Whatever its owner asks for goes into a box and is carried out on the connection's event loop, in order, and
/// never inside the owner's call: the owner may hold a lock that its handler takes.
final class HTTP2Connection: Connection {
    /// What the owner asks for.
    private enum Order {
        case send(Frame, UInt64)
        case cancel(UInt64)
        case setPaused(Bool, UInt64)
        case drain
        case close
    }

    /// What only the event loop touches.
    private final class Streams {
        var open: [UInt64: HTTP2Stream] = [:]
        /// Exchanges whose end has been neither sent by a server nor received by a client.
        var unfinished: Set<UInt64> = []
        /// Pieces of a client's exchanges whose streams are being opened, in order.
        var waiting: [UInt64: [Frame]] = [:]
        var isOver = false
    }

    let facts: ConnectionFacts
    private let channel: any Channel
    private let handler: any ConnectionHandler
    private let isClient: Bool
    /// Opens a stream for a client's exchange; nil at servers.
    private let openStream: (@Sendable (UInt64, HTTP2Connection) -> EventLoopFuture<any Channel>)?
    private let box = Mutex<[Order]>([])
    private let streams: NIOLoopBound<Streams>

    init(
        facts: ConnectionFacts,
        channel: any Channel,
        handler: any ConnectionHandler,
        isClient: Bool,
        openStream: (@Sendable (UInt64, HTTP2Connection) -> EventLoopFuture<any Channel>)? = nil
    ) {
        self.facts = facts
        self.channel = channel
        self.handler = handler
        self.isClient = isClient
        self.openStream = openStream
        streams = NIOLoopBound(Streams(), eventLoop: channel.eventLoop)
    }

    // MARK: Connection

    func send(_ frame: Frame, exchange: UInt64) { post(.send(frame, exchange)) }

    func cancel(exchange: UInt64) { post(.cancel(exchange)) }

    func drain() { post(.drain) }

    func close() { post(.close) }

    func abort() { post(.close) }

    func pause(exchange: UInt64) { post(.setPaused(true, exchange)) }

    func resume(exchange: UInt64) { post(.setPaused(false, exchange)) }

    private func post(_ order: Order) {
        let isFirst = box.withLock { box in
            box.append(order)
            return box.count == 1
        }
        if isFirst { channel.eventLoop.execute { self.carryOut() } }
    }

    private func carryOut() {
        let orders = box.withLock { box in
            defer { box = [] }
            return box
        }
        let streams = streams.value
        for order in orders {
            switch order {
            case .send(let frame, let exchange): send(frame, exchange, streams)
            case .cancel(let exchange):
                streams.waiting[exchange] = nil
                streams.unfinished.remove(exchange)
                streams.open[exchange]?.cancel()
            case .setPaused(let isPaused, let exchange): streams.open[exchange]?.setPaused(isPaused)
            case .drain: sayGoAway()
            case .close: channel.close(promise: nil)
            }
        }
    }

    private func sayGoAway() {
        let frame = HTTP2Frame(
            streamID: .rootStream,
            payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil)
        )
        channel.writeAndFlush(frame, promise: nil)
    }

    // MARK: Sending

    private func send(_ frame: Frame, _ exchange: UInt64, _ streams: Streams) {
        if let stream = streams.open[exchange] {
            if frame.isLast, !isClient { streams.unfinished.remove(exchange) }
            return stream.write(frame)
        }
        guard isClient, let openStream, !streams.isOver else { return }  // the client gave the exchange up
        guard frame.head != nil else {
            streams.waiting[exchange]?.append(frame)
            return
        }
        streams.waiting[exchange] = [frame]
        streams.unfinished.insert(exchange)
        openStream(exchange, self).whenFailure { _ in self.openingFailed(exchange) }
    }

    private func openingFailed(_ exchange: UInt64) {
        streams.value.waiting[exchange] = nil
        if streams.value.unfinished.remove(exchange) != nil {
            handler.cancelled(exchange: exchange, on: self)
        }
    }

    // MARK: What the channels tell

    /// A stream's handler is in its pipeline.
    func add(_ stream: HTTP2Stream, _ exchange: UInt64, on context: ChannelHandlerContext) {
        let streams = streams.value
        streams.open[exchange] = stream
        guard isClient else {
            streams.unfinished.insert(exchange)
            return
        }
        guard let frames = streams.waiting.removeValue(forKey: exchange) else { return stream.cancel() }
        for frame in frames { stream.write(frame) }
    }

    func received(_ frame: Frame, exchange: UInt64) {
        if frame.isLast, isClient { streams.value.unfinished.remove(exchange) }
        handler.received(frame, exchange: exchange, on: self)
    }

    func garbled(_ fault: MessageFault, exchange: UInt64) {
        handler.garbled(fault, exchange: exchange, on: self)
    }

    func stalled(_ exchange: UInt64, isStalled: Bool) {
        if isStalled {
            handler.stalled(exchange: exchange, on: self)
        } else {
            handler.flowing(exchange: exchange, on: self)
        }
    }

    func drains() { handler.draining(self) }

    /// A stream ended, perhaps before its exchange did.
    func streamEnded(_ exchange: UInt64) {
        streams.value.open[exchange] = nil
        if streams.value.unfinished.remove(exchange) != nil {
            handler.cancelled(exchange: exchange, on: self)
        }
    }

    /// The connection is over.
    func ended(_ reason: NetworkFailure) {
        let streams = streams.value
        guard !streams.isOver else { return }
        streams.isOver = true
        streams.waiting = [:]
        streams.unfinished = []
        handler.closed(self, reason)
    }
}
