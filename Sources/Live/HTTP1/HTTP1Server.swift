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

    enum Reading {
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

    /// Bytes that a socket takes at once when nothing waits for it.
    static let shortAnswer = 16 * 1024

    private let limits: MessageLimits
    private let allowsTunnels: Bool
    let isSecure: Bool
    let memory: LoopMemory
    /// What every request is answered with; nil to read them.
    private let fault: MessageFault?
    private let handler: any ConnectionHandler
    @exclusivity(unchecked) var connection: HTTP1Connection?
    @exclusivity(unchecked) var context: ChannelHandlerContext?

    @exclusivity(unchecked) var input = ByteBuffer()
    @exclusivity(unchecked) var reading = Reading.head
    @exclusivity(unchecked) private var head: HeadReader
    @exclusivity(unchecked) private var lastHead = LastHead<RequestHead>()
    @exclusivity(unchecked) private var body: BodyReader
    @exclusivity(unchecked) var exchange: UInt64 = 0
    @exclusivity(unchecked) var hasToldArrival = false
    @exclusivity(unchecked) var method = HTTPRequest.Method.get
    @exclusivity(unchecked) var isVersion10 = false
    @exclusivity(unchecked) var keepsAlive = true

    @exclusivity(unchecked) var output = ByteBuffer()
    /// A chunk that others send too; nothing is in `output` then.
    @exclusivity(unchecked) var sharedOutput: ByteBuffer?
    @exclusivity(unchecked) var isAnswering = false
    @exclusivity(unchecked) var hasAnswerHead = false
    @exclusivity(unchecked) var answer = BodyFraming.none
    @exclusivity(unchecked) var isStalled = false
    @exclusivity(unchecked) var isPaused = false
    @exclusivity(unchecked) private var wantsRead = false
    @exclusivity(unchecked) var isClosing = false
    @exclusivity(unchecked) var isHalfClosed = false
    @exclusivity(unchecked) var failure = NetworkFailure.closed

    init(
        _ options: ListenOptions,
        isSecure: Bool,
        fault: MessageFault? = nil,
        memory: LoopMemory = LoopMemory(),
        handler: any ConnectionHandler
    ) {
        limits = options.limits
        allowsTunnels = options.allowsTunnels
        self.isSecure = isSecure
        self.fault = fault
        self.memory = memory
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

    func readIfWanted() {
        guard wantsRead, !isPaused, let context else { return }
        wantsRead = false
        context.read()
    }

    func parse() {
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
            if let next = input.withUnsafeReadableBytes({ lastHead.next(in: $0) }) {
                input.moveReaderIndex(forwardBy: next.length)
                return try take(next.known, connection)
            }
            skipBlankLines()
            // Half of such a line tells nothing yet.
            if input.readableBytes == 1, input.getInteger(at: input.readerIndex, as: UInt8.self) == 13 {
                return false
            }
        }
        guard input.readableBytes > 0 else { return false }
        if let fault { throw fault }
        typealias Found = (length: Int, known: LastHead<RequestHead>.Known)
        let found = input.withUnsafeReadableBytes { bytes -> Result<Found?, MessageFault> in
            do throws(MessageFault) {
                guard let end = try head.end(in: bytes) else { return .success(nil) }
                let lines = UnsafeRawBufferPointer(rebasing: bytes[..<end])
                let head = try RequestHead(lines, isSecure: isSecure)
                let known = LastHead.Known(head, .request(head.request))
                lastHead.keep(known, lines)
                return .success((end, known))
            } catch {
                return .failure(error)
            }
        }
        guard let (length, known) = try found.get() else {
            if !hasToldArrival {
                hasToldArrival = true
                handler.arriving(exchange: exchange + 1, on: connection)
            }
            return false
        }
        input.moveReaderIndex(forwardBy: length)
        return try take(known, connection)
    }

    /// Begins a request whose head has been read, now or before.
    private func take(
        _ known: LastHead<RequestHead>.Known,
        _ connection: HTTP1Connection
    ) throws(MessageFault) -> Bool {
        let request = known.head
        begin(request)
        if request.framing == .none {
            reading = .whole
            let isTunnel = request.wantsTunnel && allowsTunnels
            if isTunnel { reading = .upgrade }
            handler.received(
                Frame(head: known.message, isLast: !isTunnel),
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
        return try parseBody(Frame(head: known.message, isLast: false), connection)
    }

    private func begin(_ request: RequestHead) {
        exchange += 1
        hasToldArrival = false
        method = request.request.method
        if request.isVersion10 != isVersion10, let connection {
            handler.speaks(request.isVersion10 ? .http10 : .http11, on: connection)
        }
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
