// SPDX-License-Identifier: Apache-2.0
public import Certificates
public import Ports
import Synchronization

/// The clients of one traffic, on one host: sends what the description says and tells the trace what was seen.
///
/// Keep it for as long as its traffic is to go on.
///
/// ```swift
/// let runner = try TrafficRunner(host: host, description: shoppers, verifier: verifier)
/// runner.start()
/// ```
public final class TrafficRunner: Sendable {
    private struct State {
        var machine: TrafficMachine
        /// Open connections, by the places of the machine's.
        var connections: [(any Connection)?] = []
        var probes: [ProbeNumber: CheckedContinuation<RequestRecord, Never>] = [:]
        var nextProbe: ProbeNumber = 1
        var isDrained = false
        /// Those who wait for the end, in the order in which they came.
        var waiters: [(number: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
        var nextWaiter: UInt64 = 1
        /// What the clock calls when an arrival is due; made at the first.
        var arrivalBell: (@Sendable () -> Void)?
        /// Room for actions, taken while some are carried out.
        var room: [TrafficAction] = []
    }

    /// What is sent, and how.
    public let description: TrafficDescription
    private let host: Host
    private let state: Mutex<State>

    /// Makes the clients; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - host: Where the clients are.
    ///   - description: What they do.
    ///   - verifier: What they trust; without one they trust no certificate, unless they do not look.
    /// - Throws: `TrafficMistake` when the description can not be followed.
    public init(
        host: Host,
        description: TrafficDescription,
        verifier: CertificateVerifier? = nil
    ) throws(TrafficMistake) {
        try description.check()
        self.host = host
        self.description = description
        let machine = TrafficMachine(
            description,
            verifier: verifier ?? CertificateVerifier(roots: []),
            random: host.random.source("traffic \(description.name)")
        )
        state = Mutex(State(machine: machine))
    }

    /// Begins the load; no effect when it has begun.
    public func start() {
        for address in description.clientAddresses { host.network.claim(ip: address) }
        handle { state, now in state.machine.begin(at: now) }
    }

    /// Begins nothing more; what is under way goes on to its end, then the connections are closed.
    public func stop() {
        handle { state, now in state.machine.stop(at: now) }
    }

    /// The figures so far.
    public var summary: TrafficSummary { state.withLock { $0.machine.summary } }

    /// Waits until the load is over or was stopped, and every request has ended, or the task is cancelled.
    public func finished() async {
        let wait = host.waits.begin("the end of traffic \(description.name)", at: host.clock.now)
        defer { host.waits.end(wait) }
        let number = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    let goesOn = state.isDrained || Task.isCancelled
                    if !goesOn { state.waiters.append((number, continuation)) }
                    return goesOn
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            resumeWaiters { $0 == number }
        }
    }

    /// Sends one request beside the load and gives what it saw, which the trace gets too.
    ///
    /// The outcome is `stopped` when the traffic was stopped before, or the task is cancelled.
    public func probe(_ request: TrafficRequest) async -> RequestRecord {
        let wait = host.waits.begin("the answer to \(request.method) \(request.url)", at: host.clock.now)
        defer { host.waits.end(wait) }
        let number = state.withLock { state in
            defer { state.nextProbe += 1 }
            return state.nextProbe
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.probes[number] = continuation }
                handle { state, now in
                    state.machine.probe(request, number: number, at: now)
                    if Task.isCancelled { state.machine.cancelProbe(number, at: now) }
                }
            }
        } onCancel: {
            handle { state, now in state.machine.cancelProbe(number, at: now) }
        }
    }

    // MARK: Events

    /// Feeds the machine and carries out what it says, after the lock is free: the trace's observers may ask
    /// for figures.
    private func handle(_ event: (inout State, Instant) -> Void) {
        let now = host.clock.now
        var actions = state.withLock { state in
            event(&state, now)
            var actions = state.room
            state.room = []
            state.machine.takeActions(&actions)
            return actions
        }
        for action in actions { perform(action) }
        actions.removeAll(keepingCapacity: true)
        state.withLock { $0.room = actions }
    }

    private func perform(_ action: TrafficAction) {
        switch action {
        case .resolve(let name, let id):
            host.network.resolve(name) { [weak self] answer in
                self?.handle { state, now in state.machine.resolved(id, answer, at: now) }
            }
        case .connect(let address, let options, let id):
            host.network.connect(
                to: address,
                options: options,
                handler: TrafficConnection(id: id, runner: self)
            )
        case .send(let frame, let exchange, let id):
            connection(id)?.send(frame, exchange: exchange)
        case .migrate(let ip, let id):
            connection(id)?.migrate(to: ip)
        case .cancel(let exchange, let id):
            connection(id)?.cancel(exchange: exchange)
        case .close(let id):
            connection(id)?.close()
            state.withLock { $0.connections[Int(id.place)] = nil }
        case .connection(let record):
            host.trace.record(.connection(record))
        case .ended(let event, let probe):
            host.trace.record(event)
            if probe != 0, case .request(let record) = event {
                state.withLock { $0.probes.removeValue(forKey: probe) }?.resume(returning: record)
            }
        case .stream(let record): host.trace.record(.stream(record))
        case .wake(let alarm, let instant): wake(alarm, at: instant)
        case .drained: drained()
        }
    }

    private func connection(_ id: ConnectionID) -> (any Connection)? {
        state.withLock { $0.connections[Int(id.place)] }
    }

    private func wake(_ alarm: TrafficAlarm, at instant: Instant) {
        // Each arrival wakes for the next, so its bell is made once.
        guard alarm == .arrival else {
            host.clock.schedule(at: instant, bell(alarm))
            return
        }
        let known = state.withLock { $0.arrivalBell }
        let bell = known ?? bell(.arrival)
        if known == nil { state.withLock { $0.arrivalBell = bell } }
        host.clock.schedule(at: instant, bell)
    }

    /// What happens when an alarm rings.
    private func bell(_ alarm: TrafficAlarm) -> @Sendable () -> Void {
        { [weak self] in
            self?.handle { state, now in
                switch alarm {
                case .arrival: state.machine.arrivalDue(at: now)
                case .deadline: state.machine.deadlineDue(at: now)
                case .idle: state.machine.idleDue(at: now)
                case .stream: state.machine.streamDue(at: now)
                case .streamsEnd: state.machine.hangUpAll(at: now)
                }
            }
        }
    }

    private func drained() {
        state.withLock { $0.isDrained = true }
        resumeWaiters { _ in true }
    }

    private func resumeWaiters(_ isChosen: (UInt64) -> Bool) {
        let chosen = state.withLock { state in
            let chosen = state.waiters.filter { isChosen($0.number) }
            state.waiters.removeAll { isChosen($0.number) }
            return chosen
        }
        for waiter in chosen { waiter.continuation.resume() }
    }

    // MARK: What connections tell

    func opened(_ id: ConnectionID, _ connection: any Connection) {
        handle { state, now in
            let missing = Int(id.place) + 1 - state.connections.count
            if missing > 0 { state.connections += Array(repeating: nil, count: missing) }
            state.connections[Int(id.place)] = connection
            state.machine.opened(id, connection.facts, at: now)
        }
    }

    func failed(_ id: ConnectionID, _ failure: NetworkFailure) {
        handle { state, now in state.machine.failed(id, failure, at: now) }
    }

    func received(_ frame: Frame, exchange: UInt64, on id: ConnectionID) {
        handle { state, now in state.machine.received(frame, exchange: exchange, on: id, at: now) }
    }

    func draining(_ id: ConnectionID) {
        handle { state, now in state.machine.draining(id, at: now) }
    }

    func cancelled(exchange: UInt64, on id: ConnectionID) {
        handle { state, now in state.machine.cancelled(exchange: exchange, on: id, at: now) }
    }

    func closed(_ id: ConnectionID, _ reason: NetworkFailure) {
        handle { state, now in
            // A place whose connection was closed here may have a new one by now.
            guard state.machine.connections.contains(id) else { return }
            state.connections[Int(id.place)] = nil
            state.machine.closed(id, reason, at: now)
        }
    }
}
