// SPDX-License-Identifier: Apache-2.0
import Ports
import Synchronization

/// What carries a traffic on: feeds its machine with what happens, and performs what the machine says.
///
/// Connections and the clock hold it for as long as something may happen; it is told when its owner is gone, and does
/// nothing from then on.
final class TrafficDriver: Sendable {
    struct State {
        var machine: TrafficMachine
        /// Open connections, by the places of the machine's.
        var connections: [(any Connection)?] = []
        var probes: [ProbeNumber: CheckedContinuation<RequestRecord, Never>] = [:]
        var nextProbe: ProbeNumber = 1
        var isDrained = false
        /// Those who wait for the end, in the order in which they came.
        var waiters: [(number: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
        var nextWaiter: UInt64 = 1
        /// True when nobody wants anything of it any more.
        var isAbandoned = false
        /// Room for actions, taken while some are carried out.
        var room: [TrafficAction] = []
    }

    private let host: Host
    /// The traffic's name.
    private let traffic: String
    let state: Mutex<State>

    init(host: Host, machine: TrafficMachine) {
        self.host = host
        traffic = machine.description.name
        state = Mutex(State(machine: machine))
    }

    /// The owner is gone: what still comes is ignored, and connections are left to the other side.
    func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            for place in state.connections.indices { state.connections[place] = nil }
        }
    }

    // MARK: Events

    /// Feeds the machine and carries out what it says, after the lock is free: the trace's observers may ask
    /// for figures.
    func handle(_ event: (inout State, Instant) -> Void) {
        let now = host.clock.now
        var actions = state.withLock { state in
            if state.isAbandoned { return [TrafficAction]() }
            event(&state, now)
            var actions = state.room
            state.room = []
            state.machine.takeActions(&actions)
            return actions
        }
        // From the end, which hands each of them out without a copy, as turning them round in place does.
        actions.withUnsafeMutableBufferPointer { $0.reverse() }
        while let action = actions.popLast() { perform(action) }
        state.withLock { $0.room = actions }
    }

    private func perform(_ action: TrafficAction) {
        switch action {
        case .resolve(let name, let id):
            host.network.resolve(name) { [self] answer in
                handle { state, now in state.machine.resolved(id, answer, at: now) }
            }
        case .connect(let address, let options, let id):
            host.network.connect(
                to: address,
                options: options,
                handler: TrafficConnection(id: id, driver: self)
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
        case .ended(let request, let probe):
            let record = request.record(traffic: traffic)
            host.trace.record(record)
            if probe != 0 {
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
        host.clock.schedule(at: instant) { [self] in
            handle { state, now in
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

    func resumeWaiters(_ isChosen: (UInt64) -> Bool) {
        let chosen = state.withLock { state in
            let chosen = state.waiters.filter { isChosen($0.number) }
            state.waiters.removeAll { isChosen($0.number) }
            return chosen
        }
        for waiter in chosen { waiter.continuation.resume() }
    }

    // MARK: What connections tell

    func opened(_ id: ConnectionID, _ connection: any Connection) {
        // Nobody left to use it.
        if state.withLock({ $0.isAbandoned }) { return connection.close() }
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
