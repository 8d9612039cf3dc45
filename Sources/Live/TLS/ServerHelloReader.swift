// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Reads in a server's first bytes which cipher it has chosen, then gets out of the way.
///
/// The library that carries the handshake out does not tell; the server's hello is in plain text in all versions.
///
/// - Source: RFC 5246, 7.4.1.3, and RFC 8446, 4.1.3: documented.
final class ServerHelloReader: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The cipher; nil before the server's hello, and when it is none that a policy can name.
    private(set) var cipher: String?
    private var hasRead = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if !hasRead {
            hasRead = true
            cipher = Self.suite(in: unwrapOutboundIn(data)).flatMap { CipherNames.name($0) }
        }
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        // Not in `write`: a flush that belongs to it would find the handler gone, and get lost.
        if hasRead { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }

    /// The number of the suite in a record that holds a server's hello.
    static func suite(in bytes: ByteBuffer) -> UInt16? {
        let start = bytes.readerIndex
        guard bytes.getInteger(at: start, as: UInt8.self) == 22,  // a handshake record
            bytes.getInteger(at: start + 5, as: UInt8.self) == 2,  // a server's hello
            let session = bytes.getInteger(at: start + 43, as: UInt8.self)
        else { return nil }
        return bytes.getInteger(at: start + 44 + Int(session), as: UInt16.self)
    }
}
