// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Ports

/// One end of an HTTP/1 connection on sockets.
///
/// Whatever its owner asks for goes into a box and is carried out on the connection's event loop.
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

    let facts: ConnectionFacts
    private let postbox: LoopPostbox
    private let end: NIOLoopBound<any HTTP1End>
    private let box = OrderBox<Order>()

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
        if box.put(order) { postbox.post(self) }
    }

    func carryOut() {
        box.empty { end.value.carryOut($0) }
    }
}

/// The event loop's side of an HTTP/1 connection.
protocol HTTP1End: AnyObject {
    func carryOut(_ orders: [HTTP1Connection.Order])
}
