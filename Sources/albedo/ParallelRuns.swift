// SPDX-License-Identifier: Apache-2.0
import Foundation
import Scenarios
import Synchronization

/// A scenario with how to run it.
struct RunPlan: Sendable {
    let scenario: Scenario
    var options: RunOptions
    /// How far it has come.
    let progress = RunProgress()

    init(scenario: Scenario, options: RunOptions) {
        self.scenario = scenario
        self.options = options
    }
}

/// Runs plans on several threads, each run on one of them, and hands the results out in the plans' order.
final class ParallelRuns: Sendable {
    /// As many as there are processors.
    static var usualThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    private struct State {
        var next = 0
        var results: [RunReport?]
        var finished: Set<Int> = []
    }

    private let plans: [RunPlan]
    private let threads: Int
    private let showsProgress: Bool
    private let state: Mutex<State>
    private let finished = DispatchSemaphore(value: 0)

    init(plans: [RunPlan], threads: Int, showsProgress: Bool) {
        self.plans = plans
        self.threads = min(threads, plans.count)
        self.showsProgress = showsProgress
        state = Mutex(State(results: Array(repeating: nil, count: plans.count)))
    }

    /// Runs everything.
    ///
    /// - Parameter report: Called with each result as soon as all earlier ones are there.
    /// - Returns: All results, in the plans' order, without the runs themselves.
    func run(_ report: (RunReport) -> Void) -> [RunReport] {
        for _ in 0..<threads {
            let thread = Thread { [self] in work() }
            thread.stackSize = 64 << 20
            thread.start()
        }
        var line = ProgressLine()
        var reported: [RunReport] = []
        while reported.count < plans.count {
            if showsProgress {
                while finished.wait(timeout: .now() + .milliseconds(500)) == .timedOut {
                    if let text = line.text(
                        fraction: fraction,
                        finished: state.withLock { $0.finished.count },
                        of: plans.count
                    ) {
                        Console.errorPart("\r\u{1b}[K\(text)")
                    }
                }
                if line.isShown { Console.errorPart("\r\u{1b}[K") }
            } else {
                finished.wait()
            }
            while reported.count < plans.count, let result = take(reported.count) {
                report(result)
                reported.append(result)
                // A kept run takes memory: reports of it have been made by now.
                reported[reported.count - 1].run = nil
            }
        }
        return reported
    }

    /// A result that is there, which is then given up.
    private func take(_ place: Int) -> RunReport? {
        state.withLock { state in
            defer { state.results[place] = nil }
            return state.results[place]
        }
    }

    /// How much of all virtual time has been run.
    private var fraction: Double {
        let finished = state.withLock { $0.finished }
        let parts = plans.indices.map { place -> Double in
            if finished.contains(place) { return 1 }
            guard let reached = plans[place].progress.reached, reached.length > .zero else { return 0 }
            return min(1, max(0, reached.time / reached.length))
        }
        return parts.reduce(0, +) / Double(max(1, parts.count))
    }

    private func work() {
        while true {
            let place = state.withLock { state in
                defer { state.next += 1 }
                return state.next
            }
            guard place < plans.count else { return }
            let start = ContinuousClock.now
            var options = plans[place].options
            if showsProgress { options.progress = plans[place].progress }
            var result = ScenarioRunner.run(plans[place].scenario, options: options)
            result.wallTime = ContinuousClock.now - start
            state.withLock { [result] state in
                state.results[place] = result
                state.finished.insert(place)
            }
            finished.signal()
        }
    }
}

/// The line that says how long a long run will still take.
struct ProgressLine {
    private let start = ContinuousClock.now
    /// True once it was shown.
    private(set) var isShown = false

    /// The line; nil as long as it is not worth while.
    mutating func text(fraction: Double, finished: Int, of count: Int) -> String? {
        let elapsed = ContinuousClock.now - start
        guard elapsed > .seconds(2) else { return nil }
        isShown = true
        let scenarios = count > 1 ? "\(finished) of \(count) scenarios, " : ""
        return scenarios + Self.text(elapsed: elapsed, fraction: fraction)
    }

    /// How much is done, and how much time is left.
    static func text(elapsed: Duration, fraction: Double) -> String {
        let done = "\(Int(fraction * 100))%, \(clock(elapsed))"
        guard fraction > 0.02 else { return done }
        return done + ", about \(clock(elapsed * ((1 - fraction) / fraction))) left"
    }

    /// `0:07`, `12:30`, `1:02:03`.
    private static func clock(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if seconds < 3600 { return "\(seconds / 60):\(padded(seconds % 60))" }
        return "\(seconds / 3600):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
    }
}
