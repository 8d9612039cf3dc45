// SPDX-License-Identifier: Apache-2.0
import Certificates
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import Traffic

/// Clients that learn of HTTP/3 from answers: with a way for UDP, without one, and when it ends.
@Suite struct AlternativeTests {
    private static let address = SocketAddress(ip: "10.0.0.1", port: 443)

    private static let telling: @Sendable (TinyServer.Request) -> Reaction = { _ in
        var answer = HTTPResponse(status: .ok)
        if let name = HTTPField.Name("Alt-Svc") { answer.headerFields[name] = "h3=\":443\"; ma=2592000" }
        return .answer(answer)
    }

    private struct Seen {
        let overTCP: Int
        let overQUIC: Int
        let summary: TrafficSummary
        let slowest: Duration
        let failedConnections: [ConnectionRecord]
        let connections: Int
    }

    private func play(
        follows: Bool = true,
        hasQUIC: Bool = true,
        change: @escaping @Sendable (inout TrafficDescription) -> Void = { _ in },
        prepare: (Simulation) -> Void = { _ in }
    ) throws -> Seen {
        let simulation = Simulation(seed: 1)
        let start = simulation.start
        let issuer = try CertificateIssuer()
        let chooser = OneCertificate(
            chain: try issuer.issue(
                dnsNames: ["shop.example"],
                notBefore: start.advanced(by: .seconds(-1)),
                notAfter: start.advanced(by: .seconds(86_400)),
                serial: 1
            ).chain
        )
        let tcp = try TinyServer(simulation, at: Self.address, tls: chooser, react: Self.telling)
        let quic =
            hasQUIC
            ? try TinyServer(
                simulation,
                at: Self.address,
                transport: .quic,
                tls: chooser,
                react: Self.telling
            )
            : nil
        simulation.fabric.setName("shop.example", addresses: ["10.0.0.1"])
        prepare(simulation)
        let summary = try simulation.run {
            var description = TrafficDescription(
                name: "browsers",
                requests: [try TrafficRequest("GET https://shop.example/")],
                load: .every(.milliseconds(100)),
                count: 100
            )
            description.connections.followsAlternatives = follows
            change(&description)
            let runner = try TrafficRunner(
                host: simulation.host("client"),
                description: description,
                verifier: CertificateVerifier(roots: [issuer.rootChain])
            )
            runner.start()
            await runner.finished()
            return runner.summary
        }
        return Seen(
            overTCP: tcp.requests.count,
            overQUIC: quic?.requests.count ?? 0,
            summary: summary,
            slowest: simulation.requestRecords.map(\.latency).max() ?? .zero,
            failedConnections: simulation.connectionRecords.filter { $0.outcome != "open" },
            connections: simulation.connectionRecords.count
        )
    }

    @Test func `requests go over to HTTP slash 3 once its connection is open`() throws {
        let seen = try play()
        #expect(seen.summary.answered == 100)
        #expect(seen.overTCP < 5 && seen.overQUIC > 95)
        #expect(seen.failedConnections.isEmpty)
    }

    @Test func `other clients do not look at the field`() throws {
        let seen = try play(follows: false)
        #expect(seen.overTCP == 100 && seen.overQUIC == 0)
    }

    @Test func `a dead way for UDP costs no request any time, and is tried once`() throws {
        let seen = try play(prepare: { $0.fabric.setQUICBlocked(true, "client", "server") })
        #expect(seen.summary.answered == 100)
        #expect(seen.overTCP == 100)
        #expect(seen.slowest < .milliseconds(50))
        #expect(seen.failedConnections.map(\.outcome) == ["timed out"])
        #expect(seen.failedConnections.first?.transport == "quic")
    }

    @Test func `a port where nobody listens is the same as a dead way`() throws {
        let seen = try play(hasQUIC: false)
        #expect(seen.summary.answered == 100 && seen.overTCP == 100)
        #expect(seen.failedConnections.count == 1)
    }

    private static let moving: @Sendable (inout TrafficDescription) -> Void = { description in
        description.clientAddresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
        description.connections.migratesAfter = .seconds(2)
        description.requestTimeout = .seconds(5)
    }

    @Test func `a QUIC connection goes on from another address`() throws {
        let seen = try play(change: Self.moving)
        #expect(seen.summary.answered == 100)
        #expect(seen.overQUIC > 95)
        #expect(seen.connections == 2)
    }

    @Test func `a balancer that does not look at connection ids loses clients that move`() throws {
        let seen = try play(
            change: Self.moving,
            prepare: { $0.fabric.setMigrationLost(true, "client", "server") }
        )
        #expect(seen.summary.answered < 100)
        #expect(seen.summary.failures.map(\.outcome).contains("timed out"))
    }
}
