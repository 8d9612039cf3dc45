// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import CloudServer
import Cluster
import DataPlane
import IngressController
import JSON
import KubernetesServer
import Live
import Ports
import Storage
import Synchronization

/// One life of the environment: everything from its start until it stops or is reset.
final class EnvironmentLife: Sendable {
    /// What a life goes through.
    private enum Event: Sendable {
        case kubernetesListens
        case cloudListens
        case clusterIsReady
        case controllerIsInstalled
        case reset
    }

    /// What a life needs that outlives it.
    struct Setting: Sendable {
        var kubernetes: SocketAddress
        var cloud: SocketAddress
        var token: String
        var stateFile: String?
        var withCluster: Bool
        var withController: Bool
        var nodeCount: Int
        var withStrictSignatures: Bool
        var workerCount: Int
        var controller: ControllerChoice
        var identity: ServerIdentity
        var block: LoopbackBlock
        var trace: LiveTrace
    }

    /// Why a life ended.
    enum End: Sendable {
        case stopped
        case reset
    }

    let cloud: CloudServer
    let kubernetes: KubernetesServer
    let account: CloudAccount
    let boundPorts: BoundPorts
    let dataPlane: DataPlane
    private let setting: Setting
    private let clock = LifeClock()
    private let networks: LifeNetworks
    private let databases: [Database]
    private let zones: LiveZones
    private let cluster: KubernetesCluster?
    private let hosts: LiveHosts
    private let events: AsyncThrowingStream<Event, any Error>
    private let inlet: AsyncThrowingStream<Event, any Error>.Continuation

    /// Makes everything; nothing runs yet.
    ///
    /// - Throws: `StorageError` when the state can not be opened.
    init(_ setting: Setting, on networks: LifeNetworks) throws {
        self.setting = setting
        self.networks = networks
        var account = EnvironmentNetworkPlan.account(setting.block)
        if setting.withStrictSignatures { account.signatures = .strict }
        self.account = account
        let programs = LocalPrograms()
        let hosts = LiveHosts(
            clock: clock,
            network: LoopbackNetwork(network: networks.general, block: setting.block, programs: programs),
            random: RandomSource(seed: .random(in: .min ... .max)),
            trace: setting.trace
        )
        self.hosts = hosts
        let ports = BoundPorts(
            LoopbackNetwork(network: networks.servers, block: setting.block, programs: programs)
        )
        boundPorts = ports
        dataPlane = DataPlane(hosts: account.zones.map { ($0, hosts.host("alb-\($0)", network: ports)) })
        zones = LiveZones(dataPlane)
        let kubernetesDatabase = try Database(setting.stateFile.map { .file($0) } ?? .memory)
        let cloudDatabase = try Database(setting.stateFile.map { .file("\($0).cloud") } ?? .memory)
        databases = [kubernetesDatabase, cloudDatabase]
        let inventory = ClusterInventory()
        cloud = try CloudServer(
            host: hosts.host("cloud"),
            database: cloudDatabase,
            account: account,
            inventory: inventory,
            sink: zones,
            health: dataPlane
        )
        // Last, since it waits for the tables of its kinds, which are read meanwhile.
        kubernetes = try KubernetesServer(
            host: hosts.host(
                "kubernetes",
                network: LoopbackNetwork(network: networks.front, block: setting.block, programs: programs)
            ),
            database: kubernetesDatabase,
            configuration: KubernetesServerConfiguration(
                tokens: [setting.token],
                certified: { [clients = KnownClients(setting.identity.clients), clock] chain in
                    clients.client(chain, at: clock.now).map { ($0.name, $0.groups) }
                },
                watchTimeout: .seconds(1800)...(.seconds(3600)),
                // `--etcd-compaction-interval` of kube-apiserver: documented.
                compactionInterval: .seconds(300),
                // As Go's server is set up by kube-apiserver: documented.
                clientPatience: .seconds(32),
                idleTimeout: .seconds(90),
                listsGroups: true,
                advertisedPort: setting.kubernetes.port
            )
        )
        cluster = setting.withCluster ? Self.cluster(setting, account, hosts) : nil
        inventory.attach(cluster)
        (events, inlet) = AsyncThrowingStream.makeStream()
    }

    private static func cluster(
        _ setting: Setting,
        _ account: CloudAccount,
        _ hosts: LiveHosts
    ) -> KubernetesCluster {
        KubernetesCluster(
            host: hosts.host("cluster"),
            kubernetes: Endpoint(host: setting.kubernetes.ip, port: setting.kubernetes.port, isSecure: true),
            token: setting.token,
            authority: setting.identity.authorityPEM,
            nodes: EnvironmentNetworkPlan.nodes(count: setting.nodeCount, account: account),
            podHost: { hosts.host($0) },
            scripts: PodScripts(general: ["accessLog": true])
        )
    }

    /// Ends this life as soon as possible, to be followed by a fresh one.
    func reset() {
        inlet.yield(.reset)
    }

    /// Runs everything until the task is cancelled or `reset` is called; then nothing of it is left.
    ///
    /// - Parameter ready: Called once when everything is up.
    /// - Returns: Why it ended.
    /// - Throws: `ServeFailure` when an address can not be listened on; what `ready` throws.
    func run(ready: () throws -> Void) async throws -> End {
        let result: Result<End, any Error>
        do {
            result = .success(
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await self.serveKubernetes() }
                    group.addTask { await self.serveCloud() }
                    defer { group.cancelAll() }
                    return try await follow(&group, ready: ready)
                }
            )
        } catch {
            result = .failure(error)
        }
        await end()
        return try result.get()
    }

    /// Starts what comes after the servers, in the order in which a cluster comes up.
    private func follow(
        _ group: inout ThrowingTaskGroup<Void, any Error>,
        ready: () throws -> Void
    ) async throws -> End {
        var missing = 2
        var hasController = false
        for try await event in events {
            switch event {
            case .kubernetesListens:
                missing -= 1
                guard let cluster else { break }
                group.addTask { await cluster.run() }
                guard setting.nodeCount > 0 else { break }  // no node will ever register
                missing += 1
                group.addTask {
                    await cluster.waitUntilReady()
                    self.inlet.yield(.clusterIsReady)
                }
            case .cloudListens, .clusterIsReady: missing -= 1
            // A process that died installs again.
            case .controllerIsInstalled: if missing > 0 { missing -= 1 }
            case .reset: return .reset
            }
            guard missing == 0 else { continue }
            if setting.withController, !hasController {
                hasController = true
                missing = 1
                startController(&group)
            } else {
                missing = -1
                try ready()
            }
        }
        return .stopped
    }

    private func startController(_ group: inout ThrowingTaskGroup<Void, any Error>) {
        let configuration = ControllerConfiguration(
            kubernetes: Endpoint(host: setting.kubernetes.ip, port: setting.kubernetes.port, isSecure: true),
            kubernetesToken: setting.token,
            cloud: CloudClient.Configuration(
                endpoint: Endpoint(host: setting.cloud.ip, port: setting.cloud.port),
                region: account.region,
                accessKeyID: account.accessKeys.first?.id ?? "",
                accessKeySecret: account.accessKeys.first?.secret ?? "",
                userAgent: "alb-ingress-controller"
            ),
            vpcID: account.vpcID,
            profile: setting.controller.profile
        )
        let controller = IngressController(host: hosts.host("controller"), configuration: configuration)
        group.addTask {
            await controller.run { self.inlet.yield(.controllerIsInstalled) }
        }
    }

    private func serveKubernetes() async {
        await listening(on: setting.kubernetes) { address throws(NetworkFailure) in
            try await kubernetes.run(on: address, options: ListenOptions(tls: setting.identity)) { _ in
                inlet.yield(.kubernetesListens)
            }
        }
    }

    private func serveCloud() async {
        let gateway = CloudGateway(cloud: cloud, kubernetes: kubernetes)
        await listening(on: setting.cloud) { address throws(NetworkFailure) in
            let server = HTTPServer(
                host: hosts.host("cloud"),
                address: address,
                prompt: { gateway.handlePromptly($0) },
                handler: { await gateway.handle($0) }
            )
            try await server.run { _ in inlet.yield(.cloudListens) }
        }
    }

    private func listening(
        on address: SocketAddress,
        _ serve: (SocketAddress) async throws(NetworkFailure) -> Void
    ) async {
        do throws(NetworkFailure) {
            try await serve(address)
        } catch {
            inlet.finish(throwing: ServeFailure.cannotListen(address, error))
        }
    }

    private func end() async {
        clock.end()
        zones.end()
        await networks.shutdown()
        for database in databases { database.close() }
    }
}

extension ServeFailure {
    /// An address is taken, or is not this machine's.
    static func cannotListen(_ address: SocketAddress, _ failure: NetworkFailure) -> ServeFailure {
        ServeFailure(
            "cannot listen on \(address): the address is in use, not allowed or not this machine's (\(failure))"
        )
    }
}
