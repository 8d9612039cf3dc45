// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The end of a connection whose other side still gets what was sent.
///
/// What the system has taken it delivers; what still waits here would be lost by a plain close.
extension ChannelHandlerContext {
    /// How long a reader may take for what was sent before a close; assumed, as long as servers wait for a slow reader.
    static var patience: TimeAmount { .seconds(60) }

    /// True when the system has taken everything that was sent.
    var isSent: Bool {
        (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 == 0
    }

    /// Ends the connection when the system has taken what was sent; `patience` is waited for it at most.
    ///
    /// - Parameter lingers: True to end only the way out at first, and give the other side five seconds to stop, as nginx
    ///   does: what it sends to a connection that is closed cuts it, and what it has not read by then is lost.
    func closeWhenSent(lingers: Bool) {
        let channel = channel
        let sent = eventLoop.makePromise(of: Void.self)
        let limit = eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        sent.futureResult.whenComplete { result in
            limit.cancel()
            guard case .success = result, lingers else { return channel.close(promise: nil) }
            channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
        }
        close(mode: .output, promise: sent)
    }
}
