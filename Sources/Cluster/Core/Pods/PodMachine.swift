// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// What happens to a pod on its node, beside the passing of time.
enum PodEvent: Sendable {
    /// The API has a new state of it.
    case changed(KubernetesObject)
    /// The API has it no more.
    case removed
    /// A container's script is another from now on.
    case script(container: String, PodScript)
    /// A container's process ends by itself.
    case crash(container: String, code: Int, reason: String)
    /// A container's process has finished what was open.
    case drained(container: String)
    /// Nothing but the time: something may be due.
    case tick
}

/// What a node has to do for a pod.
enum PodAction: Sendable {
    /// Make the pod's address one's own.
    case claim
    /// Give the address up.
    case release
    /// A container's process has begun: what it prints is a log of its own.
    case begin(container: String, PodScript)
    /// The process of an init container has done its work.
    case finish(container: String)
    /// Open a container's ports, and answer by its script.
    case listen(container: String, PodScript)
    /// Answer by another script.
    case script(container: String, PodScript)
    /// Take no more connections, and say when what is open is finished.
    case drain(container: String)
    /// End the process: listeners are closed and connections cut.
    case kill(container: String)
    /// Write an event.
    case event(type: String, reason: String, message: String)
    /// Tell the trace.
    case trace(stage: String, reason: String)
    /// Remove the pod from the API: nothing is left of it here.
    case delete
    /// Forget the pod.
    case forget
}

/// A pod's life on its node: events and time in, actions out.
///
/// After each call `due` says when time alone changes something next; nothing is ever polled.
///
/// - Source: the kubelet's pod workers, prober and status manager; seen upstream, simplified to what the API
///   and the network show.
struct PodMachine: Sendable {
    /// The pod's newest state in the API.
    private(set) var pod: KubernetesObject
    let plan: PodPlan
    let table: StageTable
    /// The pod's address; nil when it waits for one.
    let ip: String
    let startTime: Instant
    var containers: [ContainerLife]
    var initContainers: [ContainerLife]
    /// The pod's own stage: the sandbox before and after its containers.
    var stage = LifeStage.scheduled
    var next: (stage: LifeStage, at: Instant)?
    /// True once the pod is to end.
    var isEnding = false
    var conditions = PodConditions()
    var actions: [PodAction] = []
    /// Images that the node has.
    var images: Set<String>
    private var wasReady = false

    init(
        _ pod: KubernetesObject,
        plan: PodPlan,
        scripts: (ContainerName) -> PodScript,
        table: StageTable,
        ip: String,
        images: Set<String>,
        at now: Instant,
        _ random: inout RandomStream
    ) {
        self.pod = pod
        self.plan = plan
        self.table = table
        self.ip = ip
        self.images = images
        startTime = pod["status", "startTime"]?.stringValue.flatMap { Instant(rfc3339: $0) } ?? now
        func life(_ container: ContainerPlan, _ json: JSONValue) -> ContainerLife {
            ContainerLife(container, script: scripts(ContainerName(json)))
        }
        containers = zip(plan.containers, pod["spec", "containers"]?.arrayValue ?? []).map { life($0, $1) }
        initContainers = zip(plan.initContainers, pod["spec", "initContainers"]?.arrayValue ?? []).map {
            life($0, $1)
        }
        if !initContainers.isEmpty {
            for place in containers.indices {
                containers[place].state = .waiting(reason: "PodInitializing", message: nil)
            }
        }
        takeOver(at: now)
        enter(.scheduled, at: now, &random)
        refreshConditions(at: now)
    }

    /// Goes on from what an earlier life of the node left in the status: running processes died with it.
    private mutating func takeOver(at now: Instant) {
        for status in pod["status", "containerStatuses"]?.arrayValue ?? [] {
            guard let place = containers.firstIndex(where: { $0.plan.name == status["name"]?.stringValue })
            else {
                continue
            }
            containers[place].restarts = status["restartCount"]?.intValue ?? 0
            if let since = status["state", "running"]?["startedAt"]?.stringValue.flatMap({
                Instant(rfc3339: $0)
            }) {
                containers[place].restarts += 1
                containers[place].last = ContainerLife.Exit(
                    code: 255,
                    reason: "Unknown",
                    startedAt: since,
                    finishedAt: now
                )
            }
        }
    }

    /// When time alone changes something next; nil when nothing does.
    var due: Instant? {
        ((containers + initContainers).map(\.due) + [next?.at]).compactMap { $0 }.min()
    }

    /// Takes an event in, and everything that was due until now.
    mutating func handle(_ event: PodEvent, at now: Instant, _ random: inout RandomStream) -> [PodAction] {
        actions = []
        passAll(until: now, &random)
        for place in containers.indices { judge(place, at: now) }
        take(event, at: now, &random)
        refreshConditions(at: now)
        passAll(until: now, &random)
        settle(at: now, &random)
        refreshConditions(at: now)
        return actions
    }

    private mutating func refreshConditions(at now: Instant) {
        var fresh = conditions
        fresh.refresh(self, at: now)
        conditions = fresh
        report()
    }

    private mutating func take(_ event: PodEvent, at now: Instant, _ random: inout RandomStream) {
        switch event {
        case .tick: break
        case .changed(let newer):
            pod = newer
            if pod.isTerminating { end(at: now) }
        case .removed: vanish()
        case .script(let name, let script):
            guard let place = containers.firstIndex(where: { $0.plan.name == name }) else { return }
            containers[place].script = script
            if containers[place].plan.probe(.readiness) == nil, script.readyAfter != nil,
                containers[place].isListening
            {
                containers[place].isReady = script.isReady
            }
            if containers[place].isListening { actions.append(.script(container: name, script)) }
        case .crash(let name, let code, let reason):
            guard let place = containers.firstIndex(where: { $0.plan.name == name }),
                containers[place].isRunning
            else { return }
            actions.append(.trace(stage: "crashed", reason: "\(name): \(reason)"))
            exit(place, code: code, reason: reason, at: now, &random)
        case .drained(let name):
            guard let place = containers.firstIndex(where: { $0.plan.name == name }),
                containers[place].stop != nil
            else { return }
            exit(place, code: 0, reason: "Completed", at: now, &random)
        }
    }

    // MARK: Time

    /// Does all that is due, one instant after the other.
    private mutating func passAll(until now: Instant, _ random: inout RandomStream) {
        // Each turn ends a wait, so this ends; the bound is for a table that goes round at one instant.
        var turns = 0
        while let due, due <= now, turns < 1_000 {
            turns += 1
            pass(at: due, &random)
        }
    }

    /// Does what is due at one instant.
    private mutating func pass(at now: Instant, _ random: inout RandomStream) {
        for place in containers.indices { judge(place, at: now) }
        if let next, next.at <= now { enter(next.stage, at: now, &random) }
        for place in initContainers.indices { passInit(place, at: now, &random) }
        for place in containers.indices { pass(place, at: now, &random) }
        settle(at: now, &random)
        refreshConditions(at: now)
    }

    private mutating func pass(_ place: Int, at now: Instant, _ random: inout RandomStream) {
        let name = containers[place].plan.name
        if let next = containers[place].next, next.at <= now {
            advance(place, to: next.stage, at: now, &random)
        }
        if let time = containers[place].listensAt, time <= now {
            containers[place].listensAt = nil
            containers[place].isListening = true
            actions.append(.listen(container: name, containers[place].script))
            actions.append(.trace(stage: "running", reason: name))
        }
        if let time = containers[place].readyAt, time <= now {
            containers[place].readyAt = nil
            containers[place].isReady = containers[place].script.isReady
        }
        passStop(place, at: now, &random)
        if let time = containers[place].crashesAt, time <= now {
            let code = containers[place].script.exitCode
            let reason = code == 0 ? "Completed" : "Error"
            actions.append(.trace(stage: "crashed", reason: "\(name): exit code \(code)"))
            exit(place, code: code, reason: reason, at: now, &random)
        }
    }

    /// Acts on probes whose verdict changes at this instant.
    private mutating func judge(_ place: Int, at now: Instant) {
        for change in containers[place].advanceProbes(to: now) {
            switch (change.kind, change.isGood) {
            case (.startup, true): containers[place].begin(at: now)
            case (.readiness, let isGood):
                if !isGood, containers[place].isReady { unhealthy(change.probe) }
                containers[place].isReady = isGood
            case (.liveness, true): break
            case (.liveness, false), (.startup, false):
                unhealthy(change.probe)
                let word = change.kind.rawValue
                stop(
                    place,
                    grace: plan.grace,
                    at: now,
                    "Container \(containers[place].plan.name) failed \(word) probe, will be restarted"
                )
            }
        }
    }

    private mutating func unhealthy(_ probe: Probe) {
        let kind = probe.kind.rawValue.prefix(1).uppercased() + probe.kind.rawValue.dropFirst()
        actions.append(
            .event(
                type: "Warning",
                reason: "Unhealthy",
                message: "\(kind) probe failed: \(probe.name) failed"
            )
        )
    }

    /// Tells the trace when the pod as a whole became ready or unready.
    private mutating func report() {
        let isReady = conditions.isTrue("Ready")
        guard isReady != wasReady else { return }
        wasReady = isReady
        if isReady {
            actions.append(.trace(stage: "ready", reason: ""))
        } else if !isEnding, stage != .gone {
            actions.append(.trace(stage: "unready", reason: conditions.reason("Ready")))
        }
    }
}
