// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import DataPlane
import HTTPTypes
import Live
import Ports
import Simulation
import Synchronization
import Testing

/// A load balancer with two pods behind it, in one of the two worlds.
private struct LoadBalancerWorld: Sendable {
    let balancer: Host
    let pods: Host
    let client: Host
    let ip: String
    let podIP: String
    let ports: [Int]

    /// Where simulated clients are; on sockets they have the load balancer's own address.
    static let clientIP = "192.0.2.7"

    static func run(
        _ arm: Arm,
        _ body: @escaping @Sendable (LoadBalancerWorld) async throws -> Void
    ) async throws {
        switch arm {
        case .simulation:
            let simulation = Simulation(seed: 1)
            try simulation.run {
                let world = LoadBalancerWorld(
                    balancer: simulation.host("alb"),
                    pods: simulation.host("pods"),
                    client: simulation.host("client"),
                    ip: "10.1.0.1",
                    podIP: "10.0.0.1",
                    ports: [8001, 8002]
                )
                world.pods.network.claim(ip: world.podIP)
                world.client.network.claim(ip: clientIP)
                try await body(world)
            }
        case .live:
            try await LiveArm.run { network, host in
                let ports = try (0..<2).map { _ in try LiveArm.freePort(network) }
                try await body(
                    LoadBalancerWorld(
                        balancer: host,
                        pods: host,
                        client: host,
                        ip: "127.0.0.1",
                        podIP: "127.0.0.1",
                        ports: ports
                    )
                )
            }
        }
    }

    /// Serves pods on ports of the network's choice while `body` runs.
    func withPods(
        _ count: Int,
        _ body: @escaping @Sendable ([SocketAddress]) async throws -> Void
    ) async throws {
        let (ready, announce) = AsyncStream<SocketAddress>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...count {
                let clock = pods.clock
                let server = HTTPServer(host: pods, address: SocketAddress(ip: podIP, port: 0)) { request in
                    if request.head.path == "/slow" { try? await clock.sleep(for: .seconds(3)) }
                    return Pod.answer(request, number: number)
                }
                group.addTask { try await server.run { announce.yield($0) } }
            }
            var addresses: [SocketAddress] = []
            for await address in ready {
                addresses.append(address)
                if addresses.count == count { break }
            }
            try await body(addresses.sorted { $0.port < $1.port })
            group.cancelAll()
        }
    }
}

/// What answers behind the load balancer: it tells what it was asked.
private enum Pod {
    static func answer(_ request: HTTPServerRequest, number: Int) -> HTTPServerResponse {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "text/plain"
        let wanted = ["X-Color", "X-Forwarded-For", "X-Forwarded-Proto", "X-Secret", "Cookie"]
        var lines = ["\(request.head.method.rawValue) \(request.head.path ?? "") \(request.body.count)"]
        for name in wanted.compactMap({ HTTPField.Name($0) }) {
            if let value = request.head.headerFields[name] { lines.append("\(name.canonicalName): \(value)") }
        }
        switch request.head.path {
        case "/missing": head.status = .notFound
        case "/login": head.headerFields[.setCookie] = "app=own; HttpOnly"
        case "/missing-page": head.status = .notFound
        case "/odd": head.headerFields[name("X-Kind")] = "odd"
        case "/teapot": head.status = HTTPResponse.Status(code: 418)
        case "/empty":
            head.status = .noContent
            return HTTPServerResponse(head: head)
        case "/pieces":
            let (pieces, more) = AsyncStream<[UInt8]>.makeStream()
            for word in ["one ", "two ", "three"] { more.yield(Array(word.utf8)) }
            more.finish()
            return HTTPServerResponse(
                head: head,
                body: .stream(pieces),
                trailers: [name("X-Sum"): "13"]
            )
        case "/large": lines.append(String(repeating: "tea and coffee ", count: 400))
        default: break
        }
        let text = lines.joined(separator: "\n")
        head.headerFields[.contentLength] = String(text.utf8.count)
        let body = request.head.method == .head ? "" : text
        return HTTPServerResponse(head: head, body: .bytes(Array(body.utf8)))
    }
}

private func name(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is not a header name") }
    return name
}

/// One request, and what the client is to see of it.
private struct Asked: Sendable {
    var path: String
    var method = HTTPRequest.Method.get
    var fields: HTTPFields = [:]
    var body: [UInt8] = []
    var host = "cafe.example.com"
    var isSecure = false
    var status = 200
}

@Suite struct DataPlaneConformanceTests {
    private static func rule(_ priority: Int, _ path: String, _ actions: [RuleAction]) -> RuleConfiguration {
        RuleConfiguration(
            id: "rule-\(priority)",
            name: "rule\(priority)",
            priority: priority,
            conditions: [.path([path])],
            actions: actions
        )
    }

    private static let pods = RuleAction.forward([WeightedGroup(serverGroup: "pods")], stickySeconds: nil)

    private static let rules: [RuleConfiguration] = [
        rule(1, "/moved/*", [.redirect(RedirectTarget(scheme: "HTTPS", port: "443", status: 308))]),
        rule(2, "/fixed", [.fixedResponse(status: 410, contentType: "text/plain", content: "gone")]),
        rule(3, "~^/api/v(\\d+)/(.*)$", [.rewrite(host: nil, path: "/${2}/${1}", query: "${query}"), pods]),
        rule(
            4,
            "/fields",
            [
                .insertHeader(key: "X-Color", value: "red", valueType: "UserDefined"),
                .removeHeader(key: "X-Secret"), pods,
            ]
        ),
        rule(
            10,
            "/kept",
            [.insertHeader(key: "X-Color", value: "red", valueType: "UserDefined", covers: false), pods]
        ),
        rule(
            5,
            "/cors",
            [
                .cors(
                    CORSConfiguration(
                        allowOrigin: ["https://a.example"],
                        allowMethods: ["GET"],
                        allowHeaders: ["X-A"]
                    )
                ), pods,
            ]
        ),
        rule(6, "/sticky", [.forward([WeightedGroup(serverGroup: "sticky")], stickySeconds: nil)]),
        rule(7, "/login", [.forward([WeightedGroup(serverGroup: "own")], stickySeconds: nil)]),
        rule(8, "/nobody", [.forward([WeightedGroup(serverGroup: "empty")], stickySeconds: nil)]),
        rule(9, "/refused", [.forward([WeightedGroup(serverGroup: "dead")], stickySeconds: nil)]),
        chosen(20, .header(key: "X-Team", values: ["gold*"])),
        chosen(21, .queryString([KeyValue(key: "team", value: "red")])),
        chosen(22, .method(["PUT"])),
        chosen(23, .cookie([KeyValue(key: "team", value: "blue")])),
        chosen(24, .host(["*.shop.example"])),
        chosen(25, .host(["~^api[0-9]+\\.example$"])),
        chosen(26, .sourceIP(["198.51.100.0/24"])),
        rule(30, "/limited", [.trafficLimit(qps: 1, perIPQPS: nil), pods]),
        rule(31, "/mirrored", [.mirror([WeightedGroup(serverGroup: "sticky")]), pods]),
        rule(
            32,
            "/idle",
            [
                .forward(
                    [
                        WeightedGroup(serverGroup: "pods", weight: 0),
                        WeightedGroup(serverGroup: "own", weight: 0),
                    ],
                    stickySeconds: nil
                )
            ]
        ),
        rule(33, "/half", [.forward([WeightedGroup(serverGroup: "half")], stickySeconds: nil)]),
    ]

    /// A rule that takes `/who` under another condition, and says by which.
    private static func chosen(_ priority: Int, _ condition: RuleCondition) -> RuleConfiguration {
        RuleConfiguration(
            id: "rule-\(priority)",
            name: "rule\(priority)",
            priority: priority,
            conditions: [.path(["/who"]), condition],
            actions: [.fixedResponse(status: 200, contentType: "text/plain", content: "rule \(priority)")]
        )
    }

    private static let responseRules: [RuleConfiguration] = [
        RuleConfiguration(
            id: "answer-1",
            name: "answer1",
            priority: 1,
            conditions: [.path(["/missing-*"]), .responseStatusCode(["404"])],
            actions: [.fixedResponse(status: 410, contentType: "text/plain", content: "not any more")]
        ),
        RuleConfiguration(
            id: "answer-2",
            name: "answer2",
            priority: 2,
            conditions: [.responseHeader(key: "X-Kind", values: ["odd"])],
            actions: [
                .insertHeader(key: "X-Seen", value: "odd", valueType: "UserDefined"),
                .removeHeader(key: "X-Kind"),
            ]
        ),
    ]

    private static let asked: [Asked] = [
        Asked(path: "/a?b=c"), Asked(path: "/a", method: .post, body: [UInt8](repeating: 7, count: 70_000)),
        Asked(path: "/a", method: .head), Asked(path: "/missing", status: 404),
        Asked(path: "/moved/x?y=z", status: 308), Asked(path: "/fixed", status: 410),
        Asked(path: "/api/v3/tea/cup?hot=1"),
        Asked(
            path: "/fields",
            fields: [name("X-Secret"): "s", name("X-Color"): "blue"]
        ),
        Asked(path: "/kept", fields: [name("X-Color"): "blue"]), Asked(path: "/kept"),
        Asked(path: "/cors", fields: [.origin: "https://a.example"]),
        Asked(
            path: "/cors",
            method: .options,
            fields: [.origin: "https://a.example", .accessControlRequestMethod: "GET"],
            status: 204
        ),
        Asked(path: "/sticky"), Asked(path: "/login"), Asked(path: "/nobody", status: 503),
        Asked(path: "/refused", status: 502), Asked(path: "/a", method: .trace, status: 405),
        Asked(path: "/" + String(repeating: "a", count: 32 * 1024), status: 414),
        Asked(
            path: "/a",
            fields: [name("X-Large"): String(repeating: "a", count: 33_000)],
            status: 400
        ),
        Asked(path: "/large", fields: [.acceptEncoding: "gzip"]), Asked(path: "/large"),
        Asked(path: "/a", isSecure: true),
        Asked(path: "/large", fields: [.acceptEncoding: "gzip"], isSecure: true),
        Asked(path: "/a", method: .post, body: [UInt8](repeating: 7, count: 70_000), isSecure: true),
        Asked(path: "/sticky", isSecure: true),
        Asked(path: "/a", method: .trace, isSecure: true, status: 405),
        Asked(path: "/who", fields: [name("X-Team"): "golden"]), Asked(path: "/who?x=1&team=red"),
        Asked(path: "/who", method: .put), Asked(path: "/who", fields: [.cookie: "a=b; team=blue"]),
        Asked(path: "/who", host: "a.b.shop.example:81"), Asked(path: "/who", host: "API7.example"),
        Asked(path: "/who", fields: [name("X-Forwarded-For"): "198.51.100.9, 203.0.113.5"]),
        Asked(path: "/who", host: "api.example"),
        Asked(path: "/limited"), Asked(path: "/limited", status: 503),
        Asked(path: "/mirrored", method: .post, body: [1, 2, 3]), Asked(path: "/idle", status: 503),
        Asked(path: "/half"), Asked(path: "/half"),
        Asked(path: "/missing-page", status: 410), Asked(path: "/odd"),
        Asked(path: "/pieces"), Asked(path: "/pieces", isSecure: true), Asked(path: "/slow", status: 504),
        Asked(path: "/teapot", status: 418), Asked(path: "/empty", status: 204),
        Asked(path: "/a", fields: [name("X-Forwarded-For"): "198.51.100.9"], isSecure: true),
        Asked(path: "http://other.example/a?b=c"), Asked(path: "/a", method: .delete),
        Asked(path: "/large", fields: [.acceptEncoding: "gzip;q=0"]),
        Asked(path: "/large", method: .head, fields: [.acceptEncoding: "gzip"]),
    ]

    @Test func `the same requests get the same answers in simulation and on sockets`() async throws {
        let simulated = try await Self.answers(.simulation)
        let live = try await Self.answers(.live)
        #expect(simulated.count == Self.asked.count)
        for (asked, (left, right)) in zip(Self.asked, zip(simulated, live)) {
            #expect(left == right, "\(asked.method.rawValue) \(asked.path.prefix(40))")
            #expect(left.hasPrefix("\(asked.status)\n"), "\(asked.path.prefix(40)): \(left)")
        }
    }

    private static func answers(_ arm: Arm) async throws -> [String] {
        let found = Mutex<[String]>([])
        try await LoadBalancerWorld.run(arm) { world in
            let dataPlane = DataPlane(hosts: [(zone: "zone-a", host: world.balancer)])
            try await world.withPods(1) { servers in
                dataPlane.apply(try configuration(world, servers), zone: "zone-a", cause: .none)
                for asked in Self.asked {
                    // Some answers end their connection: each request has one of its own.
                    var text = try await ask(asked, world, HTTPClient(host: world.client))
                    // A limit of one a second: on a machine that takes longer for a request the next one follows.
                    for _ in 0..<20 where asked.path == "/limited" && !text.hasPrefix("\(asked.status)\n") {
                        text = try await ask(asked, world, HTTPClient(host: world.client))
                    }
                    found.withLock { $0.append(text) }
                }
                dataPlane.remove(loadBalancer: "alb-1", zone: "zone-a", cause: .none)
            }
        }
        return found.withLock { $0 }
    }

    private static func ask(
        _ asked: Asked,
        _ world: LoadBalancerWorld,
        _ client: HTTPClient
    ) async throws -> String {
        let reply = try await client.send(
            HTTPRequest(
                method: asked.method,
                scheme: asked.isSecure ? "https" : "http",
                authority: asked.host,
                path: asked.path,
                headerFields: asked.fields
            ),
            body: asked.body,
            to: Endpoint(host: world.ip, port: world.ports[asked.isSecure ? 1 : 0], isSecure: asked.isSecure),
            timeout: .seconds(10)
        )
        let body = try await reply.collect()
        // What only one world has, and what is different each time.
        let left = ["content-length", "transfer-encoding", "connection", "date"]
        let fields = reply.head.headerFields.filter { !left.contains($0.name.canonicalName) }
            .map { "\($0.name.canonicalName): \(masked($0.value))" }.sorted()
        let address = world.client.name == "live" ? "127.0.0.1" : LoadBalancerWorld.clientIP
        let text =
            fields.contains("content-encoding: gzip")
            ? "packed: \(body.count < 1000)" : String(decoding: body, as: UTF8.self)
        return ([String(reply.status)] + fields + [text]).joined(separator: "\n")
            .split(separator: address).joined(separator: "CLIENT")
    }

    /// A cookie's seconds and digests differ between worlds, since addresses do.
    private static func masked(_ value: String) -> String {
        guard value.contains("|") || value.hasPrefix("app=") else { return value }
        let name = value.prefix { $0 != "=" }
        let attributes = value.drop { $0 != ";" }
        return "\(name)=…\(attributes)"
    }

    private static func configuration(
        _ world: LoadBalancerWorld,
        _ servers: [SocketAddress]
    ) throws -> LoadBalancerConfiguration {
        func group(_ id: String, _ addresses: [SocketAddress]) -> ServerGroupConfiguration {
            ServerGroupConfiguration(
                id: id,
                name: id,
                servers: addresses.map { BackendServer(serverID: "s-\($0.port)", address: $0) },
                isKeepaliveOn: id == "pods"
            )
        }
        var (sticky, own) = (group("sticky", servers), group("own", servers))
        sticky.stickiness = .insert(seconds: 100)
        own.stickiness = .server(cookie: "app")
        let dead = group("dead", [SocketAddress(ip: world.podIP, port: 1)])
        // One of two servers is not there: the other gets the request.
        let half = group("half", servers + [SocketAddress(ip: world.podIP, port: 1)])
        let groups = [group("pods", servers), sticky, own, group("empty", []), dead, half]
        let now = world.client.clock.now
        let issued = try CertificateIssuer(name: "Conformance").issue(
            dnsNames: ["cafe.example.com"],
            notBefore: now.advanced(by: .seconds(-60)),
            notAfter: now.advanced(by: .seconds(86_400)),
            serial: 1
        )
        let listeners = [ListenerConfiguration.ListenerProtocol.http, .https].enumerated().map {
            place,
            kind in
            ListenerConfiguration(
                id: "lsn-\(place)",
                listenerProtocol: kind,
                port: world.ports[place],
                certificates: kind == .http
                    ? []
                    : [
                        ListenerCertificate(
                            id: "1",
                            chain: issued.chain,
                            privateKeyPEM: issued.privateKeyPEM,
                            isDefault: true
                        )
                    ],
                securityPolicy: kind == .http
                    ? nil : SecurityPolicy(id: "new", versions: ["TLSv1.2", "TLSv1.3"], ciphers: []),
                requestTimeout: .seconds(1),
                rules: rules,
                responseRules: responseRules,
                defaultAction: pods,
                forwardedHeaders: ForwardedHeaders(
                    forwardedFor: "append",
                    flags: ["Proto", "ClientSourceIps"],
                    trustedSources: ["203.0.113.0/24"]
                )
            )
        }
        return LoadBalancerConfiguration(
            id: "alb-1",
            version: 1,
            cause: "Test",
            dnsName: "alb-1.example",
            zones: [ZoneAddress(zone: "zone-a", address: world.ip)],
            listeners: listeners,
            serverGroups: Dictionary(uniqueKeysWithValues: groups.map { ($0.id, $0) })
        )
    }
}
