// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
public import Ports

/// The ALB Ingress controller: keeps the cloud as Ingresses and AlbConfigs want it.
///
/// Two queues: AlbConfigs, for everything that rules depend on, and server groups, for everything that their
/// servers depend on. A change wakes a key; a pass over it compares and writes what differs. All state is a
/// cache of the API server and the cloud, so a new instance goes on where a killed one stopped.
public final class IngressController: Sendable {
    private let host: Host
    private let configuration: ControllerConfiguration
    private let client: KubernetesClient
    private let watch: ClusterWatch
    private let registry = GroupRegistry()
    private let groups: WorkQueue<String>
    private let targets: WorkQueue<TargetName>
    private let groupReconciler: GroupReconciler
    private let serverReconciler: ServerReconciler

    /// Workers of each queue.
    private static let groupWorkers = 3
    private static let serverWorkers = 5

    /// Makes a controller; it works while `run` does.
    public init(host: Host, configuration: ControllerConfiguration) {
        self.host = host
        self.configuration = configuration
        client = KubernetesClient(
            host: host,
            endpoint: configuration.kubernetes,
            token: configuration.kubernetesToken,
            userAgent: "alb-ingress-controller"
        )
        let groups = WorkQueue<String>(
            clock: host.clock,
            backoff: .init(first: .seconds(5), last: .seconds(300))
        )
        let targets = WorkQueue<TargetName>(
            clock: host.clock,
            backoff: .init(first: .milliseconds(500), last: .seconds(1000))
        )
        self.groups = groups
        self.targets = targets
        watch = ClusterWatch(
            host: host,
            client: client,
            watchTimeout: configuration.watchTimeout,
            registry: registry,
            wakeup: Wakeup(group: { groups.add($0) }, target: { targets.add($0) })
        )
        let caller = CloudCaller(host: host, configuration: configuration.cloud)
        let executor = PlanExecutor(host: host, caller: caller)
        let reporter = ProblemReporter(
            events: EventRecorder(client: client, host: host, component: "ingress")
        )
        serverReconciler = ServerReconciler(
            host: host,
            configuration: configuration,
            client: client,
            caller: caller,
            executor: executor,
            watch: watch,
            registry: registry,
            reporter: reporter
        )
        groupReconciler = GroupReconciler(
            host: host,
            configuration: configuration,
            client: client,
            caller: caller,
            executor: executor,
            servers: serverReconciler,
            watch: watch,
            registry: registry,
            reporter: reporter,
            wakeTarget: { targets.add($0) }
        )
    }

    /// Works until the task is cancelled, or until the lead is lost where there is an election.
    public func run() async {
        await CustomResourceInstaller(host: host, client: client).install()
        guard configuration.electsLeader else { return await work() }
        let election = LeaderElection(host: host, client: client)
        guard await election.acquire() else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await election.hold() }
            group.addTask { await self.work() }
            await group.next()
            group.cancelAll()
        }
    }

    private func work() async {
        await withTaskGroup(of: Void.self) { group in
            for informer in watch.informers { group.addTask { await informer.run() } }
            group.addTask { await self.start() }
            for _ in 0..<Self.groupWorkers { group.addTask { await self.workOnGroups() } }
            for _ in 0..<Self.serverWorkers { group.addTask { await self.workOnTargets() } }
        }
    }

    /// Everything is looked at once at the start: nobody knows what happened before.
    private func start() async {
        for informer in watch.informers { await informer.waitUntilSynced() }
        watch.start()
        for albConfig in watch.albConfigs.all { groups.add(albConfig.name) }
    }

    private func workOnGroups() async {
        while let name = await groups.next() {
            let start = host.clock.now
            let result = await groupReconciler.reconcile(name)
            finish(name, in: groups, result, controller: "albconfig", start: start)
        }
    }

    private func workOnTargets() async {
        while let name = await targets.next() {
            let start = host.clock.now
            let result = await serverReconciler.reconcile(name)
            finish(name, in: targets, result, controller: "servers", start: start)
        }
    }

    private func finish<Key: CustomStringConvertible>(
        _ key: Key,
        in queue: WorkQueue<Key>,
        _ result: PassResult,
        controller: String,
        start: Instant
    ) {
        host.trace.record(
            .reconcile(
                Reconcile(
                    controller: controller,
                    key: key.description,
                    outcome: result.word,
                    message: result.message,
                    writes: result.writes,
                    duration: start.duration(to: host.clock.now)
                )
            )
        )
        switch result.outcome {
        case .done: queue.forget(key)
        case .retry: queue.retry(key)
        case .again(let delay):
            queue.forget(key)
            queue.add(key, after: delay)
        }
        queue.done(key)
    }
}
