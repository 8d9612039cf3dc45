// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import HTTPTypes
import Ports
import Simulation
import Testing

@testable import DataPlane

@Suite struct RuleActionFlowTests {
    @Test func `redirects and fixed responses need no server`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let rules = [
                rule(
                    1,
                    [.path(["/old"])],
                    [.redirect(RedirectTarget(scheme: "HTTPS", port: "443", status: 308))]
                ),
                rule(
                    2,
                    [.path(["/fixed"])],
                    [.fixedResponse(status: 418, contentType: "text/plain", content: "pot")]
                ),
            ]
            world.apply(World.configuration(listeners: [listener(rules)], groups: []))
            let moved = try await world.ask(get("/old?a=b"))
            #expect(moved.status == 308)
            #expect(moved.head?.headerFields[.location] == "https://cafe.example.com/old?a=b")
            let fixed = try await world.ask(get("/fixed"))
            #expect(fixed.status == 418 && fixed.body == Array("pot".utf8))
            #expect(try await world.ask(get("/fixed", method: .head)).body.isEmpty)
            #expect(world.proxied.map(\.action) == ["redirect", "fixed", "fixed"])
            #expect(world.proxied.first?.rule == "rule1 (1)")
        }
    }

    @Test func `header changes, rewrites and copies reach their servers`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let (pod, mirror) = (try Pod(simulation, 1), try Pod(simulation, 2))
            let rules = [
                rule(
                    1,
                    [.path(["~*^/api/(.*)"])],
                    [
                        .insertHeader(key: "X-Env", value: "test", valueType: "UserDefined"),
                        .removeHeader(key: "X-Secret"),
                        .rewrite(host: "inner.example", path: "/${1}", query: "${query}"),
                        .mirror([WeightedGroup(serverGroup: "sgp-mirror")]), forward("sgp-0"),
                    ]
                )
            ]
            world.apply(
                World.configuration(
                    listeners: [listener(rules)],
                    groups: [
                        World.group("sgp-0", [pod.address]), World.group("sgp-mirror", [mirror.address]),
                    ]
                )
            )
            let answer = try await world.ask(get("/api/tea?a=b", fields: [name("X-Secret"): "1"]))
            #expect(answer.pod == "10.0.0.1")
            for seen in [pod.requests.first, mirror.requests.first] {
                #expect(seen?.path == "/tea?a=b")
                #expect(seen?.authority == "inner.example")
                #expect(seen?.headerFields[name("X-Env")] == "test")
                #expect(seen?.headerFields[name("X-Secret")] == nil)
            }
            #expect(world.proxied.count == 1)
        }
    }

    @Test func `a limited rule answers 503 with its mark`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            let rules = [rule(1, [.path(["/*"])], [.trafficLimit(qps: 2, perIPQPS: nil), forward("sgp-0")])]
            world.apply(
                World.configuration(
                    listeners: [listener(rules)],
                    groups: [World.group("sgp-0", [pod.address])]
                )
            )
            let caller = world.call(options: ConnectOptions(plainVersion: .http2))
            try await world.pass(.milliseconds(10))
            let numbers = (0..<3).map { _ in caller.send(get("/")) }
            try await world.pass(.milliseconds(100))
            #expect(numbers.compactMap { caller.answer($0)?.status }.sorted() == [200, 200, 503])
            #expect(caller.answer(3)?.head?.headerFields[.albLimited] == "Limited")
        }
    }

    @Test func `rules on answers change or replace them`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1) { PodAnswer(status: $0.path == "/bad" ? 500 : 200) }
            var open = listener()
            open.responseRules = [
                rule(
                    1,
                    [.responseStatusCode(["500"])],
                    [.fixedResponse(status: 503, contentType: "", content: "soon")]
                ),
                rule(
                    2,
                    [.path(["/*"])],
                    [.insertHeader(key: "X-Seen", value: "yes", valueType: "UserDefined")]
                ),
            ]
            world.apply(World.configuration(listeners: [open], groups: [World.group("sgp-0", [pod.address])]))
            let good = try await world.ask(get("/"))
            #expect(good.status == 200 && good.head?.headerFields[name("X-Seen")] == "yes")
            let bad = try await world.ask(get("/bad"))
            #expect(bad.status == 503 && bad.body == Array("soon".utf8))
            #expect(world.proxied.last?.upstreamStatus == 500)
        }
    }

    @Test func `weights share requests among groups and weight 0 gets none`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            var settings = DataPlaneSettings()
            settings.plainKeepAliveRequests = 1000
            let world = World(simulation, settings: settings)
            let pods = [try Pod(simulation, 1), try Pod(simulation, 2), try Pod(simulation, 3)]
            let shares = RuleAction.forward(
                [
                    WeightedGroup(serverGroup: "sgp-1", weight: 90),
                    WeightedGroup(serverGroup: "sgp-2", weight: 10),
                    WeightedGroup(serverGroup: "sgp-3", weight: 0),
                ],
                stickySeconds: nil
            )
            let groups = pods.enumerated().map { World.group("sgp-\($0 + 1)", [$1.address]) }
            world.apply(World.configuration(listeners: [listener(defaultAction: shares)], groups: groups))
            let caller = world.call(options: ConnectOptions(plainVersion: .http2))
            try await world.pass(.seconds(1))
            for _ in 0..<300 { caller.send(get("/")) }
            try await world.pass(.seconds(1))
            let counts = pods.map(\.requests.count)
            #expect(counts[2] == 0)
            #expect(counts[0] + counts[1] == 300)
            #expect((10...60).contains(counts[1]), "\(counts)")
        }
    }

    @Test func `an address list keeps others out`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            world.client.network.claim(ip: "10.9.0.1")
            let pod = try Pod(simulation, 1)
            var open = listener()
            for (version, entries, status) in [
                (Int64(1), ["10.8.0.0/16"], 403), (2, ["10.9.0.0/16"], 200), (3, [], 403),
            ] {
                open.accessControl = AccessControl(isWhiteList: true, entries: entries)
                world.apply(
                    World.configuration(
                        version: version,
                        listeners: [open],
                        groups: [World.group("sgp-0", [pod.address])]
                    )
                )
                #expect(try await world.ask(get("/")).status == status)
            }
        }
    }
}

@Suite struct TLSFlowTests {
    private func certificate(
        _ names: [String],
        serial: UInt64,
        isDefault: Bool = false
    ) throws -> ListenerCertificate {
        let issued = try CertificateIssuer().issue(
            dnsNames: names,
            notBefore: Instant(seconds: 1_700_000_000),
            notAfter: Instant(seconds: 1_900_000_000),
            serial: serial
        )
        return ListenerCertificate(
            id: "\(serial)",
            chain: issued.chain,
            privateKeyPEM: issued.privateKeyPEM,
            isDefault: isDefault
        )
    }

    private func subject(_ caller: Caller) throws -> String {
        let tls = try #require(caller.connection?.facts.tls)
        return try CertificateFacts.of(tls.serverCertificate).commonName
    }

    @Test func `the certificate is chosen by name and a new one is shown from the next handshake on`() throws
    {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            var open = listener(port: 443, listenerProtocol: .https)
            open.certificates = [
                try certificate(["default.example"], serial: 1, isDefault: true),
                try certificate(["cafe.example.com"], serial: 2),
                try certificate(["*.example.com"], serial: 3),
            ]
            let groups = [World.group("sgp-0", [pod.address])]
            world.apply(World.configuration(listeners: [open], groups: groups))
            func dial(_ hello: ClientHello) async throws -> Caller {
                let caller = world.call(port: 443, options: ConnectOptions(tls: hello))
                try await world.pass(.seconds(1))
                return caller
            }
            #expect(
                try subject(try await dial(ClientHello(serverName: "cafe.example.com"))) == "cafe.example.com"
            )
            #expect(
                try subject(try await dial(ClientHello(serverName: "tea.example.com"))) == "*.example.com"
            )
            #expect(
                try subject(try await dial(ClientHello(serverName: "a.b.example.com"))) == "default.example"
            )
            let unnamed = try await dial(ClientHello())
            #expect(try subject(unnamed) == "default.example")
            #expect(unnamed.connection?.facts.version == .http2)
            #expect(unnamed.connection?.facts.tls?.version == "TLSv1.2")
            let number = unnamed.send(get("/"))
            try await world.pass(.seconds(1))
            #expect(unnamed.answer(number)?.status == 200)

            open.certificates[1] = try certificate(["cafe.example.com", "new.example"], serial: 4)
            open.isHTTP2Enabled = false
            world.apply(World.configuration(version: 2, listeners: [open], groups: groups))
            let later = try await dial(ClientHello(serverName: "new.example"))
            #expect(try subject(later) == "cafe.example.com")
            #expect(later.connection?.facts.version == .http11)
            #expect(
                try await dial(ClientHello(versions: ["TLSv1.3"])).failure == .tlsAlert("protocol_version")
            )
            #expect(
                try await dial(ClientHello(applicationProtocols: ["h3"])).failure
                    == .tlsAlert("no_application_protocol")
            )
        }
    }

    @Test func `a QUIC listener shares its port with an HTTPS one, which tells of it`() throws {
        let simulation = Simulation(seed: 1)
        try simulation.run {
            let world = World(simulation)
            let pod = try Pod(simulation, 1)
            let shown = try certificate(["cafe.example.com"], serial: 1, isDefault: true)
            var (secure, quic) = (
                listener(port: 443, listenerProtocol: .https), listener(port: 443, listenerProtocol: .quic)
            )
            secure.certificates = [shown]
            secure.quicUpgradePort = 443
            quic.certificates = [shown]
            world.apply(
                World.configuration(listeners: [secure, quic], groups: [World.group("sgp-0", [pod.address])])
            )
            let hello = ClientHello(serverName: "cafe.example.com", applicationProtocols: ["h3"])
            let caller = world.call(port: 443, options: ConnectOptions(transport: .quic, tls: hello))
            let other = world.call(
                port: 443,
                options: ConnectOptions(tls: ClientHello(serverName: "cafe.example.com"))
            )
            try await world.pass(.seconds(1))
            #expect(caller.connection?.facts.version == .http3)
            let (number, second) = (caller.send(get("/")), other.send(get("/")))
            try await world.pass(.seconds(1))
            #expect(caller.answer(number)?.status == 200)
            #expect(other.answer(second)?.head?.headerFields[.alternativeService]?.contains(":443") == true)
            #expect(Set(world.proxied.map(\.listener)) == ["443/HTTPS", "443/QUIC"])
        }
    }
}
