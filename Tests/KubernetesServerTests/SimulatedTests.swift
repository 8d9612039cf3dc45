// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import KubernetesServer
import Ports
import Simulation
import Storage
import Synchronization
import Testing

@Suite struct SimulatedTests {
    /// What a run of a client and a server saw, and its digest.
    private func run(seed: UInt64) throws -> (seen: [String], digest: String) {
        let seen = Mutex<[String]>([])
        let simulation = Simulation(seed: seed)
        try simulation.run {
            let address = SocketAddress(ip: "10.0.0.1", port: 6443)
            simulation.start("kubernetes") { host in
                host.network.claim(ip: address.ip)
                let server = try KubernetesServer(host: host, database: Database(.memory))
                try await server.run(on: address)
            }
            let host = simulation.host("client")
            let client = KubernetesClient(
                host: host,
                endpoint: Endpoint(host: address.ip, port: address.port)
            )
            try await host.clock.sleep(for: .seconds(1))
            let informer = Informer(.configMaps, client: client, host: host) { change in
                let word =
                    switch change {
                    case .added: "added"
                    case .updated: "updated"
                    case .removed: "removed"
                    }
                seen.withLock { $0.append("\(word) \(change.object.name)") }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await informer.run() }
                await informer.waitUntilSynced()
                for number in 1...3 {
                    let object = KubernetesObject(.configMaps, namespace: "default", name: "c\(number)")
                    _ = try await client.create(.configMaps, object)
                }
                _ = try await client.patch(
                    .configMaps,
                    ObjectKey(namespace: "default", name: "c2"),
                    ["data": ["a": "1"]]
                )
                try await client.delete(.configMaps, ObjectKey(namespace: "default", name: "c1"))
                try await host.clock.sleep(for: .seconds(86_400))
                group.cancelAll()
            }
        }
        return (seen.withLock { $0 }, simulation.trace.digestText)
    }

    @Test func `an informer follows the server through the simulated network`() throws {
        let expected = ["added c1", "added c2", "added c3", "updated c2", "removed c1"]
        #expect(try run(seed: 3).seen == expected)
    }

    @Test func `one seed gives one run`() throws {
        let first = try run(seed: 5)
        let second = try run(seed: 5)
        #expect(first.digest == second.digest)
    }
}
