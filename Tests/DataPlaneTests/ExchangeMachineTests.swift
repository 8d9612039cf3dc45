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
