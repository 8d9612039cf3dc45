// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import DataPlane
import HTTPTypes
import Live
import Ports
import Simulation

/// Asks once when its connection is open, and tells what came of it.
private final class Asker: ConnectionHandler {
    let replies: AsyncStream<ListenerWorld.Reply?>
    private let reply: AsyncStream<ListenerWorld.Reply?>.Continuation
    private let request: HTTPRequest

    init(_ request: HTTPRequest) {
        self.request = request
        (replies, reply) = AsyncStream<ListenerWorld.Reply?>.makeStream()
    }

    private func end(_ found: ListenerWorld.Reply?) {
        reply.yield(found)
        reply.finish()
    }

    func opened(_ connection: any Connection) {
        connection.send(Frame(head: .request(request)), exchange: 1)
    }

    func failed(_ failure: NetworkFailure) { end(nil) }

    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        guard case .response(let head) = frame.head else { return }
        end(ListenerWorld.Reply(head: head, tls: connection.facts.tls))
        connection.close()
    }

    func cancelled(exchange: UInt64, on connection: any Connection) { end(nil) }
    // With TLS 1.3 a client learns only after its own part that its certificate is not taken.
    func closed(_ connection: any Connection, _ reason: NetworkFailure) { end(nil) }
}

/// A server that tells in a header field which fields of some names it got.
private final class Teller: ConnectionHandler {
    private let name: String

    init(name: String) {
        self.name = name
    }

    func opened(_ connection: any Connection) {}
    func failed(_ failure: NetworkFailure) {}
    func received(_ frame: Frame, exchange: UInt64, on connection: any Connection) {
        guard case .request(let request) = frame.head else { return }
        let told = request.headerFields.filter {
            $0.name.canonicalName.hasPrefix("x-") || $0.name.canonicalName == "slb-id"
        }
        var head = HTTPResponse(status: .ok)
        head.headerFields[.init("X-Told") ?? .server] = told.map { "\($0.name.canonicalName)=\($0.value)" }
            .sorted().joined(separator: " | ")
        head.headerFields[.server] = name
        connection.send(Frame(head: .response(head)), exchange: exchange)
    }
    func cancelled(exchange: UInt64, on connection: any Connection) {}
    func closed(_ connection: any Connection, _ reason: NetworkFailure) {}
}

/// A load balancer with one listener before servers named `a` and `b`, in one of the two worlds.
struct ListenerWorld: Sendable {
    /// What a client saw.
    struct Reply: Sendable {
        let head: HTTPResponse
        let tls: TLSFacts?

        /// What the server was told, beside what every server is.
        var told: String { HTTPField.Name("X-Told").flatMap { head.headerFields[$0] } ?? "" }
    }

    let host: Host
    let client: Host
    let ip: String
    let podIP: String
    let clientIP: String
    let port: Int

    static func run<Found: Sendable>(
        _ arm: Arm,
        _ body: @escaping @Sendable (ListenerWorld) async throws -> Found
    ) async throws -> Found {
        switch arm {
        case .simulation:
            let simulation = Simulation(seed: 1)
            return try simulation.run {
                let (host, client) = (simulation.host("alb"), simulation.host("client"))
                host.network.claim(ip: "10.0.0.1")
                client.network.claim(ip: "192.0.2.7")
                return try await body(
                    ListenerWorld(
                        host: host,
                        client: client,
                        ip: "10.1.0.1",
                        podIP: "10.0.0.1",
                        clientIP: "192.0.2.7",
                        port: 8443
                    )
                )
            }
        case .live:
            return try await LiveArm.run { network, host in
                let port = try LiveArm.freePort(network)
                return try await body(
                    ListenerWorld(
                        host: host,
                        client: host,
                        ip: "127.0.0.1",
                        podIP: "127.0.0.1",
                        clientIP: "127.0.0.1",
                        port: port
                    )
                )
            }
        }
    }

    /// What clients see of a listener, one after another, each on a connection of its own; nil for those that are
    /// turned away.
    ///
    /// There are the groups `a` and `b` of one server each, `both`, and `empty`.
    func replies(
        _ listener: ListenerConfiguration,
        to asked: [(request: HTTPRequest, hello: ClientHello?)]
    ) async throws -> [Reply?] {
        let servers = try ["a", "b"].map { name in
            try host.network.listen(
                on: SocketAddress(ip: podIP, port: 0),
                options: ListenOptions()
            ) { _ in Teller(name: name) }
        }
        defer { for server in servers { server.close() } }
        func group(_ id: String, _ members: [any Listening]) -> ServerGroupConfiguration {
            ServerGroupConfiguration(
                id: id,
                name: id,
                servers: members.map { BackendServer(serverID: "s-\($0.address.port)", address: $0.address) }
            )
        }
        let groups = [
            group("a", [servers[0]]), group("b", [servers[1]]), group("both", servers), group("empty", []),
        ]
        let dataPlane = DataPlane(hosts: [(zone: "zone-a", host: host)])
        dataPlane.apply(
            LoadBalancerConfiguration(
                id: "alb-1",
                version: 1,
                cause: "Test",
                dnsName: "alb-1.example",
                zones: [ZoneAddress(zone: "zone-a", address: ip)],
                listeners: [listener],
                serverGroups: Dictionary(uniqueKeysWithValues: groups.map { ($0.id, $0) })
            ),
            zone: "zone-a",
            cause: .none
        )
        var found: [Reply?] = []
        for (request, hello) in asked {
            let asker = Asker(request)
            client.network.connect(
                to: SocketAddress(ip: ip, port: port),
                options: ConnectOptions(tls: hello, localIP: client.name == "live" ? nil : clientIP),
                handler: asker
            )
            for await reply in asker.replies { found.append(reply) }
        }
        dataPlane.remove(loadBalancer: "alb-1", zone: "zone-a", cause: .none)
        return found
    }
}
