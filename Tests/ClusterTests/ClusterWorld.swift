// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import KubernetesAPI
import KubernetesServer
import Ports
import Simulation
import Storage
import Synchronization
import Testing

@testable import Cluster

/// An API server and a cluster in virtual time.
final class ClusterWorld: Sendable {
    let simulation: Simulation
    let cluster: KubernetesCluster
    let client: KubernetesClient
    let host: Host
    let web: HTTPClient
    let server = Mutex<KubernetesServer?>(nil)

    static let server = SocketAddress(ip: "10.0.0.1", port: 6443)

    private init(_ simulation: Simulation, _ scripts: PodScripts, nodes count: Int, addresses: Int) {
        self.simulation = simulation
        let endpoint = Endpoint(host: Self.server.ip, port: Self.server.port)
        let nodes = (0..<count).map { $0 + 1 }.map { number in
            NodeDescription(
                name: "node-\(number)",
                address: "10.0.0.\(10 + min(number, addresses))",
                zone: "z\(number % 2 + 1)",
                podRange: "10.1.\(number).0/24"
            )
        }
        cluster = KubernetesCluster(
            host: simulation.host("cluster"),
            kubernetes: endpoint,
            nodes: nodes,
            podHost: { simulation.host($0) },
            scripts: scripts
        )
        host = simulation.host("client")
        client = KubernetesClient(host: host, endpoint: endpoint)
        web = HTTPClient(host: host)
    }

    /// Runs a world until `body` ends; gives the digest of its trace.
    @discardableResult
    static func run(
        seed: UInt64 = 1,
        nodes: Int = 3,
        addresses: Int? = nil,
        scripts: PodScripts = PodScripts(),
        _ body: @escaping @Sendable (ClusterWorld) async throws -> Void
    ) throws -> String {
        let simulation = Simulation(seed: seed)
        try simulation.run(timeLimit: .seconds(10 * 86_400)) {
            let world = ClusterWorld(simulation, scripts, nodes: nodes, addresses: addresses ?? nodes)
            let database = try Database(.memory)
            let kubernetes = try KubernetesServer(host: simulation.host("kubernetes"), database: database)
            world.server.withLock { $0 = kubernetes }
            simulation.start("kubernetes") { host in
                host.network.claim(ip: server.ip)
                try await kubernetes.run(on: server)
            }
            simulation.start("cluster") { _ in await world.cluster.run() }
            await world.cluster.waitUntilReady()
            try await body(world)
        }
        return simulation.trace.digestText
    }

    // MARK: What tests do

    func sleep(_ duration: Duration) async throws { try await host.clock.sleep(for: duration) }

    /// Waits until something holds, looking ten times a second.
    func eventually(
        within limit: Duration = .seconds(60),
        _ what: Comment,
        _ sourceLocation: SourceLocation = #_sourceLocation,
        _ holds: () async throws -> Bool
    ) async throws {
        let end = host.clock.now.advanced(by: limit)
        while try await !holds() {
            guard host.clock.now < end else {
                Issue.record(what, sourceLocation: sourceLocation)
                throw CancellationError()
            }
            try await sleep(.milliseconds(100))
        }
    }

    func apply(_ type: ResourceType, _ name: String, _ members: JSONObject) async throws {
        _ = try await client.create(
            type,
            KubernetesObject(type, namespace: type.isNamespaced ? "default" : nil, name: name, members)
        )
    }

    /// Makes a Deployment, as `kubectl create deployment` does.
    func deploy(
        _ name: String = "web",
        replicas: Int = 3,
        image: String = "web:1",
        container: JSONObject = [:],
        pod: JSONObject = [:],
        spec: JSONObject = [:]
    ) async throws {
        var one: JSONObject = [
            "name": "web", "image": .string(image), "ports": [["name": "http", "containerPort": 8080]],
        ]
        for member in container { one[member.key] = member.value }
        var podSpec: JSONObject = ["containers": [.object(one)]]
        for member in pod { podSpec[member.key] = member.value }
        var full: JSONObject = [
            "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": .string(name)]],
            "template": ["metadata": ["labels": ["app": .string(name)]], "spec": .object(podSpec)],
        ]
        for member in spec { full[member.key] = member.value }
        try await apply(.deployments, name, ["spec": .object(full)])
    }

    func expose(_ name: String = "web") async throws {
        try await apply(
            .services,
            name,
            [
                "spec": ["selector": ["app": .string(name)], "ports": [["port": 80, "targetPort": "http"]]]
            ]
        )
    }

    func patch(_ type: ResourceType, _ name: String, _ patch: JSONValue) async throws {
        _ = try await client.patch(
            type,
            ObjectKey(namespace: type.isNamespaced ? "default" : "", name: name),
            patch
        )
    }

    func delete(_ type: ResourceType, _ name: String, _ options: JSONObject = [:]) async throws {
        try await client.delete(
            type,
            ObjectKey(namespace: type.isNamespaced ? "default" : "", name: name),
            options: options
        )
    }

    func pods(_ app: String = "web") async throws -> [KubernetesObject] {
        try await client.list(.pods, namespace: "default", query: [("labelSelector", "app=\(app)")]).items
    }

    func readyPods(_ app: String = "web") async throws -> [KubernetesObject] {
        try await pods(app).filter { $0.isTrue("Ready") && !$0.isTerminating }
    }

    func get(_ type: ResourceType, _ name: String) async throws -> KubernetesObject {
        try await client.get(type, namespace: type.isNamespaced ? "default" : nil, name: name)
    }

    func events(_ reason: String) async throws -> [KubernetesObject] {
        try await client.list(.events, namespace: "default").items.filter {
            $0["reason"]?.stringValue == reason
        }
    }

    /// What a pod answers.
    func ask(_ ip: String, port: Int = 8080, _ path: String = "/") async throws(NetworkFailure) -> HTTPReply {
        let request = HTTPRequest(method: .get, scheme: "http", authority: ip, path: path)
        return try await web.send(request, to: Endpoint(host: ip, port: port), timeout: .seconds(10))
    }

    func cutWatches() { server.withLock { _ = $0?.cutWatches() } }

    /// The stages of pods in the trace, in order.
    var stages: [(name: String, stage: String)] {
        simulation.trace.entries.compactMap { entry in
            if case .pod(let pod) = entry.event { (pod.name, pod.stage) } else { nil }
        }
    }
}
