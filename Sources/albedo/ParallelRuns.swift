// SPDX-License-Identifier: Apache-2.0
import Foundation
import Scenarios
import Synchronization

/// A scenario with how to run it.
struct RunPlan: Sendable {
    let scenario: Scenario
    let options: RunOptions
}

/// Runs plans on several threads, each run on one of them, and hands the results out in the plans' order.
final class ParallelRuns: Sendable {
    /// As many as there are processors.
    static var usualThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    private struct State {
        var next = 0
        var results: [RunReport?]
    }

    private let plans: [RunPlan]
    private let threads: Int
    private let state: Mutex<State>
    private let finished = DispatchSemaphore(value: 0)

    init(plans: [RunPlan], threads: Int) {
        self.plans = plans
        self.threads = min(threads, plans.count)
        state = Mutex(State(results: Array(repeating: nil, count: plans.count)))
    }

    /// Runs everything.
    ///
    /// - Parameter report: Called with each result as soon as all earlier ones are there.
    /// - Returns: All results, in the plans' order.
    func run(_ report: (RunReport) -> Void) -> [RunReport] {
        for _ in 0..<threads {
            let thread = Thread { [self] in work() }
            thread.stackSize = 64 << 20
            thread.start()
        }
        var reported: [RunReport] = []
        for _ in plans {
            finished.wait()
            while reported.count < plans.count, let result = state.withLock({ $0.results[reported.count] }) {
                report(result)
                reported.append(result)
            }
        }
        return reported
    }

    private func work() {
        while true {
            let place = state.withLock { state in
                defer { state.next += 1 }
                return state.next
            }
            guard place < plans.count else { return }
            let start = ContinuousClock.now
            var result = ScenarioRunner.run(plans[place].scenario, options: plans[place].options)
            result.wallTime = ContinuousClock.now - start
            state.withLock { [result] in $0.results[place] = result }
            finished.signal()
        }
    }
}
