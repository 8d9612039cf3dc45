// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports
import Testing

@Suite struct CertificateIssuerTests {
    private func issue(
        _ names: [String] = ["a.example", "*.a.example"],
        serial: UInt64 = 0x1234,
        leafKey: Int = 0
    ) throws -> IssuedCertificate {
        try CertificateIssuer().issue(
            dnsNames: names,
            notBefore: Instant(seconds: 1_700_000_000),
            notAfter: Instant(seconds: 1_800_000_000),
            serial: serial,
            leafKey: leafKey
        )
    }

    @Test func `same inputs give the same bytes`() throws {
        #expect(try issue().certificatePEM == issue().certificatePEM)
        #expect(try issue().privateKeyPEM == issue().privateKeyPEM)
        #expect(try CertificateIssuer().rootChain == CertificateIssuer().rootChain)
        // The bytes are the same in every process and release: this figure may only change with a reason.
        let digest = try CertificateFacts.of(issue().chain).sha256
        #expect(digest == "bb8964493f381fcff97ed2f23b8138e0711dbf8c40f6da9283cc3970679e09ad")
    }

    @Test func `other inputs give other bytes`() throws {
        let base = try issue().chain
        #expect(try issue(serial: 0x1235).chain != base)
        #expect(try issue(["b.example"]).chain != base)
        #expect(try issue(leafKey: 1).chain != base)
        #expect(try issue(leafKey: CertificateIssuer.leafKeyCount).chain == base)
    }

    @Test func `a certificate says what was asked for`() throws {
        let facts = try CertificateFacts.of(issue().chain)
        #expect(facts.commonName == "a.example")
        #expect(facts.dnsNames == ["a.example", "*.a.example"])
        #expect(facts.serial == "1234")
        #expect(facts.issuer == "Albedo Test Authority")
        #expect(facts.notBefore.seconds == 1_700_000_000 && facts.notAfter.seconds == 1_800_000_000)
        #expect(facts.keyAlgorithm == .rsa && facts.keySize == 2048)
    }

    @Test func `the key handed out belongs to the certificate`() throws {
        for leafKey in -1..<CertificateIssuer.leafKeyCount {
            let issued = try issue(leafKey: leafKey)
            #expect(try PrivateKey(pem: issued.privateKeyPEM).matches(issued.chain))
            #expect(try CertificateChain(pem: issued.certificatePEM) == issued.chain)
            #expect(try !PrivateKey(pem: issued.privateKeyPEM).matches(issue(leafKey: leafKey + 1).chain))
        }
    }

    @Test func `a client that trusts the authority trusts its certificates`() throws {
        let verifier = CertificateVerifier(roots: [try CertificateIssuer().rootChain])
        let instant = Instant(seconds: 1_750_000_000)
        #expect(verifier.verify(try issue().chain, host: "b.a.example", at: instant) == .valid)
    }

    @Test func `without a name, or ending before it begins, there is no certificate`() throws {
        #expect(throws: CertificateError.self) { try issue([]) }
        #expect(throws: CertificateError.self) {
            try CertificateIssuer().issue(
                dnsNames: ["a"],
                notBefore: Instant(seconds: 2),
                notAfter: Instant(seconds: 1),
                serial: 1
            )
        }
    }
}
