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
        var queue = TimerQueue<@Sendable () -> Void>()
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
        var queue = TimerQueue<@Sendable () -> Void>()
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

    @Test func `the next action is told of before it is taken`() {
        var queue = TimerQueue<Int>()
        let first = queue.add(at: 10, 1)
        _ = queue.add(at: 20, 2)
        #expect(queue.nextDue()?.at == 10)
        #expect(queue.count == 2)
        queue.cancel(first)
        #expect(queue.nextDue()?.at == 20)
        let next = queue.popNext()
        #expect(next?.at == 20 && next?.action == 2)
        #expect(queue.nextDue() == nil)
        #expect(queue.popNext() == nil)
    }

    @Test func `what waits elsewhere has its place among the actions`() throws {
        var queue = TimerQueue<Int>()
        _ = queue.add(at: 20, 1)
        let between = queue.due(at: 20)
        _ = queue.add(at: 20, 2)
        let first = queue.nextDue()
        _ = queue.popNext()
        let second = queue.nextDue()
        let earlier = queue.due(at: 19)
        #expect(try #require(first) < between)
        #expect(try between < #require(second))
        #expect(earlier < between && between.at == 20)
    }

    @Test func `an old name cancels nothing new`() {
        var queue = TimerQueue<Int>()
        let old = queue.add(at: 10, 1)
        #expect(queue.popNext() != nil)
        _ = queue.add(at: 30, 2)
        queue.cancel(old)
        #expect(queue.popNext()?.at == 30)
    }
}
