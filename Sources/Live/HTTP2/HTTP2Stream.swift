// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHPACK
import NIOHTTP2
import Ports

/// A stream of an HTTP/2 connection, and how far the exchange on it has come; it belongs to the event loop.
final class HTTP2Stream {
    let id: HTTP2StreamID
    let exchange: UInt64

    /// What has come and was not told yet: what arrives in one read becomes one frame.
    private var pending: Frame?
    private var hasHead = false
    private var bodyBytes: Int64 = 0
    /// True when nothing more can come.
    private(set) var isInputOver = false
    /// True when what still comes is not looked at.
    var isDeaf = false
    /// True when the end of what is sent has been written.
    var isOutputOver = false

    /// True while the owner wants no more.
    var isPaused = false
    /// How much the other side may send before it has to wait.
    var window = HTTP2Stream.fullWindow

    /// Bytes written since the last piece whose way is watched.
    private var unwatched = 0
    /// Bytes on their way whose end is watched.
    private var piledUp = 0
    private(set) var isStalled = false

    static let fullWindow = 65_535
    private static let watchedPiece = 16 * 1024
    private static let highWater = 64 * 1024
    private static let lowWater = 16 * 1024

    init(id: HTTP2StreamID, exchange: UInt64) {
        self.id = id
        self.exchange = exchange
    }

    // MARK: What comes

    /// Takes header fields.
    ///
    /// - Returns: The whole message, when they end it.
    func take(_ part: HTTP2Frame.FramePayload.Headers, isClient: Bool) throws(MessageFault) -> Frame? {
        if hasHead {
            // Fields after the body; they end the message.
            var frame = takePending() ?? Frame(isLast: false)
            frame.trailers = part.headers.trailers
            return finish(frame)
        }
        let head: MessageHead
        if isClient {
            let response = try part.headers.response()
            // Such an answer comes before the one that counts.
            if response.status.code < 200, !part.endStream { return nil }
            head = .response(response)
        } else {
            head = .request(try part.headers.request())
        }
        hasHead = true
        let frame = Frame(head: head, isLast: false)
        if part.endStream { return finish(frame) }
        pending = frame
        return nil
    }

    /// Takes a piece of a body.
    ///
    /// - Returns: What is to be told, when it ends the message.
    func take(
        _ buffer: ByteBuffer,
        isEnd: Bool,
        limits: MessageLimits
    ) throws(MessageFault) -> Frame? {
        guard hasHead else { throw .malformed }
        bodyBytes += Int64(buffer.readableBytes)
        if let most = limits.bodyBytes, bodyBytes > most { throw .bodyTooLarge }
        var frame = takePending() ?? Frame(isLast: false)
        frame.body += buffer.readableBytesView
        if isEnd { return finish(frame) }
        pending = frame
        return nil
    }

    /// Notes that the other side has sent its end, whether it is looked at or not.
    func endInput() { isInputOver = true }

    private func finish(_ frame: Frame) -> Frame {
        var frame = frame
        frame.isLast = true
        isInputOver = true
        return frame
    }

    /// Takes out what has come so far.
    func takePending() -> Frame? {
        guard let frame = pending else { return nil }
        pending = nil
        return frame
    }

    /// By how much the other side's window is to be widened now; nil when it is wide enough.
    var wantedWindow: Int? {
        guard !isPaused, !isInputOver, window <= Self.fullWindow / 2 else { return nil }
        return Self.fullWindow - window
    }

    // MARK: What goes

    /// Notes bytes that are being written; gives the number whose way is to be watched, or nil.
    func note(written count: Int) -> Int? {
        unwatched += count
        guard unwatched >= Self.watchedPiece else { return nil }
        defer { unwatched = 0 }
        piledUp += unwatched
        return unwatched
    }

    /// Notes that watched bytes have gone out.
    func note(gone count: Int) { piledUp -= count }

    /// True when whether the stream is stalled has just changed.
    func stallChanges() -> Bool {
        let before = isStalled
        if piledUp >= Self.highWater { isStalled = true }
        if piledUp <= Self.lowWater { isStalled = false }
        return isStalled != before
    }
}
