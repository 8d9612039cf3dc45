// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Ports

@Suite struct CollectionTests {
    @Test func `deadlines of different lengths expire in order of time`() {
        var queue = DeadlineQueue<String>()
        let start = Instant(seconds: 0)
        _ = queue.insert("a60", after: 60_000_000_000, now: start)
        _ = queue.insert("a15", after: 15_000_000_000, now: start)
        _ = queue.insert("b15", after: 15_000_000_000, now: Instant(seconds: 1))
        #expect(queue.earliest == Instant(seconds: 15))
        #expect(queue.popExpired(now: Instant(seconds: 14)) == nil)
        let late = Instant(seconds: 61)
        #expect(
            [queue.popExpired(now: late), queue.popExpired(now: late), queue.popExpired(now: late)] == [
                "a15", "b15", "a60",
            ]
        )
        #expect(queue.popExpired(now: late) == nil)
        #expect(queue.earliest == nil)
    }

    @Test func `a deadline that is renewed or taken back does not expire`() {
        var queue = DeadlineQueue<Int>()
        let first = queue.insert(1, after: 10_000_000_000, now: Instant(seconds: 0))
        let second = queue.insert(2, after: 10_000_000_000, now: Instant(seconds: 1))
        queue.renew(first, now: Instant(seconds: 5))
        queue.remove(second)
        #expect(queue.earliest == Instant(seconds: 15))
        #expect(queue.popExpired(now: Instant(seconds: 15)) == 1)
        let third = queue.insert(3, after: 10_000_000_000, now: Instant(seconds: 20))
        #expect(queue.earliest == Instant(seconds: 30))
        queue.remove(third)
        #expect(queue.earliest == nil)
    }

    @Test func `the name of an entry that is gone names no later one`() {
        var slab = Slab<String>()
        let first = slab.insert("a")
        #expect(slab.remove(first) == "a")
        let second = slab.insert("b")
        #expect(slab[first] == nil)
        #expect(slab[second] == "b")
        #expect(slab.remove(first) == nil)
        slab[second] = "c"
        #expect(slab.ids.map { slab[$0] } == ["c"])
    }

    @Test func `a slab finds nothing under the name of what is gone`() {
        var slab = Slab<Int>()
        let first = slab.insert(1)
        let second = slab.insert(2)
        #expect(slab.remove(first) == 1)
        let third = slab.insert(3)
        #expect(third.place == first.place)
        #expect(slab[first] == nil)
        #expect(slab.remove(first) == nil)
        #expect(slab.update(first) { $0 += 1 } == nil)
        slab.update(third) { $0 += 1 }
        #expect(slab[third] == 4)
        #expect(slab.ids == [third, second])
        #expect(slab.count == 2)
    }
}
