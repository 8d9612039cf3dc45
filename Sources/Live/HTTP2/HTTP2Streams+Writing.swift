// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOCore
import NIOHPACK
import NIOHTTP2
import Ports

/// Pieces of messages to frames of a stream.
extension HTTP2Streams {
    func write(_ frame: Frame, on stream: HTTP2Stream, _ context: ChannelHandlerContext) {
        guard !stream.isOutputOver else { return }
        // The end goes with the last part that there is.
        let endsWithBody = frame.isLast && frame.trailers == nil
        let endsWithHead = endsWithBody && frame.body.isEmpty
        if frame.isLast { stream.isOutputOver = true }
        switch frame.head {
        case .request(let head):
            write(HPACKHeaders(head), on: stream, isEnd: endsWithHead, context, begins: true)
        case .response(let head):
            write(
                HPACKHeaders(head),
                on: stream,
                isEnd: endsWithHead && head.status.code >= 200,
                context
            )
        case nil: break
        }
        if !frame.body.isEmpty || (endsWithBody && frame.head == nil) {
            write(frame.body, on: stream, isEnd: endsWithBody, context)
        }
        if frame.isLast, let trailers = frame.trailers {
            write(HPACKHeaders(trailers: trailers), on: stream, isEnd: true, context)
        }
    }

    private func write(
        _ headers: HPACKHeaders,
        on stream: HTTP2Stream,
        isEnd: Bool,
        _ context: ChannelHandlerContext,
        begins: Bool = false
    ) {
        var promise = isEnd ? closing(stream, context) : nil
        if begins {
            // The other side may take no more streams.
            promise = context.eventLoop.makePromise(of: Void.self)
            promise?.futureResult.assumeIsolated().whenFailure { _ in self.ended(stream.exchange) }
        }
        write(.headers(.init(headers: headers, endStream: isEnd)), on: stream, context, promise: promise)
    }

    private func write(
        _ body: [UInt8],
        on stream: HTTP2Stream,
        isEnd: Bool,
        _ context: ChannelHandlerContext
    ) {
        var promise = isEnd ? closing(stream, context) : nil
        if let watched = stream.note(written: body.count), !isEnd {
            promise = context.eventLoop.makePromise(of: Void.self)
            promise?.futureResult.assumeIsolated().whenSuccess {
                stream.note(gone: watched)
                self.tellStall(stream)
            }
        }
        let buffer = context.channel.allocator.buffer(bytes: body)
        write(
            .data(.init(data: .byteBuffer(buffer), endStream: isEnd)),
            on: stream,
            context,
            promise: promise
        )
        tellStall(stream)
    }

    /// What is to be done when the end of an answer has gone out before that of its request came.
    ///
    /// - Source: RFC 9113, 8.1: the client is told without an error that the rest is not wanted: documented.
    private func closing(
        _ stream: HTTP2Stream,
        _ context: ChannelHandlerContext
    ) -> EventLoopPromise<Void>? {
        guard !isClient, !stream.isInputOver else { return nil }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess {
            guard let context = self.context, !stream.isInputOver,
                self.streams[stream.exchange] === stream
            else { return }
            self.write(.rstStream(.noError), on: stream, context)
            context.flush()
        }
        return promise
    }
}
