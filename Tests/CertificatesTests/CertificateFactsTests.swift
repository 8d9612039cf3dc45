// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports
import Testing

@Suite struct CertificateFactsTests {
    @Test func `facts of an elliptic curve certificate are what OpenSSL says`() throws {
        let facts = try CertificateFacts.of(CertificateChain(pem: OpenSSLFixtures.leaf))
        #expect(facts.commonName == "cafe.example.com")
        #expect(facts.dnsNames == ["cafe.example.com", "*.Cafe.example.com"])
        #expect(facts.ipAddresses == ["10.0.0.7", "2001:db8:0:0:0:0:0:7"])
        #expect(facts.subjectName == "CN=cafe.example.com,O=Example,C=CN")
        #expect(facts.issuer == "Example Intermediate")
        #expect(facts.issuerName == "CN=Example Intermediate,O=Example")
        #expect(facts.serial == "c0ffee00")
        #expect(facts.notBefore.rfc3339 == "2026-11-23T02:14:31Z")
        #expect(facts.notAfter.rfc3339 == "2046-11-18T02:14:31Z")
        #expect(facts.keyAlgorithm == .ecc && facts.keySize == 256)
        #expect(facts.signatureAlgorithm == "SHA256WithECDSA")
        #expect(facts.sha256 == "a7ae57d8afbd725db97c32ce1adac7270cdd13cf7308666d868d3c09cab0454e")
        #expect(facts.md5 == "2189b7ea15daf9ccab1ea78c2f500f5f")
        #expect(!facts.isAuthority)
        #expect(facts.label == "cafe.example.com c0ffee00")
    }

    @Test func `facts of an RSA certificate and of an authority`() throws {
        let own = try CertificateFacts.of(CertificateChain(pem: OpenSSLFixtures.selfSigned))
        #expect(own.keyAlgorithm.rawValue == "RSA" && own.keySize == 2048)
        #expect(own.signatureAlgorithm == "SHA256WithRSA")
        #expect(own.serial == "05")
        let root = try CertificateFacts.of(CertificateChain(pem: OpenSSLFixtures.root))
        #expect(root.isAuthority && root.keySize == 384 && root.serial == "ff01")
        #expect(root.dnsNames.isEmpty && root.serverNames == ["Example Root"])
    }

    @Test func `a date beyond what an instant holds is the last instant`() throws {
        let far = try CertificateFacts.of(CertificateChain(pem: OpenSSLFixtures.far))
        #expect(far.notAfter.seconds == Int64.max / 1_000_000_000)
    }

    @Test func `an empty chain has no facts`() {
        #expect(throws: CertificateError.self) { try CertificateFacts.of(CertificateChain(der: [])) }
    }
}
