// SPDX-License-Identifier: Apache-2.0
import Live
import Ports
import Simulation
import Synchronization
import Testing

/// The two worlds that every port has to behave alike in.
enum Arm: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case simulation
    case live

    var testDescription: String { rawValue }

    /// Runs one body against this arm's clock.
    func run(_ body: @escaping @Sendable (any HostClock) async throws -> Void) async throws {
        switch self {
        case .simulation:
            let simulation = Simulation(seed: 1)
            try simulation.run { try await body(simulation.host("host").clock) }
        case .live:
            try await body(SystemClock())
        }
    }
}

private final class Log: Sendable {
    private let state = Mutex<[Int]>([])
    var numbers: [Int] { state.withLock { $0 } }
    func append(_ number: Int) { state.withLock { $0.append(number) } }
}

/// One body, two arms: what holds for a host's clock in simulation holds live.
@Suite struct ClockConformanceTests {
    @Test(arguments: Arm.allCases)
    func `sleep returns no earlier than its deadline`(_ arm: Arm) async throws {
        try await arm.run { clock in
            let deadline = clock.now.advanced(by: .milliseconds(5))
            try await clock.sleep(until: deadline)
            #expect(clock.now >= deadline)
        }
    }

    @Test(arguments: Arm.allCases)
    func `a deadline that has passed does not wait`(_ arm: Arm) async throws {
        try await arm.run { clock in
            try await clock.sleep(until: clock.now.advanced(by: .seconds(-5)))
        }
    }

    @Test(arguments: Arm.allCases)
    func `a cancelled sleep throws`(_ arm: Arm) async throws {
        try await arm.run { clock in
            let ended = try await clock.withLimit(.milliseconds(5)) {
                try await clock.sleep(for: .seconds(3600))
                return true
            }
            #expect(ended == nil)
        }
    }

    @Test(arguments: Arm.allCases)
    func `scheduled actions run in the order of their times, those of one instant as they came`(
        _ arm: Arm
    )
        async throws
    {
        try await arm.run { clock in
            let log = Log()
            let start = clock.now.advanced(by: .milliseconds(5))
            for number in [30, 31, 10, 20, 11, 21] {
                let due = start.advanced(by: .milliseconds(number / 10))
                clock.schedule(at: due) { log.append(number) }
            }
            try await clock.sleep(for: .milliseconds(60))
            #expect(log.numbers == [10, 11, 20, 21, 30, 31])
        }
    }

    @Test(arguments: Arm.allCases)
    func `an action is never run inside the call that schedules it`(_ arm: Arm) async throws {
        try await arm.run { clock in
            let log = Log()
            clock.schedule(at: clock.now.advanced(by: .milliseconds(20))) {
                log.append(1)
                clock.schedule(at: clock.now) { log.append(3) }
                log.append(2)
            }
            try await clock.sleep(for: .milliseconds(60))
            #expect(log.numbers == [1, 2, 3])
        }
    }

    @Test(arguments: Arm.allCases)
    func `a cancelled action does not run`(_ arm: Arm) async throws {
        try await arm.run { clock in
            let log = Log()
            let timer = clock.schedule(after: .milliseconds(10)) { log.append(1) }
            clock.schedule(after: .milliseconds(12)) { log.append(2) }
            clock.cancel(timer)
            clock.cancel(timer)
            try await clock.sleep(for: .milliseconds(50))
            #expect(log.numbers == [2])
        }
    }

    @Test(arguments: Arm.allCases)
    func `cancelling an action that has run touches no later one`(_ arm: Arm) async throws {
        try await arm.run { clock in
            let log = Log()
            let first = clock.schedule(after: .milliseconds(1)) { log.append(1) }
            try await clock.sleep(for: .milliseconds(30))
            clock.schedule(after: .milliseconds(1)) { log.append(2) }
            clock.cancel(first)
            try await clock.sleep(for: .milliseconds(30))
            #expect(log.numbers == [1, 2])
        }
    }
}
