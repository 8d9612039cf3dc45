// SPDX-License-Identifier: Apache-2.0
import Ports

/// What the machine wants to be told when.
enum TrafficAlarm: Sendable, Hashable {
    /// The next arrival is due.
    case arrival
    /// The first request may have run out of time.
    case deadline
    /// The first connection may have been idle for too long.
    case idle
    /// Something may be due on a stream.
    case stream
    /// The traffic's streams end.
    case streamsEnd
}

/// What the machine asks the world to do.
enum TrafficAction: Sendable {
    /// Look a name up, and tell what came out.
    case resolve(String, ConnectionID)
    /// Open a connection.
    indirect case connect(SocketAddress, ConnectOptions, ConnectionID)
    /// Send a request.
    case send(Frame, exchange: UInt64, ConnectionID)
    /// Go on from another address.
    case migrate(String, ConnectionID)
    /// Give an exchange up.
    case cancel(exchange: UInt64, ConnectionID)
    /// Close a connection in order, and forget it.
    case close(ConnectionID)
    /// Tell the trace of a connection.
    indirect case connection(ConnectionRecord)
    /// Tell the trace of a request that has ended, and whoever probed.
    case ended(EndedRequest, ProbeNumber)
    /// Tell the trace of a stream that opened or ended.
    indirect case stream(StreamRecord)
    /// Call again at that instant; an earlier wish for the same alarm may still be carried out.
    case wake(TrafficAlarm, Instant)
    /// Nothing more will begin, and all has ended.
    case drained
}
