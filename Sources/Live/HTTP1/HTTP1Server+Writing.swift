// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import Ports

/// Answers to bytes, and the end of the connection.
extension HTTP1Server {
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
        if let message = frame.head, !writeAgain(message), case .response(var head) = message {
            unshareOutput()
            let code = head.status.code
            if code < 200, code != 101 {
                output.writeHead(head)
                output.writeStaticString("\r\n")
                return
            }
            let length = begin(&head, frame)
            let start = output.readableBytes
            output.writeHead(head)
            output.writeStaticString("\r\n")
            hasAnswerHead = true
            if let length { memory.answers.tell(message, output.readableBytesView.dropFirst(start), length) }
        }
        guard hasAnswerHead else { return }
        if !frame.body.isEmpty {
            switch answer {
            case .none: break
            case .chunked: writeChunk(frame)
            case .length, .untilClose, .tunnel: output.writeBytes(frame.body)
            }
        }
        guard frame.isLast else { return }
        unshareOutput()
        if answer == .chunked { output.writeLastChunk(frame.trailers) }
        finish()
    }

    /// Writes a head that went out before in the same circumstances; false when it is not known.
    private func writeAgain(_ message: MessageHead) -> Bool {
        guard keepsAlive, !isVersion10, method != .head, let sent = memory.answers.sent(message) else {
            return false
        }
        unshareOutput()
        output.writeImmutableBuffer(sent.bytes)
        answer = .length(sent.note)
        hasAnswerHead = true
        return true
    }

    private func writeChunk(_ frame: Frame) {
        if !frame.isLast, frame.head == nil, output.readableBytes == 0, sharedOutput == nil,
            let chunk = memory.chunks.chunk(frame.body)
        {
            sharedOutput = chunk
            return
        }
        unshareOutput()
        output.writeChunk(frame.body)
    }

    /// More goes out with a chunk that others send too.
    private func unshareOutput() {
        guard var chunk = sharedOutput else { return }
        sharedOutput = nil
        output.writeBuffer(&chunk)
    }

    /// Decides how the end of an answer will be found.
    ///
    /// - Returns: The length that an ordinary answer's head tells, when it goes out as it came.
    private func begin(_ head: inout HTTPResponse, _ frame: Frame) -> Int64? {
        var told: Int64?
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
            told = length
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
        return keepsAlive && !isVersion10 ? told : nil
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
        // A short last answer and the end of TLS go out together.
        let isLastWrite = isClosing && isSecure && output.readableBytes <= Self.shortAnswer && context.isSent
        if isLastWrite { context.triggerUserOutboundEvent(RecordFlow.Hold.begin, promise: nil) }
        if let chunk = sharedOutput {
            sharedOutput = nil
            context.writeAndFlush(wrapOutboundOut(chunk), promise: nil)
        }
        if output.readableBytes > 0 {
            context.writeAndFlush(wrapOutboundOut(output), promise: nil)
            output.clear()
        }
        if isClosing { closeInOrder(isHeld: isLastWrite) }
        if isLastWrite { self.context?.triggerUserOutboundEvent(RecordFlow.Hold.end, promise: nil) }
    }

    // MARK: The end

    /// Ends the connection so that the client still gets what was sent.
    ///
    /// Closing while bytes of the client have not been read makes the system cut the connection, and the answer is
    /// lost with it: so the client gets the end first, and a moment to stop.
    func closeInOrder(isHeld: Bool = false) {
        isClosing = true
        guard let context, !isHalfClosed else { return }
        let isClean = (reading == .head && input.readableBytes == 0) || reading == .tunnel
        if isClean, isHeld || context.isSent { return context.close(promise: nil) }
        isHalfClosed = true
        reading = .nothing
        isPaused = false
        context.closeWhenSent(lingers: !isClean)
        readIfWanted()
    }

    func abort() {
        guard let context else { return }
        failure = .reset
        context.close(promise: nil)
    }
}
