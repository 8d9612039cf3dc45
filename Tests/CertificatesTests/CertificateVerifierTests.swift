// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports
import Testing

@Suite struct CertificateVerifierTests {
    private let now = Instant(seconds: 1_800_000_000)

    private func chain(_ parts: String...) throws -> CertificateChain {
        try CertificateChain(pem: parts.joined())
    }

    private func changed(_ chain: CertificateChain, at place: Int) -> CertificateChain {
        var der = chain.der
        der[0][place] ^= 0x11
        return CertificateChain(der: der)
    }

    private func verdict(
        _ chain: CertificateChain,
        host: String = "cafe.example.com",
        at instant: Instant? = nil,
        roots: [CertificateChain]? = nil
    ) throws -> CertificateVerifier.Verdict {
        let roots = try roots ?? [CertificateChain(pem: OpenSSLFixtures.root)]
        return CertificateVerifier(roots: roots).verify(chain, host: host, at: instant ?? now)
    }

    @Test func `a chain through an intermediate is trusted, in any order after the leaf`() throws {
        #expect(try verdict(chain(OpenSSLFixtures.leaf, OpenSSLFixtures.intermediate)) == .valid)
        #expect(
            try verdict(
                chain(
                    OpenSSLFixtures.leaf,
                    OpenSSLFixtures.root,
                    OpenSSLFixtures.selfSigned,
                    OpenSSLFixtures.intermediate
                )
            ) == .valid
        )
    }

    @Test func `a missing intermediate is an unknown authority`() throws {
        #expect(
            try verdict(chain(OpenSSLFixtures.leaf))
                == .invalid(.unknownAuthority(issuer: "CN=Example Intermediate,O=Example"))
        )
    }

    @Test func `a chain to a root that is not trusted is refused`() throws {
        let other = try CertificateIssuer().rootChain
        let verdict = try verdict(
            chain(OpenSSLFixtures.leaf, OpenSSLFixtures.intermediate, OpenSSLFixtures.root),
            roots: [other]
        )
        #expect(verdict == .invalid(.unknownAuthority(issuer: "CN=Example Root,O=Example")))
        #expect(try self.verdict(chain(OpenSSLFixtures.leaf), roots: []) != .valid)
    }

    @Test(arguments: [
        ("cafe.example.com", true), ("CAFE.example.com", true), ("tea.cafe.example.com", true),
        ("a.tea.cafe.example.com", false), ("tea.example.com", false), ("10.0.0.7", true),
        ("10.0.0.8", false),
        ("2001:db8::7", true), ("2001:DB8:0::0:7", true), ("2001:db8::8", false), ("", false),
    ]) func `the name must be one of the certificate's`(host: String, isTrusted: Bool) throws {
        let verdict = try verdict(chain(OpenSSLFixtures.leaf, OpenSSLFixtures.intermediate), host: host)
        #expect(verdict.isValid == isTrusted)
        if !isTrusted, case .invalid(let failure) = verdict {
            #expect(failure.code == "certificate name mismatch")
        }
    }

    @Test func `dates are compared with the instant given, both ends included`() throws {
        let issuer = try CertificateIssuer()
        let (begin, end) = (Instant(seconds: 1_700_000_000), Instant(seconds: 1_700_000_100))
        let issued = try issuer.issue(dnsNames: ["a.example"], notBefore: begin, notAfter: end, serial: 7)
        let verifier = CertificateVerifier(roots: [issuer.rootChain])
        func verdict(_ offset: Duration) -> CertificateVerifier.Verdict {
            verifier.verify(issued.chain, host: "a.example", at: begin.advanced(by: offset))
        }
        #expect(verdict(.nanoseconds(-1)) == .invalid(.notYetValid(subject: "a.example", notBefore: begin)))
        #expect(verdict(.zero) == .valid)
        #expect(verdict(.seconds(100)) == .valid)
        #expect(verdict(.milliseconds(100_999)) == .valid)
        #expect(verdict(.seconds(101)) == .invalid(.expired(subject: "a.example", notAfter: end)))
    }

    @Test func `an expired root ends the trust in what it issued`() throws {
        let issuer = try CertificateIssuer(notAfter: Instant(seconds: 1_700_000_050))
        let issued = try issuer.issue(
            dnsNames: ["a.example"],
            notBefore: Instant(seconds: 1_700_000_000),
            notAfter: Instant(seconds: 1_800_000_000),
            serial: 7
        )
        let verifier = CertificateVerifier(roots: [issuer.rootChain])
        let verdict = verifier.verify(issued.chain, host: "a.example", at: Instant(seconds: 1_700_000_060))
        guard case .invalid(.expired(subject: "Albedo Test Authority", _)) = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }

    @Test func `a self-signed certificate is trusted only as a root`() throws {
        let own = try chain(OpenSSLFixtures.selfSigned)
        #expect(
            try verdict(own, host: "self.example.com")
                == .invalid(.selfSigned(subject: "CN=self.example.com"))
        )
        #expect(try verdict(own, host: "self.example.com", roots: [own]) == .valid)
    }

    @Test func `a certificate issued by a leaf is refused`() throws {
        let verdict = try verdict(
            chain(OpenSSLFixtures.issuedByLeaf, OpenSSLFixtures.leaf, OpenSSLFixtures.intermediate)
        )
        #expect(verdict == .invalid(.notAnAuthority(issuer: "CN=cafe.example.com,O=Example,C=CN")))
    }

    @Test func `a certificate for clients is refused`() throws {
        let verdict = try verdict(chain(OpenSSLFixtures.clientOnly, OpenSSLFixtures.intermediate))
        #expect(verdict == .invalid(.notForServers(subject: "CN=cafe.example.com,O=Example,C=CN")))
    }

    @Test func `a certificate whose signature was changed is refused`() throws {
        let good = try chain(OpenSSLFixtures.leaf, OpenSSLFixtures.intermediate)
        let chain = changed(good, at: good.der[0].count - 1)
        guard case .invalid(.badSignature) = try verdict(chain) else {
            Issue.record("\(try verdict(chain))")
            return
        }
    }

    @Test func `an authority of the same name with another key is told apart`() throws {
        let ours = try CertificateIssuer(name: "CA")
        let leaf = try ours.issue(
            dnsNames: ["a.example"],
            notBefore: Instant(seconds: 1_700_000_000),
            notAfter: Instant(seconds: 1_900_000_000),
            serial: 7
        )
        let other = try CertificateIssuer(name: "Other CA")
        #expect(
            CertificateVerifier(roots: [ours.rootChain]).verify(leaf.chain, host: "a.example", at: now)
                == .valid
        )
        #expect(
            CertificateVerifier(roots: [other.rootChain]).verify(leaf.chain, host: "a.example", at: now)
                == .invalid(.unknownAuthority(issuer: "CN=CA"))
        )
    }

    @Test func `an empty or unreadable chain is refused`() throws {
        for chain in [
            CertificateChain(der: []), CertificateChain(der: [[]]), CertificateChain(der: [[1, 2, 3]]),
        ] {
            guard case .invalid(.unreadable) = try verdict(chain) else {
                Issue.record("\(try verdict(chain))")
                continue
            }
        }
    }

    @Test func `any single changed byte of a certificate is refused or stays a certificate of nobody`() throws
    {
        let verifier = CertificateVerifier(roots: [try CertificateChain(pem: OpenSSLFixtures.root)])
        let good = try chain(OpenSSLFixtures.leaf, OpenSSLFixtures.intermediate)
        for place in stride(from: 0, to: good.der[0].count, by: 3) {
            let changed = changed(good, at: place)
            #expect(!verifier.verify(changed, host: "cafe.example.com", at: now).isValid, "byte \(place)")
        }
    }
}
