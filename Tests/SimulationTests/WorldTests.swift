// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Simulation
import Synchronization
import Testing

/// Numbers in the order in which they came.
private final class Log: Sendable {
    private let state = Mutex<[Int]>([])
    var numbers: [Int] { state.withLock { $0 } }
    func append(_ number: Int) { state.withLock { $0.append(number) } }
}

@Suite struct WorldTests {
    @Test func `a day of sleep passes at once and ends at the right instant`() throws {
        let simulation = Simulation(seed: 1)
        let slept = try simulation.run {
            let host = simulation.host("a")
            let before = host.clock.now
            try await host.clock.sleep(for: .seconds(86_400))
            return before.duration(to: host.clock.now)
        }
        #expect(slept == .seconds(86_400))
    }

    @Test func `sleepers wake in the order of their times`() throws {
        let simulation = Simulation(seed: 1)
        let order = Log()
        try simulation.run {
            let host = simulation.host("a")
            await withTaskGroup(of: Void.self) { group in
                for number in [5, 3, 4, 1, 2] {
                    group.addTask {
                        try? await host.clock.sleep(for: .seconds(number))
                        order.append(number)
                    }
                }
            }
        }
        #expect(order.numbers == [1, 2, 3, 4, 5])
    }

    @Test func `scheduled actions of one instant keep their order and can be cancelled`() throws {
        let simulation = Simulation(seed: 1)
        let order = Log()
        try simulation.run {
            let host = simulation.host("a")
            var timers: [TimerID] = []
            for number in 0..<6 {
                timers.append(host.clock.schedule(after: .seconds(1)) { order.append(number) })
            }
            host.clock.cancel(timers[2])
            host.clock.cancel(timers[4])
            try await host.clock.sleep(for: .seconds(2))
            host.clock.cancel(timers[0])
        }
        #expect(order.numbers == [0, 1, 3, 5])
    }

    @Test func `cancelling a sleeping task wakes it with an error`() throws {
        let simulation = Simulation(seed: 1)
        let elapsed = try simulation.run {
            let host = simulation.host("a")
            let result = try await host.clock.withLimit(.seconds(3)) {
                try await host.clock.sleep(for: .seconds(1000))
                return 1
            }
            #expect(result == nil)
            return simulation.start.duration(to: host.clock.now)
        }
        #expect(elapsed == .seconds(3))
    }

    @Test func `a world where nothing can happen any more fails with who waits for what`() throws {
        let simulation = Simulation(seed: 1)
        let error = #expect(throws: SimulationFailure.self) {
            try simulation.run {
                let host = simulation.host("sleepy")
                _ = host.waits.begin("a word from nobody", at: host.clock.now)
                let (stream, continuation) = AsyncStream<Int>.makeStream()
                for await _ in stream {}
                continuation.finish()
            }
        }
        #expect("\(error, default: "")".contains("sleepy waits for a word from nobody"))
    }

    @Test func `a world that never waits is stopped`() throws {
        let simulation = Simulation(seed: 1)
        #expect(throws: SimulationFailure.self) {
            try simulation.run(jobsPerInstant: 10_000) {
                while !Task.isCancelled { await Task.yield() }
            }
        }
    }

    @Test func `schedules differ by policy and repeat by seed`() throws {
        func order(_ policy: SchedulePolicy, seed: UInt64) throws -> [Int] {
            let simulation = Simulation(seed: seed, schedule: policy)
            let order = Log()
            try simulation.run {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<20 { group.addTask { order.append(number) } }
                }
            }
            return order.numbers
        }
        #expect(try order(.fifo, seed: 1) == Array(0..<20))
        #expect(try order(.random, seed: 1) == order(.random, seed: 1))
        #expect(try order(.random, seed: 1) != order(.random, seed: 2))
        #expect(try order(.priority, seed: 1) != order(.fifo, seed: 1))
    }

    @Test func `the digest depends on every column, host and time`() throws {
        func digest(message: String, host: String, after: Duration) throws -> String {
            let simulation = Simulation(seed: 1)
            try simulation.run {
                let host = simulation.host(host)
                try await host.clock.sleep(for: after)
                host.trace.record(.note(Note(topic: "t", message: message)))
            }
            return simulation.trace.digestText
        }
        let base = try digest(message: "m", host: "h", after: .seconds(1))
        #expect(try digest(message: "m", host: "h", after: .seconds(1)) == base)
        #expect(try digest(message: "n", host: "h", after: .seconds(1)) != base)
        #expect(try digest(message: "m", host: "i", after: .seconds(1)) != base)
        #expect(try digest(message: "m", host: "h", after: .nanoseconds(1_000_000_001)) != base)
    }
}
