// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
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
    struct NodeState {
        var wanted = true
        /// True for a node that joins later than the others.
        var isLate = false
        var kubelet: Kubelet?
        var commands: AsyncStream<Bool>.Continuation?
    }

    struct State {
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
    let pool: NodePool
    let scripts: ScriptBook
    private let table: StageTable
    let client: KubernetesClient
    let caches: Caches
    private let outboxes: [EventOutbox]
    private let deployments: DeploymentController
    private let replicaSets: ReplicaSetController
    private let endpoints: EndpointsController
    private let endpointSlices: EndpointsController
    private let scheduler: Scheduler
    private let garbage: GarbageCollector
    private let namespaces: NamespaceController
    let nodeController: NodeController
    private let nodePorts: NodePorts
    let state = Mutex(State())

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
}
