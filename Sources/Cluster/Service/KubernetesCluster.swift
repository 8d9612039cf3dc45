// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubernetesAPI
public import Ports
import Synchronization

/// What kube-controller-manager, kube-scheduler and the kubelets of a cluster do, against any API server.
///
/// ```swift
/// let cluster = KubernetesCluster(
///     host: simulation.host("cluster"), kubernetes: endpoint, nodes: nodes,
///     podHost: { simulation.host($0) })
/// await cluster.run()
/// ```
///
/// Everything is driven by watches and by timers for what is really pending: a cluster in which nothing
/// happens makes no call. Nodes therefore send no heartbeats and keep no leases; that a node is lost is told
/// by `nodeDown` or `setReachable`.
public final class KubernetesCluster: Sendable {
    /// A node that goes up and down.
    private struct NodeState {
        var wanted = true
        /// True for a node that joins later than the others.
        var isLate = false
        var kubelet: Kubelet?
        var commands: AsyncStream<Bool>.Continuation?
    }

    private struct State {
        var nodes: [String: NodeState] = [:]
        var registered: Set<String> = []
        var isSynced = false
        var isReady = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let host: Host
    private let kubernetes: Endpoint
    private let token: String?
    private let podHost: @Sendable (String) -> Host
    private let pool: NodePool
    private let scripts: ScriptBook
    private let table: StageTable
    private let client: KubernetesClient
    private let caches: Caches
    private let outboxes: [EventOutbox]
    private let deployments: DeploymentController
    private let replicaSets: ReplicaSetController
    private let endpoints: EndpointsController
    private let endpointSlices: EndpointsController
    private let scheduler: Scheduler
    private let garbage: GarbageCollector
    private let namespaces: NamespaceController
    private let nodeController: NodeController
    private let nodePorts: NodePorts
    private let state = Mutex(State())

    /// Makes a cluster; it works while `run` does.
    ///
    /// - Parameters:
    ///   - host: Where the controllers and the scheduler run.
    ///   - kubernetes: The API server.
    ///   - token: A bearer token, when the server wants one.
    ///   - authority: The certificate, as PEM, of the authority behind the server's: every namespace gets it, and a
    ///     ServiceAccount.
    ///   - nodes: The nodes; their kubelets register them.
    ///   - podHost: The host of a node by the node's name, in its present life: its kubelet and its pods run there.
    ///   - scripts: How the processes in containers behave.
    ///   - stages: How long the stages of a pod last.
    public init(
        host: Host,
        kubernetes: Endpoint,
        token: String? = nil,
        authority: String? = nil,
        nodes: [NodeDescription],
        podHost: @escaping @Sendable (String) -> Host,
        scripts: PodScripts = PodScripts(),
        stages: StageTable = .standard
    ) {
        self.host = host
        self.kubernetes = kubernetes
        self.token = token
        self.podHost = podHost
        pool = NodePool(nodes)
        self.scripts = ScriptBook(scripts)
        table = stages
        client = KubernetesClient(
            host: host,
            endpoint: kubernetes,
            token: token,
            userAgent: "kube-controller-manager/v1.36.0"
        )
        let binder = KubernetesClient(
            host: host,
            endpoint: kubernetes,
            token: token,
            userAgent: "kube-scheduler/v1.36.0"
        )
        caches = Caches(client: client, host: host)
        nodePorts = NodePorts(caches: caches)
        func outbox(_ client: KubernetesClient, _ component: String) -> EventOutbox {
            EventOutbox(client: client, host: host, component: component)
        }
        let (deploymentEvents, setEvents) = (
            outbox(client, "deployment-controller"), outbox(client, "replicaset-controller")
        )
        let (nodeEvents, schedulerEvents) = (
            outbox(client, "node-controller"), outbox(binder, "default-scheduler")
        )
        outboxes = [deploymentEvents, setEvents, nodeEvents, schedulerEvents]
        let discovery = ResourceDiscovery(client: client)
        deployments = DeploymentController(
            client: client,
            host: host,
            caches: caches,
            events: deploymentEvents
        )
        replicaSets = ReplicaSetController(client: client, host: host, caches: caches, events: setEvents)
        endpoints = EndpointsController(.endpoints, client: client, host: host, caches: caches)
        endpointSlices = EndpointsController(.endpointslice, client: client, host: host, caches: caches)
        scheduler = Scheduler(client: binder, host: host, caches: caches, events: schedulerEvents)
        garbage = GarbageCollector(client: client, host: host, caches: caches, discovery: discovery)
        namespaces = NamespaceController(
            client: client,
            host: host,
            caches: caches,
            discovery: discovery,
            authority: authority
        )
        nodeController = NodeController(client: client, host: host, caches: caches, events: nodeEvents)
    }

    /// Runs everything until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for cache in caches.all { group.addTask { await cache.run() } }
            for outbox in outboxes { group.addTask { await outbox.run() } }
            for node in pool.nodes { group.addTask { [self] in await keep(node) } }
            group.addTask { [self] in
                for cache in caches.all { await cache.waitUntilSynced() }
                guard !Task.isCancelled else { return }
                note { $0.isSynced = true }
                await runControllers()
            }
        }
        becomeReady()  // nobody may wait for ever for a cluster that has stopped
    }

    private func runControllers() async {
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in await deployments.run() }
            group.addTask { [self] in await replicaSets.run() }
            group.addTask { [self] in await endpoints.run() }
            group.addTask { [self] in await endpointSlices.run() }
            group.addTask { [self] in await scheduler.run() }
            group.addTask { [self] in await garbage.run() }
            group.addTask { [self] in await namespaces.run() }
            group.addTask { [self] in await nodeController.run() }
        }
    }

    // MARK: Nodes

    /// Runs a node's kubelet whenever the node is up.
    private func keep(_ node: NodeDescription) async {
        let (commands, inlet) = AsyncStream<Bool>.makeStream()
        state.withLock { state in
            state.nodes[node.name, default: NodeState()].commands = inlet
            inlet.yield(state.nodes[node.name]?.wanted ?? true)
        }
        await withTaskGroup(of: Void.self) { group in
            var running: CancellationBell?
            for await isUp in commands {
                if isUp, running == nil {
                    let bell = CancellationBell()
                    running = bell
                    group.addTask { [self] in await bell.guarding { await self.runKubelet(node) } }
                } else if !isUp, let bell = running {
                    bell.ring()
                    running = nil
                }
            }
            group.cancelAll()
        }
    }

    private func runKubelet(_ node: NodeDescription) async {
        let kubelet = Kubelet(
            node,
            host: podHost(node.name),
            kubernetes: kubernetes,
            token: token,
            pool: pool,
            scripts: scripts,
            table: table
        )
        state.withLock { $0.nodes[node.name]?.kubelet = kubelet }
        nodePorts.add(node, host: podHost(node.name))
        defer { nodePorts.remove(node.name) }
        await kubelet.run { [self] in
            note { $0.registered.insert(node.name) }
        }
        state.withLock { state in
            if state.nodes[node.name]?.kubelet === kubelet { state.nodes[node.name]?.kubelet = nil }
        }
    }

    /// Notes progress, and tells those who wait when the cluster is ready by it.
    private func note(_ progress: (inout State) -> Void) {
        let isReady = state.withLock { state in
            progress(&state)
            let missing = pool.nodes.count { state.nodes[$0.name]?.isLate ?? false }
            return state.isSynced && state.registered.count >= pool.nodes.count - missing
        }
        if isReady { becomeReady() }
    }

    /// Waits until every node is registered and the controllers know what there is.
    public func waitUntilReady() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if !state.isReady { state.waiters.append(continuation) }
                return state.isReady
            }
            if isReady { continuation.resume() }
        }
    }

    private func becomeReady() {
        let waiters = state.withLock { state in
            state.isReady = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// A node's machine went down, with all that ran on it.
    ///
    /// In simulation, crash its host as well.
    public func nodeDown(_ name: String) {
        let commands = state.withLock { state in
            state.nodes[name, default: NodeState()].wanted = false
            return state.nodes[name]?.commands
        }
        commands?.yield(false)
        nodeController.setLost(true, name)
    }

    /// Leaves a node out until `nodeUp`; before `run` only.
    public func leaveOut(node name: String) {
        state.withLock { state in
            state.nodes[name, default: NodeState()].wanted = false
            state.nodes[name]?.isLate = true
        }
    }

    /// A node that was down is up again; `podHost` is asked for its host anew.
    public func nodeUp(_ name: String) {
        let commands = state.withLock { state in
            state.nodes[name, default: NodeState()].wanted = true
            return state.nodes[name]?.commands
        }
        nodeController.setLost(false, name)
        commands?.yield(true)
    }

    /// The API server hears of a node no more, or again, while its pods run on: a partition.
    public func setReachable(_ isReachable: Bool, node name: String) {
        nodeController.setLost(!isReachable, name)
        guard isReachable else { return }
        state.withLock { $0.nodes[name]?.kubelet }?.becomeReachable()
    }

    /// Forbids new pods on a node, or allows them again.
    public func setCordoned(_ isCordoned: Bool, node name: String) async throws(KubernetesError) {
        _ = try await client.patch(
            .nodes,
            ObjectKey(name: name),
            ["spec": ["unschedulable": isCordoned ? true : nil]]
        )
    }

    /// Forbids new pods on a node and evicts those that it has.
    ///
    /// - Returns: How many pods may not go yet, since a disruption budget keeps them; the caller tries again.
    public func drain(node name: String) async throws(KubernetesError) -> Int {
        try await setCordoned(true, node: name)
        var kept = 0
        for pod in caches.pods.objects("node \(name)") where !pod.isTerminating {
            do {
                try await client.post(
                    .pods,
                    pod.key,
                    subresource: "eviction",
                    [
                        "apiVersion": "policy/v1", "kind": "Eviction",
                        "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
                    ]
                )
            } catch {
                if error.status?.code == 429 {
                    kept += 1
                } else if !error.isNotFound {
                    throw error
                }
            }
        }
        return kept
    }

    // MARK: Pods

    /// Lets the process in containers crash; they are started again as their policy says.
    ///
    /// - Parameters:
    ///   - namespace: The pods' namespace; empty for all.
    ///   - selector: Which pods.
    ///   - container: Which container; all without.
    ///   - code: The exit code.
    /// - Returns: How many processes crashed.
    @discardableResult
    public func crash(
        namespace: String,
        selector: LabelSelector,
        container: String? = nil,
        code: Int = 1
    ) -> Int {
        kubelets.reduce(0) { count, kubelet in
            count
                + kubelet.crash(
                    { (namespace.isEmpty || $0.namespace == namespace) && selector.matches($0.labels) },
                    container: container,
                    code: code
                )
        }
    }

    /// Lets the process in one pod's containers crash.
    ///
    /// - Returns: How many processes crashed.
    @discardableResult
    public func crash(pod: ObjectKey, container: String? = nil, code: Int = 1) -> Int {
        kubelets.reduce(0) { $0 + $1.crash({ $0.key == pod }, container: container, code: code) }
    }

    /// Changes the scripts of pods, of those that run and those that come: `["hang": true]`.
    ///
    /// - Returns: A number to take the change back with.
    /// - Throws: `PodScriptError` when the members are no script.
    @discardableResult
    public func changeScripts(
        namespace: String,
        selector: LabelSelector,
        _ members: JSONObject
    ) throws(PodScriptError) -> Int {
        _ = try PodScript(.object(members))
        let id = scripts.add(ScriptChange(namespace: namespace, selector: selector, members: members))
        for kubelet in kubelets { _ = kubelet.rereadScripts() }
        return id
    }

    /// Takes a change of scripts back.
    public func restoreScripts(_ change: Int) {
        scripts.remove(change)
        for kubelet in kubelets { _ = kubelet.rereadScripts() }
    }

    private var kubelets: [Kubelet] {
        state.withLock { state in pool.nodes.compactMap { state.nodes[$0.name]?.kubelet } }
    }

    // MARK: What the cloud knows

    /// The nodes as instances, in the order in which they were given.
    ///
    /// Of several with one address only those that are up: one has taken the place of another.
    public var instances: [NodeInstance] {
        let replaced = replacedNodes()
        return pool.instances.filter { !replaced.contains($0.node) }
    }

    /// The network interfaces of all nodes with the addresses on them, by the order of the nodes.
    public func networkInterfaces() -> [NodeInterface] {
        let replaced = replacedNodes()
        return pool.interfaces.filter { !replaced.contains($0.node) }
    }

    /// The nodes that are down and whose address others have as well.
    private func replacedNodes() -> Set<String> {
        let sharing = pool.sharing
        guard !sharing.isEmpty else { return [] }
        return state.withLock { state in
            Set(sharing.filter { state.nodes[$0]?.wanted == false })
        }
    }
}
