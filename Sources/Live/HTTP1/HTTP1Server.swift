// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import Ports

/// A server's end of an HTTP/1 connection: bytes to requests, and answers to bytes.
///
/// Requests are taken one at a time; what a client sends ahead waits in the input. Nothing is read from the socket
/// while more is there than can be used, so a client that is faster than its server has to wait.
///
/// It belongs to its event loop, and no access to one of its properties begins inside another, so they are not checked
/// for that.
final class HTTP1Server: ChannelDuplexHandler, HTTP1End {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum Reading {
        /// Between requests, or inside a head.
        case head
        case body
        /// The request is whole; its answer is not.
        case whole
        /// The bytes are another protocol's, if the answer says so.
        case upgrade
        case tunnel
        /// Nothing more is understood.
        case nothing
    }

    private let limits: MessageLimits
    private let allowsTunnels: Bool
    private let isSecure: Bool
    /// What every request is answered with; nil to read them.
    private let fault: MessageFault?
    private let handler: any ConnectionHandler
    @exclusivity(unchecked) private var connection: HTTP1Connection?
    @exclusivity(unchecked) private var context: ChannelHandlerContext?

    @exclusivity(unchecked) private var input = ByteBuffer()
    @exclusivity(unchecked) private var reading = Reading.head
    @exclusivity(unchecked) private var head: HeadReader
    @exclusivity(unchecked) private var body: BodyReader
    @exclusivity(unchecked) private var exchange: UInt64 = 0
    @exclusivity(unchecked) private var hasToldArrival = false
    @exclusivity(unchecked) private var method = HTTPRequest.Method.get
    @exclusivity(unchecked) private var isVersion10 = false
    @exclusivity(unchecked) private var keepsAlive = true

    @exclusivity(unchecked) private var output = ByteBuffer()
    @exclusivity(unchecked) private var isAnswering = false
    @exclusivity(unchecked) private var hasAnswerHead = false
    @exclusivity(unchecked) private var answer = BodyFraming.none
    @exclusivity(unchecked) private var isStalled = false
    @exclusivity(unchecked) private var isPaused = false
    @exclusivity(unchecked) private var wantsRead = false
    @exclusivity(unchecked) private var isClosing = false
    @exclusivity(unchecked) private var isHalfClosed = false
    @exclusivity(unchecked) private var failure = NetworkFailure.closed

    init(
        _ options: ListenOptions,
        isSecure: Bool,
        fault: MessageFault? = nil,
        handler: any ConnectionHandler
    ) {
        limits = options.limits
        allowsTunnels = options.allowsTunnels
        self.isSecure = isSecure
        self.fault = fault
        self.handler = handler
        head = HeadReader(limits: options.limits)
        body = BodyReader(.none, limits: options.limits)
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
        guard !isClosing, reading != .nothing else { return }  // the rest of what was refused
        var bytes = unwrapInboundIn(data)
        if input.readableBytes == 0 { input = bytes } else { input.writeBuffer(&bytes) }
        parse()
    }

    func read(context: ChannelHandlerContext) {
        let isFull = input.readableBytes > 0 && (reading == .whole || reading == .upgrade)
        if isPaused || isFull { wantsRead = true } else { context.read() }
    }

    private func readIfWanted() {
        guard wantsRead, !isPaused, let context else { return }
        wantsRead = false
        context.read()
    }

    private func parse() {
        do throws(MessageFault) {
            while let connection, try parseOne(connection) {}
        } catch {
            refuse(error)
        }
        // The storage belongs to the event loop, which uses it again.
        if input.readableBytes == 0 { input = ByteBuffer() } else { input.discardReadBytes() }
    }

    /// Takes one piece out of the input; false when more has to come first.
    private func parseOne(_ connection: HTTP1Connection) throws(MessageFault) -> Bool {
        switch reading {
        case .head:
            return try parseHead(connection)
        case .body:
            return try parseBody(Frame(isLast: false), connection)
        case .tunnel:
            guard let bytes = input.readBytes(length: input.readableBytes), !bytes.isEmpty else {
                return false
            }
            handler.received(Frame(body: bytes, isLast: false), exchange: exchange, on: connection)
            return false
        case .whole, .upgrade, .nothing:
            return false
        }
    }

    private func parseHead(_ connection: HTTP1Connection) throws(MessageFault) -> Bool {
        if !hasToldArrival {
            skipBlankLines()
            // Half of such a line tells nothing yet.
            if input.readableBytes == 1, input.getInteger(at: input.readerIndex, as: UInt8.self) == 13 {
                return false
            }
        }
        guard input.readableBytes > 0 else { return false }
        if let fault { throw fault }
        let found = input.withUnsafeReadableBytes { bytes -> Result<(Int, RequestHead)?, MessageFault> in
            do throws(MessageFault) {
                guard let end = try head.end(in: bytes) else { return .success(nil) }
                let lines = UnsafeRawBufferPointer(rebasing: bytes[..<end])
                return .success((end, try RequestHead(lines, isSecure: isSecure)))
            } catch {
                return .failure(error)
            }
        }
        guard let (length, request) = try found.get() else {
            if !hasToldArrival {
                hasToldArrival = true
                handler.arriving(exchange: exchange + 1, on: connection)
            }
            return false
        }
        input.moveReaderIndex(forwardBy: length)
        begin(request)
        if request.framing == .none {
            reading = .whole
            let isTunnel = request.wantsTunnel && allowsTunnels
            if isTunnel { reading = .upgrade }
            handler.received(
                Frame(head: .request(request.request), isLast: !isTunnel),
                exchange: exchange,
                on: connection
            )
            return true
        }
        reading = .body
        body = BodyReader(request.framing, limits: limits)
        if request.expectsContinue, input.readableBytes == 0 {
            context?.writeAndFlush(
                wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")),
                promise: nil
            )
        }
        return try parseBody(Frame(head: .request(request.request), isLast: false), connection)
    }

    private func begin(_ request: RequestHead) {
        exchange += 1
        hasToldArrival = false
        method = request.request.method
        isVersion10 = request.isVersion10
        keepsAlive = request.keepsAlive
        isAnswering = true
        answer = .none
        hasAnswerHead = false
    }

    /// Takes what has come of a body; the frame brings what goes before it.
    private func parseBody(_ frame: Frame, _ connection: HTTP1Connection) throws(MessageFault) -> Bool {
        var frame = frame
        try body.read(&input, into: &frame.body)
        let isOver = body.isOver
        // A request whose answer went out before its end is read on, so that the next one can be found.
        let isWanted = isAnswering
        if isOver { reading = isAnswering ? .whole : .head }
        if isWanted, isOver || frame.head != nil || !frame.body.isEmpty {
            frame.isLast = isOver
            frame.trailers = body.trailers
            handler.received(frame, exchange: exchange, on: connection)
        }
        return isOver
    }

    private func skipBlankLines() {
        while input.readableBytes >= 2,
            input.getInteger(at: input.readerIndex, as: UInt16.self) == 0x0d0a
        {
            input.moveReaderIndex(forwardBy: 2)
        }
    }

    private func refuse(_ fault: MessageFault) {
        guard let connection, reading != .nothing else { return }
        let isInside = reading == .body
        reading = .nothing
        input = ByteBuffer()
        keepsAlive = false
        if isInside, !isAnswering { return closeInOrder() }
        if !isInside {
            exchange += 1
            isAnswering = true
            answer = .none
            hasAnswerHead = false
        }
        handler.garbled(fault, exchange: exchange, on: connection)
    }

    // MARK: Writing

    func carryOut(_ orders: [HTTP1Connection.Order]) {
        guard context != nil else { return }
        var (closes, aborts) = (false, false)
        for order in orders {
            switch order {
            case .send(let frame, let number):
                if number == exchange, isAnswering { write(frame) }
                // A head that never came whole may be answered too.
                if number == exchange + 1, !isAnswering, hasToldArrival { answerEarly(frame) }
            case .cancel: aborts = true
            case .close: closes = true
            case .abort: aborts = true
            case .pause: isPaused = true
            case .resume: isPaused = false
            }
        }
        flush()
        if aborts { return abort() }
        if closes { return closeInOrder() }
        if !isAnswering, reading == .head, input.readableBytes > 0 { parse() }
        readIfWanted()
    }

    private func answerEarly(_ frame: Frame) {
        exchange += 1
        reading = .nothing
        keepsAlive = false
        isAnswering = true
        hasAnswerHead = false
        write(frame)
    }

    private func write(_ frame: Frame) {
        if case .response(var head) = frame.head {
            let code = head.status.code
            if code < 200, code != 101 {
                output.writeHead(head)
                output.writeStaticString("\r\n")
                return
            }
            begin(&head, frame)
            output.writeHead(head)
            output.writeStaticString("\r\n")
            hasAnswerHead = true
        }
        guard hasAnswerHead else { return }
        if !frame.body.isEmpty {
            switch answer {
            case .none: break
            case .chunked: output.writeChunk(frame.body)
            case .length, .untilClose, .tunnel: output.writeBytes(frame.body)
            }
        }
        guard frame.isLast else { return }
        if answer == .chunked { output.writeLastChunk(frame.trailers) }
        finish()
    }

    /// Decides how the end of an answer will be found.
    private func begin(_ head: inout HTTPResponse, _ frame: Frame) {
        let code = head.status.code
        if let place = head.headerFields.place(of: .connection),
            head.headerFields[place].value.lowercased() == "close"
        {
            keepsAlive = false
        }
        if code == 101 {
            answer = .tunnel
            reading = .tunnel
        } else if method == .head || code == 204 || code == 304 {
            answer = .none
        } else if let length = head.headerFields.place(of: .contentLength).flatMap({
            Int64(head.headerFields[$0].value)
        }) {
            answer = .length(length)
        } else if frame.isLast {
            head.headerFields.append(HTTPField(name: .contentLength, value: String(frame.body.count)))
            answer = .length(Int64(frame.body.count))
        } else if isVersion10 {
            answer = .untilClose
            keepsAlive = false
        } else {
            answer = .chunked
            head.headerFields[.transferEncoding] = "chunked"
        }
        if !keepsAlive, code != 101 {
            head.headerFields[.connection] = "close"
        } else if isVersion10 {
            head.headerFields[.connection] = "keep-alive"
        }
    }

    /// The answer is whole: the next request may be taken.
    private func finish() {
        isAnswering = false
        if isStalled { isStalled = false }
        isPaused = false
        if reading == .whole || reading == .upgrade { reading = .head }
        if answer == .tunnel || answer == .untilClose || !keepsAlive { isClosing = true }
    }

    private func flush() {
        guard let context else { return }
        let isLastWrite = isClosing && isSecure
        if isLastWrite { context.triggerUserOutboundEvent(RecordFlow.Hold.begin, promise: nil) }
        if output.readableBytes > 0 {
            context.writeAndFlush(wrapOutboundOut(output), promise: nil)
            output.clear()
        }
        if isClosing { closeInOrder() }
        if isLastWrite { self.context?.triggerUserOutboundEvent(RecordFlow.Hold.end, promise: nil) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, isStalled, let connection {
            isStalled = false
            handler.flowing(exchange: exchange, on: connection)
        } else if !context.channel.isWritable, !isStalled, isAnswering, let connection {
            isStalled = true
            handler.stalled(exchange: exchange, on: connection)
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: The end

    /// Ends the connection so that the client still gets what was sent.
    ///
    /// Closing while bytes of the client have not been read makes the system cut the connection, and the answer is
    /// lost with it: so the client gets the end first, and a moment to stop.
    private func closeInOrder() {
        isClosing = true
        guard let context, !isHalfClosed else { return }
        let isClean = reading == .head && input.readableBytes == 0
        guard !isClean, reading != .tunnel else { return context.close(promise: nil) }
        isHalfClosed = true
        reading = .nothing
        isPaused = false
        let channel = context.channel
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenFailure { _ in channel.close(promise: nil) }
        context.close(mode: .output, promise: written)
        context.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
        readIfWanted()
    }

    private func abort() {
        guard let context else { return }
        failure = .reset
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let connection { handler.closed(connection, failure) }
        connection = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = NetworkFailure(error)
        context.close(promise: nil)
    }
}
