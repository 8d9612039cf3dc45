// SPDX-License-Identifier: Apache-2.0
import Certificates
import Ports
import Testing

/// A text that holds no certificate, and why.
struct RefusedPEM: Sendable, CustomTestStringConvertible {
    let text: String
    let error: PEMError
    var testDescription: String { error.description }

    init(_ text: String, _ error: PEMError) {
        (self.text, self.error) = (text, error)
    }
}

@Suite struct PEMTests {
    private typealias Fixtures = OpenSSLFixtures

    @Test func `several certificates keep their order and survive writing`() throws {
        let chain = try CertificateChain(pem: Fixtures.leaf + "\n" + Fixtures.intermediate + Fixtures.root)
        #expect(chain.der.count == 3)
        #expect(chain.pem == Fixtures.leaf + Fixtures.intermediate + Fixtures.root)
        #expect(try CertificateChain(pem: chain.pem) == chain)
    }

    @Test func `text around blocks, windows line ends and blanks do not matter`() throws {
        let plain = try CertificateChain(pem: Fixtures.leaf)
        let windows = String(Fixtures.leaf.map { $0 == "\n" ? "\r\n" : $0 })
        #expect(try CertificateChain(pem: windows) == plain)
        #expect(try CertificateChain(pem: "subject=cafe\n\n" + Fixtures.leaf + "that is all\n") == plain)
        #expect(try CertificateChain(pem: Fixtures.leaf.replacing("\n", with: "  \n  ")) == plain)
        #expect(try CertificateChain(pem: Fixtures.leafKeySEC1 + Fixtures.leaf) == plain)
    }

    @Test(arguments: [
        RefusedPEM("", .empty), RefusedPEM(" \n\t\r\n", .empty), RefusedPEM("hello\nworld", .notPEM),
        RefusedPEM("LS0tLS1CRUdJTg==", .notPEM),
        RefusedPEM("-----BEGIN CERTIFICATE-----\nAAAA\n", .unfinished(label: "CERTIFICATE")),
        RefusedPEM(
            "-----BEGIN CERTIFICATE-----\nAA*A\n-----END CERTIFICATE-----",
            .invalidBase64(label: "CERTIFICATE", line: 2)
        ),
        RefusedPEM(
            "-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----",
            .invalidBase64(label: "CERTIFICATE", line: 3)
        ),
        RefusedPEM(
            "-----BEGIN CERTIFICATE-----\nA=AA\n-----END CERTIFICATE-----",
            .invalidBase64(label: "CERTIFICATE", line: 2)
        ),
        RefusedPEM(
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
            .invalidBase64(label: "CERTIFICATE", line: 2)
        ),
        RefusedPEM(
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            .wrongLabel(expected: "CERTIFICATE", found: "PRIVATE KEY")
        ),
    ]) func `what is no certificate is refused with its reason`(row: RefusedPEM) {
        #expect(throws: row.error) { try CertificateChain(pem: row.text) }
    }

    @Test func `bytes that are no certificate are named by place`() throws {
        let broken = Fixtures.leaf + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        let error = #expect(throws: PEMError.self) { try CertificateChain(pem: broken) }
        #expect(error?.description.contains(".swift") == false)
        guard case .invalidContent("CERTIFICATE", 2, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a certificate cut short at any place is refused`() throws {
        let whole = try CertificateChain(pem: Fixtures.leaf).der[0]
        for count in 0..<whole.count {
            #expect(throws: CertificateError.self) {
                try CertificateFacts.of(CertificateChain(der: [Array(whole[..<count])]))
            }
        }
    }

    @Test func `an elliptic curve key belongs to its certificate only`() throws {
        for text in [Fixtures.leafKeySEC1, Fixtures.leafKeyPKCS8] {
            let key = try PrivateKey(pem: text)
            #expect(key.matches(try CertificateChain(pem: Fixtures.leaf)))
            #expect(!key.matches(try CertificateChain(pem: Fixtures.root)))
            #expect(!key.matches(try CertificateChain(pem: Fixtures.selfSigned)))
            #expect(!key.matches(CertificateChain(der: [])))
        }
        #expect(try PrivateKey(pem: Fixtures.rootKeySEC1).matches(CertificateChain(pem: Fixtures.root)))
    }

    @Test func `an RSA key belongs to its certificate only`() throws {
        for text in [Fixtures.rsaKeyPKCS1, Fixtures.rsaKeyPKCS8] {
            let key = try PrivateKey(pem: text)
            #expect(key.matches(try CertificateChain(pem: Fixtures.selfSigned)))
            #expect(!key.matches(try CertificateChain(pem: Fixtures.leaf)))
        }
    }

    @Test func `keys that can not be used are refused with their reason`() throws {
        #expect(throws: PEMError.encrypted) { try PrivateKey(pem: Fixtures.encryptedPKCS8) }
        #expect(throws: PEMError.encrypted) { try PrivateKey(pem: Fixtures.encryptedSEC1) }
        #expect(throws: PEMError.empty) { try PrivateKey(pem: "") }
        #expect(throws: PEMError.wrongLabel(expected: "PRIVATE KEY", found: "CERTIFICATE")) {
            try PrivateKey(pem: Fixtures.leaf)
        }
        for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ODD PRIVATE KEY"] {
            let error = #expect(throws: PEMError.self) {
                try PrivateKey(pem: "-----BEGIN \(label)-----\nAAAA\n-----END \(label)-----\n")
            }
            guard case .invalidContent(label, 1, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }
}
