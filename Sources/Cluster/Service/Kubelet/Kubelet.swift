// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports
import Synchronization

/// A node's agent: registers the node, runs the pods bound to it, and tells the API how they are.
///
/// Each pod is a `PodMachine`; this class feeds it, performs its actions, and keeps one timer for it.
final class Kubelet: Sendable {
    /// A pod on this node.
    struct Entry {
        var machine: PodMachine
        let ip: String
        var random: RandomStream
        var processes: [String: ContainerProcess] = [:]
        /// What processes printed, by container.
        var logs: [String: ContainerLogs] = [:]
        var timer: (at: Instant, id: TimerID)?
        /// The status as it was last written.
        var written: JSONObject?
        /// Events to be written.
        var events: [(type: String, reason: String, message: String)] = []
        /// Nothing is left here: the API may forget the pod.
        var isDone = false
        /// The last stage that was traced: what the next one comes from when nobody else wants it.
        var lastStage = TraceID.none
    }

    struct State {
        var pods: [ObjectKey: Entry] = [:]
        /// Pods that wait for a free address, in the order in which they came.
        var waiting: [KubernetesObject] = []
        var images: Set<String> = []
        var isStopped = false
    }

    let node: NodeDescription
    let host: Host
    let client: KubernetesClient
    let pool: NodePool
    let scripts: ScriptBook
    let table: StageTable
    let cache: ObjectCache
    let outbox: EventOutbox
    let controller: Controller<ObjectKey>
    let state = Mutex(State())

    /// Makes a node's agent for the present life of its host.
    init(
        _ node: NodeDescription,
        host: Host,
        kubernetes: Endpoint,
        token: String?,
        pool: NodePool,
        scripts: ScriptBook,
        table: StageTable
    ) {
        self.node = node
        self.host = host
        self.pool = pool
        self.scripts = scripts
        self.table = table
        client = KubernetesClient(
            host: host,
            endpoint: kubernetes,
            token: token,
            userAgent: "kubelet/v1.36.0"
        )
        cache = ObjectCache(
            .pods,
            client: client,
            host: host,
            query: [("fieldSelector", "spec.nodeName=\(node.name)")]
        )
        outbox = EventOutbox(client: client, host: host, component: "kubelet")
        controller = Controller("kubelet", host: host)
        cache.onChange { [weak self] in self?.see($0) }
    }

    /// Runs the node until the task is cancelled; then its processes are gone.
    func run(registered: @Sendable () -> Void) async {
        host.network.claim(ip: node.address)
        await withTaskGroup(of: Void.self) { group in
            if await register() {
                registered()
                group.addTask { await self.cache.run() }
                group.addTask { await self.outbox.run() }
                group.addTask { await self.serve() }
                group.addTask {
                    await self.controller.run { [self] key, pass in try await report(key, pass) }
                }
            }
            await group.waitForAll()
        }
        stop()
    }

    /// Ends everything on the node at once, as when its machine loses power.
    private func stop() {
        let entries = state.withLock { state in
            state.isStopped = true
            defer {
                state.pods = [:]
                state.waiting = []
            }
            return state.pods.sorted { $0.key < $1.key }.map(\.value)
        }
        for entry in entries {
            if let timer = entry.timer { host.clock.cancel(timer.id) }
            for (_, process) in entry.processes.sorted(by: { $0.key < $1.key }) { process.kill() }
            for (_, logs) in entry.logs.sorted(by: { $0.key < $1.key }) { logs.newest?.end() }
            if !entry.machine.plan.usesHostNetwork {
                host.network.release(ip: entry.ip)
                pool.give(back: entry.ip, of: node)
            }
        }
    }

    // MARK: The node

    /// The API server can be reached again after it took the node for lost: the node has to say that it lives.
    func becomeReachable() {
        controller.queue.add(Self.nodeKey)
    }

    /// Stands for the node itself in the queue of pods; no pod is without a namespace.
    static let nodeKey = ObjectKey(name: "")

    /// Makes the Node object, or its status true again; false when the task was cancelled before.
    private func register() async -> Bool {
        var pause = Duration.milliseconds(200)
        while !Task.isCancelled {
            do {
                try await registerOnce()
                return true
            } catch {
                guard (try? await host.clock.sleep(for: pause)) != nil else { return false }
                pause = min(pause * 2, .seconds(7))
            }
        }
        return false
    }

    func registerOnce() async throws {
        let object = node.object(ownsRange: pool.ownsRange(node), at: host.clock.now)
        var present: KubernetesObject
        do {
            present = try await client.create(.nodes, object)
        } catch {
            guard error.isAlreadyExists else { throw error }
            present = try await client.get(.nodes, name: node.name)
        }
        guard !present.isTrue("Ready") else { return }
        let patch: JSONValue = ["status": node.status(at: host.clock.now)]
        _ = try await client.patch(.nodes, present.key, patch, form: .strategicMerge, subresource: "status")
    }
}
