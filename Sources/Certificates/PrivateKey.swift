// SPDX-License-Identifier: Apache-2.0
public import Ports
import SwiftASN1
import X509

/// A private key, read to see whether it belongs to a certificate.
public struct PrivateKey: Sendable {
    private let key: Certificate.PrivateKey

    /// Reads the first private key of a PEM text: PKCS#1 and PKCS#8 for RSA, SEC 1 and PKCS#8 for elliptic
    /// curves.
    ///
    /// - Throws: `PEMError` that says what is wrong.
    public init(pem text: String) throws(PEMError) {
        if let known = Self.known.value(for: text) {
            self = known
            return
        }
        try self.init(reading: text)
        Self.known.keep(self, for: text)
    }

    /// Keys that were read of late: to read one is to reckon with large numbers, which takes a millisecond.
    private static let known = Remembered<String, PrivateKey>(limit: 256)

    private init(reading text: String) throws(PEMError) {
        let blocks = try PEMBlock.blocks(of: text)
        for (index, block) in blocks.enumerated() where block.label.hasSuffix("PRIVATE KEY") {
            if block.isEncrypted || block.label == "ENCRYPTED PRIVATE KEY" { throw .encrypted }
            do {
                key = try Self.key(block)
            } catch {
                throw .invalidContent(
                    label: block.label,
                    place: index + 1,
                    reason: "not a private key that can be used: \(CertificateError.words(error))"
                )
            }
            return
        }
        throw .wrongLabel(expected: "PRIVATE KEY", found: blocks.map(\.label).joined(separator: ", "))
    }

    /// True when the leaf of the chain holds the public half of this key.
    public func matches(_ chain: CertificateChain) -> Bool {
        guard let leaf = chain.der.first, let parsed = try? ParsedCertificate.of(leaf) else { return false }
        return parsed.certificate.publicKey == key.publicKey
    }

    var signingKey: Certificate.PrivateKey { key }
}

extension PrivateKey {
    private static func key(_ block: PEMBlock) throws -> Certificate.PrivateKey {
        try Certificate.PrivateKey(pemDocument: PEMDocument(type: block.label, derBytes: block.der))
    }
}
