// SPDX-License-Identifier: Apache-2.0
import Certificates
import CloudAPI
import HTTPTypes
import Ports
import Testing

@Suite struct HandshakeConformanceTests {
    private typealias Case = (hello: ClientHello, outcome: String)

    /// Tries the same clients in both worlds.
    private func check(
        _ cases: [Case],
        _ listener: @escaping @Sendable (Int) throws -> ListenerConfiguration
    ) async throws {
        let hellos = cases.map(\.hello)
        let request = HTTPRequest(method: .get, scheme: "https", authority: "cafe.example.com", path: "/")
        for arm in Arm.allCases {
            let found = try await ListenerWorld.run(arm) { world in
                try await world.replies(try listener(world.port), to: hellos.map { (request, $0) })
            }
            #expect(found.count == cases.count)
            for (place, (reply, wanted)) in zip(found, cases).enumerated() {
                #expect(reply.map(Self.words) ?? "refused" == wanted.outcome, "\(arm), client \(place)")
            }
        }
    }

    private static func words(_ reply: ListenerWorld.Reply) -> String {
        let shown = reply.tls.flatMap { try? CertificateFacts.of($0.serverCertificate) }
        let told = reply.told.split(separator: " | ").compactMap { word in
            word.hasPrefix("x-forwarded-clientcert-") ? String(word.dropFirst(23)) : nil
        }
        return "\(reply.head.status.code) \(shown?.keyAlgorithm.rawValue ?? "?") \(shown?.commonName ?? "?") "
            + "\(reply.tls?.version ?? "?") \(reply.tls?.applicationProtocol ?? "none") "
            + told.joined(separator: " ")
    }

    private static func hello(
        _ name: String? = "cafe.example.com",
        _ versions: [String] = [],
        ciphers: [String] = [],
        protocols: [String] = ["h2", "http/1.1"]
    ) -> ClientHello {
        ClientHello(
            serverName: name,
            applicationProtocols: protocols,
            versions: versions,
            ciphers: ciphers
        )
    }

    /// A certificate with an RSA key, good for a hundred years around both worlds' time.
    private static func rsa(_ id: String, _ names: [String], isDefault: Bool) throws -> ListenerCertificate {
        let issued = try CertificateIssuer(name: "Conformance").issue(
            dnsNames: names,
            notBefore: Instant(seconds: 1_600_000_000),
            notAfter: Instant(seconds: 4_000_000_000),
            serial: 1
        )
        return ListenerCertificate(
            id: id,
            chain: issued.chain,
            privateKeyPEM: issued.privateKeyPEM,
            isDefault: isDefault
        )
    }

    private static func listener(
        _ port: Int,
        _ certificates: [ListenerCertificate],
        _ policy: SecurityPolicy,
        isHTTP2Enabled: Bool = true
    ) -> ListenerConfiguration {
        var listener = ListenerConfiguration(
            id: "lsn-1",
            listenerProtocol: .https,
            port: port,
            certificates: certificates,
            securityPolicy: policy,
            defaultAction: .forward([WeightedGroup(serverGroup: "a")], stickySeconds: nil)
        )
        listener.isHTTP2Enabled = isHTTP2Enabled
        return listener
    }

    private static let modern = SecurityPolicy(id: "new", versions: ["TLSv1.2", "TLSv1.3"], ciphers: [])

    @Test func `the server name chooses the certificate`() async throws {
        try await check([
            (Self.hello("cafe.example.com"), "200 RSA cafe.example.com TLSv1.3 h2 "),
            (Self.hello("CAFE.example.com"), "200 RSA cafe.example.com TLSv1.3 h2 "),
            (Self.hello("tea.example.com"), "200 RSA *.example.com TLSv1.3 h2 "),
            (Self.hello("a.tea.example.com"), "200 RSA default.example.org TLSv1.3 h2 "),
            (Self.hello(nil), "200 RSA default.example.org TLSv1.3 h2 "),
            (Self.hello(protocols: ["http/1.1"]), "200 RSA cafe.example.com TLSv1.3 http/1.1 "),
            (Self.hello(protocols: []), "200 RSA cafe.example.com TLSv1.3 none "),
        ]) { port in
            Self.listener(
                port,
                [
                    try Self.rsa("1", ["default.example.org"], isDefault: true),
                    try Self.rsa("2", ["*.example.com"], isDefault: false),
                    try Self.rsa("3", ["cafe.example.com"], isDefault: false),
                ],
                Self.modern
            )
        }
    }

    @Test func `of two certificates of one name the client gets the one whose key it can use`() async throws {
        let (curve, rsa) = ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256")
        try await check([
            (Self.hello(), "200 ECC cafe.example.com TLSv1.3 h2 "),
            (Self.hello("cafe.example.com", ["TLSv1.2"]), "200 ECC cafe.example.com TLSv1.2 h2 "),
            (
                Self.hello("cafe.example.com", ["TLSv1.2"], ciphers: [rsa]),
                "200 RSA cafe.example.com TLSv1.2 h2 "
            ),
            (
                Self.hello("cafe.example.com", ["TLSv1.2"], ciphers: [rsa, curve]),
                "200 ECC cafe.example.com TLSv1.2 h2 "
            ),
            // Two default certificates stand for one.
            (Self.hello(nil, ["TLSv1.2"], ciphers: [rsa]), "200 RSA cafe.example.com TLSv1.2 h2 "),
            (Self.hello(nil, ["TLSv1.2"], ciphers: [curve]), "200 ECC cafe.example.com TLSv1.2 h2 "),
        ]) { port in
            let curve = ListenerCertificate(
                id: "2",
                chain: try CertificateChain(pem: HandshakeFixtures.server),
                privateKeyPEM: HandshakeFixtures.serverKey,
                isDefault: true
            )
            return Self.listener(
                port,
                [try Self.rsa("1", ["cafe.example.com"], isDefault: true), curve],
                Self.modern
            )
        }
    }

    @Test func `versions and ciphers are those of the policy`() async throws {
        let (allowed, other) = ("ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256")
        try await check([
            (Self.hello(), "200 RSA cafe.example.com TLSv1.2 http/1.1 "),
            (Self.hello("cafe.example.com", ["TLSv1.3"]), "refused"),
            (Self.hello("cafe.example.com", ["TLSv1.0", "TLSv1.1"]), "refused"),
            (Self.hello("cafe.example.com", ["TLSv1.2"], ciphers: [other]), "refused"),
            (
                Self.hello("cafe.example.com", ["TLSv1.2"], ciphers: [other, allowed]),
                "200 RSA cafe.example.com TLSv1.2 http/1.1 "
            ),
            // A cipher that goes with no key of the listener's.
            (
                Self.hello("cafe.example.com", ["TLSv1.2"], ciphers: ["ECDHE-ECDSA-AES256-GCM-SHA384"]),
                "refused"
            ),
            (Self.hello(protocols: ["h2"]), "refused"),
        ]) { port in
            Self.listener(
                port,
                [try Self.rsa("1", ["cafe.example.com"], isDefault: true)],
                SecurityPolicy(
                    id: "strict",
                    versions: ["TLSv1.2"],
                    ciphers: [allowed, "ECDHE-ECDSA-AES256-GCM-SHA384"]
                ),
                isHTTP2Enabled: false
            )
        }
    }

    @Test(arguments: ["TLSv1.2", "TLSv1.3"])
    func `a client certificate of the right authority is needed, and told to servers`(
        _ version: String
    ) async throws {
        func shows(_ pem: String?, _ key: String?) throws -> ClientHello {
            var hello = Self.hello("cafe.example.com", [version])
            hello.certificate = try pem.map { try CertificateChain(pem: $0) }
            hello.privateKeyPEM = key
            return hello
        }
        let facts = try CertificateFacts.of(try CertificateChain(pem: HandshakeFixtures.client))
        try await check([
            (
                try shows(HandshakeFixtures.client, HandshakeFixtures.clientKey),
                "200 RSA cafe.example.com \(version) h2 fingerprint=\(facts.sha256) "
                    + "issuerdn=\(facts.issuerName) subjectdn=\(facts.subjectName)"
            ),
            (try shows(HandshakeFixtures.stranger, HandshakeFixtures.strangerKey), "refused"),
            (try shows(nil, nil), "refused"),
        ]) { port in
            var listener = Self.listener(
                port,
                [try Self.rsa("1", ["cafe.example.com"], isDefault: true)],
                Self.modern
            )
            listener.clientAuthority = try CertificateChain(pem: HandshakeFixtures.clientAuthority)
            listener.forwardedHeaders = ForwardedHeaders(
                forwardedFor: "append",
                flags: ["ClientCertSubjectDN", "ClientCertIssuerDN", "ClientCertFingerprint"]
            )
            return listener
        }
    }
}
