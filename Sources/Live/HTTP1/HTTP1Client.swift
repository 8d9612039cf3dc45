// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import Ports

/// A client's end of an HTTP/1 connection: requests to bytes, and bytes to answers.
///
/// It belongs to its event loop, and no access to one of its properties begins inside another, so they are not checked
/// for that.
final class HTTP1Client: ChannelDuplexHandler, HTTP1End {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum Reading {
        /// Nothing was asked for.
        case nothing
        case head
        case body
        case tunnel
    }

    /// A server's head may be larger than what servers themselves take.
    private static let limits = MessageLimits(targetBytes: 64 * 1024, fieldBytes: 1024 * 1024)

    private let memory: LoopMemory
    private let handler: any ConnectionHandler
    @exclusivity(unchecked) private var connection: HTTP1Connection?
    @exclusivity(unchecked) private var context: ChannelHandlerContext?

    @exclusivity(unchecked) private var input = ByteBuffer()
    @exclusivity(unchecked) private var reading = Reading.nothing
    @exclusivity(unchecked) private var head = HeadReader(limits: limits)
    @exclusivity(unchecked) private var lastHead = LastHead<ResponseHead>()
    /// What the last head answered: the same head may mean something else after another method.
    @exclusivity(unchecked) private var lastMethod = HTTPRequest.Method.get
    @exclusivity(unchecked) private var body = BodyReader(.none, limits: limits)
    @exclusivity(unchecked) private var exchange: UInt64 = 0
    @exclusivity(unchecked) private var method = HTTPRequest.Method.get

    /// Pieces of exchanges that were begun before the one before them had ended.
    @exclusivity(unchecked) private var waiting: [(frame: Frame, number: UInt64)] = []
    @exclusivity(unchecked) private var output = ByteBuffer()
    @exclusivity(unchecked) private var request = BodyFraming.none
    @exclusivity(unchecked) private var isStalled = false
    @exclusivity(unchecked) private var isPaused = false
    @exclusivity(unchecked) private var wantsRead = false
    @exclusivity(unchecked) private var failure = NetworkFailure.closed

    init(memory: LoopMemory = LoopMemory(), handler: any ConnectionHandler) {
        self.memory = memory
        self.handler = handler
    }

    /// Must be called once, when the handler is in its pipeline.
    func open(_ connection: HTTP1Connection) {
        self.connection = connection
        handler.opened(connection)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if input.readableBytes == 0 { input = bytes } else { input.writeBuffer(&bytes) }
        do throws(MessageFault) {
            while let connection, try parseOne(connection) {}
        } catch {
            guard let connection else { return }
            input = ByteBuffer()
            reading = .nothing
            handler.garbled(error, exchange: exchange, on: connection)
        }
        if !waiting.isEmpty { writeWaiting() }
        // The storage belongs to the event loop, which uses it again.
        if input.readableBytes == 0 { input = ByteBuffer() } else { input.discardReadBytes() }
    }

    func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    /// Takes one piece out of the input; false when more has to come first.
    private func parseOne(_ connection: HTTP1Connection) throws(MessageFault) -> Bool {
        switch reading {
        case .nothing:
            guard input.readableBytes > 0 else { return false }
            // Nobody asked: such a connection cannot be trusted with a request.
            input = ByteBuffer()
            context?.close(promise: nil)
            return false
        case .head: return try parseHead(connection)
        case .body: return try parseBody(Frame(isLast: false), connection)
        case .tunnel:
            guard let bytes = input.readBytes(length: input.readableBytes), !bytes.isEmpty else {
                return false
            }
            handler.received(Frame(body: bytes, isLast: false), exchange: exchange, on: connection)
            return false
        }
    }

    private func parseHead(_ connection: HTTP1Connection) throws(MessageFault) -> Bool {
        typealias Found = (length: Int, known: LastHead<ResponseHead>.Known)
        let found = input.withUnsafeReadableBytes { bytes -> Result<Found?, MessageFault> in
            do throws(MessageFault) {
                if head.isFresh, method == lastMethod, let next = lastHead.next(in: bytes) {
                    return .success(next)
                }
                guard let end = try head.end(in: bytes) else { return .success(nil) }
                let lines = UnsafeRawBufferPointer(rebasing: bytes[..<end])
                let head = try ResponseHead(lines, to: method)
                let known = LastHead.Known(head, .response(head.response))
                lastHead.keep(known, lines)
                lastMethod = method
                return .success((end, known))
            } catch {
                return .failure(error)
            }
        }
        guard let (length, known) = try found.get() else { return false }
        input.moveReaderIndex(forwardBy: length)
        let response = known.head
        let code = response.response.status.code
        if code < 200, code != 101 { return true }  // comes before the answer that counts
        if code == 101 {
            reading = .tunnel
            request = .tunnel
            handler.received(
                Frame(head: known.message, isLast: false),
                exchange: exchange,
                on: connection
            )
            return true
        }
        body = BodyReader(response.framing, limits: Self.limits)
        reading = .body
        return try parseBody(Frame(head: known.message, isLast: false), connection)
    }

    private func parseBody(_ frame: Frame, _ connection: HTTP1Connection) throws(MessageFault) -> Bool {
        var frame = frame
        try body.read(&input, into: &frame.body)
        frame.isLast = body.isOver
        if frame.isLast {
            reading = .nothing
            isPaused = false
            frame.trailers = body.trailers
        }
        if frame.isLast || frame.head != nil || !frame.body.isEmpty {
            handler.received(frame, exchange: exchange, on: connection)
        }
        return frame.isLast
    }

    // MARK: Writing

    func carryOut(_ orders: [HTTP1Connection.Order]) {
        guard let context else { return }
        var (closes, aborts) = (false, false)
        for order in orders {
            switch order {
            case .send(let frame, let number): writeInTurn(frame, number)
            case .cancel, .abort: aborts = true
            case .close: closes = true
            case .pause: isPaused = true
            case .resume: isPaused = false
            }
        }
        flush()
        if aborts {
            failure = .reset
            return context.close(promise: nil)
        }
        if closes { return context.close(promise: nil) }
        if wantsRead, !isPaused {
            wantsRead = false
            context.read()
        }
    }

    private func flush() {
        guard output.readableBytes > 0, let context else { return }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        output.clear()
    }

    /// Requests go out one after the other: answers carry no number.
    private func writeInTurn(_ frame: Frame, _ number: UInt64) {
        if number != exchange, reading != .nothing || !waiting.isEmpty {
            waiting.append((frame, number))
        } else {
            write(frame, number)
        }
    }

    private func writeWaiting() {
        guard reading == .nothing, let next = waiting.first?.number else { return }
        let ready = waiting.prefix { $0.number == next }
        waiting.removeFirst(ready.count)
        for (frame, number) in ready { write(frame, number) }
        flush()
    }

    private func write(_ frame: Frame, _ number: UInt64) {
        if let message = frame.head, !writeAgain(message, frame, number), case .request(var head) = message {
            exchange = number
            method = head.method
            reading = .head
            let isPlain = begin(&head, frame) && isVersion11
            let start = output.readableBytes
            output.writeHead(head, version: isVersion11 ? .http11 : .http10)
            output.writeStaticString("\r\n")
            if isPlain { memory.requests.tell(message, output.readableBytesView.dropFirst(start), method) }
        }
        guard number == exchange else { return }
        switch request {
        case .none: break
        case .chunked:
            output.writeChunk(frame.body)
            if frame.isLast { output.writeLastChunk(frame.trailers) }
        case .length, .untilClose, .tunnel:
            output.writeBytes(frame.body)
        }
    }

    private var isVersion11: Bool { connection?.facts.version != .http10 }

    /// Writes a head that went out before in the same circumstances; false when it is not known.
    private func writeAgain(_ message: MessageHead, _ frame: Frame, _ number: UInt64) -> Bool {
        guard frame.isLast, frame.body.isEmpty, isVersion11, let sent = memory.requests.sent(message) else {
            return false
        }
        output.writeImmutableBuffer(sent.bytes)
        exchange = number
        method = sent.note
        reading = .head
        request = .none
        return true
    }

    /// Decides how the server will find the end of the request.
    ///
    /// - Returns: True for a request without a body whose head goes out as it came.
    private func begin(_ head: inout HTTPRequest, _ frame: Frame) -> Bool {
        if head.headerFields.place(of: .contentLength) != nil {
            request = .length(0)
        } else if frame.isLast {
            let isEmpty = frame.body.isEmpty
            request = isEmpty ? .none : .length(0)
            if !isEmpty || head.method == .post || head.method == .put || head.method == .patch {
                head.headerFields.append(
                    HTTPField(name: .contentLength, value: String(frame.body.count))
                )
                return false
            }
            return true
        } else if head.headerFields.place(of: .upgrade) != nil {
            request = .none  // until the server agrees
        } else {
            request = .chunked
            head.headerFields[.transferEncoding] = "chunked"
        }
        return false
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, isStalled, let connection {
            isStalled = false
            handler.flowing(exchange: exchange, on: connection)
        } else if !context.channel.isWritable, !isStalled, let connection {
            isStalled = true
            handler.stalled(exchange: exchange, on: connection)
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: The end

    func channelInactive(context: ChannelHandlerContext) {
        if let connection {
            if reading == .body, body.endsWithConnection, failure == .closed {
                reading = .nothing
                handler.received(Frame(), exchange: exchange, on: connection)
            }
            handler.closed(connection, failure)
        }
        connection = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = NetworkFailure(error)
        context.close(promise: nil)
    }
}
