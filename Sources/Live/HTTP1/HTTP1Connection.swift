// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Ports
import Synchronization

/// One end of an HTTP/1 connection on sockets.
///
/// Whatever its owner asks for goes into a box and is carried out on the connection's event loop, in order, and
/// never inside the owner's call: the owner may hold a lock that its handler takes.
final class HTTP1Connection: Connection, LoopPostbox.Receiver {
    /// What the owner asks for.
    enum Order {
        case send(Frame, UInt64)
        case cancel(UInt64)
        case close
        case abort
        case pause
        case resume
    }

    private struct Box {
        var orders: [Order] = []
        /// Room for the next orders, so that none is made for each request.
        var spare: [Order] = []
    }

    let facts: ConnectionFacts
    private let postbox: LoopPostbox
    private let end: NIOLoopBound<any HTTP1End>
    private let box = Mutex(Box())

    init(facts: ConnectionFacts, end: any HTTP1End, postbox: LoopPostbox) {
        self.facts = facts
        self.postbox = postbox
        self.end = NIOLoopBound(end, eventLoop: postbox.loop)
    }

    func send(_ frame: Frame, exchange: UInt64) { post(.send(frame, exchange)) }

    func cancel(exchange: UInt64) { post(.cancel(exchange)) }

    func close() { post(.close) }

    func abort() { post(.abort) }

    func pause(exchange: UInt64) { post(.pause) }

    func resume(exchange: UInt64) { post(.resume) }

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
        end.value.carryOut(orders)
        orders.removeAll(keepingCapacity: true)
        box.withLock { box in if box.spare.capacity == 0 { box.spare = orders } }
    }
}

/// The event loop's side of an HTTP/1 connection.
protocol HTTP1End: AnyObject {
    func carryOut(_ orders: [HTTP1Connection.Order])
}
