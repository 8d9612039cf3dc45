// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Ports

/// Holds the first bytes of a connection until it is known what they are, then hands them on.
final class HelloHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Sets the pipeline up for what was found; the bytes follow at once.
    private let found: (HelloReader.Finding, ChannelHandlerContext) -> Void
    private var bytes = ByteBuffer()
    private var isDone = false

    init(found: @escaping (HelloReader.Finding, ChannelHandlerContext) -> Void) {
        self.found = found
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var more = unwrapInboundIn(data)
        guard !isDone else { return context.fireChannelRead(data) }
        bytes.writeBuffer(&more)
        let finding = bytes.withUnsafeReadableBytes { HelloReader.read($0) }
        if case .incomplete = finding { return }
        isDone = true
        found(finding, context)
        guard context.channel.isActive else { return }
        context.fireChannelRead(wrapInboundOut(bytes))
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
