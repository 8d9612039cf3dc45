// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

extension Kubelet {
    /// The API has something new about a pod of this node.
    func see(_ change: ObjectChange) {
        let pod = change.object
        // A server that does not filter by field tells of others' pods too.
        guard pod.nodeName == node.name else { return }
        state.withLock { state in
            guard !state.isStopped else { return }
            if let entry = state.pods[pod.key], entry.machine.pod.uid != pod.uid {
                feed(pod.key, .removed, &state)  // another pod of that name took its place
            }
            if case .removed = change {
                state.waiting.removeAll { $0.uid == pod.uid }
                feed(pod.key, .removed, &state)
            } else if let entry = state.pods[pod.key] {
                // Somebody else said otherwise, as the node controller does of silent nodes: say it again.
                if Self.isReady(pod)
                    != entry.written.map({ Self.isReady(KubernetesObject(["status": .object($0)])) })
                {
                    state.pods[pod.key]?.written = nil
                }
                feed(pod.key, .changed(pod), &state)
            } else if !pod.hasEnded {
                accept(pod, &state)
            }
        }
    }

    private static func isReady(_ pod: KubernetesObject) -> Bool { pod.isTrue("Ready") }

    /// A pod is new on this node.
    private func accept(_ pod: KubernetesObject, _ state: inout State) {
        var faults: [String] = []
        func script(_ container: ContainerName) -> PodScript {
            do {
                return try scripts.script(container, of: pod)
            } catch {
                faults.append("\(error)")
                return PodScript()
            }
        }
        let plan = PodPlan(pod, scripts: script)
        faults = []
        guard let ip = plan.usesHostNetwork ? node.address : pool.take(for: node) else {
            guard !state.waiting.contains(where: { $0.uid == pod.uid }) else { return }
            outbox.record(
                pod,
                "Warning",
                reason: "FailedCreatePodSandBox",
                message: "Failed to create pod sandbox: no free address in \(node.podRange)"
            )
            return state.waiting.append(pod)
        }
        let now = host.clock.now
        var random = host.random.stream("pod \(pod.key) \(pod.uid)")
        let machine = PodMachine(
            pod,
            plan: plan,
            scripts: script,
            table: table,
            ip: ip,
            images: state.images,
            at: now,
            &random
        )
        var entry = Entry(machine: machine, ip: ip, random: random)
        for fault in faults { entry.events.append(("Warning", "InvalidScript", fault)) }
        state.pods[pod.key] = entry
        feed(pod.key, .changed(pod), &state)
    }

    /// Gives a pod's machine an event, and performs what it says.
    func feed(_ key: ObjectKey, _ event: PodEvent, _ state: inout State) {
        guard var entry = state.pods[key] else { return }
        entry.machine.images = state.images
        let actions = entry.machine.handle(event, at: host.clock.now, &entry.random)
        if entry.machine.images.count > state.images.count { state.images = entry.machine.images }
        var isForgotten = false
        for action in actions {
            if case .forget = action { isForgotten = true }
            perform(action, key, &entry)
        }
        schedule(key, &entry, isForgotten: isForgotten)
        if isForgotten { for (_, logs) in entry.logs.sorted(by: { $0.key < $1.key }) { logs.newest?.end() } }
        state.pods[key] = isForgotten ? nil : entry
        let isRelease = actions.contains { if case .release = $0 { true } else { false } }
        if isRelease, let next = state.waiting.first {
            state.waiting.removeFirst()
            accept(next, &state)
        }
        let stage = entry.lastStage
        Origin.$current.withValue(stage == .none ? Origin.current : stage) { controller.queue.add(key) }
    }

    /// Keeps the one timer of a pod where its machine wants it.
    private func schedule(_ key: ObjectKey, _ entry: inout Entry, isForgotten: Bool) {
        let due = isForgotten ? nil : entry.machine.due
        guard entry.timer?.at != due else { return }
        if let timer = entry.timer { host.clock.cancel(timer.id) }
        entry.timer = nil
        guard let due else { return }
        let id = host.clock.schedule(at: due) { [weak self] in
            self?.state.withLock { state in
                state.pods[key]?.timer = nil
                self?.feed(key, .tick, &state)
            }
        }
        entry.timer = (due, id)
    }

    private func perform(_ action: PodAction, _ key: ObjectKey, _ entry: inout Entry) {
        switch action {
        case .claim: host.network.claim(ip: entry.ip)
        case .release:
            host.network.release(ip: entry.ip)
            pool.give(back: entry.ip, of: node)
        case .begin(let container, let script):
            let log = entry.logs[container, default: ContainerLogs()].begin(clock: host.clock)
            for line in script.prints { log.print(line) }
        case .finish(let container): entry.logs[container]?.newest?.end()
        case .listen(let container, let script): listen(container, script, &entry)
        case .script(let container, let script): entry.processes[container]?.follow(script)
        case .drain(let container):
            guard let process = entry.processes[container] else { return }
            entry.logs[container]?.newest?.print("SIGTERM: finishing what is open")
            let uid = entry.machine.pod.uid
            process.drain { [weak self] in self?.drained(key, uid, container) }
        case .kill(let container):
            entry.processes.removeValue(forKey: container)?.kill()
            entry.logs[container]?.newest?.end()
        case .event(let type, let reason, let message): entry.events.append((type, reason, message))
        case .trace(let stage, let reason):
            let origin = Origin.current
            entry.lastStage = host.trace.record(
                .pod(
                    PodStage(
                        namespace: key.namespace,
                        name: key.name,
                        node: node.name,
                        ip: entry.ip,
                        stage: stage,
                        reason: reason
                    )
                ),
                cause: origin == .none ? entry.lastStage : origin
            )
        case .delete: entry.isDone = true
        case .forget: break
        }
    }

    private func listen(_ container: String, _ script: PodScript, _ entry: inout Entry) {
        guard let plan = entry.machine.plan.containers.first(where: { $0.name == container }) else { return }
        let process = ContainerProcess(
            host: host,
            name: entry.machine.pod.name,
            image: plan.image,
            script: script,
            random: RandomStream(seed: entry.random.next()),
            log: entry.logs[container]?.newest
        )
        entry.processes[container] = process
        for port in plan.ports { entry.logs[container]?.newest?.print("listening on \(entry.ip):\(port)") }
        for (port, failure) in process.listen(on: entry.ip, ports: plan.ports) {
            entry.logs[container]?.newest?.print("cannot listen on \(entry.ip):\(port): \(failure)")
            entry.events.append(
                (
                    "Warning", "FailedListen",
                    "container \(container) cannot listen on \(entry.ip):\(port): \(failure)"
                )
            )
        }
    }

    private func drained(_ key: ObjectKey, _ uid: String, _ container: String) {
        state.withLock { state in
            guard state.pods[key]?.machine.pod.uid == uid else { return }
            feed(key, .drained(container: container), &state)
        }
    }

    // MARK: Commands

    /// Ends the processes of pods by themselves, as a crash does; gives how many there were.
    func crash(_ isMeant: (KubernetesObject) -> Bool, container: String?, code: Int) -> Int {
        state.withLock { state in
            var count = 0
            for (key, entry) in state.pods.sorted(by: { $0.key < $1.key }) where isMeant(entry.machine.pod) {
                for life in entry.machine.containers where container == nil || life.plan.name == container {
                    guard life.isRunning else { continue }
                    count += 1
                    feed(
                        key,
                        .crash(
                            container: life.plan.name,
                            code: code,
                            reason: code == 137 ? "OOMKilled" : "Error"
                        ),
                        &state
                    )
                }
            }
            return count
        }
    }

    /// Lets all pods follow their scripts as they are now; gives how many pods have another one.
    func rereadScripts() -> Int {
        state.withLock { state in
            var count = 0
            for (key, entry) in state.pods.sorted(by: { $0.key < $1.key }) {
                var isChanged = false
                for life in entry.machine.containers {
                    let name = ContainerName([
                        "name": .string(life.plan.name), "image": .string(life.plan.image),
                    ])
                    guard let script = try? scripts.script(name, of: entry.machine.pod), script != life.script
                    else {
                        continue  // one that cannot be read was told of when the pod came
                    }
                    isChanged = true
                    feed(key, .script(container: life.plan.name, script), &state)
                }
                if isChanged { count += 1 }
            }
            return count
        }
    }
}
