// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Ports
import Synchronization

/// One end of an HTTP/2 connection on sockets.
///
/// Whatever its owner asks for goes into a box and is carried out on the connection's event loop, in order, and
/// never inside the owner's call: the owner may hold a lock that its handler takes.
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

    private struct Box {
        var orders: [Order] = []
        /// Room for the next orders, so that none is made for each request.
        var spare: [Order] = []
    }

    let facts: ConnectionFacts
    private let postbox: LoopPostbox
    private let streams: NIOLoopBound<HTTP2Streams>
    private let box = Mutex(Box())

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
        let isFirst = box.withLock { box in
            box.orders.append(order)
            return box.orders.count == 1
        }
        if isFirst { postbox.post(self) }
    }

    func carryOut() {
        var orders = box.withLock { box in
            swap(&box.orders, &box.spare)
            let orders = box.spare
            box.spare = []
            return orders
        }
        streams.value.carryOut(orders)
        orders.removeAll(keepingCapacity: true)
        box.withLock { box in if box.spare.capacity == 0 { box.spare = orders } }
    }
}
