// SPDX-License-Identifier: Apache-2.0
import Ports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a timer does, and on which life of a host.
private struct TimedAction {
    let host: SimulatedHost?
    let action: @Sendable () -> Void

    func run() {
        if let host { host.deliverOrDrop(action) } else { action() }
    }
}

/// Runs every job of a simulation on one thread, in an order that the seed decides, in virtual time.
///
/// All state of a simulation is touched on this thread only, without locks: that is why the class may be
/// called Sendable, and every way in asserts it. No access to one of the properties begins inside another, so the hot
/// ones are not checked for that, here and in the network.
final class SimulationExecutor: TaskExecutor, @unchecked Sendable {
    private let thread = pthread_self()
    @exclusivity(unchecked) private var ready: ReadyQueue
    @exclusivity(unchecked) private var timers = TimerQueue<TimedAction>()
    @exclusivity(unchecked) private var arrivals = ArrivalLane()
    @exclusivity(unchecked) private(set) var now: Instant
    /// Jobs and actions run so far.
    @exclusivity(unchecked) private(set) var jobCount: UInt64 = 0

    init(start: Instant, policy: SchedulePolicy, random: RandomStream) {
        now = start
        ready = ReadyQueue(policy: policy, random: random)
    }

    /// Traps when the caller is on a foreign thread: something left the simulation.
    @inline(__always)
    func assertOwnThread() {
        precondition(
            pthread_equal(pthread_self(), thread) != 0,
            "a job left the simulation's thread: look for a bare Task, a detached task, a dispatch queue or a real sleep"
        )
    }

    func enqueue(_ job: consuming ExecutorJob) {
        assertOwnThread()
        ready.append(.job(UnownedJob(job)))
    }

    /// Runs an action after everything that is ready now.
    func enqueue(_ action: @escaping @Sendable () -> Void) {
        assertOwnThread()
        ready.append(.action(action))
    }

    /// Runs an action at an instant, on a life of a host when one is named: then only while that life lasts.
    func schedule(
        at instant: Instant,
        on host: SimulatedHost? = nil,
        _ action: @escaping @Sendable () -> Void
    ) -> TimerID {
        assertOwnThread()
        return timers.add(
            at: max(instant.nanoseconds, now.nanoseconds),
            TimedAction(host: host, action: action)
        )
    }

    func cancel(_ timer: TimerID) {
        assertOwnThread()
        timers.cancel(timer)
    }

    /// Lets the next thing in a connection's inbox arrive; it cannot be taken back.
    func schedule(arrivalAt nanoseconds: Int64, _ end: consuming SimulatedConnection) {
        assertOwnThread()
        let due = timers.due(at: nanoseconds)
        if arrivals.accepts(due) {
            arrivals.insert(due, at: end)
        } else {
            _ = schedule(at: Instant(nanoseconds: nanoseconds)) { [end] in end.takeNext() }
        }
    }

    /// Forgets all timers and arrivals: the world is over.
    func dropTimers() {
        timers = TimerQueue<TimedAction>()
        arrivals.removeAll()
    }

    /// Why running stopped.
    enum Stop {
        /// The condition became true.
        case finished
        /// Nothing is ready and no timer waits.
        case asleep
        /// The next action is due after the limit.
        case timeLimit
        /// More jobs ran at one instant than the limit allows.
        case jobLimit
    }

    /// Runs jobs and moves the time until `isFinished`, checked between jobs.
    ///
    /// - Parameters:
    ///   - limit: Time does not move past this instant.
    ///   - jobsPerInstant: So many jobs at one instant mean that it never ends.
    ///   - isFinished: The condition.
    /// - Returns: Why it stopped.
    func run(until limit: Instant, jobsPerInstant: UInt64, isFinished: () -> Bool) -> Stop {
        assertOwnThread()
        var atThisInstant: UInt64 = 0
        while !isFinished() {
            if let item = ready.popNext() {
                jobCount += 1
                atThisInstant += 1
                if atThisInstant > jobsPerInstant { return .jobLimit }
                switch item {
                case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
                case .action(let action): action()
                }
                continue
            }
            let timer = timers.nextDue()
            if let arrival = arrivals.next, timer.map({ arrival < $0 }) ?? true {
                guard move(to: arrival.at, limit, &atThisInstant) else { return .timeLimit }
                arrivals.popFirst().takeNext()
                continue
            }
            guard let timer else { return .asleep }
            guard move(to: timer.at, limit, &atThisInstant) else { return .timeLimit }
            timers.popNext()?.action.run()
        }
        return .finished
    }

    /// Moves the time for one more action; false when that would be past the limit.
    @inline(__always)
    private func move(to nanoseconds: Int64, _ limit: Instant, _ atThisInstant: inout UInt64) -> Bool {
        guard nanoseconds <= limit.nanoseconds else { return false }
        if nanoseconds > now.nanoseconds {
            now = Instant(nanoseconds: nanoseconds)
            atThisInstant = 0
        }
        jobCount += 1
        return true
    }
}
