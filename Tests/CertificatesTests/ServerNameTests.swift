// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports
import Testing

@Suite struct ServerNameTests {
    @Test(arguments: [
        ("a.example.com", "a.example.com", HostNameMatch.exact), ("A.Example.com", "a.eXample.COM", .exact),
        ("a.example.com.", "a.example.com", .exact), ("a.example.com", "a.example.com.", .exact),
        ("*.example.com", "a.example.com", .wildcard), ("*.EXAMPLE.com", "A.example.com", .wildcard),
        ("*.example.com", "*.example.com", .exact), ("*.example.com", "a.b.example.com", .none),
        ("*.example.com", "example.com", .none), ("*.example.com", ".example.com", .none),
        ("a*.example.com", "ab.example.com", .none), ("*", "com", .none),
        ("a.example.com", "b.example.com", .none),
        ("", "", .none), ("", "a", .none), ("a", "", .none), ("*.", "a.", .none),
    ]) func `a name fits exactly, through one wildcard label, or not`(
        pattern: String,
        host: String,
        match: HostNameMatch
    ) {
        #expect(HostNameMatch(pattern: pattern, host: host) == match)
    }

    private func issued(
        _ names: [String],
        serial: UInt64 = 7,
        until: Int64 = 2_000_000_000
    ) throws -> CertificateChain {
        try CertificateIssuer().issue(
            dnsNames: names,
            notBefore: Instant(seconds: 1_700_000_000),
            notAfter: Instant(seconds: until),
            serial: serial
        ).chain
    }

    @Test func `exact goes before wildcard, wildcard before default`() throws {
        let standard = try issued(["default.example.com"], serial: 1)
        let wildcard = try issued(["*.example.com"], serial: 2)
        let exact = try issued(["other.example.org", "a.example.com"], serial: 3)
        let choice = ServerNameChoice([(standard, true), (wildcard, false), (exact, false)])
        func chosen(_ name: String?) -> CertificateChain? { choice.choose(serverName: name)?.chain }
        #expect(chosen("a.example.com") == exact)
        #expect(chosen("A.EXAMPLE.COM") == exact)
        #expect(chosen("b.example.com") == wildcard)
        #expect(chosen("default.example.com") == standard)
        #expect(chosen("x.y.example.com") == standard)
        #expect(chosen("example.com") == standard)
        #expect(chosen(nil) == standard)
        #expect(choice.choose(serverName: "b.example.com")?.reason == .wildcard)
        #expect(choice.choose(serverName: "*.example.com")?.reason == .byDefault)
        #expect(choice.choose(serverName: "")?.reason == .byDefault)
    }

    @Test func `without a default an unknown name gets nothing`() throws {
        let choice = ServerNameChoice([(try issued(["a.example.com"]), false)])
        #expect(choice.choose(serverName: "b.example.com") == nil)
        #expect(choice.choose(serverName: nil) == nil)
    }

    @Test func `among equals the later expiry wins, whatever the order`() throws {
        let early = try issued(["a.example.com"], serial: 1, until: 1_900_000_000)
        let late = try issued(["a.example.com"], serial: 2, until: 1_900_000_001)
        for order in [[early, late], [late, early]] {
            let choice = ServerNameChoice(order.map { ($0, false) })
            #expect(choice.choose(serverName: "a.example.com")?.chain == late)
        }
    }

    @Test func `among equals an elliptic curve wins when the client can`() throws {
        let curve = try CertificateChain(pem: OpenSSLFixtures.leaf)
        let rsa = try issued(["cafe.example.com"], until: 4_000_000_000)
        for order in [[curve, rsa], [rsa, curve]] {
            let choice = ServerNameChoice(order.map { ($0, false) })
            #expect(choice.choose(serverName: "cafe.example.com")?.chain == curve)
            #expect(choice.choose(serverName: "cafe.example.com", clientTakesECC: false)?.chain == rsa)
        }
    }
}
