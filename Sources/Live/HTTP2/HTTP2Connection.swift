// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Ports

/// One end of an HTTP/2 connection on sockets.
///
/// Whatever its owner asks for goes into a box and is carried out on the connection's event loop.
final class HTTP2Connection: Connection, LoopPostbox.Receiver {
    /// What the owner asks for.
    enum Order {
        case send(Frame, UInt64)
        case cancel(UInt64)
        case setPaused(Bool, UInt64)
        case drain
        case close
        case abort
    }

    let facts: ConnectionFacts
    private let postbox: LoopPostbox
    private let streams: NIOLoopBound<HTTP2Streams>
    private let box = OrderBox<Order>()

    init(facts: ConnectionFacts, streams: HTTP2Streams, postbox: LoopPostbox) {
        self.facts = facts
        self.postbox = postbox
        self.streams = NIOLoopBound(streams, eventLoop: postbox.loop)
    }

    func send(_ frame: Frame, exchange: UInt64) { post(.send(frame, exchange)) }

    func cancel(exchange: UInt64) { post(.cancel(exchange)) }

    func drain() { post(.drain) }

    func close() { post(.close) }

    func abort() { post(.abort) }

    func pause(exchange: UInt64) { post(.setPaused(true, exchange)) }

    func resume(exchange: UInt64) { post(.setPaused(false, exchange)) }

    private func post(_ order: Order) {
        if box.put(order) { postbox.post(self) }
    }

    func carryOut() {
        box.empty { streams.value.carryOut($0) }
    }
}
