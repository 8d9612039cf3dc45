// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Stands between a server's TLS and its socket: reads in the first bytes which cipher was chosen, and holds records back
/// while more are sure to come, so that a last answer and the end of TLS go out together.
final class RecordFlow: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Sent as an event by whoever knows that more comes, and when it has come.
    enum Hold: Sendable {
        case begin, end
    }

    /// The cipher; nil before the server's hello, and when it is none that a policy can name.
    private(set) var cipher: String?
    private var hasRead = false
    private var isHeld = false
    private var isWaiting = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if !hasRead {
            hasRead = true
            cipher = ServerHelloReader.suite(in: unwrapOutboundIn(data)).flatMap { CipherNames.name($0) }
        }
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        if isHeld { isWaiting = true } else { context.flush() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        release(context)
        context.close(mode: mode, promise: promise)
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext,
        event: Any,
        promise: EventLoopPromise<Void>?
    ) {
        guard let hold = event as? Hold else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        switch hold {
        case .begin: isHeld = true
        case .end: release(context)
        }
        promise?.succeed()
    }

    private func release(_ context: ChannelHandlerContext) {
        isHeld = false
        guard isWaiting else { return }
        isWaiting = false
        context.flush()
    }
}
