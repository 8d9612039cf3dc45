// SPDX-License-Identifier: Apache-2.0
import Ports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs every job of a simulation on one thread, in an order that the seed decides, in virtual time.
///
/// All state of a simulation is touched on this thread only, without locks: that is why the class may be
/// called Sendable, and every way in asserts it. No access to one of the properties begins inside another, so the hot
/// ones are not checked for that, here and in the network.
final class SimulationExecutor: TaskExecutor, @unchecked Sendable {
    private let thread = pthread_self()
    @exclusivity(unchecked) private var ready: ReadyQueue
    @exclusivity(unchecked) private var timers = TimerQueue()
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

    func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        assertOwnThread()
        return timers.add(at: max(instant.nanoseconds, now.nanoseconds), action)
    }

    func cancel(_ timer: TimerID) {
        assertOwnThread()
        timers.cancel(timer)
    }

    /// Forgets all timers: the world is over.
    func dropTimers() {
        timers = TimerQueue()
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
            guard let (at, action) = timers.popNext(until: limit.nanoseconds) else {
                return timers.nextTime() == nil ? .asleep : .timeLimit
            }
            if at > now.nanoseconds {
                now = Instant(nanoseconds: at)
                atThisInstant = 0
            }
            jobCount += 1
            action()
        }
        return .finished
    }
}
