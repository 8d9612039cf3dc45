// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Puts what is written between two flushes into one piece.
///
/// HTTP/2 writes each frame's head and contents by themselves, and TLS would make a record of each.
final class OutboundGatherer: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var output = ByteBuffer()
    private var promises: [EventLoopPromise<Void>] = []

    /// What is gathered at most, so that the channel learns in time that it is full.
    private static let most = 32 * 1024

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        output.writeBuffer(&bytes)
        if let promise { promises.append(promise) }
        if output.readableBytes >= Self.most {
            pass(context)
            output.clear()
        }
    }

    func flush(context: ChannelHandlerContext) {
        pass(context)
        context.flush()
        // Most often the storage is ours alone again by now.
        output.clear()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        flush(context: context)
        context.close(mode: mode, promise: promise)
    }

    private func pass(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0 else { return }
        var whole: EventLoopPromise<Void>?
        if !promises.isEmpty {
            let made = context.eventLoop.makePromise(of: Void.self)
            for promise in promises { made.futureResult.cascade(to: promise) }
            promises.removeAll(keepingCapacity: true)
            whole = made
        }
        context.write(wrapOutboundOut(output), promise: whole)
    }
}
