// SPDX-License-Identifier: Apache-2.0
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The round trip that the system has measured on a connection.
enum RoundTrip {
    /// What the system knows now; nil where it does not tell.
    ///
    /// To be called on the channel's event loop.
    static func measured(_ channel: any Channel) -> Duration? {
        #if os(Linux)
        guard let socket = channel as? any SocketOptionProvider else { return nil }
        let found = NIOLoopBoundBox<Duration?>(nil, eventLoop: channel.eventLoop)
        // On the channel's own loop the answer is there at once.
        socket.getTCPInfo().whenSuccess { found.value = .microseconds(Int64($0.tcpi_rtt)) }
        return found.value
        #else
        return nil
        #endif
    }
}
