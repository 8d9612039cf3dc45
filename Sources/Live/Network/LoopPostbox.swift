// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What connections of one event loop have to do for others, carried out in one job of the loop.
///
/// An event of an object goes to all who watch it in one go: a job for each of their connections would cost as much as
/// the rest of passing it on.
final class LoopPostbox: Sendable {
    /// Whoever has something to carry out.
    protocol Receiver: AnyObject, Sendable {
        func carryOut()
    }

    let loop: any EventLoop
    private let box = OrderBox<any Receiver>()
    private let shared: NIOLoopBoundBox<LoopMemory>

    init(_ loop: any EventLoop) {
        self.loop = loop
        shared = .makeBoxSendingValue(LoopMemory(), eventLoop: loop)
    }

    /// What the loop's connections remember together; for the loop alone.
    var memory: LoopMemory { shared.value }

    /// Lets a receiver carry out its orders soon, on the loop, in the order in which they came.
    func post(_ receiver: any Receiver) {
        if box.put(receiver) {
            loop.execute { self.box.empty { for receiver in $0 { receiver.carryOut() } } }
        }
    }
}
