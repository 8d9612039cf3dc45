// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Ports
import Synchronization

/// One end of a connection on sockets.
///
/// On HTTP/1 every exchange uses the connection's own channel; on HTTP/2 each has a stream of its own.
final class LiveConnection: Connection {
    private struct State {
        /// The channel of each open exchange.
        var exchanges: [UInt64: any Channel] = [:]
        var isOver = false
    }

    let facts: ConnectionFacts
    let channel: any Channel
    let handler: any ConnectionHandler
    private let isClient: Bool
    /// Opens a stream for a client's exchange; nil on HTTP/1.
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
        guard openStream != nil || !isClient else { return abort() }
        let stream = state.withLock { $0.exchanges.removeValue(forKey: exchange) }
        guard let stream, stream !== channel else { return abort() }
        stream.eventLoop.execute { stream.close(promise: nil) }
    }

    func close() {
        channel.eventLoop.execute { self.channel.close(promise: nil) }
    }

    func abort() {
        channel.eventLoop.execute { self.channel.close(mode: .all, promise: nil) }
    }

    // MARK: Writing

    private func write(_ frame: Frame, exchange: UInt64) {
        let known = state.withLock { $0.exchanges[exchange] }
        if let known { return write(frame, to: known, exchange: exchange) }
        guard isClient else { return }  // the client gave the exchange up
        guard let openStream else {
            begin(exchange, on: channel)
            return write(frame, to: channel, exchange: exchange)
        }
        openStream(exchange, self).whenComplete { [self] result in
            switch result {
            case .success(let stream):
                begin(exchange, on: stream)
                write(frame, to: stream, exchange: exchange)
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
            writeRest(
                frame,
                to: channel,
                body: { HTTPRequestPart.body($0) },
                end: { HTTPRequestPart.end($0) }
            )
        case .response(var head):
            if frame.isLast, head.headerFields[.contentLength] == nil, head.status.code >= 200,
                head.status.code != 204, head.status.code != 304
            {
                head.headerFields[.contentLength] = String(frame.body.count)
            }
            channel.write(HTTPResponsePart.head(head), promise: nil)
            writeRest(
                frame,
                to: channel,
                body: { HTTPResponsePart.body($0) },
                end: { HTTPResponsePart.end($0) }
            )
        case nil:
            if isClient {
                writeRest(
                    frame,
                    to: channel,
                    body: { HTTPRequestPart.body($0) },
                    end: { HTTPRequestPart.end($0) }
                )
            } else {
                writeRest(
                    frame,
                    to: channel,
                    body: { HTTPResponsePart.body($0) },
                    end: { HTTPResponsePart.end($0) }
                )
            }
        }
        if frame.isLast, !isClient { state.withLock { $0.exchanges[exchange] = nil } }
        channel.flush()
    }

    private func writeRest<Part: Sendable>(
        _ frame: Frame,
        to channel: any Channel,
        body: (ByteBuffer) -> Part,
        end: (HTTPFields?) -> Part
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

    func received(_ frame: Frame, exchange: UInt64) {
        if frame.isLast, isClient { state.withLock { $0.exchanges[exchange] = nil } }
        handler.received(frame, exchange: exchange, on: self)
    }

    /// A stream ended before its exchange did.
    func streamEnded(_ exchange: UInt64) {
        let wasOpen = state.withLock { $0.exchanges.removeValue(forKey: exchange) != nil }
        if wasOpen { handler.cancelled(exchange: exchange, on: self) }
    }

    /// The connection is over.
    func ended(_ reason: NetworkFailure) {
        let isFirst = state.withLock { state in
            defer { state = State(exchanges: [:], isOver: true) }
            return !state.isOver
        }
        if isFirst { handler.closed(self, reason) }
    }
}
