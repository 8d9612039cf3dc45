// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization
import Testing

@Suite struct TimerQueueTests {
    private final class Log: Sendable {
        let entries = Mutex<[Int]>([])
    }

    @Test func `actions come by time, those of one time in their order`() {
        let log = Log()
        var queue = TimerQueue()
        for (number, instant) in [30, 10, 20, 10, 30, 10].enumerated() {
            _ = queue.add(at: Int64(instant)) { log.entries.withLock { $0.append(number) } }
        }
        var instants: [Int64] = []
        while let (at, action) = queue.popNext() {
            instants.append(at)
            action()
        }
        #expect(instants == [10, 10, 10, 20, 30, 30])
        #expect(log.entries.withLock { $0 } == [1, 3, 5, 2, 0, 4])
        #expect(queue.count == 0)
    }

    @Test func `a long queue with equal and negative times is emptied in order`() {
        var queue = TimerQueue()
        var state: UInt64 = 7
        var names: [TimerID: Int64] = [:]
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let instant = Int64(bitPattern: state >> 55) - 256
            names[queue.add(at: instant) {}] = instant
        }
        for (name, _) in names.sorted(by: { $0.key.number < $1.key.number }).prefix(500) {
            queue.cancel(name)
            names[name] = nil
        }
        var instants: [Int64] = []
        while let (at, _) = queue.popNext() { instants.append(at) }
        #expect(instants == names.values.sorted())
    }

    @Test func `what is due after the limit stays`() {
        var queue = TimerQueue()
        let first = queue.add(at: 10) {}
        _ = queue.add(at: 20) {}
        #expect(queue.popNext(until: 9) == nil)
        #expect(queue.count == 2)
        queue.cancel(first)
        #expect(queue.popNext(until: 19) == nil)
        #expect(queue.nextTime() == 20)
        #expect(queue.popNext(until: 20)?.at == 20)
        #expect(queue.nextTime() == nil)
        #expect(queue.popNext(until: .max) == nil)
    }

    @Test func `an old name cancels nothing new`() {
        var queue = TimerQueue()
        let old = queue.add(at: 10) {}
        #expect(queue.popNext() != nil)
        _ = queue.add(at: 30) {}
        queue.cancel(old)
        #expect(queue.popNext()?.at == 30)
    }
}
