// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

/// Listeners: those that are in the way go first, then new ones come, present ones change, and what is left goes.
extension PhasedPass {
    mutating func listeners(_ wanted: LoadBalancer) async throws(Stop) {
        guard let id = state.loadBalancer?.id else { return }
        let reader = owner.reader
        state.listeners = try await read { () async throws(CloudError) in
            var listeners = try await reader.listeners(loadBalancer: id)
            for place in listeners.indices where listeners[place].port.isSecure {
                let found = try await reader.certificates(listener: listeners[place].id)
                listeners[place].certificates = found
            }
            return listeners
        }
        let own = planner.ownListeners(wanted, state)
        state.listeners = own
        if !profile.has(.protocolChangeStuck) {
            let blocked = own.filter { old in
                stack.listeners.contains { $0.port.collides(with: old.port) }
            }
            var plan = Plan(result: state)
            planner.remove(blocked, "listeners in the way", &plan)
            try await carryOut(plan)
        }
        let missing = stack.listeners.filter { state.listener($0.port) == nil }
        try await change(missing, name: "new listeners", crash: false)
        let present = stack.listeners.filter { state.listener($0.port) != nil && !missing.contains($0) }
        try await change(present, name: "listeners", crash: true)
        let surplus = state.listeners.filter { old in !stack.listeners.contains { $0.port == old.port } }
        var plan = Plan(result: state)
        planner.remove(surplus, "listeners that are not wanted", &plan)
        try await carryOut(plan)
    }

    /// Creates or updates listeners side by side; failures are noted by port.
    private mutating func change(
        _ listeners: [Listener],
        name: String,
        crash mayCrash: Bool
    ) async throws(Stop) {
        let ids = planner.groupIDs(stack, state)
        let single = planner.listenerPlanner(stack, state, ids)
        var lanes: [(port: ListenerPort, lane: Plan.Lane, made: CloudListener?)] = []
        var failures: [(ListenerPort, PlanExecutor.Failure)] = []
        for listener in listeners {
            let present = state.listener(listener.port)
            let choice = single.attributes(listener, present: present)
            guard let made = choice.listener else {
                let reason =
                    choice.problems.first?.message
                    ?? "empty https listener default certs on \(listener.port)"
                failures.append((listener.port, pass.failure("listener", reason, isTemporary: false)))
                continue
            }
            var steps = choice.steps
            if let present, profile.isOpenSource {
                // Every listener is waited for before it is changed, one with TLS afterwards too.
                steps.insert(Self.wait(present.id), at: 0)
                if listener.port.isSecure { steps.append(Self.wait(present.id)) }
            }
            lanes.append(
                (listener.port, Plan.Lane(subject: "listener \(listener.port)", steps: steps), made)
            )
        }
        if mayCrash { await crashByChance(lanes.map { ($0.port, $0.lane) }) }
        failures += await run(lanes)
        try note(failures)
    }

    private mutating func run(
        _ lanes: [(port: ListenerPort, lane: Plan.Lane, made: CloudListener?)]
    ) async -> [(ListenerPort, PlanExecutor.Failure)] {
        var failures: [(ListenerPort, PlanExecutor.Failure)] = []
        for batch in Batches.of(lanes, size: PlanExecutor.width) {
            let executor = owner.executor, tally = pass.tally
            let outcomes = await withTaskGroup(of: (Int, PlanExecutor.Outcome).self) { group in
                for (place, item) in batch.enumerated() {
                    let lane = item.lane
                    group.addTask { (place, await executor.runStaggered(lane, tally: tally)) }
                }
                var outcomes: [Int: PlanExecutor.Outcome] = [:]
                for await (place, outcome) in group { outcomes[place] = outcome }
                return outcomes
            }
            for (place, item) in batch.enumerated() {
                guard let outcome = outcomes[place] else { continue }
                if let failure = outcome.failures.first {
                    failures.append((item.port, failure))
                } else if let made = item.made {
                    var after = CloudState()
                    after.listeners = [made]
                    state.listeners.removeAll { $0.port == item.port }
                    state.listeners += after.resolved(outcome.known).listeners
                }
            }
        }
        state.listeners.sort { $0.port < $1.port }
        return failures
    }

    private static func wait(_ id: String) -> Step {
        var step = Step(action: "GetListenerAttribute", parameters: ["ListenerId": .string(id)])
        step.settling = .listener
        step.isWait = true
        return step
    }

    /// Two listeners with TLS that are changed at once write one map without a lock.
    private func crashByChance(_ lanes: [(ListenerPort, Plan.Lane)]) async {
        let changed = lanes.filter { port, lane in
            port.isSecure && lane.steps.contains { $0.action == "UpdateListenerAttribute" }
        }
        guard changed.count > 1, profile.has(.parallelTLSUpdateCrashes), owner.executor.isUnlucky() else {
            return
        }
        owner.process.die("fatal error: concurrent map writes, updating \(changed.count) listeners")
        await owner.process.stayDead(owner.host.clock)
    }

    private mutating func note(_ failures: [(ListenerPort, PlanExecutor.Failure)]) throws(Stop) {
        for (port, failure) in failures {
            if failure.reason.hasPrefix("ResourceAlreadyExist.Listener") {
                throw Stop(
                    message: "\(failure.message); set forceOverride to take over listeners of others"
                )
            }
            // Upstream notes only the first: the others meet the next phases without an id.
            let isFirst = failures.first?.0 == port
            if isFirst || !profile.has(.secondListenerErrorLost) {
                portFailures[port] = failure.message
            } else {
                portFailures[port] = ""
            }
        }
    }
}
