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
        self.watch = watch
        self.registry = registry
        certificates = CertificateDirectory(host: host, reader: reader)
        self.reporter = reporter
        self.wakeTarget = wakeTarget
    }

    /// A pass over the AlbConfig of this name.
    func reconcile(_ name: String) async -> PassResult {
        guard let object = watch.albConfigs[ObjectKey(name: name)] else {
            registry.forget(name)
            reporter.forget(name)
            return PassResult()
        }
        let pass = GroupPass(self, object)
        return object.isTerminating ? await pass.tearDown() : await pass.run()
    }
}
