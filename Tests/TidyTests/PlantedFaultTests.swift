// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Ports
import Simulation
import Testing

import struct Foundation.Date

/// Runs a small world whose software does `fault` once a second, and prints the trace's digest.
private func printDigest(_ fault: @escaping @Sendable (Host) async -> Void) throws {
    let simulation = Simulation(seed: 5)
    try simulation.run {
        simulation.start("software") { host in
            for _ in 0..<10 {
                try await host.clock.sleep(for: .seconds(1))
                await fault(host)
            }
        }
        try await simulation.host("driver").clock.sleep(for: .seconds(60))
    }
    print("digest=\(simulation.trace.digestText)")
}

private func note(_ message: String, _ host: Host) {
    host.trace.record(.note(Note(topic: "planted", message: message)))
}

/// Blocks the thread; a function of its own, since async code may not call it by name.
private func waitFor(_ semaphore: DispatchSemaphore) {
    semaphore.wait()
}

private func digest(_ output: [UInt8]?) throws -> Substring {
    let text = String(decoding: try #require(output), as: UTF8.self)
    return try #require(text.split(separator: "digest=").last).prefix(16)
}

/// The checks that guard determinism find what breaks it: each fault is planted in a process of its own.
@Suite struct PlantedFaultTests {
    @Test func `two processes agree on the digest of a faultless world`() async throws {
        let first = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try printDigest { host in note("\(host.clock.now.rfc3339)", host) }
        }
        let second = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try printDigest { host in note("\(host.clock.now.rfc3339)", host) }
        }
        #expect(try digest(first?.standardOutputContent) == digest(second?.standardOutputContent))
    }

    @Test func `a clock read makes two processes disagree`() async throws {
        let first = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try printDigest { host in note("\(Date().timeIntervalSince1970)", host) }
        }
        let second = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try printDigest { host in note("\(Date().timeIntervalSince1970)", host) }
        }
        #expect(try digest(first?.standardOutputContent) != digest(second?.standardOutputContent))
    }

    @Test func `a loop over a set makes two processes disagree`() async throws {
        let first = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try printDigest { host in
                for name in Set((0..<50).map { "pod-\($0)" }) { note(name, host) }
            }
        }
        let second = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try printDigest { host in
                for name in Set((0..<50).map { "pod-\($0)" }) { note(name, host) }
            }
        }
        #expect(try digest(first?.standardOutputContent) != digest(second?.standardOutputContent))
    }

    @Test func `a bare task that touches the world ends the process with a sentence`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try printDigest { host in
                // The simulation waits for the task, or it would be over before the task begins.
                let begun = DispatchSemaphore(value: 0)
                Task {
                    note("from nowhere", host)
                    begun.signal()
                }
                waitFor(begun)
            }
        }
        let text = String(decoding: try #require(result?.standardErrorContent), as: UTF8.self)
        #expect(text.contains("a job left the simulation's thread"))
    }
}
