// SPDX-License-Identifier: Apache-2.0
import Certificates
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import Traffic

@Suite struct TLSTests {
    private let start = Instant(seconds: 1_767_225_600)

    private func certificate(
        _ names: [String] = ["shop.example"],
        valid: Duration = .seconds(86_400 * 90),
        serial: UInt64 = 0x2a
    ) throws -> (issuer: CertificateIssuer, chain: CertificateChain) {
        let issuer = try CertificateIssuer()
        let issued = try issuer.issue(
            dnsNames: names,
            notBefore: start,
            notAfter: start.advanced(by: valid),
            serial: serial
        )
        return (issuer, issued.chain)
    }

    private func description(
        _ change: (inout TrafficDescription) -> Void = { _ in }
    ) throws -> TrafficDescription {
        var description = TrafficDescription(
            name: "shoppers",
            requests: [try TrafficRequest("GET https://shop.example/")],
            load: .once
        )
        change(&description)
        return description
    }

    private func play(
        _ simulation: Simulation,
        _ description: TrafficDescription,
        trusting issuer: CertificateIssuer?
    ) throws -> TrafficSummary {
        simulation.fabric.setName("shop.example", addresses: ["10.0.0.1"])
        return try simulation.run {
            let verifier = issuer.map { CertificateVerifier(roots: [$0.rootChain]) }
            let runner = try TrafficRunner(
                host: simulation.host("client"),
                description: description,
                verifier: verifier
            )
            runner.start()
            await runner.finished()
            return runner.summary
        }
    }

    private func serve(_ simulation: Simulation, _ chooser: OneCertificate) throws -> TinyServer {
        try TinyServer(simulation, at: SocketAddress(ip: "10.0.0.1", port: 443), tls: chooser)
    }

    @Test func `a good certificate is named in the records`() throws {
        let simulation = Simulation(seed: 1)
        let (issuer, chain) = try certificate()
        _ = try serve(simulation, OneCertificate(chain: chain))
        let summary = try play(simulation, description(), trusting: issuer)
        #expect(summary.answered == 1)
        let connection = try #require(simulation.connectionRecords.first)
        #expect(connection.certificate == "shop.example 2a")
        #expect(connection.version == "HTTP/2.0" && connection.serverName == "shop.example")
        #expect(simulation.requestRecords.map(\.certificate) == ["shop.example 2a"])
    }

    @Test func `a certificate expires in virtual time, at new connections only`() throws {
        let simulation = Simulation(seed: 1)
        let (issuer, chain) = try certificate(valid: .seconds(3599))
        _ = try serve(simulation, OneCertificate(chain: chain))
        let summary = try play(
            simulation,
            description {
                $0.load = .every(.seconds(600))
                $0.count = 10
            },
            trusting: issuer
        )
        // Connections are idle for longer than they are kept: each probe shakes hands anew.
        #expect(summary.answered == 6)
        #expect(summary.failures == [.init(outcome: "certificate expired", count: 4)])
        let late = try #require(simulation.connectionRecords.last)
        #expect(
            late.outcome == "certificate expired" && late.certificate == "shop.example 2a" && late.id != 0
        )

        let kept = Simulation(seed: 1)
        _ = try serve(kept, OneCertificate(chain: chain))
        let whole = try play(
            kept,
            description {
                $0.load = .every(.seconds(60))
                $0.lasting = .seconds(7200)
            },
            trusting: issuer
        )
        #expect(whole.answered == 120)
    }

    @Test func `a wrong name and an unknown authority are told apart, and may be ignored`() throws {
        let (issuer, chain) = try certificate(["other.example"])
        let cases: [(CertificateIssuer?, Bool, String)] = [
            (issuer, true, "certificate name mismatch"), (nil, true, "certificate authority unknown"),
            (nil, false, "answered"),
        ]
        for (trusted, verifies, outcome) in cases {
            let simulation = Simulation(seed: 1)
            let server = try serve(simulation, OneCertificate(chain: chain))
            _ = try play(
                simulation,
                description { $0.connections.verifiesCertificates = verifies },
                trusting: trusted
            )
            #expect(simulation.requestRecords.map(\.outcome) == [outcome])
            #expect(server.requests.count == (verifies ? 0 : 1))
        }
    }

    @Test func `a refused handshake is told with its alert`() throws {
        let simulation = Simulation(seed: 1)
        let (issuer, chain) = try certificate()
        _ = try serve(simulation, OneCertificate(chain: chain, speaks: ["spdy"]))
        _ = try play(simulation, description(), trusting: issuer)
        #expect(simulation.requestRecords.map(\.outcome) == ["tls alert no_application_protocol"])
    }

    @Test func `a server without http 2 gets as many connections as it takes`() throws {
        let simulation = Simulation(seed: 1)
        let (issuer, chain) = try certificate()
        let server = try TinyServer(
            simulation,
            at: SocketAddress(ip: "10.0.0.1", port: 443),
            tls: OneCertificate(chain: chain, speaks: ["http/1.1"])
        ) { _ in .answer(HTTPResponse(status: .ok), after: .seconds(1)) }
        let summary = try play(
            simulation,
            description {
                $0.load = .constant(perSecond: 1000)
                $0.count = 20
            },
            trusting: issuer
        )
        #expect(summary.answered == 20)
        #expect(server.connectionCount == 20)
    }

    @Test func `quic is used first, and tcp when quic is dead and that is described`() throws {
        let (issuer, chain) = try certificate()
        for (isBlocked, triesNext, outcome, version) in [
            (false, false, "answered", "HTTP/3.0"), (true, false, "timed out", ""),
            (true, true, "answered", "HTTP/2.0"),
        ] {
            let simulation = Simulation(seed: 1)
            let address = SocketAddress(ip: "10.0.0.1", port: 443)
            let chooser = OneCertificate(chain: chain)
            _ = try TinyServer(simulation, at: address, tls: chooser)
            _ = try TinyServer(simulation, at: address, transport: .quic, tls: chooser)
            simulation.fabric.setQUICBlocked(isBlocked, "client", "server")
            _ = try play(
                simulation,
                description {
                    $0.connections.versions = [.http3, .http2]
                    $0.connections.triesNextAddress = triesNext
                },
                trusting: issuer
            )
            #expect(simulation.requestRecords.map(\.outcome) == [outcome])
            #expect(simulation.connectionRecords.last?.version == version)
        }
    }
}
