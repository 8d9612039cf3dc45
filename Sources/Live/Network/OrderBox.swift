// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What the owner of a connection asks for, until the connection's event loop carries it out.
///
/// Orders are carried out in their order and never inside the owner's call: the owner may hold a lock that its handler
/// takes.
final class OrderBox<Order: Sendable>: Sendable {
    private struct Contents {
        var orders: [Order] = []
        /// Room for the next orders, so that none is made for each request.
        var spare: [Order] = []
    }

    private let contents = Mutex(Contents())

    /// Puts an order in.
    ///
    /// - Returns: True when it is the only one, so that somebody has to be sent to empty the box.
    func put(_ order: Order) -> Bool {
        contents.withLock { contents in
            contents.orders.append(order)
            return contents.orders.count == 1
        }
    }

    /// Takes everything out and carries it out.
    func empty(_ carryOut: ([Order]) -> Void) {
        var orders = contents.withLock { contents in
            swap(&contents.orders, &contents.spare)
            let orders = contents.spare
            contents.spare = []
            return orders
        }
        carryOut(orders)
        orders.removeAll(keepingCapacity: orders.count <= 1024)
        contents.withLock { contents in if contents.spare.capacity == 0 { contents.spare = orders } }
    }
}
