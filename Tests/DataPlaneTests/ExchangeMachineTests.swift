// SPDX-License-Identifier: Apache-2.0
import Ports
import Testing

@testable import DataPlane

@Suite struct ExchangeMachineTests {
    private func machine(isIdempotent: Bool = true, isWhole: Bool = true, tries: Int = 3) -> ExchangeMachine {
        ExchangeMachine(isIdempotent: isIdempotent, isRequestWhole: isWhole, maximumTries: tries)
    }

    @Test func `a request is sent, answered and over`() {
        var machine = machine()
        #expect(machine.on(.connected(isKept: false)) == .sendRequest)
        #expect(machine.on(.answerBegan) == .proceed)
        #expect(machine.isAnswering)
        #expect(machine.on(.answerEnded) == .finish)
        #expect(machine.on(.serverLost) == .proceed)
    }

    @Test func `servers that cannot be reached are tried up to the limit`() {
        var machine = machine(tries: 2)
        #expect(machine.on(.connectFailed(.refused)) == .tryNext(.serverRefused))
        #expect(machine.on(.connectFailed(.timedOut)) == .answer(.connectTimedOut))
    }

    @Test func `a request that may not be repeated has one try`() {
        var machine = machine(isIdempotent: false)
        #expect(machine.on(.connectFailed(.refused)) == .answer(.serverRefused))
    }

    @Test func `a server that cuts the connection before its answer is a bad gateway`() {
        var machine = machine()
        _ = machine.on(.connected(isKept: false))
        #expect(machine.on(.serverLost) == .answer(.serverReset))
    }

    @Test func `a kept connection that was dead is tried anew`() {
        var machine = machine()
        _ = machine.on(.connected(isKept: true))
        #expect(machine.on(.serverLost) == .tryNext(.serverReset))
        _ = machine.on(.connected(isKept: false))
        #expect(machine.on(.serverLost) == .answer(.serverReset))
    }

    @Test func `an answer that was begun is cut`() {
        var machine = machine()
        _ = machine.on(.connected(isKept: true))
        _ = machine.on(.answerBegan)
        #expect(machine.on(.serverLost) == .cutAnswer(.serverReset))
    }

    @Test func `a deadline is the server's when the request is whole, else the client's`() {
        var whole = machine()
        _ = whole.on(.connected(isKept: false))
        #expect(whole.on(.deadlinePassed) == .answer(.answerTimedOut))
        var part = machine(isWhole: false)
        _ = part.on(.connected(isKept: false))
        #expect(part.on(.deadlinePassed) == .answer(.requestTooSlow))
    }

    @Test func `a client that goes ends everything`() {
        var machine = machine()
        #expect(machine.on(.clientGone) == .giveUp)
        #expect(machine.on(.connected(isKept: false)) == .proceed)
    }
}

@Suite struct DeadlineQueueTests {
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
}
