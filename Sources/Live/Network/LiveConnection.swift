// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import Ports
import Synchronization

/// One end of an HTTP/2 connection on sockets: each exchange has a stream with a channel of its own.
final class LiveConnection: Connection {
    private struct State {
        /// The channel of each open exchange.
        var exchanges: [UInt64: any Channel] = [:]
        var controls: [UInt64: NIOLoopBound<any ExchangeControl>] = [:]
        /// Pieces of a client's exchanges whose streams are being opened, in order.
        var waiting: [UInt64: [Frame]] = [:]
        var isOver = false
    }

    let facts: ConnectionFacts
    let channel: any Channel
    let handler: any ConnectionHandler
    private let isClient: Bool
    /// Opens a stream for a client's exchange; nil at servers.
    private let openStream: (@Sendable (UInt64, LiveConnection) -> EventLoopFuture<any Channel>)?
    private let state = Mutex(State())

    init(
        facts: ConnectionFacts,
        channel: any Channel,
        handler: any ConnectionHandler,
        isClient: Bool,
        openStream: (@Sendable (UInt64, LiveConnection) -> EventLoopFuture<any Channel>)? = nil
    ) {
        self.facts = facts
        self.channel = channel
        self.handler = handler
        self.isClient = isClient
        self.openStream = openStream
    }

    // MARK: Connection

    // A channel that closes, or cannot write, tells its handlers at once. The caller may hold a lock that its own
    // handler takes, so nothing is done to the channel from inside a call.

    func send(_ frame: Frame, exchange: UInt64) {
        channel.eventLoop.execute { self.write(frame, exchange: exchange) }
    }

    func cancel(exchange: UInt64) {
        channel.eventLoop.execute { [self] in
            let stream = state.withLock { state in
                state.waiting[exchange] = nil
                return state.exchanges.removeValue(forKey: exchange)
            }
            // Nobody hears of a stream that has ended by itself.
            stream?.close(promise: nil)
        }
    }

    func drain() {
        channel.eventLoop.execute { [self] in
            let frame = HTTP2Frame(
                streamID: .rootStream,
                payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil)
            )
            channel.writeAndFlush(frame, promise: nil)
        }
    }

    func close() {
        channel.eventLoop.execute { self.channel.close(promise: nil) }
    }

    func abort() {
        channel.eventLoop.execute { self.channel.close(mode: .all, promise: nil) }
    }

    func pause(exchange: UInt64) { setPaused(true, exchange) }

    func resume(exchange: UInt64) { setPaused(false, exchange) }

    private func setPaused(_ isPaused: Bool, _ exchange: UInt64) {
        channel.eventLoop.execute { [self] in
            state.withLock { $0.controls[exchange] }?.value.setPaused(isPaused)
        }
    }

    // MARK: Writing

    private func write(_ frame: Frame, exchange: UInt64) {
        let known = state.withLock { $0.exchanges[exchange] }
        if let known { return write(frame, to: known, exchange: exchange) }
        guard isClient, let openStream else { return }  // the client gave the exchange up
        if frame.head == nil {
            return state.withLock { $0.waiting[exchange]?.append(frame) }
        }
        state.withLock { $0.waiting[exchange] = [frame] }
        openStream(exchange, self).whenComplete { [self] result in
            guard let frames = state.withLock({ $0.waiting.removeValue(forKey: exchange) }) else {
                if case .success(let stream) = result { stream.close(promise: nil) }
                return
            }
            switch result {
            case .success(let stream):
                begin(exchange, on: stream)
                for frame in frames { write(frame, to: stream, exchange: exchange) }
            case .failure: handler.cancelled(exchange: exchange, on: self)
            }
        }
    }

    private func write(_ frame: Frame, to channel: any Channel, exchange: UInt64) {
        switch frame.head {
        case .request(var head):
            if frame.isLast, !frame.body.isEmpty {
                head.headerFields[.contentLength] = String(frame.body.count)
            }
            channel.write(HTTPRequestPart.head(head), promise: nil)
        case .response(var head):
            let code = head.status.code
            if frame.isLast, frame.trailers == nil, head.headerFields[.contentLength] == nil,
                code >= 200, code != 204, code != 304, !frame.body.isEmpty
            {
                head.headerFields[.contentLength] = String(frame.body.count)
            }
            channel.write(HTTPResponsePart.head(head), promise: nil)
            if code < 200 { return channel.flush() }
        case nil: break
        }
        if isClient {
            writeRest(frame, to: channel, { HTTPRequestPart.body($0) }, { HTTPRequestPart.end($0) })
        } else {
            writeRest(frame, to: channel, { HTTPResponsePart.body($0) }, { HTTPResponsePart.end($0) })
        }
        if frame.isLast, !isClient { forget(exchange) }
        channel.flush()
    }

    private func writeRest<Part: Sendable>(
        _ frame: Frame,
        to channel: any Channel,
        _ body: (ByteBuffer) -> Part,
        _ end: (HTTPFields?) -> Part
    ) {
        if !frame.body.isEmpty {
            channel.write(body(channel.allocator.buffer(bytes: frame.body)), promise: nil)
        }
        if frame.isLast { channel.write(end(frame.trailers), promise: nil) }
    }

    // MARK: What the channels tell

    func begin(_ exchange: UInt64, on channel: any Channel) {
        state.withLock { $0.exchanges[exchange] = channel }
    }

    func control(_ exchange: UInt64, _ control: NIOLoopBound<any ExchangeControl>) {
        state.withLock { $0.controls[exchange] = control }
    }

    func received(_ frame: Frame, exchange: UInt64) {
        if frame.isLast, isClient { forget(exchange) }
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

    private func forget(_ exchange: UInt64) {
        state.withLock { $0.exchanges[exchange] = nil }
    }

    /// A stream ended before its exchange did.
    func streamEnded(_ exchange: UInt64) {
        let wasOpen = state.withLock { state in
            state.controls[exchange] = nil
            return state.exchanges.removeValue(forKey: exchange) != nil
        }
        if wasOpen { handler.cancelled(exchange: exchange, on: self) }
    }

    /// The connection is over.
    func ended(_ reason: NetworkFailure) {
        let isFirst = state.withLock { state in
            defer { state = State(isOver: true) }
            return !state.isOver
        }
        if isFirst { handler.closed(self, reason) }
    }
}
