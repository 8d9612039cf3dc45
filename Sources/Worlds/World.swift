// SPDX-License-Identifier: Apache-2.0
public import CloudAPI
public import CloudServer
public import Cluster
public import DataPlane
public import IngressController
import JSON
public import KubernetesAPI
public import KubernetesServer
public import Ports
public import Simulation
public import Storage
import Synchronization

/// A whole simulated environment: API server, cloud account, cluster, controller and data plane, wired.
///
/// Make and use it inside one simulation's thread; `start` brings everything up.
public final class World: Sendable {
    /// The hosts' names, as faults and traces spell them.
    public enum HostNames {
        /// The API server.
        public static let kubernetes = "kubernetes"
        /// The cloud.
        public static let cloud = "cloud"
        /// Controller manager and scheduler.
        public static let cluster = "cluster"
        /// The ALB Ingress controller.
        public static let controller = "controller"
        /// The person or program that changes things.
        public static let user = "user"
        /// A zone's load balancer nodes.
        public static func zone(_ zone: String) -> String { "alb-\(zone)" }
    }

    /// Where the API server is.
    public static let kubernetesEndpoint = Endpoint(host: "172.16.0.1", port: 6443)
    /// Where the cloud is.
    public static let cloudEndpoint = Endpoint(host: "172.16.0.2", port: 80)

    /// What the world was made of.
    public let description: WorldDescription
    /// Time, network and trace.
    public let simulation: Simulation
    /// The fake API server of the present life.
    public var kubernetes: KubernetesServer { kubernetesServer.withLock { $0 } }
    private let kubernetesServer: Mutex<KubernetesServer>
    /// Where the API server keeps its objects, with all revisions.
    public let kubernetesDatabase: Database
    /// The fake cloud account.
    public let cloud: CloudServer
    /// The zones of the load balancers.
    public let dataPlane: DataPlane
    /// Controllers, scheduler, kubelets.
    public let cluster: KubernetesCluster
    /// A caller of the API server on the user's host.
    public let client: KubernetesClient
    private let loadBalancers: NamedLoadBalancers
    private let catalogue = Mutex<ResourceCatalogue?>(nil)
    private let controllerProfile: Mutex<Profile>
    private let faultyLinks = Mutex<[(String, String)]>([])

    /// Every configuration version that a zone began to serve, in order; empty unless the description keeps them.
    public var servedConfigurations: [LoadBalancerConfiguration] { loadBalancers.configurations }

    /// Makes a world on the calling thread; nothing runs yet.
    ///
    /// - Throws: `StorageError` and the like when a store cannot be opened.
    public init(_ description: WorldDescription) throws {
        self.description = description
        controllerProfile = Mutex(description.profile)
        let simulation = Simulation(
            seed: description.seed,
            start: description.start,
            schedule: description.schedule
        )
        self.simulation = simulation
        var settings = DataPlaneSettings()
        settings.healthCheckElision = .whileUnchanged
        settings.oldVersionLimit = description.oldConnections
        dataPlane = DataPlane(
            hosts: description.account.zones.map { ($0, simulation.host(HostNames.zone($0))) },
            settings: settings
        )
        kubernetesDatabase = try Database(.memory)
        kubernetesServer = Mutex(try Self.kubernetesServer(simulation, kubernetesDatabase))
        let inventory = ClusterInventory()
        let names = NamedLoadBalancers(
            dataPlane: dataPlane,
            fabric: simulation.fabric,
            keepsConfigurations: description.keepsConfigurations
        )
        loadBalancers = names
        cloud = try CloudServer(
            host: simulation.host(HostNames.cloud),
            database: Database(.memory),
            account: description.account,
            inventory: inventory,
            sink: names,
            health: dataPlane
        )
        names.attach(cloud)
        cluster = KubernetesCluster(
            host: simulation.host(HostNames.cluster),
            kubernetes: Self.kubernetesEndpoint,
            nodes: description.nodes,
            podHost: { simulation.host($0) },
            scripts: description.scripts
        )
        inventory.attach(cluster)
        client = KubernetesClient(
            host: simulation.host(HostNames.user),
            endpoint: Self.kubernetesEndpoint,
            userAgent: "kubectl"
        )
        tellDataPlaneOfPods()
    }

    /// The data plane leaves out health checks of servers in a steady state; it is told when one may change.
    private func tellDataPlaneOfPods() {
        let (dataPlane, clock) = (dataPlane, simulation.host(HostNames.zone("checks")).clock)
        // A pod may be reached through any node's ports too.
        let nodes = description.nodes.map(\.address)
        simulation.trace.observe { entry in
            switch entry.event {
            case .pod(let stage) where !stage.ip.isEmpty:
                clock.schedule(at: clock.now) {
                    for ip in [stage.ip] + nodes { dataPlane.serversMayHaveChanged(ip: ip) }
                }
            case .note(let note) where ["crash", "restore", "hang", "resume", "network"].contains(note.topic):
                clock.schedule(at: clock.now) { dataPlane.serversMayHaveChanged() }
            default: break
            }
        }
    }

    /// Brings everything up, in the order in which a cluster comes up, and waits until it is ready.
    public func start() async throws {
        startKubernetes()
        startCloud()
        for name in description.laterNodes.sorted() { cluster.leaveOut(node: name) }
        simulation.start(HostNames.cluster) { [cluster] _ in await cluster.run() }
        await cluster.waitUntilReady()
        startController()
        try await waitForKind("AlbConfig")
    }

    private func startKubernetes() {
        let server = kubernetes
        simulation.start(HostNames.kubernetes) { host in
            host.network.claim(ip: Self.kubernetesEndpoint.host)
            let address = SocketAddress(ip: Self.kubernetesEndpoint.host, port: Self.kubernetesEndpoint.port)
            try await server.run(on: address, options: ListenOptions())
        }
    }

    private func startCloud() {
        let server = cloud
        simulation.start(HostNames.cloud) { host in
            host.network.claim(ip: Self.cloudEndpoint.host)
            try await server.run(
                on: SocketAddress(ip: Self.cloudEndpoint.host, port: Self.cloudEndpoint.port)
            )
        }
    }

    private static func kubernetesServer(
        _ simulation: Simulation,
        _ database: Database
    ) throws -> KubernetesServer {
        // Bookmarks would be periodic work in an idle world, and no client here needs them.
        try KubernetesServer(
            host: simulation.host(HostNames.kubernetes),
            database: database,
            configuration: KubernetesServerConfiguration(bookmarkInterval: nil)
        )
    }

    /// Ends the API server at once; what it has acknowledged is kept.
    public func crashKubernetes() {
        simulation.crash(HostNames.kubernetes)
    }

    /// Starts the API server again on the same store.
    public func restartKubernetes() throws {
        let fresh = try Self.kubernetesServer(simulation, kubernetesDatabase)
        kubernetesServer.withLock { $0 = fresh }
        startKubernetes()
    }

    /// The hosts of the ALB Ingress controllers.
    public var controllerHosts: [String] {
        (1...max(1, description.controllers)).map {
            $0 == 1 ? HostNames.controller : "\(HostNames.controller)-\($0)"
        }
    }

    /// Starts the ALB Ingress controllers, or one of them again after a crash.
    public func startController(_ host: String? = nil) {
        for name in host.map({ [$0] }) ?? controllerHosts { startController(on: name) }
    }

    private func startController(on host: String) {
        let configuration = ControllerConfiguration(
            kubernetes: Self.kubernetesEndpoint,
            cloud: CloudClient.Configuration(
                endpoint: Self.cloudEndpoint,
                region: description.account.region,
                userAgent: "alb-ingress-controller"
            ),
            vpcID: description.account.vpcID,
            profile: controllerProfile.withLock { $0 },
            electsLeader: description.electsLeader
        )
        simulation.start(host) { host in
            await IngressController(host: host, configuration: configuration).run()
            // One that has lost the lead ends, and is started again by its Deployment.
            while configuration.electsLeader, !Task.isCancelled {
                guard (try? await host.clock.sleep(for: .seconds(1))) != nil else { return }
                await IngressController(host: host, configuration: configuration).run()
            }
        }
    }

    /// Ends the controllers, or one of them, at once, as a crash does.
    public func crashController(_ host: String? = nil) {
        for name in host.map({ [$0] }) ?? controllerHosts { simulation.crash(name) }
    }

    /// Changes the version of the controller that is started from now on.
    public func setControllerProfile(_ profile: Profile) {
        controllerProfile.withLock { $0 = profile }
    }

    /// The host of the controller that holds the lead; nil while nobody does.
    public var leader: String? {
        guard description.electsLeader else { return controllerHosts.first }
        let lease = latestBody("leases.coordination.k8s.io", namespace: "kube-system", name: "alb")
        let identity = lease?["spec"]?["holderIdentity"]?.stringValue ?? ""
        return controllerHosts.first { identity.hasPrefix("\($0)_") }
    }

    /// Takes a node's machine down, with all that runs on it.
    public func crashNode(_ name: String) {
        simulation.crash(name, machine: true)
        cluster.nodeDown(name)
    }

    /// Brings a node's machine back.
    public func restoreNode(_ name: String) {
        simulation.restore(name)
        cluster.nodeUp(name)
    }

    /// Waits until the API server serves a kind.
    private func waitForKind(_ kind: String) async throws {
        let clock = simulation.host(HostNames.user).clock
        for _ in 0..<600 {
            if let catalogue = try? await ResourceCatalogue(discovering: client),
                catalogue.kinds.contains(kind)
            {
                self.catalogue.withLock { $0 = catalogue }
                return
            }
            try await clock.sleep(for: .milliseconds(100))
        }
        throw KubernetesError.malformed("the API server still does not serve \(kind) after a minute")
    }

    /// What the API server serves, as it told when it was asked last, and the type of a kind among it.
    ///
    /// As kubectl does, it asks again when a kind is not in what it knows.
    ///
    /// - Throws: `KubernetesError` when the API server does not say.
    public func resources(
        for object: KubernetesObject
    ) async throws(KubernetesError) -> (catalogue: ResourceCatalogue, type: ResourceType?) {
        if let known = catalogue.withLock({ $0 }),
            let type = known.type(apiVersion: object.apiVersion, kind: object.kind)
        {
            return (known, type)
        }
        let fresh = try await ResourceCatalogue(discovering: client)
        catalogue.withLock { $0 = fresh }
        return (fresh, fresh.type(apiVersion: object.apiVersion, kind: object.kind))
    }
}

extension World {
    /// Cuts two hosts from each other; `*` stands for every other host.
    public func cut(_ one: String, _ other: String) {
        faultyLinks.withLock { $0.append((one, other)) }
        simulation.fabric.cut(one, other)
        noteNetwork("\(one) and \(other) are cut from each other")
    }

    /// Loses the QUIC connections of clients that go on from another address; `*` stands for every other host.
    ///
    /// - Parameters:
    ///   - one: A host.
    ///   - other: Another host.
    public func loseMoves(_ one: String, _ other: String) {
        faultyLinks.withLock { $0.append((one, other)) }
        simulation.fabric.setMigrationLost(true, one, other)
        noteNetwork("\(one) and \(other): connections are lost whose client moves to another address")
    }

    /// Lets no QUIC packet through between two hosts, while TCP goes on.
    public func cutQUIC(_ one: String, _ other: String) {
        faultyLinks.withLock { $0.append((one, other)) }
        simulation.fabric.setQUICBlocked(true, one, other)
        noteNetwork("no QUIC between \(one) and \(other)")
    }

    /// Makes a link slow or lossy; `*` stands for every other host.
    public func setCondition(_ condition: LinkCondition, _ one: String, _ other: String) {
        faultyLinks.withLock { $0.append((one, other)) }
        simulation.fabric.setCondition(condition, between: one, and: other)
        noteNetwork("the link between \(one) and \(other) has changed")
    }

    /// Takes back what was done to a link.
    public func heal(_ one: String, _ other: String) {
        faultyLinks.withLock { $0.removeAll { $0 == (one, other) } }
        simulation.fabric.heal(one, other)
        simulation.fabric.setMigrationLost(false, one, other)
        simulation.fabric.setQUICBlocked(false, one, other)
        simulation.fabric.setCondition(nil, between: one, and: other)
        noteNetwork("\(one) and \(other) are healed")
    }

    /// Takes back what was done to all links.
    public func clearNetworkFaults() {
        for (one, other) in faultyLinks.withLock({ $0 }) { heal(one, other) }
    }

    private func noteNetwork(_ message: String) {
        simulation.host(HostNames.user).trace.record(.note(Note(topic: "network", message: message)))
    }
}
