// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import KubernetesAPI
import Ports

/// A pass over one AlbConfig: read the cloud, build, plan, carry out, tell.
final class GroupReconciler: Sendable {
    let host: Host
    let configuration: ControllerConfiguration
    let status: StatusWriter
    let reader: CloudReader
    let observer: CloudObserver
    let executor: PlanExecutor
    let servers: ServerReconciler
    let services: ServiceSync
    let process: ProcessLife
    let client: KubernetesClient
    let watch: ClusterWatch
    let registry: GroupRegistry
    let certificates: CertificateDirectory
    let reporter: ProblemReporter
    let wakeTarget: @Sendable (TargetName) -> Void

    init(
        host: Host,
        configuration: ControllerConfiguration,
        client: KubernetesClient,
        caller: CloudCaller,
        executor: PlanExecutor,
        servers: ServerReconciler,
        services: ServiceSync,
        process: ProcessLife,
        watch: ClusterWatch,
        registry: GroupRegistry,
        reporter: ProblemReporter,
        wakeTarget: @escaping @Sendable (TargetName) -> Void
    ) {
        self.host = host
        self.configuration = configuration
        status = StatusWriter(client: client)
        reader = CloudReader(caller: caller)
        observer = CloudObserver(reader: reader)
        self.executor = executor
        self.servers = servers
        self.services = services
        self.process = process
        self.client = client
        self.watch = watch
        self.registry = registry
        certificates = CertificateDirectory(host: host, reader: reader)
        self.reporter = reporter
        self.wakeTarget = wakeTarget
    }

    /// A pass over the AlbConfig of this name.
    func reconcile(_ name: String) async -> PassResult {
        let found: KubernetesObject?
        do throws(KubernetesError) {
            found = try await object(name)
        } catch {
            return PassResult(outcome: .retry, message: "the AlbConfig could not be read: \(error)")
        }
        guard var object = found else {
            registry.forget(name)
            reporter.forget(name)
            await tellStrays(name)
            return PassResult()
        }
        if configuration.profile.worksByPhase, !object.isTerminating, !configuration.isDryRun,
            object[path: "spec", "config"]?.objectValue != nil,
            let marked = await status.markedWithFinalizer(object)
        {
            object = marked
        }
        let pass = GroupPass(self, object)
        if configuration.isDryRun {
            return object.isTerminating
                ? PassResult(message: "would be deleted") : await pass.runDry()
        }
        if object.isTerminating { return await pass.tearDown() }
        return configuration.profile.worksByPhase ? await PhasedPass.run(pass) : await pass.run()
    }

    /// The AlbConfig; nil when there is none.
    ///
    /// Upstream reads it anew at the start of each pass.
    private func object(_ name: String) async throws(KubernetesError) -> KubernetesObject? {
        guard configuration.profile.isOpenSource else { return watch.albConfigs[ObjectKey(name: name)] }
        do throws(KubernetesError) {
            return try await client.get(.albConfigs, name: name)
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// Tells Ingresses whose AlbConfig does not exist.
    private func tellStrays(_ name: String) async {
        guard !configuration.profile.isOpenSource else { return }
        let members = GroupBuild.members(of: name, ingresses: watch.ingresses.all, classes: watch)
        let problems = members.map {
            Problem(.ingress($0.key), .leftOut, "AlbConfig \(name) does not exist")
        }
        await reporter.report(problems, topic: "build \(name)", reason: "FailedBuildModel") { subject in
            if case .ingress(let key) = subject { self.watch.ingresses[key] } else { nil }
        }
    }
}
