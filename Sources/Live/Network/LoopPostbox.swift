// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Synchronization

/// What connections of one event loop have to do for others, carried out in one job of the loop.
///
/// An event of an object goes to all who watch it in one go: a job for each of their connections would cost as much as
/// the rest of passing it on.
final class LoopPostbox: Sendable {
    /// Whoever has something to carry out.
    protocol Receiver: AnyObject, Sendable {
        func carryOut()
    }

    private struct Box {
        var waiting: [any Receiver] = []
        /// Room for the next ones.
        var spare: [any Receiver] = []
    }

    let loop: any EventLoop
    private let box = Mutex(Box())
    private let memo: NIOLoopBoundBox<ChunkMemo>

    init(_ loop: any EventLoop) {
        self.loop = loop
        memo = .makeBoxSendingValue(ChunkMemo(), eventLoop: loop)
    }

    /// What the loop's connections write alike; for the loop alone.
    var chunks: ChunkMemo { memo.value }

    /// Lets a receiver carry out its orders soon, on the loop, in the order in which they came.
    func post(_ receiver: any Receiver) {
        let isFirst = box.withLock { box in
            box.waiting.append(receiver)
            return box.waiting.count == 1
        }
        if isFirst { loop.execute { self.carryOut() } }
    }

    private func carryOut() {
        var receivers = box.withLock { box in
            swap(&box.waiting, &box.spare)
            let receivers = box.spare
            box.spare = []
            return receivers
        }
        for receiver in receivers { receiver.carryOut() }
        receivers.removeAll(keepingCapacity: receivers.count <= 1024)
        box.withLock { box in if box.spare.capacity == 0 { box.spare = receivers } }
    }
}
