// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

extension PodMachine {
    /// A process whose hook used all of the grace period still gets so long.
    ///
    /// - Source: the kubelet's minimum grace period after a hook; seen upstream.
    private static let leastGrace = Duration.seconds(2)

    /// The pod is to end: begins that, or shortens the time that was given for it.
    mutating func end(at now: Instant) {
        let grace = Duration.seconds(pod["metadata", "deletionGracePeriodSeconds"]?.intValue ?? 30)
        if !isEnding {
            isEnding = true
            actions.append(.trace(stage: "draining", reason: ""))
            for place in containers.indices where containers[place].isRunning {
                stop(place, grace: grace, at: now, "Stopping container \(containers[place].plan.name)")
            }
            // What has not run yet never will.
            for place in containers.indices where !containers[place].isRunning {
                Self.cancel(&containers[place])
            }
            for place in initContainers.indices { Self.cancel(&initContainers[place]) }
            if stage == .scheduled { next = nil }
            if stage == .gone { actions.append(.delete) }
        } else {
            for place in containers.indices {
                guard let killAt = containers[place].stop?.killAt else { continue }
                containers[place].stop?.killAt = min(killAt, now.advanced(by: grace))
            }
        }
    }

    private static func cancel(_ container: inout ContainerLife) {
        container.next = nil
        container.listensAt = nil
        container.stage = .stopped
    }

    /// Begins to end a container's process: the hook, SIGTERM, SIGKILL.
    mutating func stop(_ place: Int, grace: Duration, at now: Instant, _ message: String) {
        guard containers[place].stop == nil, containers[place].isRunning else { return }
        actions.append(.event(type: "Normal", reason: "Killing", message: message))
        let killAt = now.advanced(by: grace)
        let hook = containers[place].plan.preStop.map { min(now.advanced(by: $0), killAt) }
        containers[place].stop = ContainerLife.Stop(hookEnds: hook ?? now, drainEnds: nil, killAt: killAt)
    }

    /// Goes on with ending a process as far as it is due.
    mutating func passStop(_ place: Int, at now: Instant, _ random: inout RandomStream) {
        guard let stop = containers[place].stop else { return }
        if let ends = stop.hookEnds, ends <= now {
            containers[place].stop?.hookEnds = nil
            if stop.killAt <= now, containers[place].plan.preStop != nil {
                containers[place].stop?.killAt = now.advanced(by: Self.leastGrace)
            }
            signal(place, at: now, &random)
        }
        if let ends = containers[place].stop?.drainEnds, ends <= now {
            exit(place, code: 0, reason: "Completed", at: now, &random)
        }
        if let killAt = containers[place].stop?.killAt, killAt <= now {
            exit(place, code: 137, reason: "Error", at: now, &random)
        }
    }

    /// SIGTERM reaches the process.
    private mutating func signal(_ place: Int, at now: Instant, _ random: inout RandomStream) {
        let script = containers[place].script
        if script.hangs { return }  // a process that hangs does not look at signals
        switch script.onTerm {
        case .exit: exit(place, code: 143, reason: "Error", at: now, &random)
        case .ignore: break
        case .drain:
            containers[place].stop?.drainEnds = script.drain.map { now.advanced(by: $0) }
            containers[place].isListening = false
            containers[place].listensAt = nil
            containers[place].crashesAt = nil
            actions.append(.drain(container: containers[place].plan.name))
        }
    }

    /// A process ended: it is started again, or it was the end of it.
    mutating func exit(_ place: Int, code: Int, reason: String, at now: Instant, _ random: inout RandomStream)
    {
        containers[place].end(code: code, reason: reason, at: now)
        actions.append(.kill(container: containers[place].plan.name))
        let isRestarted: Bool
        switch plan.restartPolicy {
        case "Never": isRestarted = false
        case "OnFailure": isRestarted = code != 0
        default: isRestarted = true
        }
        guard isRestarted, !isEnding else { return }
        containers[place].stage = .exited
        containers[place].next = table.next(after: .exited, &random)
            .map { ($0.stage, now.advanced(by: $0.delay)) }
    }

    /// Sees whether the last process is gone: then the sandbox goes too.
    mutating func settle(at now: Instant, _ random: inout RandomStream) {
        guard stage != .stopped, stage != .gone else { return }
        let isOver = containers.allSatisfy { !$0.isRunning && $0.next == nil && $0.stage == .stopped }
        guard isOver, isEnding || !containers.isEmpty else { return }
        enter(.stopped, at: now, &random)
    }

    /// The API removed the pod without waiting: everything ends at once.
    mutating func vanish() {
        for container in containers where container.isRunning {
            actions.append(.kill(container: container.plan.name))
        }
        if stage != .gone {
            if !plan.usesHostNetwork { actions.append(.release) }
            actions.append(.trace(stage: "stopped", reason: "removed"))
        }
        for place in containers.indices { Self.cancel(&containers[place]) }
        for place in initContainers.indices { Self.cancel(&initContainers[place]) }
        stage = .gone
        next = nil
        actions.append(.forget)
    }
}
