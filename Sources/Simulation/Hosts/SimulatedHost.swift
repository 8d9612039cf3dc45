// SPDX-License-Identifier: Apache-2.0
import Ports

/// What a link does, ready for use: nanoseconds one way, up to so many more, the chance of a loss.
struct LinkState {
    let latency: Int64
    let jitter: Int64
    let loss: Double
    let isCut: Bool
    let isQUICCut: Bool
}

/// A machine of a simulated world: its name, whether it runs, and the connections of its present life.
///
/// It belongs to its simulation's thread.
final class HostState: @unchecked Sendable {
    let name: String
    /// Rises with every crash: what an earlier life left behind is recognised by it and discarded.
    @exclusivity(unchecked) var life: UInt64 = 0
    /// False after a machine went down until it comes back: packets to it are lost.
    @exclusivity(unchecked) var isUp = true
    /// True while nothing that arrives is looked at.
    @exclusivity(unchecked) var isHung = false
    /// What arrived while the host hung, in order.
    var heldArrivals: [@Sendable () -> Void] = []
    /// What the links to other hosts do, as of a version of the network.
    var links: [ObjectIdentifier: LinkState] = [:]
    var linksVersion: UInt64 = 0
    /// Ends of open connections, by number; a connection to itself has two.
    var connections: [ObjectIdentifier: SimulatedConnection] = [:]
    var listeners: [ListenerKey: SimulatedListener] = [:]
    var nextPort = 32_768
    /// The address that others see connections come from.
    var address: String?
    /// The software of the present life.
    var software: [SoftwareStopper] = []

    init(name: String) {
        self.name = name
    }

    /// The ends of open connections, in the order in which they were opened.
    var sortedConnections: [SimulatedConnection] {
        connections.values.sorted { $0.facts.id < $1.facts.id }
    }
}

/// One life of a simulated host, as the ports that its software gets.
///
/// After a crash the old software may still run for a while: its waits end, its network is gone and its
/// trace goes nowhere.
final class SimulatedHost: HostClock, TraceSink, @unchecked Sendable {
    let simulation: Simulation
    let state: HostState
    let life: UInt64

    init(simulation: Simulation, state: HostState) {
        self.simulation = simulation
        self.state = state
        life = state.life
    }

    /// False after this life has ended.
    var isAlive: Bool { state.life == life && state.isUp }

    var now: Instant {
        simulation.executor.assertOwnThread()
        return simulation.executor.now
    }

    func sleep(until deadline: Instant) async throws(CancellationError) {
        simulation.executor.assertOwnThread()
        let sleeper = Sleeper(executor: simulation.executor)
        let isWoken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard isAlive else { return continuation.resume(returning: false) }
                sleeper.start(until: deadline, continuation)
            }
        } onCancel: {
            sleeper.cancel()
        }
        guard isWoken, isAlive else { throw CancellationError() }
    }

    func schedule(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> TimerID {
        simulation.executor.schedule(at: instant, on: self, action)
    }

    func cancel(_ timer: TimerID) {
        simulation.executor.cancel(timer)
    }

    func record(_ event: TraceEvent, cause: TraceID) -> TraceID {
        guard isAlive else { return .none }
        return simulation.trace.record(event, host: state.name, cause: cause)
    }

    func record(_ request: ProxiedRequest) -> TraceID {
        isAlive ? simulation.trace.record(request, host: state.name) : .none
    }

    func record(_ request: RequestRecord) -> TraceID {
        isAlive ? simulation.trace.record(request, host: state.name) : .none
    }

    func beginPass() -> TraceID { simulation.trace.beginPass() }

    func entry(ofRevision revision: Int64) -> TraceID { simulation.trace.entry(ofRevision: revision) }

    /// Runs what arrived at this host, unless its life is over.
    func deliverOrDrop(_ action: @escaping @Sendable () -> Void) {
        if isAlive { deliver(action) }
    }

    /// Runs what arrived at this host, or keeps it until the host hangs no more.
    func deliver(_ action: @escaping @Sendable () -> Void) {
        if state.isHung {
            state.heldArrivals.append { [self] in
                if isAlive { action() }
            }
        } else {
            action()
        }
    }
}

/// A task that sleeps on a simulated clock.
private final class Sleeper: @unchecked Sendable {
    private let executor: SimulationExecutor
    private var continuation: CheckedContinuation<Bool, Never>?
    private var timer: TimerID?
    private var isCancelled = false

    init(executor: SimulationExecutor) {
        self.executor = executor
    }

    func start(until deadline: Instant, _ continuation: CheckedContinuation<Bool, Never>) {
        if isCancelled { return continuation.resume(returning: false) }
        if deadline <= executor.now { return continuation.resume(returning: true) }
        self.continuation = continuation
        timer = executor.schedule(at: deadline) { self.finish(true) }
    }

    func cancel() {
        executor.assertOwnThread()
        isCancelled = true
        if let timer { executor.cancel(timer) }
        finish(false)
    }

    private func finish(_ isWoken: Bool) {
        let waiting = continuation
        continuation = nil
        waiting?.resume(returning: isWoken)
    }
}
