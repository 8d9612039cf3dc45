// SPDX-License-Identifier: Apache-2.0
import CloudServer
import IngressController
import KubernetesAPI
import Ports
import Simulation
import Synchronization
import Worlds

extension StepPerformer {
    /// Stops a component and starts it again.
    func restart(_ component: Component, _ down: Duration) async throws -> String {
        // Who leads is asked once: while it is away another one takes over.
        let host = try host(component)
        try stop(component, host)
        try await clock.sleep(for: down)
        try start(component, host)
        return "\(host ?? component.rawValue), down for \(down.inSeconds) s"
    }

    /// Stops a component.
    func stop(_ component: Component) throws { try stop(component, host(component)) }

    /// Starts a component that was stopped.
    func start(_ component: Component) throws { try start(component, nil) }

    private func host(_ component: Component) throws(StepFailure) -> String? {
        guard component == .leader else { return nil }
        if let leader = world.leader { return leader }
        throw StepFailure(message: "no controller holds the lead now")
    }

    private func stop(_ component: Component, _ host: String?) throws {
        switch component {
        case .controller: world.crashController()
        case .leader: world.crashController(host)
        case .kubernetes: world.crashKubernetes()
        // Its controllers and the scheduler look at nothing; the kubelets go on.
        case .cluster: world.simulation.setHung(true, World.HostNames.cluster)
        }
    }

    private func start(_ component: Component, _ host: String?) throws {
        switch component {
        case .controller: world.startController()
        case .leader: world.startController(host)
        case .kubernetes: try world.restartKubernetes()
        case .cluster: world.simulation.setHung(false, World.HostNames.cluster)
        }
    }

    /// Makes a host look at nothing for a while.
    func pause(_ name: String, _ duration: Duration) async throws -> String {
        var host = name
        if name == Component.leader.rawValue {
            guard let leader = world.leader else {
                throw StepFailure(message: "no controller holds the lead now")
            }
            host = leader
        }
        world.simulation.setHung(true, host)
        try await clock.sleep(for: duration)
        world.simulation.setHung(false, host)
        return "\(host) for \(duration.inSeconds) s"
    }

    /// Puts another version of the controller in the place of the present one.
    func upgrade(_ change: ControllerChange) async throws -> String {
        let profile = (change.profile ?? fallbackProfile).controllerProfile(change.defects)
        world.crashController()
        try await clock.sleep(for: change.down)
        world.setControllerProfile(profile)
        world.startController()
        return "\(profile.kind.rawValue) with \(profile.defects.count) defects"
    }

    private var fallbackProfile: Scenario.Profile {
        world.description.profile.kind == .oss ? .oss : .managed
    }

    /// Kills the controller behind one of its next calls.
    func arm(_ point: CrashPoint) -> String {
        let seen = Mutex(0)
        let (world, clock) = (world, clock)
        world.simulation.trace.observe { entry in
            guard case .cloudCall(let call) = entry.event, call.client != "console" else { return }
            if let action = point.action, !action.matches(call.action) { return }
            if point.action == nil, !point.countsReads, !call.isWrite { return }
            let isIt = seen.withLock { count in
                count += 1
                return count == point.number
            }
            guard isIt else { return }
            clock.schedule(at: clock.now) { world.crashController() }
            clock.schedule(after: max(point.down, .milliseconds(1))) { world.startController() }
        }
        return "behind call \(point.number)"
    }

    /// Changes the account's limits and pace.
    func setCloud(_ spec: CloudSpec) -> String {
        var account = cloudAccount.withLock { $0 }
        account.change(spec)
        cloudAccount.withLock { $0 = account }
        if !spec.quotas.isEmpty { world.cloud.setQuotas(account.quotas) }
        if spec.propagation != nil || spec.batching != nil {
            world.cloud.setPropagation(account.propagation, batching: account.batching)
        }
        if !spec.transitions.isEmpty { world.cloud.setTransitions(account.transitions) }
        return "the account"
    }
}
