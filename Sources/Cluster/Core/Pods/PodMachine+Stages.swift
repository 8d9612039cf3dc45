// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports

extension PodMachine {
    /// Draws the stage that follows by time.
    private func following(
        _ stage: LifeStage,
        at now: Instant,
        _ random: inout RandomStream
    ) -> (stage: LifeStage, at: Instant)? {
        table.next(after: stage, &random).map { ($0.stage, now.advanced(by: $0.delay)) }
    }

    /// The pod as a whole comes to a stage.
    mutating func enter(_ stage: LifeStage, at now: Instant, _ random: inout RandomStream) {
        self.stage = stage
        next = following(stage, at: now, &random)
        switch stage {
        case .sandboxed:
            if !plan.usesHostNetwork { actions.append(.claim) }
            actions.append(.trace(stage: "starting", reason: ""))
            if initContainers.isEmpty {
                prepareAll(at: now, &random)
            } else {
                prepareInit(0, at: now, &random)
            }
        case .gone:
            if !plan.usesHostNetwork { actions.append(.release) }
            actions.append(.trace(stage: "stopped", reason: ""))
            if isEnding { actions.append(.delete) }
        default: break
        }
    }

    private static let creating = ContainerLife.State.waiting(reason: "ContainerCreating", message: nil)

    private mutating func prepareAll(at now: Instant, _ random: inout RandomStream) {
        for place in containers.indices {
            let stage = prepared(containers[place].plan)
            containers[place].state = Self.creating
            containers[place].stage = stage
            containers[place].next = following(stage, at: now, &random)
        }
    }

    private mutating func prepareInit(_ place: Int, at now: Instant, _ random: inout RandomStream) {
        let stage = prepared(initContainers[place].plan)
        initContainers[place].state = Self.creating
        initContainers[place].stage = stage
        initContainers[place].next = following(stage, at: now, &random)
    }

    /// Whether the image has to be pulled, with the event that says so.
    private mutating func prepared(_ container: ContainerPlan) -> LifeStage {
        let image = container.image
        if images.contains(image), !container.alwaysPulls {
            actions.append(
                .event(
                    type: "Normal",
                    reason: "Pulled",
                    message: "Container image \"\(image)\" already present on machine"
                )
            )
            return .cached
        }
        actions.append(.event(type: "Normal", reason: "Pulling", message: "Pulling image \"\(image)\""))
        return .pulling
    }

    /// A container comes to a stage.
    mutating func advance(_ place: Int, to stage: LifeStage, at now: Instant, _ random: inout RandomStream) {
        switch containers[place].stage {
        case .pulling:
            guard containers[place].script.pulls else { return failPull(place, at: now) }
            pulled(containers[place].plan.image)
        case .pullFailed:
            containers[place].stage = prepared(containers[place].plan)
            containers[place].next = following(containers[place].stage, at: now, &random)
            return
        case .exited:
            if holdsBack(place, at: now) { return }
        default: break
        }
        containers[place].stage = stage
        containers[place].next = following(stage, at: now, &random)
        switch stage {
        case .created: created(containers[place].plan.name)
        case .running: start(place, at: now, &random)
        default: break
        }
    }

    private mutating func pulled(_ image: String) {
        images.insert(image)
        actions.append(
            .event(type: "Normal", reason: "Pulled", message: "Successfully pulled image \"\(image)\"")
        )
    }

    private mutating func created(_ name: String) {
        actions.append(.event(type: "Normal", reason: "Created", message: "Container created"))
    }

    private mutating func start(_ place: Int, at now: Instant, _ random: inout RandomStream) {
        containers[place].start(at: now, &random)
        actions.append(.begin(container: containers[place].plan.name, containers[place].script))
        actions.append(.event(type: "Normal", reason: "Started", message: "Container started"))
    }

    private mutating func failPull(_ place: Int, at now: Instant) {
        let image = containers[place].plan.image
        let pause = max(containers[place].delay, ContainerLife.backoff.first)
        containers[place].delay = min(pause * 2, ContainerLife.backoff.last)
        let message = "Back-off pulling image \"\(image)\""
        actions.append(
            .event(type: "Warning", reason: "Failed", message: "Failed to pull image \"\(image)\": not found")
        )
        actions.append(.event(type: "Warning", reason: "Failed", message: "Error: ErrImagePull"))
        actions.append(.event(type: "Normal", reason: "BackOff", message: message))
        containers[place].state = .waiting(reason: "ImagePullBackOff", message: message)
        containers[place].stage = .pullFailed
        containers[place].next = (.pulling, now.advanced(by: pause))
    }

    /// Keeps a container that crashed too often waiting; true when it has to wait.
    private mutating func holdsBack(_ place: Int, at now: Instant) -> Bool {
        guard case .terminated(let exit) = containers[place].state else {
            containers[place].restarts += 1
            return false
        }
        let pause = containers[place].delay
        containers[place].delay = min(max(pause * 2, ContainerLife.backoff.first), ContainerLife.backoff.last)
        let until = exit.finishedAt.advanced(by: pause)
        guard until > now else {
            containers[place].restarts += 1
            return false
        }
        let name = containers[place].plan.name
        let text = "restarting failed container=\(name) pod=\(pod.name)_\(pod.namespace)(\(pod.uid))"
        actions.append(
            .event(
                type: "Warning",
                reason: "BackOff",
                message:
                    "Back-off restarting failed container \(name) in pod \(pod.name)_\(pod.namespace)(\(pod.uid))"
            )
        )
        containers[place].last = exit
        containers[place].state = .waiting(
            reason: "CrashLoopBackOff",
            message: "back-off \(Self.text(pause)) \(text)"
        )
        containers[place].next = (.running, until)
        return true
    }

    /// `10s`, `1m20s`, as Go prints durations.
    private static func text(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }

    // MARK: Init containers

    /// Init containers run one after the other, each as long as its script takes to start.
    mutating func passInit(_ place: Int, at now: Instant, _ random: inout RandomStream) {
        if let next = initContainers[place].next, next.at <= now {
            let stage = next.stage
            initContainers[place].stage = stage
            initContainers[place].next = following(stage, at: now, &random)
            if stage == .created {
                images.insert(initContainers[place].plan.image)
                created(initContainers[place].plan.name)
            }
            if stage == .running {
                initContainers[place].start(at: now, &random)
                // It does its work and ends; nobody probes it.
                initContainers[place].runs = []
                (initContainers[place].readyAt, initContainers[place].crashesAt) = (nil, nil)
                actions.append(
                    .begin(container: initContainers[place].plan.name, initContainers[place].script)
                )
                actions.append(.event(type: "Normal", reason: "Started", message: "Container started"))
            }
        }
        guard let time = initContainers[place].listensAt, time <= now else { return }
        initContainers[place].end(code: 0, reason: "Completed", at: now)
        actions.append(.finish(container: initContainers[place].plan.name))
        if place + 1 < initContainers.count {
            prepareInit(place + 1, at: now, &random)
        } else {
            prepareAll(at: now, &random)
        }
    }

    /// True when all init containers have done their work.
    var isInitialized: Bool {
        initContainers.allSatisfy {
            if case .terminated(let exit) = $0.state { exit.code == 0 } else { false }
        }
    }
}
