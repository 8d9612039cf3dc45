// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI
import Ports

/// One life of the controller's process: queues, caches and workers from its start to its end.
final class ControllerLife: Sendable {
    let process = ProcessLife()
    private let host: Host
    private let configuration: ControllerConfiguration
    private let client: KubernetesClient
    private let watch: ClusterWatch
    private let registry = GroupRegistry()
    private let groups: WorkQueue<String>
    private let targets: WorkQueue<TargetName>
    private let notices: NoticeQueue<IngressNotice>
    private let services: ServiceQueue
    private let groupReconciler: GroupReconciler
    private let serverReconciler: ServerReconciler
    private let serviceSync: ServiceSync
    private let ingressSync: IngressSync
    private let reporter: ProblemReporter
    private let watched: ControllerGauge

    /// Workers of each queue.
    private static let groupWorkers = 3
    private static let serverWorkers = 5
    private static let serviceWorkers = 3

    init(host: Host, configuration: ControllerConfiguration, gauge: ControllerGauge) {
        self.host = host
        self.configuration = configuration
        watched = gauge
        let profile = configuration.profile
        client = Self.client(host, configuration)
        let groups = WorkQueue<String>(
            clock: host.clock,
            backoff: .init(first: .seconds(5), last: .seconds(300))
        )
        let targets = WorkQueue<TargetName>(
            clock: host.clock,
            backoff: .init(first: .milliseconds(500), last: .seconds(1000))
        )
        let limit = profile.has(.oldestNotificationsDropped) ? 1024 : nil
        let notices = NoticeQueue<IngressNotice>(clock: host.clock, limit: limit)
        let services = ServiceQueue(clock: host.clock, limit: limit, profile: profile)
        self.groups = groups
        self.targets = targets
        self.notices = notices
        self.services = services
        let wakeTarget: @Sendable (TargetName) -> Void = { name in
            if profile.syncsServersByService, !name.isNamedByService {
                services.add(name.key.serviceKey)
            } else {
                targets.add(name)
            }
        }
        watch = ClusterWatch(
            host: host,
            client: client,
            watchTimeout: configuration.watchTimeout,
            registry: registry,
            wakeup: Wakeup(
                group: { groups.add($0) },
                target: wakeTarget,
                ingress: { notices.add($0) },
                service: { services.add($0) }
            ),
            profile: profile,
            process: process
        )
        let caller = CloudCaller(
            host: host,
            configuration: configuration.cloud,
            profile: profile,
            onCall: { gauge.cloudCall($0, failed: $1) }
        )
        let executor = PlanExecutor(
            host: host,
            caller: caller,
            profile: profile,
            process: process,
            isDryRun: configuration.isDryRun
        )
        let reporter = ProblemReporter(
            events: EventRecorder(
                client: Self.client(host, configuration),
                host: host,
                component: "ingress"
            ),
            repeats: profile.isOpenSource
        )
        self.reporter = reporter
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
        serviceSync = ServiceSync(
            configuration: configuration,
            client: client,
            reader: CloudReader(caller: caller),
            executor: executor,
            watch: watch,
            registry: registry,
            chooser: serverReconciler.chooser,
            gates: serverReconciler.gates,
            reporter: reporter
        )
        groupReconciler = GroupReconciler(
            host: host,
            configuration: configuration,
            client: client,
            caller: caller,
            executor: executor,
            servers: serverReconciler,
            services: serviceSync,
            process: process,
            watch: watch,
            registry: registry,
            reporter: reporter,
            wakeTarget: wakeTarget
        )
        ingressSync = IngressSync(
            configuration: configuration,
            client: client,
            watch: watch,
            reporter: reporter,
            wakeGroup: { groups.add($0) }
        )
    }

    /// A caller of the API server; upstream each lets only so many requests through a second.
    private static func client(_ host: Host, _ configuration: ControllerConfiguration) -> KubernetesClient {
        var pace: (@Sendable () async -> Void)?
        if configuration.profile.isOpenSource {
            let pacer = RequestPacer(clock: host.clock)
            pace = { await pacer.wait() }
        }
        return KubernetesClient(
            host: host,
            endpoint: configuration.kubernetes,
            token: configuration.kubernetesToken,
            userAgent: "alb-ingress-controller",
            pace: pace
        )
    }

    // MARK: Running

    /// Works until the task is cancelled, the process dies, or the lead is lost where there is an election.
    func run(installed: @escaping @Sendable () -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.process.waitForEnd() }
            group.addTask { await self.lead(installed) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Lets the present passes end and takes no more.
    func stop() {
        groups.close()
        targets.close()
        notices.close()
        services.close()
    }

    private func lead(_ installed: () -> Void) async {
        await CustomResourceInstaller(host: host, client: client).install()
        installed()
        guard configuration.electsLeader else { return await work() }
        let election = LeaderElection(host: host, client: client)
        guard await election.acquire() else { return }
        watched.lead(true)
        defer { watched.lead(false) }
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await election.hold()
                return false
            }
            group.addTask {
                await self.work()
                return true
            }
            let isOver = await group.next() ?? false
            // One that stops by itself gives the lead away; one that lost it has nothing to give.
            if isOver, !Task.isCancelled, !configuration.profile.isOpenSource { await election.release() }
            group.cancelAll()
        }
    }

    private func work() async {
        await withTaskGroup(of: Void.self) { group in
            for informer in watch.informers { group.addTask { await informer.run() } }
            group.addTask { await self.reporter.run() }
            await withTaskGroup(of: Void.self) { workers in
                workers.addTask { await self.start() }
                for _ in 0..<Self.groupWorkers { workers.addTask { await self.workOnGroups() } }
                for _ in 0..<Self.serverWorkers { workers.addTask { await self.workOnTargets() } }
                workers.addTask { await self.workOnNotices() }
                for _ in 0..<Self.serviceWorkers { workers.addTask { await self.workOnServices() } }
                await workers.waitForAll()
            }
            group.cancelAll()
        }
    }

    /// Looks at everything once, since nobody knows what happened before; upstream believes labels.
    private func start() async {
        for informer in watch.informers { await informer.waitUntilSynced() }
        if Task.isCancelled { return }
        let profile = configuration.profile
        if profile.isOpenSource { try? await host.clock.sleep(for: .seconds(1)) }
        watched.ready()
        watch.start()
        let repairs = !profile.has(.restartRepairsNothing)
        // Labels are what tells that nothing is to be done; upstream only where they are believed as well.
        let believes = profile.has(.hashTrustedAfterCrash) || !profile.isOpenSource
        for albConfig in watch.albConfigs.all {
            let isBelieved = believes && ObjectHash.isApplied(albConfig, profile: profile)
            if repairs || !isBelieved { groups.add(albConfig.name) }
        }
        guard repairs else { return }
        if profile.syncsServersByService {
            for service in watch.services.all { watch.wakeServers(of: service.key) }
        }
    }

    private func workOnGroups() async {
        while let name = await groups.next() {
            await pass("albconfig", groups.causes(of: name)) { begun in
                let result = await groupReconciler.reconcile(name)
                note(name, result, begun)
                finish(name, in: groups, result)
            }
        }
    }

    private func workOnTargets() async {
        while let name = await targets.next() {
            await pass("servers", targets.causes(of: name)) { begun in
                let result = await serverReconciler.reconcile(name)
                note(name.description, result, begun)
                finish(name, in: targets, result)
            }
        }
    }

    private func workOnNotices() async {
        while let item = await notices.next() {
            await pass("ingress", [item.origin]) { begun in
                let result = await ingressSync.sync(item.notice)
                note(item.notice.object.key.description, result, begun)
                if result.outcome == .retry { notices.retry(item) }
            }
        }
    }

    private func workOnServices() async {
        while let item = await services.next() {
            await pass("servers", [item.origin]) { begun in
                let result = await serviceSync.sync(item.notice)
                note(item.notice.description, result, begun)
                services.finish(item, result.outcome)
            }
        }
    }

    /// A pass as it began.
    private struct Begun {
        var controller: String
        var at: Instant
        var name: TraceID
        var causes: [TraceID]
    }

    /// Works in the name of a new pass, which calls and wakings give as their cause.
    private func pass(_ controller: String, _ causes: [TraceID], _ work: (Begun) async -> Void) async {
        let begun = Begun(
            controller: controller,
            at: host.clock.now,
            name: host.trace.beginPass(),
            causes: causes.filter { $0 != .none }
        )
        await Origin.$current.withValue(begun.name) { await work(begun) }
    }

    private func finish<Key>(_ key: Key, in queue: WorkQueue<Key>, _ result: PassResult) {
        switch result.outcome {
        case .done:
            queue.forget(key)
            if let wait = result.nextLook { queue.add(key, after: wait) }
        case .retry: queue.retry(key)
        case .again(let delay):
            queue.forget(key)
            queue.add(key, after: delay)
        }
        queue.done(key)
    }

    private func note(_ key: String, _ result: PassResult, _ begun: Begun) {
        watched.pass(begun.controller, result.word)
        host.trace.record(
            .reconcile(
                Reconcile(
                    controller: begun.controller,
                    key: key,
                    outcome: result.word,
                    message: result.message,
                    writes: result.writes,
                    duration: begun.at.duration(to: host.clock.now),
                    pass: begun.name,
                    causes: begun.causes
                )
            )
        )
    }
}
