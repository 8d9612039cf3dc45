// SPDX-License-Identifier: Apache-2.0
public import Ports

/// Why a simulation could not go on.
public enum SimulationFailure: Error, Sendable, CustomStringConvertible {
    /// Nothing can ever happen again, and these still wait: host, what for, since when after the start.
    case asleepForever([(host: String, wait: WaitRegistry.Wait, since: Duration)])
    /// The world went on past the longest time allowed.
    case timeLimit(Duration)
    /// So many jobs ran at one instant that it would never end.
    case jobLimit(UInt64, at: Duration)

    /// What happened, with the list of who waits for what since when.
    public var description: String {
        switch self {
        case .asleepForever(let waits):
            let rows = waits.map { "\n  \($0.host) waits for \($0.wait.what) since \($0.since.inSeconds) s" }
            return "everything sleeps for ever:" + (rows.isEmpty ? " nobody says for what" : rows.joined())
        case .timeLimit(let limit): return "not finished after \(limit.inSeconds) s of virtual time"
        case .jobLimit(let count, let at):
            return
                "\(count) jobs ran at one instant, \(at.inSeconds) s after the start: something never waits"
        }
    }
}

/// A world in virtual time: hosts, a network between them, one thread, one seed, one trace.
///
/// Make it, and run it, on one thread:
///
/// ```swift
/// let simulation = Simulation(seed: 7)
/// try simulation.run {
///     let host = simulation.host("a")
///     try await host.clock.sleep(for: .seconds(3600))   // takes microseconds
/// }
/// ```
public final class Simulation: Sendable {
    /// What all randomness comes from.
    public let seed: UInt64
    /// The virtual time at the start.
    public let start: Instant
    /// Everything that happened.
    public let trace: TraceRecorder
    /// The network between the hosts, with its latency and faults.
    public let fabric: NetworkFabric
    let executor: SimulationExecutor
    private let world: World

    /// What changes: on the simulation's thread only.
    private final class World: @unchecked Sendable {
        var hosts: [String: HostState] = [:]
        var registries: [(host: String, waits: WaitRegistry)] = []
        var software: AsyncStream<@Sendable () async -> Void>.Continuation?
    }

    /// Makes a world on the calling thread.
    ///
    /// - Parameters:
    ///   - seed: The same seed gives the same run.
    ///   - start: The virtual time at the start; 2026-01-01T00:00:00Z by default.
    ///   - schedule: The order of ready jobs.
    ///   - keepsTrace: False keeps the digest only.
    public init(
        seed: UInt64,
        start: Instant = Instant(seconds: 1_767_225_600),
        schedule: SchedulePolicy = .fifo,
        keepsTrace: Bool = true
    ) {
        self.seed = seed
        self.start = start
        let random = RandomSource(seed: seed)
        executor = SimulationExecutor(start: start, policy: schedule, random: random.stream("schedule"))
        trace = TraceRecorder(executor: executor, isKept: keepsTrace)
        fabric = NetworkFabric(executor: executor, random: random.stream("network"))
        world = World()
    }

    /// The present virtual time.
    public var now: Instant { executor.now }

    /// Jobs and actions run so far: what the speed of a run is measured by.
    public var jobCount: UInt64 { executor.jobCount }

    /// The ports of a host's present life; the host is made when it is new.
    public func host(_ name: String) -> Host {
        let state = hostState(name)
        let life = SimulatedHost(simulation: self, state: state)
        var random = RandomSource(seed: seed).source(name)
        if life.life > 0 { random = random.source("life \(life.life)") }
        let waits = WaitRegistry()
        world.registries.append((name, waits))
        return Host(
            name: name,
            clock: life,
            network: SimulatedNetwork(fabric: fabric, host: life),
            random: random,
            trace: life,
            waits: waits
        )
    }

    private func hostState(_ name: String) -> HostState {
        executor.assertOwnThread()
        if let known = world.hosts[name] { return known }
        let made = HostState(name: name)
        world.hosts[name] = made
        return made
    }

    /// Starts software on a host, beside whatever runs there.
    ///
    /// It runs until it returns, the host crashes, or the simulation ends. An error that it throws is noted
    /// in the trace.
    public func start(_ name: String, _ software: @escaping @Sendable (Host) async throws -> Void) {
        let host = host(name)
        let state = hostState(name)
        let stopper = SoftwareStopper(executor: executor)
        let body: @Sendable () async -> Void = {
            await stopper.run {
                do {
                    try await software(host)
                } catch is CancellationError {
                    // The host crashed or the run is over.
                } catch {
                    host.trace.record(.note(Note(topic: "stopped", message: "\(name): \(error)")))
                }
            }
        }
        state.software.append(stopper)
        world.software?.yield(body)
    }

    /// Ends a host's software at once: its connections are reset, its listeners closed, its trace closed.
    ///
    /// With `machine` the whole machine goes down: nothing is reset, packets to it are lost.
    public func crash(_ name: String, machine: Bool = false) {
        let state = hostState(name)
        note("crash", name)
        for stopper in state.software { stopper.stop() }
        state.software = []
        fabric.drop(state, silently: machine)
        state.life += 1
        state.isUp = !machine
        state.isHung = false
        state.heldArrivals = []
    }

    /// Brings a machine that went down back; its software is started by `start` anew.
    public func restore(_ name: String) {
        let state = hostState(name)
        note("restore", name)
        state.isUp = true
    }

    /// Makes a host look at nothing that arrives, or go on with all that arrived meanwhile.
    public func setHung(_ isHung: Bool, _ name: String) {
        let state = hostState(name)
        note(isHung ? "hang" : "resume", name)
        state.isHung = isHung
        guard !isHung else { return }
        let held = state.heldArrivals
        state.heldArrivals = []
        for arrival in held { executor.enqueue(arrival) }
    }

    private func note(_ topic: String, _ host: String) {
        _ = trace.record(.note(Note(topic: topic, message: host)), host: "simulation", cause: .none)
    }

    /// Runs the world until `body` returns.
    ///
    /// - Parameters:
    ///   - timeLimit: How long the world may go on in virtual time.
    ///   - jobsPerInstant: How many jobs may run at one instant.
    ///   - body: What drives the world; all software has ended when this call returns.
    /// - Returns: What `body` returns.
    /// - Throws: `SimulationFailure`, or what `body` throws.
    public func run<Value: Sendable>(
        timeLimit: Duration = .seconds(400 * 86_400),
        jobsPerInstant: UInt64 = 20_000_000,
        _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let result = RunResult<Value>()
        let progress = RunProgress()
        let (software, starts) = AsyncStream<@Sendable () async -> Void>.makeStream()
        world.software = starts
        let root = Task(executorPreference: executor) {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    do {
                        result.value = .success(try await body())
                    } catch {
                        result.value = .failure(error)
                    }
                    progress.hasResult = true
                }
                for await start in software { group.addTask { await start() } }
                group.cancelAll()
            }
            progress.isOver = true
        }
        let limit = start.advanced(by: timeLimit)
        let stop = executor.run(until: limit, jobsPerInstant: jobsPerInstant) { progress.hasResult }
        let failure = failure(for: stop, timeLimit: timeLimit, jobsPerInstant: jobsPerInstant)
        // Let all software end in order, so that nothing of this world is left behind.
        world.software = nil
        starts.finish()
        root.cancel()
        for state in world.hosts.values.sorted(by: { $0.name < $1.name }) {
            for stopper in state.software { stopper.stop() }
        }
        _ = executor.run(until: executor.now, jobsPerInstant: jobsPerInstant) { progress.isOver }
        fabric.clear(Array(world.hosts.values))
        executor.dropTimers()
        if let failure { throw failure }
        guard let value = result.value else { throw CancellationError() }
        return try value.get()
    }

    private func failure(
        for stop: SimulationExecutor.Stop,
        timeLimit: Duration,
        jobsPerInstant: UInt64
    ) -> SimulationFailure? {
        switch stop {
        case .finished: return nil
        case .timeLimit: return .timeLimit(timeLimit)
        case .jobLimit: return .jobLimit(jobsPerInstant, at: start.duration(to: now))
        case .asleep:
            let rows = world.registries.flatMap { host, waits in
                waits.open.map { (host: host, wait: $0, since: start.duration(to: $0.since)) }
            }
            return .asleepForever(rows.sorted { ($0.since, $0.host) < ($1.since, $1.host) })
        }
    }
}

/// How a run ended; on the simulation's thread only.
private final class RunResult<Value>: @unchecked Sendable {
    var value: Result<Value, any Error>?
}

/// How far a run has come, which is asked before every job; on the simulation's thread only.
private final class RunProgress: @unchecked Sendable {
    var hasResult = false
    var isOver = false
}
